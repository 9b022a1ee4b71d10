// Lines of a text with their numbers, and tables of separated values (RFC 4180) on them.
using System.Text;
using System.Text.Json.Nodes;

namespace AgentArena.Core.Data;

/// <summary>Numbered lines of a text, of which the rest can be taken as a whole and given back.</summary>
internal sealed class Lines(TextReader reader, string name)
{
    private TextReader _reader = reader;

    /// <summary>The file's name.</summary>
    public string Name => name;

    /// <summary>The number of the line that was given last, from 1.</summary>
    public int Number { get; private set; }

    public string? Next(bool skipBlank = false)
    {
        while (Whole(_reader.ReadLine) is { } line)
        {
            Number++;
            if (!skipBlank || !string.IsNullOrWhiteSpace(line))
                return line;
        }
        return null;
    }

    /// <summary>All that follows, with the line that was given last before it.</summary>
    public string Rest(string last) => last + "\n" + Whole(_reader.ReadToEnd);

    private T Whole<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new DataException($"'{name}' is broken after line {Number} ({e.Message}). Fetch it again.", e);
        }
    }

    /// <summary>Gives back what <see cref="Rest"/> took, less the line that was given last.</summary>
    public void Rewind(string text) => _reader = new StringReader(text[(text.IndexOf('\n') + 1)..]);
}

/// <summary>
/// Separated values: the first line names the fields; a value in quotes may hold anything, quotes doubled.
/// </summary>
internal static class Table
{
    private const string Separators = ",;\t|";

    /// <param name="lines">The text.</param>
    /// <param name="separator">What parts the values; where null, whichever the first line has most of.</param>
    public static IEnumerable<DataRow> Rows(Lines lines, char? separator)
    {
        if (lines.Next(skipBlank: true) is not { } header)
            yield break;
        var by = separator ?? Separators.MaxBy(s => header.Count(c => c == s));
        var names = Record(header, lines, by);
        if (names is null)
            throw new DataException(
                $"'{lines.Name}': line 1 opens a quote that is never closed. It should name the fields."
            );
        while (lines.Next(skipBlank: true) is { } line)
        {
            var place = $"line {lines.Number}";
            var values = Record(line, lines, by);
            if (values is null)
                yield return new DataRow(
                    place,
                    null,
                    "opens a quote that is never closed. Close it, or double quotes within a value."
                );
            else if (values.Count != names.Count)
                yield return new DataRow(
                    place,
                    null,
                    $"has {values.Count} values where line 1 names {names.Count} fields. Put values that hold '{(by == '\t' ? "a tab" : by)}' in quotes."
                );
            else
            {
                var fields = new JsonObject();
                for (var i = 0; i < values.Count; i++)
                    fields[names[i].Trim()] = values[i];
                yield return new DataRow(place, fields);
            }
        }
    }

    // The values of a record that begins in a line and may run over others; null where a quote stays open.
    private static List<string>? Record(string line, Lines lines, char by)
    {
        var values = new List<string>();
        var value = new StringBuilder();
        for (var at = 0; ; at++)
        {
            if (at < line.Length && line[at] == '"' && value.Length == 0)
            {
                for (at++; ; at++)
                {
                    if (at >= line.Length)
                    {
                        if (lines.Next() is not { } more)
                            return null;
                        value.Append('\n');
                        (line, at) = (more, -1);
                    }
                    else if (line[at] != '"')
                        value.Append(line[at]);
                    else if (at + 1 < line.Length && line[at + 1] == '"')
                        value.Append(line[at++]);
                    else
                        break;
                }
            }
            else if (at >= line.Length || line[at] == by)
            {
                values.Add(value.ToString());
                value.Clear();
                if (at >= line.Length)
                    return values;
            }
            else
                value.Append(line[at]);
        }
    }
}
