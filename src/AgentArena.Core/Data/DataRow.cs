// Rows of data sets as data, and the seam to the files they lie in. This room opens none itself.
using System.Text.Json.Nodes;

namespace AgentArena.Core.Data;

/// <summary>A row of a data set, or why there is none.</summary>
/// <param name="Place">Where it stands in its file: <c>line 3</c>, <c>row 3</c>.</param>
/// <param name="Fields">Its fields; null where it could not be read.</param>
/// <param name="Fault">What is wrong with it and what would be right; null where it could be read.</param>
public sealed record DataRow(string Place, JsonObject? Fields, string? Fault = null);

/// <summary>A file of data that cannot be used; the message names file, place, fault and remedy.</summary>
public sealed class DataException(string message, Exception? inner = null) : ArgumentException(message, inner);

/// <summary>The seam to files of data. Whoever opens files hands a reader over when it starts.</summary>
public static class DataFiles
{
    private static Func<string, IEnumerable<DataRow>>? _reader;

    /// <summary>Hands over who reads files: by the path that a scenario names, row by row.</summary>
    public static void Use(Func<string, IEnumerable<DataRow>> reader) => _reader = reader;

    /// <summary>The rows of a file, in their order, those with faults among them.</summary>
    /// <exception cref="DataException">The file cannot be read, or is of a kind that holds no rows.</exception>
    public static IEnumerable<DataRow> Read(string file) =>
        (
            _reader
            ?? throw new DataException(
                $"'{file}' cannot be read: nobody here reads files. Hand a reader to DataFiles.Use, or give the rows in the scenario."
            )
        )(file);
}
