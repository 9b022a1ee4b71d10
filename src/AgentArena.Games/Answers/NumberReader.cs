// One numeral, from its first digit: thousands in all fashions, decimals, periods, exponents. Knows nothing of what
// stands around it.
using System.Globalization;
using System.Numerics;
using System.Text;

namespace AgentArena.Games.Answers;

/// <summary>Reads numerals.</summary>
internal static class NumberReader
{
    private const int LargestExponent = 400;

    private static readonly string[] Dots = ["...", @"\ldots", @"\dots", @"\cdots"],
        Bars = [@"\overline", @"\bar", @"\dot"];

    // What may part groups of three digits: where commas part lists, a comma alone does not.
    private static readonly string[] Commas = [@",\!", @"{,\!}", @"\!,"],
        Blanks = [@"\,", @"\;", @"\ ", @"\:", " ", "_"];

    /// <summary>The number at <paramref name="at"/>, where a digit stands or a point before one, and where it
    /// ends.</summary>
    public static (Numeral Numeral, int Stop) Read(string s, int at, int end, bool grouped)
    {
        var digits = new StringBuilder();
        var i = Digits(s, at, end, digits);
        string? mark = null;
        if (digits.Length is >= 1 and <= 3 && digits[0] != '0')
            i = Groups(s, i, end, digits, grouped, out mark);
        var whole = digits.Length;
        var decimals =
            i < end
            && s[i] == '.'
            && (i + 1 < end && char.IsAsciiDigit(s[i + 1]) || Bar(s, i + 1, end) > 0 || Period(s, i + 1, end) > 0)
                ? 1
                : DecimalComma(s, i, end, mark);
        if (decimals > 0)
            i = Digits(s, i + decimals, end, digits);
        var places = digits.Length - whole;
        var repetend = new StringBuilder();
        if (decimals > 0)
            i = Repetend(s, i, end, repetend);
        var cut = false;
        if (places > 0 && repetend.Length == 0 && Array.Find(Dots, d => At(s, i, end, d)) is { } dots)
        {
            i += dots.Length;
            cut = !Recurs(digits, places, repetend);
        }
        var value = Rational.Of(
            BigInteger.Parse(digits.Length == 0 ? "0" : digits.ToString(), CultureInfo.InvariantCulture),
            BigInteger.Pow(10, places)
        );
        if (repetend.Length > 0)
            value += Rational.Of(
                BigInteger.Parse(repetend.ToString(), CultureInfo.InvariantCulture),
                BigInteger.Pow(10, places) * (BigInteger.Pow(10, repetend.Length) - 1)
            );
        if (repetend.Length == 0 && Exponent(s, i, end) is var (exponent, stop) && stop > i)
            return (
                new(
                    exponent < 0
                        ? value / Rational.Of(BigInteger.Pow(10, -exponent))
                        : value * Rational.Of(BigInteger.Pow(10, exponent))
                ),
                stop
            );
        var significant = digits.ToString().TrimStart('0').Length;
        return (new(value, repetend.Length > 0 ? 0 : places, significant, cut), i);
    }

    private static int Digits(string s, int at, int end, StringBuilder digits)
    {
        for (; at < end && char.IsAsciiDigit(s[at]); at++)
            digits.Append(s[at]);
        return at;
    }

    private static bool At(string s, int at, int end, string text) =>
        at + text.Length <= end && string.CompareOrdinal(s, at, text, 0, text.Length) == 0;

    private static int Groups(string s, int at, int end, StringBuilder digits, bool grouped, out string? used)
    {
        used = null;
        while (true)
        {
            var (mark, start) = Separator(s, at, end, grouped);
            if (mark is null || used is not null && used != mark)
                return at;
            for (var k = 0; k < 3; k++)
                if (start + k >= end || !char.IsAsciiDigit(s[start + k]))
                    return at;
            var stop = start + 3;
            if (stop < end && char.IsAsciiDigit(s[stop]))
                return at;
            // 2 100/3 is a mixed number; 1.000 is one thousand only where 1.000,5 is written.
            if (mark == "blank" && (stop < end && s[stop] is '/' or '.' || At(s, stop, end, @"\frac")))
                return at;
            digits.Append(s, start, 3);
            (at, used) = (stop, mark);
        }
    }

    private static (string? Mark, int Start) Separator(string s, int at, int end, bool grouped)
    {
        foreach (var tight in Commas)
        {
            if (!At(s, at, end, tight))
                continue;
            var next = Past(s, at + tight.Length, end);
            return ("comma", At(s, next, end, @"\,") ? Past(s, next + 2, end) : next);
        }
        // {,} with blanks here and there.
        var brace = Past(s, at, end);
        if (
            brace < end
            && s[brace] == '{'
            && Past(s, brace + 1, end) is var comma
            && comma < end
            && s[comma] == ','
            && Past(s, comma + 1, end) is var shut
            && shut < end
            && s[shut] == '}'
        )
            return ("comma", Past(s, shut + 1, end));
        if (!grouped)
            return (null, at);
        if (at < end && s[at] == ',')
            return ("comma", at + 1);
        foreach (var blank in Blanks)
            if (At(s, at, end, blank))
                return ("blank", at + blank.Length);
        return at < end && s[at] == '.' && Continental(s, at, end) ? ("point", at + 1) : (null, at);
    }

    private static int Past(string s, int at, int end)
    {
        while (at < end && s[at] == ' ')
            at++;
        return at;
    }

    // 1.000,99 and 1.234.567,5: points part the groups where a comma and then one or two digits end it.
    private static bool Continental(string s, int at, int end)
    {
        while (
            at + 3 < end
            && s[at] == '.'
            && char.IsAsciiDigit(s[at + 1])
            && char.IsAsciiDigit(s[at + 2])
            && char.IsAsciiDigit(s[at + 3])
        )
            at += 4;
        return at + 1 < end
            && s[at] == ','
            && char.IsAsciiDigit(s[at + 1])
            && !(at + 3 < end && char.IsAsciiDigit(s[at + 3]));
    }

    // 3{,}14, and what follows continental groups. Any other comma parts a list.
    private static int DecimalComma(string s, int at, int end, string? mark)
    {
        if (At(s, at, end, "{,}") && at + 3 < end && char.IsAsciiDigit(s[at + 3]))
            return 3;
        if (mark is not ("point" or "blank") || at + 1 >= end || s[at] != ',' || !char.IsAsciiDigit(s[at + 1]))
            return 0;
        var two = at + 2 < end && char.IsAsciiDigit(s[at + 2]) ? at + 3 : at + 2;
        return two < end && char.IsAsciiDigit(s[two]) ? 0 : 1;
    }

    // The length of \overline, \bar or \dot, where digits stand below it.
    private static int Bar(string s, int at, int end)
    {
        foreach (var bar in Bars)
            if (
                At(s, at, end, bar)
                && Past(s, at + bar.Length, end) is var next
                && next < end
                && (char.IsAsciiDigit(s[next]) || s[next] == '{' && next + 1 < end && char.IsAsciiDigit(s[next + 1]))
            )
                return bar.Length;
        return 0;
    }

    // The length of (digits) where nothing else follows; 0 where there is none.
    private static int Period(string s, int at, int end)
    {
        if (at >= end || s[at] != '(')
            return 0;
        var i = at + 1;
        while (i < end && char.IsAsciiDigit(s[i]))
            i++;
        return i > at + 1 && i < end && s[i] == ')' && (i + 1 == end || s[i + 1] is ' ' or '$' or ',' or '}')
            ? i + 1 - at
            : 0;
    }

    private static int Repetend(string s, int at, int end, StringBuilder repetend)
    {
        if (Period(s, at, end) is > 0 and var period)
        {
            repetend.Append(s, at + 1, period - 2);
            return at + period;
        }
        var dotted = At(s, at, end, @"\dot");
        if (Bar(s, at, end) is not (> 0 and var bar))
            return at;
        at = Past(s, at + bar, end);
        if (s[at] != '{')
        {
            repetend.Append(s[at]);
            return at + 1;
        }
        at = Digits(s, at + 1, end, repetend);
        if (at >= end || s[at] != '}')
            return at;
        at++;
        if (!dotted)
            return at;
        // 0.\dot{1}4285\dot{7}: from the first dot to the last.
        var middle = new StringBuilder();
        var last = Digits(s, at, end, middle);
        if (!At(s, last, end, @"\dot{") || last + 6 >= end || !char.IsAsciiDigit(s[last + 5]) || s[last + 6] != '}')
            return at;
        repetend.Append(middle).Append(s[last + 5]);
        return last + 7;
    }

    // Whether the digits before the dots end in a period that was written out at least twice (one digit: three times).
    private static bool Recurs(StringBuilder digits, int places, StringBuilder repetend)
    {
        for (var length = 1; length <= places / 2 && length <= 30; length++)
        {
            var times = length == 1 ? 3 : 2;
            if (times * length > places)
                continue;
            var same = true;
            for (var k = 1; k <= (times - 1) * length && same; k++)
                same = digits[^k] == digits[^(k + length)];
            if (!same)
                continue;
            repetend.Append(digits.ToString(digits.Length - length, length));
            return true;
        }
        return false;
    }

    private static (int Exponent, int Stop) Exponent(string s, int at, int end)
    {
        if (at >= end || s[at] is not ('e' or 'E'))
            return (0, at);
        var i = at + 1;
        if (i < end && s[i] is '-' or '+')
            i++;
        var start = i;
        while (i < end && char.IsAsciiDigit(s[i]))
            i++;
        if (i == start || i - start > 4 || i < end && char.IsLetter(s[i]))
            return (0, at);
        var value = int.Parse(s.AsSpan(start, i - start), CultureInfo.InvariantCulture);
        return value > LargestExponent ? (0, at) : (s[start - 1] == '-' ? -value : value, i);
    }
}
