// How a normalised text is cut before merging: expressions, digits, blanks. Reads the pre_tokenizer of a
// tokenizer.json.
using System.Text.RegularExpressions;

namespace AgentArena.Models.Tokens.HuggingFace;

/// <summary>What becomes of the pieces that a cut matches, and of those between.</summary>
internal enum CutBehaviour
{
    Isolated,
    Removed,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

/// <summary>A part of a <see cref="CodeText"/>.</summary>
internal readonly record struct Piece(int Start, int Length);

/// <summary>The steps of a <c>pre_tokenizer</c>, in order.</summary>
internal sealed partial class PreTokenizer
{
    // GPT-2's expression, which a ByteLevel step has unless it says use_regex: false.
    private const string ByteLevelExpression =
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    private readonly List<Cut> _cuts = [];
    private readonly List<(int First, int Last)> _named = [];

    // Whether a text that begins the whole has been given its prefix; null where there is no such step.
    private Func<string, bool, string>? _prefix;

    /// <summary>Whether the pieces are spelled in bytes.</summary>
    public bool ByteLevel { get; private set; }

    /// <summary>Stand-ins for what the expressions do not name.</summary>
    public StandIns StandIns { get; private set; } = null!;

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">A step or an option that is not supported.</exception>
    public static PreTokenizer Read(FilePlace place)
    {
        var made = new PreTokenizer();
        if (!place.IsNull)
            made.Add(place);
        made.StandIns = new StandIns(made._named, place);
        return made;
    }

    /// <summary>
    /// What this step puts before or into a text; <paramref name="first"/> is whether it begins the whole.
    /// </summary>
    public string Prepare(string text, bool first) => _prefix is null ? text : _prefix(text, first);

    /// <summary>Cuts a text. <paramref name="pieces"/> and <paramref name="spare"/> are lists to work in.</summary>
    /// <returns>The list with the pieces.</returns>
    /// <exception cref="RegexMatchTimeoutException">An expression takes too long over this text.</exception>
    public List<Piece> Run(ReadOnlySpan<char> codes, List<Piece> pieces, List<Piece> spare)
    {
        pieces.Clear();
        pieces.Add(new Piece(0, codes.Length));
        foreach (var cut in _cuts)
        {
            spare.Clear();
            foreach (var piece in pieces)
                cut.Run(codes, piece, spare);
            (pieces, spare) = (spare, pieces);
        }
        return pieces;
    }

    private void Add(FilePlace place)
    {
        if (ByteLevel)
            throw place.Refuse("comes after a ByteLevel step", "Put ByteLevel last.");
        switch (place["type"].Text())
        {
            case "Sequence":
                foreach (var step in place.Object("type", "pretokenizers")["pretokenizers"].Items())
                    Add(step);
                break;
            case "Split":
                place.Object("type", "pattern", "behavior", "invert");
                Split(place);
                break;
            case "Digits":
                place.Object("type", "individual_digits");
                var behaviour = place["individual_digits"].Flag() ? CutBehaviour.Isolated : CutBehaviour.Contiguous;
                _cuts.Add(new ExpressionCut(Digit(), behaviour, false));
                break;
            case "ByteLevel":
                place.Object("type", "add_prefix_space", "trim_offsets", "use_regex");
                if (place["add_prefix_space"].Flag(otherwise: true))
                    Prefix(place["add_prefix_space"], (text, _) => text.StartsWith(' ') ? text : " " + text);
                if (place["use_regex"].Flag(otherwise: true))
                    Expression(place["use_regex"], ByteLevelExpression, CutBehaviour.Isolated, false);
                ByteLevel = true;
                break;
            case "Metaspace":
                Metaspace(place.Object("type", "replacement", "prepend_scheme", "split", "add_prefix_space"));
                break;
            case var other:
                throw place["type"]
                    .Refuse(
                        $"is {other}; Split, Digits, ByteLevel, Metaspace and Sequence are supported",
                        "Use a tokenizer with one of these."
                    );
        }
    }

    private void Split(FilePlace place)
    {
        if (!Enum.TryParse<CutBehaviour>(place["behavior"].Text(), out var behaviour))
            throw place["behavior"]
                .Refuse(
                    $"is {place["behavior"].Text()}",
                    $"Known are {string.Join(", ", Enum.GetNames<CutBehaviour>())}."
                );
        var (pattern, invert) = (place["pattern"].Object("Regex", "String"), place["invert"].Flag());
        if (pattern["String"].TextOrNull() is { } literal)
        {
            if (literal.Length == 0)
                throw pattern["String"].Refuse("is empty", "Name the text to cut at.");
            Expression(pattern["String"], EscapeCode().Replace(literal, @"\$0"), behaviour, invert);
        }
        else
        {
            Expression(pattern["Regex"], pattern["Regex"].Text(), behaviour, invert);
        }
    }

    private void Expression(FilePlace place, string source, CutBehaviour behaviour, bool invert)
    {
        var pattern = PublishedPattern.Read(place, source);
        _named.AddRange(pattern.Named);
        _cuts.Add(new ExpressionCut(pattern.Regex, behaviour, invert));
    }

    private void Metaspace(FilePlace place)
    {
        if (place["replacement"].Text() is not { Length: 1 } mark || char.IsSurrogate(mark[0]))
            throw place["replacement"].Refuse("is not one character", "Use one character of at most U+FFFF.");
        var scheme = place["prepend_scheme"].TextOrNull()
            ?? (place["add_prefix_space"].Flag(otherwise: true) ? "always" : "never");
        if (scheme is not ("always" or "first" or "never"))
            throw place["prepend_scheme"].Refuse($"is {scheme}", "Known are always, first and never.");
        Prefix(place, (text, first) =>
        {
            text = text.Replace(' ', mark[0]);
            return scheme == "never" || (scheme == "first" && !first) || text.StartsWith(mark[0]) ? text : mark + text;
        });
        if (place["split"].Flag(otherwise: true))
            Expression(place, EscapeCode().Replace(mark, @"\$0"), CutBehaviour.MergedWithNext, false);
    }

    // A prefix to every piece of an earlier cut would change the text between cuts.
    private void Prefix(FilePlace place, Func<string, bool, string> prefix)
    {
        if (_cuts.Count > 0 || _prefix is not null)
            throw place.Refuse("comes after another step", "Use a tokenizer whose first step adds the prefix.");
        _prefix = prefix;
    }

    private abstract class Cut
    {
        public abstract void Run(ReadOnlySpan<char> codes, Piece piece, List<Piece> into);
    }

    private sealed class ExpressionCut(Regex expression, CutBehaviour behaviour, bool invert) : Cut
    {
        public override void Run(ReadOnlySpan<char> codes, Piece piece, List<Piece> into)
        {
            var (done, first) = (0, into.Count);
            var text = codes.Slice(piece.Start, piece.Length);
            if (behaviour == CutBehaviour.Isolated)
            {
                foreach (var match in expression.EnumerateMatches(text))
                {
                    if (match.Index > done)
                        into.Add(new Piece(piece.Start + done, match.Index - done));
                    if (match.Length > 0)
                        into.Add(new Piece(piece.Start + match.Index, match.Length));
                    done = match.Index + match.Length;
                }
                if (done < text.Length)
                    into.Add(new Piece(piece.Start + done, text.Length - done));
                return;
            }
            var parts = new List<(int Start, int End, bool Match)>();
            foreach (var match in expression.EnumerateMatches(text))
            {
                if (match.Index > done)
                    parts.Add((done, match.Index, invert));
                done = match.Index + match.Length;
                parts.Add((match.Index, done, !invert));
            }
            if (done < text.Length)
                parts.Add((done, text.Length, invert));
            foreach (var (start, end) in Joined(parts))
                if (end > start)
                    into.Add(new Piece(piece.Start + start, end - start));
        }

        private IEnumerable<(int Start, int End)> Joined(List<(int Start, int End, bool Match)> parts)
        {
            var joined = new List<(int Start, int End)>();
            if (behaviour == CutBehaviour.Removed)
                return parts.Where(p => !p.Match).Select(p => (p.Start, p.End));
            if (behaviour == CutBehaviour.MergedWithNext)
                parts.Reverse();
            var previous = false;
            foreach (var (start, end, match) in parts)
            {
                var joins = behaviour == CutBehaviour.Contiguous ? match == previous : match && !previous;
                previous = match;
                if (!joins || joined.Count == 0)
                    joined.Add((start, end));
                else
                    joined[^1] = (Math.Min(joined[^1].Start, start), Math.Max(joined[^1].End, end));
            }
            if (behaviour == CutBehaviour.MergedWithNext)
                joined.Reverse();
            return joined;
        }
    }

    [GeneratedRegex(@"\p{N}")]
    private static partial Regex Digit();

    [GeneratedRegex(@"[\\.^$|()\[\]{}*+?&-]")]
    private static partial Regex EscapeCode();
}
