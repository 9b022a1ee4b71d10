// A plain numeral (integer, decimal, or fraction of integers) as an exact rational. Knows no units.
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace AgentArena.Core.Answers;

/// <summary>An exact number in lowest terms.</summary>
/// <param name="Places">Digits after the point where it was written as a decimal; -1 otherwise.</param>
internal readonly partial record struct Numeral(BigInteger Over, BigInteger Under, int Places)
{
    /// <summary>By value alone.</summary>
    public bool Equals(Numeral other) => Over == other.Over && Under == other.Under;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Over, Under);

    /// <summary>Null where <paramref name="text"/> is something else.</summary>
    public static Numeral? Read(string text)
    {
        if (text.Length > 400) return null;
        if (Decimal().Match(text) is { Success: true } d)
        {
            var places = d.Groups[3].Success ? d.Groups[3].Length - 1 : 0;
            var digits = (d.Groups[2].Value + d.Groups[3].Value).Replace(".", "");
            if (digits.Length == 0) return null;
            return Of(Sign(d) * BigInteger.Parse(digits, CultureInfo.InvariantCulture), BigInteger.Pow(10, places), places > 0 ? places : -1);
        }
        var f = Slash().Match(text);
        if (!f.Success) f = Frac().Match(text);
        if (!f.Success) return null;
        var under = BigInteger.Parse(f.Groups[3].Value, CultureInfo.InvariantCulture);
        return under.IsZero ? null : Of(Sign(f) * BigInteger.Parse(f.Groups[2].Value, CultureInfo.InvariantCulture), under, -1);
    }

    private static int Sign(Match match) => match.Groups[1].Value.Contains('-') ? -1 : 1;

    private static Numeral Of(BigInteger over, BigInteger under, int places)
    {
        var common = BigInteger.GreatestCommonDivisor(over, under);
        return new(over / common, under / common, places);
    }

    [GeneratedRegex(@"^([-+]?) ?(\d*)(\.\d*)?$", RegexOptions.NonBacktracking)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^([-+]?) ?(\d+) ?/ ?(\d+)$", RegexOptions.NonBacktracking)]
    private static partial Regex Slash();

    [GeneratedRegex(@"^([-+]?) ?\\frac ?\{ ?(\d+) ?\} ?\{ ?(\d+) ?\}$", RegexOptions.NonBacktracking)]
    private static partial Regex Frac();
}
