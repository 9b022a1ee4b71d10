// Units of time as configuration files write them. Knows no key.
using System.Globalization;

namespace AgentArena.Core.Configuration;

/// <summary>Readings of a number with a unit.</summary>
public static class Units
{
    private const NumberStyles Number =
        NumberStyles.AllowTrailingWhite | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private static readonly (double Ticks, string[] Names)[] Durations =
    [
        (0.01, ["ns", "nano", "nanos", "nanosecond", "nanoseconds"]),
        (TimeSpan.TicksPerMicrosecond, ["us", "micro", "micros", "microsecond", "microseconds"]),
        (TimeSpan.TicksPerMillisecond, ["ms", "milli", "millis", "millisecond", "milliseconds"]),
        (TimeSpan.TicksPerSecond, ["s", "second", "seconds"]),
        (TimeSpan.TicksPerMinute, ["m", "minute", "minutes"]),
        (TimeSpan.TicksPerHour, ["h", "hour", "hours"]),
        (TimeSpan.TicksPerDay, ["d", "day", "days"]),
    ];

    /// <summary>
    /// A duration by the names of HOCON's specification: <c>90s</c>, <c>1.5 hours</c>, to a tick of 100 ns. Null where
    /// it is none, is negative, or is longer than 29,000 years. A bare number is none: HOCON takes it for milliseconds,
    /// people for seconds.
    /// </summary>
    public static TimeSpan? Duration(string text)
    {
        var number = text.AsSpan().Trim().TrimEnd("abcdefghijklmnopqrstuvwxyz");
        var unit = text.AsSpan().Trim()[number.Length..].ToString();
        var ticks = Array.Find(Durations, d => d.Names.Contains(unit)).Ticks;
        return
            ticks > 0
            && double.TryParse(number, Number, CultureInfo.InvariantCulture, out var value)
            && value * ticks < long.MaxValue
            ? TimeSpan.FromTicks((long)Math.Round(value * ticks))
            : null;
    }
}
