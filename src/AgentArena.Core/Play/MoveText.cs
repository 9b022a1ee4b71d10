// A move as people's models write it: takes the dressing off, layer by layer, until a legal move is left. Guesses
// nothing: what could be two moves is none. Work is bounded by the text's length and a fixed number of layers.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentArena.Core.Play;

/// <summary>
/// Reads moves in the dress that released parsers take off: LaTeX (<c>\text{Check}</c>, <c>$4$</c>), brackets
/// (TextArena's own format), Markdown, quotes, closing points, labels (<c>Move: check</c>), an object <c>{"move":
/// "check"}</c>, signs and digits of other alphabets, end-of-turn tokens.
/// </summary>
public static partial class MoveText
{
    private const int Longest = 2_000,
        Layers = 12;

    private static readonly (string Open, string Close)[] Pairs =
    [
        ("***", "***"),
        ("**", "**"),
        ("__", "__"),
        ("*", "*"),
        ("_", "_"),
        ("~~", "~~"),
        ("`", "`"),
        ("$$", "$$"),
        ("$", "$"),
        (@"\(", @"\)"),
        (@"\[", @"\]"),
        ("\"", "\""),
        ("'", "'"),
        ("«", "»"),
        ("‹", "›"),
        ("「", "」"),
        ("『", "』"),
        ("【", "】"),
        ("[", "]"),
        ("(", ")"),
        ("{", "}"),
        ("<", ">"),
    ];

    private static readonly (string From, string To)[] Latex =
    [
        (@"\times", "×"),
        (@"\displaystyle", ""),
        (@"\quad", " "),
        (@"\qquad", " "),
        (@"\ ", " "),
        (@"\,", " "),
        (@"\;", " "),
        (@"\:", " "),
        (@"\!", ""),
        ("~", " "),
        (@"\_", "_"),
        (@"\#", "#"),
        (@"\%", "%"),
        (@"\&", "&"),
        (@"\-", "-"),
    ];

    private static readonly string[] MoveKeys = ["move", "action", "answer", "choice"];

    /// <summary>
    /// The one of <paramref name="legal"/> that <paramref name="answer"/> is in some dress; null where it is none, or
    /// could be several. Case does not matter where no two moves differ by it, nor do blanks that part nothing (<c>1 x
    /// 4</c>).
    /// </summary>
    /// <param name="legal">The legal moves.</param>
    /// <param name="answer">What was given as the move.</param>
    /// <param name="respell">
    /// A move in another's spelling to the game's own (<c>column 4</c> to <c>4</c>); null where there is none.
    /// </param>
    public static string? Match(ImmutableArray<string> legal, string answer, Func<string, string?>? respell = null)
    {
        var text = answer.Trim();
        foreach (var move in legal)
            if (move == text)
                return move;
        if (text.Length > Longest)
            return null;
        var keys = legal.Select(Key).ToArray();
        if (Bare(text) is { } found)
            return found;
        // Marked within other words: "I will [check]". Every mark must say the same.
        var marked = Bracketed().Matches(Fold(text)).Select(m => Bare(m.Groups[1].Value)).Distinct().ToArray();
        return marked is [{ } one] ? one : null;

        string? Bare(string dressed)
        {
            foreach (var bare in Barer(dressed))
            {
                foreach (var move in legal)
                    if (move == bare)
                        return move;
                var key = Key(bare);
                if (Only(key) is { } move1)
                    return move1;
                if (respell?.Invoke(key) is { } other && Only(Key(other)) is { } move2)
                    return move2;
            }
            return null;
        }

        string? Only(string key)
        {
            var at = Array.IndexOf(keys, key);
            return at >= 0 && Array.LastIndexOf(keys, key) == at ? legal[at] : null;
        }
    }

    /// <summary>
    /// The text, and what is left of it as one layer of dress after another is taken off; the barest last.
    /// </summary>
    public static IEnumerable<string> Barer(string text)
    {
        if (text.Length > Longest)
            yield break;
        var bare = Fold(text);
        yield return bare;
        for (var layer = 0; layer < Layers && bare.Length > 0; layer++)
        {
            var next = Undressed(bare);
            if (next == bare)
                yield break;
            yield return bare = next;
        }
    }

    /// <summary>
    /// What follows one of these words, for moves that name what they number: <c>column4</c>, <c>bid:2,4</c>; null
    /// where none begins the text.
    /// </summary>
    public static string? After(string bare, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (bare.StartsWith(word, StringComparison.Ordinal))
                return bare[word.Length..].TrimStart(':', '=', ' ', '#');
        return null;
    }

    /// <summary>A text without the tokens that end a turn, which some servers leave in it.</summary>
    public static string WithoutEnd(string text)
    {
        text = text.TrimEnd();
        // Such a token is short, so that only the text's end is looked at.
        while (text.EndsWith('>') && EndToken().Match(text, Math.Max(0, text.Length - 48)) is { Success: true } end)
            text = text[..end.Index].TrimEnd();
        return text;
    }

    /// <summary>
    /// Full-width signs and digits of other alphabets as ASCII ones, one kind of blank, quote and dash, nothing
    /// invisible.
    /// </summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii)
                folded.Append((char)rune.Value);
            else if (rune.Value is >= 0xFF01 and <= 0xFF5E)
                folded.Append((char)(rune.Value - 0xFEE0));
            else if (Rune.GetUnicodeCategory(rune) is var kind && kind == UnicodeCategory.DecimalDigitNumber)
                folded.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            else if (kind == UnicodeCategory.SpaceSeparator)
                folded.Append(' ');
            else if (kind is UnicodeCategory.Format || rune.Value is 0xFE0E or 0xFE0F)
                continue;
            else
                folded.Append(
                    rune.Value switch
                    {
                        '“' or '”' or '„' or '‟' => "\"",
                        '‘' or '’' or '‚' or '‛' => "'",
                        '−' or '–' or '—' or '‐' or '‑' or '‒' => "-",
                        '。' => ".",
                        '、' => ",",
                        '✕' or '✖' or '⨯' or '╳' => "×",
                        _ => rune.ToString(),
                    }
                );
        }
        return folded.ToString().Trim();
    }

    // One layer less, or the text itself.
    private static string Undressed(string text)
    {
        if (WithoutEnd(text) is var ended && ended.Length < text.Length)
            return ended;
        if (Fence().Match(text) is { Success: true } fence)
            return fence.Groups[1].Value.Trim();
        foreach (var (open, close) in Pairs)
            if (
                text.Length > open.Length + close.Length
                && text.StartsWith(open, StringComparison.Ordinal)
                && text.EndsWith(close, StringComparison.Ordinal)
                && Spans(text, open, close)
            )
                return Object(text) ?? text[open.Length..^close.Length].Trim();
        if (
            text.EndsWith('}')
            && Command().Match(text) is { Success: true } command
            && command.Length < text.Length
            && Spans(text[(command.Length - 1)..], "{", "}")
        )
            return text[command.Length..^1].Trim();
        if (Tags().Match(text) is { Success: true } tags)
            return tags.Groups[2].Value.Trim();
        if (text.TrimEnd('.', ',', ';', ':', '!', '…').TrimEnd() is { Length: > 0 } cut && cut.Length < text.Length)
            return cut;
        if (Label().Match(text) is { Success: true, Length: var length } && length < text.Length)
            return text[length..].Trim();
        var plain = text;
        foreach (var (from, to) in Latex)
            if (plain.Contains(from, StringComparison.Ordinal))
                plain = plain.Replace(from, to);
        return plain.Trim();
    }

    // Whether the mark that opens the text is closed by the one that ends it, and by no other.
    private static bool Spans(string text, string open, string close)
    {
        var inner = text.AsSpan(open.Length, text.Length - open.Length - close.Length);
        if (open == close)
            return inner.IndexOf(open) < 0;
        var depth = 0;
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i..].StartsWith(open, StringComparison.Ordinal))
                depth++;
            else if (inner[i..].StartsWith(close, StringComparison.Ordinal) && --depth < 0)
                return false;
        }
        return depth == 0;
    }

    // {"move": "check"}: an object that says one move and says it once.
    private static string? Object(string text)
    {
        if (text[0] != '{' || !text.Contains('"'))
            return null;
        try
        {
            using var json = JsonDocument.Parse(text);
            var said = json
                .RootElement.EnumerateObject()
                .Where(p => MoveKeys.Contains(p.Name.ToLowerInvariant()))
                .Select(p => p.Value)
                .ToArray();
            return said is [{ ValueKind: JsonValueKind.String or JsonValueKind.Number } one]
                ? one.ToString().Trim()
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What two spellings of one move have in common.</summary>
    private static string Key(string text)
    {
        var key = new StringBuilder(text.Length);
        var blank = false;
        foreach (var raw in text)
        {
            if (char.IsWhiteSpace(raw))
            {
                blank = true;
                continue;
            }
            var c = raw == '×' ? 'x' : char.ToLowerInvariant(raw);
            if (blank && key.Length > 0 && Parts(key[^1], c))
                key.Append(' ');
            blank = false;
            key.Append(c);
        }
        return key.Replace("**", "").Replace("`", "").ToString();
    }

    // A blank counts between two words and between two numbers, and nowhere else.
    private static bool Parts(char before, char after) =>
        char.IsLetter(before) && char.IsLetter(after) || char.IsDigit(before) && char.IsDigit(after);

    [GeneratedRegex(
        @"(<\|[^<>|\s]{1,40}\|>|</s>|<eos>|<end_of_turn>|<eot>)$",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase
    )]
    private static partial Regex EndToken();

    [GeneratedRegex(@"^```[A-Za-z]*\s*\n([^`]*)\n?\s*```$", RegexOptions.NonBacktracking)]
    private static partial Regex Fence();

    [GeneratedRegex(
        @"^\\(text|textbf|textit|textrm|textsf|texttt|textnormal|mathrm|mathbf|mathit|mathsf|mathtt|boldsymbol|bf|mbox|hbox|fbox|boxed|framebox|operatorname|emph|underline)\s*\{",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Command();

    [GeneratedRegex(
        @"^<(answer|move|action|choice|final_answer)>([^<>]*)</(answer|move|action|choice|final_answer)>$",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase
    )]
    private static partial Regex Tags();

    [GeneratedRegex(
        @"^(\*\*|__|\*)?((my|the|your)\s+)?((final|chosen|next|best|selected)\s+)?(move|action|answer|choice|decision)\s*(\*\*|__|\*)?\s*[:=]\s*(\*\*|__|\*)?\s*",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase
    )]
    private static partial Regex Label();

    [GeneratedRegex(@"\[([^\[\]]{1,100})\]", RegexOptions.NonBacktracking)]
    private static partial Regex Bracketed();
}
