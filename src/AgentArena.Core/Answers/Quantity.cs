// A number with its unit, currency or percent sign. Knows other names of a unit; converts nothing.
using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentArena.Core.Answers;

/// <summary>What was written: the number's text and what it counts.</summary>
internal readonly partial record struct Quantity(string Number, string Unit)
{
    private const string Percent = "%", Degree = "°";

    private static readonly Dictionary<string, string> OtherNames = new(StringComparer.Ordinal)
    {
        ["dollar"] = "¤", ["buck"] = "¤", ["usd"] = "¤", ["us dollar"] = "¤", ["percent"] = Percent, ["per cent"] = Percent, ["percentage"] = Percent, ["degree"] = Degree, ["deg"] = Degree,
        ["centimeter"] = "cm", ["centimetre"] = "cm", ["millimeter"] = "mm", ["millimetre"] = "mm", ["meter"] = "m", ["metre"] = "m", ["kilometer"] = "km", ["kilometre"] = "km",
        ["inche"] = "in", ["inch"] = "in", ["feet"] = "ft", ["foot"] = "ft", ["yard"] = "yd", ["mile"] = "mi", ["gram"] = "g", ["kilogram"] = "kg", ["pound"] = "lb", ["ounce"] = "oz",
        ["liter"] = "l", ["litre"] = "l", ["milliliter"] = "ml", ["millilitre"] = "ml", ["second"] = "s", ["sec"] = "s", ["minute"] = "min", ["hour"] = "h", ["hr"] = "h",
        ["mile per hour"] = "mph", ["cent"] = "¢",
    };

    /// <summary>Whether anything is counted.</summary>
    public bool HasUnit => Unit.Length > 0;

    /// <summary>Whether it is a percentage.</summary>
    public bool IsPercent => Unit == Percent;

    /// <summary>Whether the units do not contradict each other: one is left out, or both are the same.</summary>
    public bool FitsWith(Quantity other) => Unit.Length == 0 || other.Unit.Length == 0 || Unit == other.Unit;

    /// <summary>Splits a text; the unit is empty where there is none.</summary>
    public static Quantity Read(string text)
    {
        var s = text;
        var unit = "";
        if (s.Contains(AnswerText.Currency))
        {
            unit = "¤";
            s = s.Replace("¤ ", "").Replace("¤", "");
        }
        else if (s.Length > 1 && s[0] is '€' or '£' or '₹')
        {
            unit = s[..1];
            s = s[1..].TrimStart();
        }
        if (Trailing().Match(s) is { Success: true } match)
        {
            var word = Named(match.Groups[2].Value);
            if (unit.Length == 0) unit = word;
            s = match.Groups[1].Value.TrimEnd();
        }
        return new(s, unit);
    }

    private static string Named(string words)
    {
        var name = words.Trim().ToLower(CultureInfo.InvariantCulture).Replace("{", "").Replace("}", "").Replace("square ", "sq ").Replace("cubic ", "cu ").Replace(" ^", "^");
        var power = "";
        if (name.StartsWith("sq ", StringComparison.Ordinal)) (name, power) = (name[3..], "^2");
        else if (name.StartsWith("cu ", StringComparison.Ordinal)) (name, power) = (name[3..], "^3");
        else if (name.IndexOf('^') is > 0 and var at) (name, power) = (name[..at], name[at..]);
        name = name.TrimEnd('.');
        if (name.Length > 2 && name.EndsWith('s') && !name.EndsWith("ss", StringComparison.Ordinal)) name = name[..^1];
        name = name.Replace("s per ", " per ");
        return OtherNames.GetValueOrDefault(name, name) + power;
    }

    // A number (its end: a digit, a closing bracket, a constant) and then words, or one of the signs.
    [GeneratedRegex(@"^(.*[\d\)\}.]|.*\\pi) ?(%|°|¢|(sq |cu )?[A-Za-z]{2,}[A-Za-z .'\-/]*( ?\^ ?\{?\d\}?)?| [a-zA-Z]( ?\^ ?\{?\d\}?)?)\.?$", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Trailing();
}
