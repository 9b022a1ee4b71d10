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

/// <summary>
/// The seam to the files that a scenario names: whoever opens files hands one over with the catalogue. It remembers what was
/// opened, so that a run's first event can tell which data it was played with.
/// </summary>
public abstract class DataFiles
{
    /// <summary>Opens nothing.</summary>
    public static DataFiles None { get; } = new NoFiles();

    /// <summary>The rows of a file, in their order, those with faults among them.</summary>
    /// <param name="name">The file as a scenario names it.</param>
    /// <exception cref="DataException">It cannot be read, or is of a kind that holds no rows.</exception>
    public abstract IEnumerable<DataRow> Rows(string name);

    /// <summary>The path of a folder.</summary>
    /// <param name="name">The folder as a scenario names it.</param>
    /// <exception cref="DataException">There is none.</exception>
    public abstract string Folder(string name);

    /// <summary>SHA-256, in hexadecimal, of every file and folder that was asked for, by the name it was asked by.</summary>
    public abstract IReadOnlyDictionary<string, string> Hashes { get; }

    private sealed class NoFiles : DataFiles
    {
        public override IReadOnlyDictionary<string, string> Hashes => new Dictionary<string, string>();

        public override IEnumerable<DataRow> Rows(string name) => throw Nobody(name);

        public override string Folder(string name) => throw Nobody(name);

        private static DataException Nobody(string name) =>
            new($"'{name}' cannot be read: nobody here reads files. Give what it holds in the scenario.");
    }
}
