// What a game asks an index, as JSON. The one place that both sides of the question share; knows no index.
using System.Collections.Immutable;
using AgentArena.Core.Play;

namespace AgentArena.Games.Documents;

/// <summary>
/// A request to an index: for the documents nearest to <see cref="Query"/>, or for the one with <see cref="Id"/>.
/// </summary>
public sealed record IndexRequest
{
    /// <summary>Said instead of documents where there are none.</summary>
    public const string Nothing = "nothing found";

    /// <summary>Words to look for.</summary>
    public string? Query { get; init; }

    /// <summary>The document to give whole.</summary>
    public string? Id { get; init; }

    /// <summary>The most documents.</summary>
    public int Top { get; init; } = 3;

    /// <summary>The most words shown of each, those around what was looked for; 0 shows all.</summary>
    public int Snippet { get; init; }

    /// <summary>
    /// Where the documents are a fictional world's: its seed, as text since JSON's numbers lose bits; unset for the
    /// index's own folder.
    /// </summary>
    public string? Seed { get; init; }

    /// <summary>Where the documents are a fictional world's: its options.</summary>
    public WorldOptions? World { get; init; }

    /// <summary>The request as text.</summary>
    public override string ToString() => TaskJson.Write(this);

    /// <summary>Reads a request; null where it is none.</summary>
    public static IndexRequest? Parse(string text) => TaskJson.Read<IndexRequest>(text);

    /// <summary>Documents as an index says them: one line each, <c>id: text</c>.</summary>
    public static string Say(IEnumerable<Document> found) =>
        string.Join(
            '\n',
            found.Select(d =>
                $"{d.Id}: {string.Join(' ', d.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}"
            )
        )
            is { Length: > 0 } lines
            ? lines
            : Nothing;

    /// <summary>The documents of an answer of an index.</summary>
    public static ImmutableArray<Document> Read(string answer) =>
        [
            .. answer
                .Split('\n')
                .Select(line => line.Split(": ", 2))
                .Where(parts => parts.Length == 2)
                .Select(parts => new Document(parts[0], parts[1])),
        ];
}
