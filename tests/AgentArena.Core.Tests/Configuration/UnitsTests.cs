using AgentArena.Core.Configuration;

namespace AgentArena.Core.Tests.Configuration;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("10 seconds", 10_000)]
    [InlineData("1 second", 1000)]
    [InlineData(" 500\tms ", 500)]
    [InlineData("500 milliseconds", 500)]
    [InlineData("2 minutes", 120_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("1 hour", 3_600_000)]
    [InlineData("1e2 days", 8_640_000_000)]
    [InlineData("250us", 0.25)]
    [InlineData("3 micros", 0.003)]
    [InlineData("100nanos", 0.0001)]
    [InlineData("0 d", 0)]
    public void A_number_with_a_unit_is_a_duration(string text, double milliseconds) =>
        Units
            .Duration(text)
            .ShouldBe(TimeSpan.FromTicks((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond)));

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("90")]
    [InlineData("-1s")]
    [InlineData("+1s")]
    [InlineData("1h30m")]
    [InlineData("1 S")]
    [InlineData("1 Seconds")]
    [InlineData("1 week")]
    [InlineData("1 s s")]
    [InlineData("1,000 ms")]
    [InlineData("\u0661s")]
    [InlineData("NaNs")]
    [InlineData("Infinity s")]
    [InlineData("1e400 s")]
    [InlineData("99999999999 d")]
    public void All_else_is_none(string text) => Units.Duration(text).ShouldBeNull();
}
