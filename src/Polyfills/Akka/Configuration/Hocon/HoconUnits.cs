// The units of HOCON durations and sizes. Knows numbers and suffixes only; who asks decides what an error says.
using System.Globalization;

namespace Akka.Configuration.Hocon;

internal static class HoconUnits
{
    private static readonly Dictionary<string, double> Ticks = new(StringComparer.Ordinal)
    {
        ["ns"] = 0.01, ["nano"] = 0.01, ["nanos"] = 0.01, ["nanosecond"] = 0.01, ["nanoseconds"] = 0.01,
        ["us"] = 10, ["micro"] = 10, ["micros"] = 10, ["microsecond"] = 10, ["microseconds"] = 10,
        [""] = 1e4, ["ms"] = 1e4, ["milli"] = 1e4, ["millis"] = 1e4, ["millisecond"] = 1e4, ["milliseconds"] = 1e4,
        ["s"] = 1e7, ["second"] = 1e7, ["seconds"] = 1e7,
        ["m"] = 6e8, ["minute"] = 6e8, ["minutes"] = 6e8,
        ["h"] = 3.6e10, ["hour"] = 3.6e10, ["hours"] = 3.6e10,
        ["d"] = 8.64e11, ["day"] = 8.64e11, ["days"] = 8.64e11,
    };

    /// <summary>The duration, or null where the text is none; negative durations are none.</summary>
    public static TimeSpan? Duration(string text) =>
        Split(text) is var (number, unit) && Ticks.TryGetValue(unit, out var ticks) && number >= 0 && number * ticks < long.MaxValue
            ? TimeSpan.FromTicks((long)Math.Round(number * ticks))
            : null;

    /// <summary>The size in bytes, or null where the text is none.</summary>
    public static long? Bytes(string text)
    {
        if (Split(text) is not var (number, unit) || number < 0) return null;
        var factor = Factor(unit);
        return factor is { } f && number * f < long.MaxValue ? (long)(number * f) : null;
    }

    private static double? Factor(string unit)
    {
        if (unit is "" or "b" or "B" or "byte" or "bytes") return 1;
        string[] words = ["kilo", "mega", "giga", "tera", "peta", "exa"];
        string[] binary = ["kibi", "mebi", "gibi", "tebi", "pebi", "exbi"];
        var word = unit.Replace("bytes", "", StringComparison.Ordinal).Replace("byte", "", StringComparison.Ordinal);
        if (word.Length > 2 && Array.IndexOf(words, word) is var w and >= 0) return Math.Pow(1000, w + 1);
        if (word.Length > 2 && Array.IndexOf(binary, word) is var b and >= 0) return Math.Pow(1024, b + 1);
        var power = "KMGTPE".IndexOf(char.ToUpperInvariant(unit[0])) + 1;
        if (power == 0) return null;
        return unit[1..] switch
        {
            "" or "i" or "iB" => Math.Pow(1024, power),
            "B" or "b" => Math.Pow(1000, power),
            _ => null,
        };
    }

    private static (double Number, string Unit)? Split(string text)
    {
        text = text.Trim();
        var end = text.Length;
        while (end > 0 && char.IsAsciiLetter(text[end - 1])) end--;
        return double.TryParse(text.AsSpan(0, end).TrimEnd(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? (number, text[end..]) : null;
    }
}
