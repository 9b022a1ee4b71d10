// One seat's way through a library: what it looked for, what was found, what it made of that, and what it said in the
// end.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AgentArena.Core.Play;

namespace AgentArena.Games.Documents;

/// <summary>How a seat may search.</summary>
public sealed record InquiryOptions
{
    /// <summary>The most searches of a seat; 0 lets it answer without.</summary>
    public int Searches { get; init; } = 4;

    /// <summary>The most documents a search gives.</summary>
    public int Top { get; init; } = 3;

    /// <summary>The most words shown of each document; 0 shows all.</summary>
    public int Snippet { get; init; }

    /// <summary>
    /// Whether moves are held to a list: the names of the world's fixed list, to search for or to answer with.
    /// </summary>
    public bool Listed { get; init; }

    /// <summary>
    /// Whether the seat says of every find whether it is of use (ReSeek's judge action, arXiv 2510.00568).
    /// </summary>
    public bool Judged { get; init; }

    /// <summary>Throws where these cannot be played.</summary>
    /// <exception cref="ArgumentException">Says which option, what is wrong and what would be right.</exception>
    public void Check()
    {
        if (Searches is < 0 or > 20)
            throw new ArgumentException($"search.searches is {Searches}; it should be 0 to 20.");
        if (Top is < 1 or > 50)
            throw new ArgumentException($"search.top is {Top}; it should be 1 to 50.");
        if (Snippet is < 0 or > 64)
            throw new ArgumentException(
                $"search.snippet is {Snippet}; it should be 1 to 64 words, or 0 for whole documents."
            );
    }
}

/// <summary>
/// One search. <paramref name="Found"/> is null until the index has answered, <paramref name="Useful"/> until the seat
/// has judged.
/// </summary>
public sealed record SearchStep(string Query, string? Found, bool? Useful)
{
    /// <summary>The documents found.</summary>
    public ImmutableArray<Document> Documents => Found is null ? [] : IndexRequest.Read(Found);
}

/// <summary>
/// Searches in order, then what the seat said at last (null: nothing well-formed). <paramref name="Moves"/> counts what
/// has happened, so that turns have numbers of their own.
/// </summary>
public sealed record SearchDialogue(ImmutableArray<SearchStep> Looks, string? Said, bool Closed, int Moves)
{
    /// <summary>Search, document: the words before a query, and of a verdict.</summary>
    public const string Search = "search",
        Useful = "useful",
        Useless = "useless";

    /// <summary>Nothing has happened yet.</summary>
    public static SearchDialogue Open { get; } = new([], null, false, 0);

    /// <summary>Whether the index is to answer next.</summary>
    public bool Waits => !Closed && Looks is [.., { Found: null }];

    /// <summary>Whether the seat is to judge the last find.</summary>
    public bool IsJudging(InquiryOptions options) =>
        options.Judged && !Closed && Looks is [.., { Found: not null, Useful: null }];

    /// <summary>Ids of all documents found.</summary>
    public IEnumerable<string> Found => Looks.SelectMany(look => look.Documents).Select(d => d.Id);

    /// <summary>After a search for these words.</summary>
    public SearchDialogue Asks(string query) =>
        this with
        {
            Looks = Looks.Add(new(query, null, null)),
            Moves = Moves + 1,
        };

    /// <summary>After the index has answered.</summary>
    public SearchDialogue Finds(string found) =>
        this with
        {
            Looks = Looks.SetItem(Looks.Length - 1, Looks[^1] with { Found = found }),
            Moves = Moves + 1,
        };

    /// <summary>After a verdict on the last find.</summary>
    public SearchDialogue Judges(bool useful) =>
        this with
        {
            Looks = Looks.SetItem(Looks.Length - 1, Looks[^1] with { Useful = useful }),
            Moves = Moves + 1,
        };

    /// <summary>After its last word; null where none could be read.</summary>
    public SearchDialogue Closes(string? said) => this with { Said = said, Closed = true, Moves = Moves + 1 };

    /// <summary>What the seat has seen so far.</summary>
    public string Transcript()
    {
        var text = new StringBuilder();
        foreach (var look in Looks)
        {
            if (text.Length > 0)
                text.Append('\n');
            text.Append(CultureInfo.InvariantCulture, $"{Search}: {look.Query}\n{look.Found}");
            if (look.Useful is { } useful)
                text.Append('\n').Append(useful ? Useful : Useless);
        }
        return text.ToString();
    }

    /// <summary>
    /// A free reply as <c>verb: words</c> in this one spelling: the last line that begins with one of the verbs and a
    /// colon, or the last
    /// <c>&lt;verb&gt;words&lt;/verb&gt;</c>, whichever ends later. Null where there is none.
    /// </summary>
    public static string? Read(string reply, string last)
    {
        (int End, string Move)? best = null;
        foreach (var verb in (ReadOnlySpan<string>)[Search, last])
        {
            var close = reply.LastIndexOf($"</{verb}>", StringComparison.OrdinalIgnoreCase);
            var open = close < 0 ? -1 : reply.LastIndexOf($"<{verb}>", close, StringComparison.OrdinalIgnoreCase);
            if (open >= 0)
                Take(close, verb, reply[(open + verb.Length + 2)..close]);
        }
        for (var end = reply.Length; end > 0; )
        {
            var start = reply.LastIndexOf('\n', end - 1) + 1;
            var line = reply.AsSpan(start, end - start).Trim();
            foreach (var verb in (ReadOnlySpan<string>)[Search, last])
                if (
                    line.Length > verb.Length
                    && line[verb.Length] == ':'
                    && line.StartsWith(verb, StringComparison.OrdinalIgnoreCase)
                    && Take(start, verb, line[(verb.Length + 1)..].ToString())
                )
                    return best?.Move;
            end = start - 1;
        }
        return best?.Move;

        bool Take(int at, string verb, string words)
        {
            var one = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            if (one.Length == 0)
                return false;
            if (best is null || at > best.Value.End)
                best = (at, $"{verb}: {one}");
            return true;
        }
    }
}
