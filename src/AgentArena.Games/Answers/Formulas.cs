// Formulas and numbers within prose: between dollars and their like, or standing free. Whole ones only: no number is
// taken out of a fraction.

namespace AgentArena.Games.Answers;

/// <summary>Finds formulas in text.</summary>
internal static class Formulas
{
    private const int Window = 6000,
        MaxTries = 8,
        LongestFormula = 1500,
        LongestWord = 30;

    /// <summary>
    /// Whether all of a text can be read as an answer: mathematics, or words that LaTeX sets as such.
    /// </summary>
    public static bool IsAnswer(string text) => text.Length <= LongestFormula && Read(text) is not null;

    private static Value? Read(string text)
    {
        var clean = AnswerText.Clean(text);
        var value = AnswerParser.Read(clean).Value;
        return
            value.IsPlain
            || value is Words && clean.StartsWith(@"\text", StringComparison.Ordinal) && clean.EndsWith('}')
            ? value
            : null;
    }

    /// <summary>The last formula or number of a text that can be read; null where there is none.</summary>
    public static string? Last(string text)
    {
        var from = Math.Max(0, text.Length - Window);
        return Pick(text, Enumerable.Reverse(All(text, from)).Take(MaxTries));
    }

    /// <summary>The first.</summary>
    public static string? First(string text) => Pick(text, All(text, 0).Take(MaxTries));

    // A lone name within a line only where there is nothing else: "the 42 values of $n$" are 42.
    private static string? Pick(string text, IEnumerable<(int Start, int End)> spans)
    {
        string? name = null;
        foreach (var (start, end) in spans)
        {
            var formula = text[start..end].Trim();
            if (formula.Length is 0 or > LongestFormula || Read(formula) is not { } value)
                continue;
            var shown =
                formula.StartsWith("$$", StringComparison.Ordinal)
                || formula.StartsWith(@"\[", StringComparison.Ordinal);
            if (shown || value is not Scalar { Term: Named { IsConstant: false } })
                return formula;
            name ??= formula;
        }
        return name;
    }

    private static List<(int Start, int End)> All(string text, int from)
    {
        var found = new List<(int, int)>();
        var prose = from;
        for (var i = from; i < text.Length; )
        {
            if (Delimited(text, i, text.Length) is not var (_, _, after))
            {
                i++;
                continue;
            }
            Runs(text, prose, i, found);
            found.Add((i, Extended(text, after, text.Length)));
            prose = i = after;
        }
        Runs(text, prose, text.Length, found);
        return found;
    }

    /// <summary>What stands between delimiters that open at <paramref name="at"/>, and where the text goes
    /// on.</summary>
    public static (int Start, int End, int After)? Delimited(string text, int at, int end)
    {
        var rest = text.AsSpan(at, end - at);
        if (rest[0] == '$')
        {
            if (at > 0 && text[at - 1] == '\\' || rest.Length < 3)
                return null;
            if (rest[1] == '$')
                return rest[2..].IndexOf("$$") is > 0 and var twice ? (at + 2, at + 2 + twice, at + 4 + twice) : null;
            // An opening dollar touches what it opens, a closing one what it closes, and no digit follows it; or both
            // stand apart. Else it is money.
            var apart = char.IsWhiteSpace(rest[1]);
            for (var i = 2; i < Math.Min(rest.Length, LongestFormula); i++)
            {
                if (rest[i] != '$' || rest[i - 1] == '\\')
                    continue;
                if (IsProse(rest[1..i]))
                    return null;
                if (char.IsWhiteSpace(rest[i - 1]) == apart || apart)
                    return i + 1 < rest.Length && char.IsAsciiDigit(rest[i + 1]) ? null : (at + 1, at + i, at + i + 1);
                return rest[..i].ContainsAny('\\', '^', '_') ? (at + 1, at + i, at + i + 1) : null;
            }
            return null;
        }
        if (rest[0] != '\\' || rest.Length < 4)
            return null;
        foreach (var (open, close) in ((string, string)[])[(@"\(", @"\)"), (@"\[", @"\]")])
            if (rest.StartsWith(open) && rest[2..].IndexOf(close) is > 0 and var length)
                return (at + 2, at + 2 + length, at + 4 + length);
        if (!rest.StartsWith(@"\begin{") || rest.IndexOf('}') is not (> 7 and < 24 and var name))
            return null;
        var kind = rest[7..name];
        if (!kind.EndsWith("matrix") && kind is not "array")
            return null;
        var stop = rest.IndexOf($@"\end{{{kind}}}");
        return stop < 0 ? null : (at, at + stop + name - 1, at + stop + name - 1);
    }

    // Two words of three letters or more, and no command: what stands between two prices.
    private static bool IsProse(ReadOnlySpan<char> text)
    {
        if (text.Contains('\\'))
            return false;
        int words = 0,
            letters = 0;
        foreach (var c in text)
            (letters, words) = char.IsLetter(c) ? (letters + 1, letters == 2 ? words + 1 : words) : (0, words);
        return words >= 2;
    }

    // A letter that is no letter of mathematics: of a script without blanks between words, as a rule.
    private static bool IsForeign(char c) =>
        c > '\u024f'
            && char.IsLetter(c)
            && c is not (>= '\u0370' and <= '\u03ff' or 'ℝ' or 'ℤ' or 'ℕ' or 'ℚ' or 'ℂ' or 'ℏ')
            && !char.IsSurrogate(c)
        || c is '，' or '。' or '、' or '；' or '：' or '？' or '！';

    // Units, percent and number words after a number belong to it: $28$ percent, 5 million, 70 $.
    private static int Extended(string text, int after, int end)
    {
        while (true)
        {
            var start = after;
            while (start < end && text[start] is ' ' or '\u00a0')
                start++;
            var stop = start;
            while (stop < end && stop - start < LongestWord && !char.IsWhiteSpace(text[stop]))
                stop++;
            var word = text[start..stop].TrimEnd('.', ',', ';', ':', '!', '?', '*', ')', '"');
            if (word.Length == 0 || !IsCounted(word))
                return after;
            after = start + word.Length;
            if (word.Length < stop - start)
                return after;
        }
    }

    private static bool IsCounted(string word) =>
        word is "%" or "\\%" or "$" or "€" or "£" or "°" or "cent"
        || word != "in"
            && (
                Unit.Scale(word) is not null
                || word is "squared" or "cubed"
                || word.Split('/') is var parts
                    && parts.All(p => Unit.Named(p.TrimEnd('²', '³')) is not null)
                    && (parts.Length > 1 || word.Length > 1)
            );

    // Words that look like mathematics, as long as they stand side by side.
    private static void Runs(string text, int from, int to, List<(int, int)> found)
    {
        int start = -1,
            end = -1,
            open = 0;
        for (var i = from; i < to; )
        {
            for (; i < to && (char.IsWhiteSpace(text[i]) || IsForeign(text[i])); i++)
                if (text[i] == '\n' && open <= 0 || IsForeign(text[i]))
                    Close(ref start, ref end);
            var word = i;
            while (i < to && !char.IsWhiteSpace(text[i]) && !IsForeign(text[i]))
                i++;
            if (word == i)
                break;
            var span = text.AsSpan(word, i - word);
            if (!IsMathematical(span) && !(start >= 0 && open > 0) && !IsJoint(text, word, i, to, start >= 0))
            {
                Close(ref start, ref end);
                continue;
            }
            if (start < 0)
                (start, open) = (word, 0);
            end = i;
            foreach (var c in span)
                open +=
                    c is '(' or '[' or '{' ? 1
                    : c is ')' or ']' or '}' ? -1
                    : 0;
            if (open <= 0 && span[^1] is '.' or ',' or ';' or ':' or '!' or '?')
                Close(ref start, ref end);
        }
        Close(ref start, ref end);

        void Close(ref int first, ref int last)
        {
            if (first < 0)
                return;
            var (a, b) = (first, last);
            while (a < b && text[a] is '*' or '_' or '"' or '\'' or '`' or '“')
                a++;
            while (b > a && text[b - 1] is '.' or ',' or ';' or ':' or '?' or '*' or '_' or '"' or '\'' or '`' or '”')
                b--;
            if (b > a && text[a] == '(' && !text.AsSpan(a, b - a).Contains(')'))
                a++;
            if (b > a && text[b - 1] == ')' && !text.AsSpan(a, b - a).Contains('('))
                b--;
            if (b > a && b - a <= LongestFormula)
                found.Add((a, b == last ? Extended(text, b, to) : b));
            (first, last) = (-1, -1);
        }
    }

    // A digit, a command or a sign in it, and no word of prose.
    private static bool IsMathematical(ReadOnlySpan<char> word)
    {
        var (sign, letters, command) = (false, 0, false);
        for (var i = 0; i < word.Length; i++)
        {
            var c = word[i];
            if (c == '\\')
            {
                command = sign = true;
                letters = 0;
            }
            else if (char.IsLetter(c))
            {
                if (!command && ++letters > 1 && !IsUnitEnd(word, i - letters + 1))
                    return false;
            }
            else
            {
                (command, letters) = (command && c == '{', 0);
                sign |=
                    char.IsDigit(c)
                    || c is '=' or '<' or '>' or '^' or '≤' or '≥' or '≠' or '±' or '√' or '∞' or '∪' or '∈' or '½';
            }
        }
        return sign && !(word[0] is '<' && word.Length > 3 && char.IsLetter(word[1]));
    }

    // 12ft, 3.5kg: what is left of the word is a unit.
    private static bool IsUnitEnd(ReadOnlySpan<char> word, int at)
    {
        var end = word.Length;
        while (end > at && !char.IsLetter(word[end - 1]))
            end--;
        var name = word[at..end];
        return at > 0 && char.IsAsciiDigit(word[at - 1]) && name.Length <= 12 && Unit.Named(name.ToString()) is not null
            || name.Length <= 6 && Functions.Named(name.ToString()) is not null;
    }

    // A lone letter or sign that stands beside a sign: the x and the = of x = 5.
    private static bool IsJoint(string text, int start, int stop, int to, bool within)
    {
        var word = text.AsSpan(start, stop - start);
        if (word.Length > 2)
            return false;
        if (IsOperator(word))
            return within;
        if (word.Length > 1 || !char.IsLetter(word[0]))
            return false;
        var next = stop;
        while (next < to && text[next] == ' ')
            next++;
        var end = next;
        while (end < to && !char.IsWhiteSpace(text[end]))
            end++;
        return within && (start < 2 || IsOperatorEnd(text.AsSpan(0, start).TrimEnd()))
            || end > next
                && (
                    IsOperator(text.AsSpan(next, end - next))
                    || text[next] is '=' or '<' or '>' or '≤' or '≥'
                    || IsRelation(text.AsSpan(next, end - next))
                )
            || within && word[0] is 'x' && end > next && char.IsAsciiDigit(text[next]);
    }

    private static bool IsOperator(ReadOnlySpan<char> word) =>
        word
            is "+"
                or "-"
                or "*"
                or "/"
                or "="
                or "<"
                or ">"
                or "<="
                or ">="
                or "!="
                or "≤"
                or "≥"
                or "≠"
                or "×"
                or "·"
                or "±"
                or "÷"
                or "≈"
                or "^"
                or "∪"
                or "∈";

    private static bool IsRelation(ReadOnlySpan<char> word) =>
        word.Length > 2
        && word[0] == '\\'
        && Signs.Sign(word[1..].ToString()) is '<' or '>' or '≤' or '≥' or '≠' or '≈' or '∈';

    private static bool IsOperatorEnd(ReadOnlySpan<char> text) =>
        text.Length > 0
        && text[^1] is '+' or '-' or '*' or '/' or '=' or '<' or '>' or '≤' or '≥' or '×' or '·' or '±' or '^';
}
