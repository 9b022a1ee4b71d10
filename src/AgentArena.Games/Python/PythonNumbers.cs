// Reads the numbers of Python literals: whole, broken, in a base, imaginary. Knows digits and signs, no brackets.
using System.Globalization;
using System.Numerics;
using static AgentArena.Games.Python.PythonValue;

namespace AgentArena.Games.Python;

internal static class PythonNumbers
{
    private const int MaxDigits = 20_000,
        MaxRadixDigits = 4_000,
        MaxExponent = 5_000,
        MaxWritten = 1_000;

    /// <summary>A number, or real ± imaginary; null where it is none.</summary>
    public static Number? Read(ref PythonText text, bool minus)
    {
        if (Unsigned(ref text, out var imaginary) is not { } first)
            return null;
        if (minus)
            first = -first;
        if (imaginary)
            return new Number(Real.Zero, first);
        var mark = text.At;
        if (text.Peek() is '+' or '-')
        {
            var sign = text.Next();
            text.Space();
            if (Unsigned(ref text, out imaginary) is { } second && imaginary)
                return new Number(first, sign == '-' ? -second : second);
            text.At = mark;
        }
        return Num(first);
    }

    /// <summary>What float('…') and Decimal('…') hold.</summary>
    public static Number? Written(string written, bool exact)
    {
        var s = written.Trim().ToLowerInvariant();
        var minus = s.StartsWith('-');
        s = s.TrimStart('+', '-');
        if (s is "inf" or "infinity")
            return Num(Real.Of(minus ? -1 : 1, 0));
        if (s is "nan" or "snan")
            return Num(Real.NaN);
        if (
            s.Length > MaxWritten
            || !double.TryParse(
                s,
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out var rounded
            )
        )
            return null;
        if (!exact)
            return Num(Real.Of(minus ? -rounded : rounded));
        var parts = s.Split('e');
        var power = 0;
        if (
            parts.Length == 2
            && (
                !int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out power)
                || Math.Abs(power) > MaxExponent
            )
        )
            return null;
        var point = parts[0].IndexOf('.');
        if (point >= 0)
            power -= parts[0].Length - point - 1;
        var digits = BigInteger.Parse("0" + parts[0].Replace(".", ""), CultureInfo.InvariantCulture) * (minus ? -1 : 1);
        return Num(
            power >= 0 ? Real.Of(digits * BigInteger.Pow(10, power), 1) : Real.Of(digits, BigInteger.Pow(10, -power))
        );
    }

    private static Real? Unsigned(ref PythonText text, out bool imaginary)
    {
        imaginary = false;
        var start = text.At;
        var radix =
            text.Now == '0'
                ? char.ToLowerInvariant(text.After(1)) switch
                {
                    'x' => 16,
                    'o' => 8,
                    'b' => 2,
                    _ => 10,
                }
                : 10;
        if (radix != 10)
            return Radix(ref text, radix);
        // digits [. digits] [e ± digits], with a digit on one side of the point at least.
        var whole = Digits(ref text);
        var point = text.Now == '.';
        if (point)
            text.At++;
        var broken = point && Digits(ref text);
        if (!whole && !broken)
            return null;
        var power = text.Now is 'e' or 'E';
        if (power)
        {
            text.At++;
            if (text.Now is '+' or '-')
                text.At++;
            if (!Digits(ref text))
                return null;
        }
        var digits = text.Since(start).Replace("_", "");
        if (digits.Length > MaxDigits)
            return null;
        if (text.Now is 'j' or 'J')
        {
            imaginary = true;
            text.At++;
        }
        if (char.IsLetterOrDigit(text.Now) || text.Now == '_')
            return null;
        if (point || power || imaginary)
            return Real.Of(Double(digits));
        if (digits.Length > 1 && digits[0] == '0' && digits.Trim('0').Length > 0)
            return null; // 012 is no Python
        return Real.Of(BigInteger.Parse(digits, CultureInfo.InvariantCulture), 1);
    }

    // Digits with single underscores between them; whether there is one.
    private static bool Digits(ref PythonText text)
    {
        var start = text.At;
        while (
            char.IsAsciiDigit(text.Now)
            || text.Now == '_' && text.At > start && text.After(-1) != '_' && char.IsAsciiDigit(text.After(1))
        )
            text.At++;
        return text.At > start;
    }

    private static Real? Radix(ref PythonText text, int radix)
    {
        text.At += 2;
        BigInteger value = 0;
        var digits = 0;
        for (; char.IsAsciiHexDigit(text.Now) || text.Now == '_'; text.At++)
        {
            if (text.Now == '_')
                continue;
            var digit = Convert.ToInt32(text.Now.ToString(), 16);
            if (digit >= radix || ++digits > MaxRadixDigits)
                return null;
            value = value * radix + digit;
        }
        return digits == 0 ? null : Real.Of(value, 1);
    }
}
