// Units as they are put together: m/s, square feet, kg m^{-1}, miles per hour. Each part is from the closed list.
using System.Globalization;

namespace AgentArena.Games.Answers;

/// <summary>Reads a compound unit.</summary>
internal static class UnitReader
{
    /// <summary>The unit that the tokens are, in one spelling; null where they are none.</summary>
    /// <param name="single">Whether one letter alone may be a unit: it stands after a plain numeral, or was set as
    /// text.</param>
    public static string? Read(List<Token> tokens, bool single)
    {
        var powers = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int at = 0,
            sign = 1;
        while (at < tokens.Count)
        {
            if (at > 0 && (tokens[at].Sign == '/' || tokens[at] is { Kind: TokenKind.Word, Text: "per" }))
            {
                sign = -1;
                at++;
            }
            else if (at > 0 && tokens[at].Sign is '·' or '*')
                at++;
            if (Factor(tokens, ref at, single) is not var (name, power))
                return null;
            Count(powers, name, sign * power);
            while (at < tokens.Count && tokens[at].Sign == '.')
                at++;
        }
        return powers.Count == 0
            ? null
            : string.Join(
                ' ',
                powers.Select(p =>
                    p.Value == 1 ? p.Key : string.Create(CultureInfo.InvariantCulture, $"{p.Key}^{p.Value}")
                )
            );
    }

    private static void Count(SortedDictionary<string, int> powers, string name, int power)
    {
        // Speeds with a name of their own are what they stand for.
        if (name is "mph" or "kph")
        {
            Count(powers, "h", -power);
            name = name == "mph" ? "mi" : "km";
        }
        powers[name] = powers.GetValueOrDefault(name) + power;
    }

    private static (string Name, int Power)? Factor(List<Token> tokens, ref int at, bool single)
    {
        if (at >= tokens.Count)
            return null;
        var power = 1;
        if (
            tokens[at] is { Kind: TokenKind.Word, Text: var first }
            && first.ToLowerInvariant() is "sq" or "square" or "cubic" or "cu"
        )
        {
            power = first[0] is 's' or 'S' ? 2 : 3;
            at++;
            if (at < tokens.Count && tokens[at].Sign == '.')
                at++;
            if (at >= tokens.Count)
                return null;
        }
        var token = tokens[at];
        if (
            token.Kind is TokenKind.Number or TokenKind.Command
            || token.Kind == TokenKind.Sign && !(token.Sign is '%' or '°' or '¤' or '€' or '£' or '¥' or '₹' or '¢')
        )
            return null;
        // us dollars, per cent, degrees celsius, 90° C
        var next =
            at + 1 < tokens.Count && tokens[at + 1].Kind == TokenKind.Word
                ? tokens[at + 1].Text.ToLowerInvariant()
                : "";
        var word = token.Text.ToLowerInvariant();
        if (
            word == "us"
            && (next is "dollar" or "dollars" or "usd" || at + 1 < tokens.Count && tokens[at + 1].Sign == '¤')
        )
            token = tokens[++at];
        else if (word == "per" && next == "cent" || word == "percentage" && next is "point" or "points")
        {
            at += 2;
            return (Unit.Percent, power);
        }
        else if (Unit.Named(token.Text) == Unit.Degree && next is "c" or "f" or "celsius" or "fahrenheit")
        {
            at += 2;
            return (next[0] == 'c' ? "°C" : "°F", power);
        }
        if (Unit.Named(token.Text) is not { } name)
            return null;
        if (
            token.Kind == TokenKind.Word
            && token.Text.Length == 1
            && !(single && (token.Space || token.Prose || at > 0))
        )
            return null;
        at++;
        if (at + 1 < tokens.Count && tokens[at].Sign == '.' && tokens[at + 1].Sign == '^')
            at++; // in.^2
        return Power(tokens, ref at) is { } raised ? (name, power * raised) : null;
    }

    // ^2, ^{-1}, squared; 1 where there is none, null where it is no integer.
    private static int? Power(List<Token> tokens, ref int at)
    {
        if (at < tokens.Count && tokens[at] is { Kind: TokenKind.Word, Text: "squared" or "cubed" } word)
        {
            at++;
            return word.Text[0] == 's' ? 2 : 3;
        }
        if (at >= tokens.Count || tokens[at].Sign != '^')
            return 1;
        at++;
        var braced = at < tokens.Count && tokens[at].Sign == '{';
        if (braced)
            at++;
        var minus = at < tokens.Count && tokens[at].Sign == '-';
        if (minus)
            at++;
        if (
            at >= tokens.Count
            || tokens[at] is not { Kind: TokenKind.Number, Numeral.Value: { IsInteger: true } value }
            || value.Over > 9
        )
            return null;
        at++;
        if (braced && (at >= tokens.Count || tokens[at++].Sign != '}'))
            return null;
        return minus ? -(int)value.Over : (int)value.Over;
    }
}
