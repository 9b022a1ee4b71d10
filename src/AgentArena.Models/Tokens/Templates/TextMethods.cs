// Python's methods of texts, as templates call them.
using System.Globalization;
using System.Text;

namespace AgentArena.Models.Tokens.Templates;

/// <summary>Methods of <c>str</c>. None changes its text.</summary>
internal static class TextMethods
{
    private static readonly char[] LineEnds =
    [
        '\n',
        '\r',
        '\v',
        '\f',
        '\x1C',
        '\x1D',
        '\x1E',
        '\u0085',
        '\u2028',
        '\u2029',
    ];

    /// <summary>A method; null where texts have none of that name.</summary>
    public static Callable? Find(string text, string name) =>
        name switch
        {
            "strip" => (run, given) => run.Made(Strip(run, text, given, left: true, right: true)),
            "lstrip" => (run, given) => run.Made(Strip(run, text, given, left: true, right: false)),
            "rstrip" => (run, given) => run.Made(Strip(run, text, given, left: false, right: true)),
            "startswith" => (run, given) => Any(run, given, part => text.StartsWith(part, StringComparison.Ordinal)),
            "endswith" => (run, given) => Any(run, given, part => text.EndsWith(part, StringComparison.Ordinal)),
            "upper" => (run, _) => run.Made(text.ToUpperInvariant()),
            "lower" => (run, _) => run.Made(text.ToLowerInvariant()),
            "title" => (run, _) => run.Made(Title(text)),
            "capitalize" => (run, _) => run.Made(Capital(text)),
            "split" => (run, given) => Split(run, text, given, fromRight: false),
            "rsplit" => (run, given) => Split(run, text, given, fromRight: true),
            "splitlines" => (run, _) => Lines(run, text),
            "replace" => (run, given) => Replace(run, text, given),
            "join" => (run, given) =>
                Join(run, text, TemplateValues.Items(run, given.Get(0, "iterable")), strict: true),
            "find" => (run, given) => (long)Place(run, text, given, last: false),
            "rfind" => (run, given) => (long)Place(run, text, given, last: true),
            "index" => (run, given) =>
                Place(run, text, given, last: false) is >= 0 and var at
                    ? (long)at
                    : throw run.Fault("the text does not hold what is looked for"),
            "count" => (run, given) => Count(run, text, Argument(run, given, 0, "sub")),
            "removeprefix" => (run, given) =>
                Argument(run, given, 0, "prefix") is var part && text.StartsWith(part, StringComparison.Ordinal)
                    ? run.Made(text[part.Length..])
                    : text,
            "removesuffix" => (run, given) =>
                Argument(run, given, 0, "suffix") is var part && text.EndsWith(part, StringComparison.Ordinal)
                    ? run.Made(text[..^part.Length])
                    : text,
            "partition" => (run, given) => Partition(run, text, Argument(run, given, 0, "sep"), last: false),
            "rpartition" => (run, given) => Partition(run, text, Argument(run, given, 0, "sep"), last: true),
            "isdigit" => (_, _) => text.Length > 0 && text.All(char.IsDigit),
            "isalpha" => (_, _) => text.Length > 0 && text.All(char.IsLetter),
            "isalnum" => (_, _) => text.Length > 0 && text.All(char.IsLetterOrDigit),
            "isspace" => (_, _) => text.Length > 0 && text.All(char.IsWhiteSpace),
            "isupper" => (_, _) => text.Any(char.IsUpper) && !text.Any(char.IsLower),
            "islower" => (_, _) => text.Any(char.IsLower) && !text.Any(char.IsUpper),
            _ => null,
        };

    /// <summary>Joined with a text between.</summary>
    public static string Join(TemplateRun run, string between, List<object?> parts, bool strict)
    {
        var joined = new StringBuilder();
        foreach (var part in parts)
        {
            if (strict && part is not string)
                throw run.Fault($"join: {TemplateValues.Named(part)} is no text");
            var text = TemplateValues.Text(run, part);
            run.Room(joined.Length + text.Length + between.Length);
            joined.Append(joined.Length > 0 || !ReferenceEquals(part, parts[0]) ? between : "").Append(text);
        }
        return joined.ToString();
    }

    /// <summary>Replaced, the first <c>count</c> times where that is given.</summary>
    public static string Replace(TemplateRun run, string text, Arguments given)
    {
        var (old, with) = (Argument(run, given, 0, "old"), Argument(run, given, 1, "new"));
        var most = given.Get(2, "count") is long count and >= 0 ? count : long.MaxValue;
        var result = new StringBuilder();
        var at = 0;
        // An empty text stands before every character and at the end.
        for (; most > 0; most--)
        {
            var found = old.Length == 0 ? at : text.IndexOf(old, at, StringComparison.Ordinal);
            if (found < 0)
                break;
            run.Room(result.Length + (long)with.Length + found - at);
            result.Append(text, at, found - at).Append(with);
            at = found + old.Length;
            if (old.Length > 0)
                continue;
            if (at >= text.Length)
                break;
            var length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
            result.Append(text, at, length);
            at += length;
        }
        return run.Made(result.Append(text, at, text.Length - at).ToString());
    }

    /// <summary>
    /// Every word's first letter large, the others small; words end at blanks, hyphens and opened brackets.
    /// </summary>
    public static string Words(string text)
    {
        var made = new StringBuilder(text.Length);
        var inWord = false;
        foreach (var c in text)
        {
            made.Append(inWord ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c));
            inWord = !char.IsWhiteSpace(c) && c is not ('-' or '(' or '{' or '[' or '<');
        }
        return made.ToString();
    }

    /// <summary>Every run of letters with its first letter large, the others small.</summary>
    public static string Title(string text)
    {
        var made = new StringBuilder(text.Length);
        var inWord = false;
        foreach (var c in text)
        {
            made.Append(inWord ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c));
            inWord = char.IsLetter(c);
        }
        return made.ToString();
    }

    /// <summary>The first letter large, the others small.</summary>
    public static string Capital(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    /// <summary>Without the characters at the ends, white space where none are given.</summary>
    public static string Strip(TemplateRun run, string text, Arguments given, bool left, bool right)
    {
        var characters = given.Get(0, "chars");
        if (characters is not (null or string))
            throw run.Fault($"strip: {TemplateValues.Named(characters)} are no characters");
        bool Stripped(char c) => characters is string listed ? listed.Contains(c) : IsBlank(c);
        var (from, to) = (0, text.Length);
        while (left && from < to && Stripped(text[from]))
            from++;
        while (right && to > from && Stripped(text[to - 1]))
            to--;
        return text[from..to];
    }

    private static string Argument(TemplateRun run, Arguments given, int place, string name) =>
        given.Get(place, name) switch
        {
            string text => text,
            var other => throw run.Fault($"argument {place + 1} ({name}) is {TemplateValues.Named(other)}, not a text"),
        };

    private static bool Any(TemplateRun run, Arguments given, Func<string, bool> holds) =>
        given.Get(0, "part") switch
        {
            string part => holds(part),
            List<object?> parts => parts.OfType<string>().Any(holds),
            var other => throw run.Fault($"{TemplateValues.Named(other)} is no text to look for"),
        };

    private static List<object?> Split(TemplateRun run, string text, Arguments given, bool fromRight)
    {
        var most = given.Get(1, "maxsplit") is long limit and >= 0 ? limit : long.MaxValue;
        run.Spend(text.Length / 4 + 1);
        var separator = given.Get(0, "sep");
        if (separator is not (null or string { Length: > 0 }))
            throw run.Fault("split: the separator is no text, or empty");
        // What is not cut yet: a part of the text by its ends, since copies of it would cost its square.
        var parts = new List<object?>();
        var rest = text.AsSpan();
        if (separator is null)
            rest = Strip(run, text, Arguments.None, left: !fromRight, right: fromRight);
        while (most-- > 0)
        {
            var (at, length) = separator is string by
                ? (fromRight ? rest.LastIndexOf(by.AsSpan()) : rest.IndexOf(by.AsSpan()), by.Length)
                : Blank(rest, fromRight);
            if (at < 0)
                break;
            run.Spend(1);
            parts.Add((fromRight ? rest[(at + length)..] : rest[..at]).ToString());
            rest = fromRight ? rest[..at] : rest[(at + length)..];
        }
        if (separator is not null || rest.Length > 0)
            parts.Add(rest.ToString());
        if (fromRight)
            parts.Reverse();
        return parts;
    }

    // Python's white space has four separators of ASCII more.
    private static bool IsBlank(char c) => char.IsWhiteSpace(c) || c is >= '\x1C' and <= '\x1F';

    private static (int At, int Length) Blank(ReadOnlySpan<char> text, bool last)
    {
        var (from, step) = last ? (text.Length - 1, -1) : (0, 1);
        while (from >= 0 && from < text.Length && !IsBlank(text[from]))
            from += step;
        if (from < 0 || from >= text.Length)
            return (-1, 0);
        var to = from;
        while (to + step >= 0 && to + step < text.Length && IsBlank(text[to + step]))
            to += step;
        return (Math.Min(from, to), Math.Abs(to - from) + 1);
    }

    private static List<object?> Lines(TemplateRun run, string text)
    {
        run.Spend(text.Length / 4 + 1);
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split(LineEnds);
        return [.. lines[^1].Length == 0 ? lines[..^1] : lines];
    }

    private static List<object?> Partition(TemplateRun run, string text, string by, bool last)
    {
        run.Made(text);
        if (by.Length == 0)
            throw run.Fault("partition: the separator is empty");
        var at = last ? text.LastIndexOf(by, StringComparison.Ordinal) : text.IndexOf(by, StringComparison.Ordinal);
        if (at < 0)
            return last ? ["", "", text] : [text, "", ""];
        return [text[..at], by, text[(at + by.Length)..]];
    }

    // In code points, as Python counts.
    private static int Place(TemplateRun run, string text, Arguments given, bool last)
    {
        run.Made(text);
        var part = Argument(run, given, 0, "sub");
        var at = last ? text.LastIndexOf(part, StringComparison.Ordinal) : text.IndexOf(part, StringComparison.Ordinal);
        return at < 0 ? -1 : TemplateValues.Codes(text[..at]);
    }

    private static long Count(TemplateRun run, string text, string part)
    {
        run.Made(text);
        if (part.Length == 0)
            return TemplateValues.Codes(text) + 1;
        var count = 0L;
        for (var at = 0; (at = text.IndexOf(part, at, StringComparison.Ordinal)) >= 0; at += part.Length)
            count++;
        return count;
    }

    /// <summary>A time as <c>strftime</c> writes it, in the C locale.</summary>
    public static string Time(TemplateRun run, DateTimeOffset now, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 >= format.Length)
            {
                text.Append(format[i]);
                continue;
            }
            var letter = format[++i];
            var bare = letter == '-' && i + 1 < format.Length; // %-d: without the leading zero
            if (bare)
                letter = format[++i];
            var part = letter switch
            {
                'd' => now.ToString("dd", CultureInfo.InvariantCulture),
                'e' => now.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
                'm' => now.ToString("MM", CultureInfo.InvariantCulture),
                'b' or 'h' => now.ToString("MMM", CultureInfo.InvariantCulture),
                'B' => now.ToString("MMMM", CultureInfo.InvariantCulture),
                'y' => now.ToString("yy", CultureInfo.InvariantCulture),
                'Y' => now.ToString("yyyy", CultureInfo.InvariantCulture),
                'H' => now.ToString("HH", CultureInfo.InvariantCulture),
                'I' => now.ToString("hh", CultureInfo.InvariantCulture),
                'M' => now.ToString("mm", CultureInfo.InvariantCulture),
                'S' => now.ToString("ss", CultureInfo.InvariantCulture),
                'p' => now.ToString("tt", CultureInfo.InvariantCulture),
                'a' => now.ToString("ddd", CultureInfo.InvariantCulture),
                'A' => now.ToString("dddd", CultureInfo.InvariantCulture),
                'j' => now.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
                'F' => now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                'T' => now.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
                '%' => "%",
                _ => throw run.Fault($"strftime_now: '%{letter}' is not supported"),
            };
            text.Append(bare ? part.TrimStart('0').PadLeft(1, '0') : part);
        }
        return run.Made(text.ToString());
    }
}
