// Typed readings, fallbacks and sections of a configuration.
using Akka.Configuration;

namespace Akka.Tests.Configuration;

public sealed class ConfigLaws
{
    private static Config Parse(string hocon) => ConfigurationFactory.ParseString(hocon);

    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("10 seconds", 10_000)]
    [InlineData("500ms", 500)]
    [InlineData("500", 500)]
    [InlineData("2m", 120_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("250us", 0.25)]
    [InlineData("100ns", 0.0001)]
    [InlineData("infinite", -1)]
    public void Durations(string text, double ms) => Parse($"a = {text}").GetTimeSpan("a").ShouldBe(TimeSpan.FromTicks((long)(ms * 10_000)));

    [Theory]
    [InlineData("512", 512)]
    [InlineData("512b", 512)]
    [InlineData("2 bytes", 2)]
    [InlineData("64kB", 64_000)]
    [InlineData("64k", 65_536)]
    [InlineData("64K", 65_536)]
    [InlineData("1KiB", 1_024)]
    [InlineData("1.5MiB", 1_572_864)]
    [InlineData("3 megabytes", 3_000_000)]
    [InlineData("1 gibibyte", 1_073_741_824)]
    public void Sizes(string text, long bytes) => Parse($"a = {text}").GetByteSize("a").ShouldBe(bytes);

    [Fact]
    public void Numbers_and_switches()
    {
        var c = Parse("i = -5, l = 5000000000, d = 1.5e-3, on = on, yes = yes, no = off, bs = [on, false]");
        c.GetInt("i").ShouldBe(-5);
        c.GetLong("l").ShouldBe(5_000_000_000);
        c.GetDouble("d").ShouldBe(0.0015);
        c.GetFloat("d").ShouldBe(0.0015f);
        c.GetDecimal("d").ShouldBe(0.0015m);
        (c.GetBoolean("on"), c.GetBoolean("yes"), c.GetBoolean("no")).ShouldBe((true, true, false));
        c.GetBooleanList("bs").ShouldBe([true, false]);
    }

    [Fact]
    public void A_missing_path_yields_the_default()
    {
        var c = Parse("a.b = 1");
        c.GetInt("x", 3).ShouldBe(3);
        c.GetString("a.c", "d").ShouldBe("d");
        c.GetString("a.b.c").ShouldBeNull();
        c.GetTimeSpan("x", TimeSpan.FromSeconds(2)).ShouldBe(TimeSpan.FromSeconds(2));
        c.GetByteSize("x").ShouldBeNull();
        c.GetConfig("x").IsNullOrEmpty().ShouldBeTrue();
        c.HasPath("a").ShouldBeTrue();
        c.HasPath("a.x").ShouldBeFalse();
    }

    [Theory]
    [InlineData("a.b = soon", "a.b: 'soon' is not a duration")]
    [InlineData("a.b = -1s", "a.b: '-1s' is not a duration")]
    [InlineData("a.b = {}", "a.b: an object stands where a duration")]
    public void A_wrong_duration_names_path_and_text(string hocon, string expected) =>
        Should.Throw<FormatException>(() => Parse(hocon).GetTimeSpan("a.b")).Message.ShouldStartWith(expected);

    [Fact]
    public void A_wrong_value_names_path_and_text()
    {
        var c = Parse("a { i = 1.5, b = maybe, s = 3 furlongs, l = x }");
        Should.Throw<FormatException>(() => c.GetInt("a.i")).Message.ShouldStartWith("a.i: '1.5' is not a whole number");
        Should.Throw<FormatException>(() => c.GetBoolean("a.b")).Message.ShouldStartWith("a.b: 'maybe' is not on, off");
        Should.Throw<FormatException>(() => c.GetByteSize("a.s")).Message.ShouldStartWith("a.s: '3 furlongs' is not a size");
        Should.Throw<FormatException>(() => c.GetIntList("a.l")).Message.ShouldStartWith("a.l: 'x' is not a list");
    }

    [Fact]
    public void Fallbacks_fill_what_is_missing_at_every_depth()
    {
        var c = Parse("a { x = 1 }").WithFallback(Parse("a { x = 9, y = 2 }\nb = 3")).WithFallback(Parse("a.z = 4\nb = 9"));
        (c.GetInt("a.x"), c.GetInt("a.y"), c.GetInt("a.z"), c.GetInt("b")).ShouldBe((1, 2, 4, 3));
        var a = c.GetConfig("a")!;
        (a.GetInt("x"), a.GetInt("y"), a.GetInt("z")).ShouldBe((1, 2, 4));
        c.AsEnumerable().Select(f => f.Key).ShouldBe(["a", "b"]);
        var whole = Parse(c.ToString(true));
        (whole.GetInt("a.x"), whole.GetInt("a.y"), whole.GetInt("a.z"), whole.GetInt("b")).ShouldBe((1, 2, 4, 3));
        Should.Throw<ArgumentException>(() => c.WithFallback(c));
    }

    [Fact]
    public void Text_converts_and_adds_as_fallback()
    {
        Config c = "a = 1";
        c += "a = 2\nb = 3";
        (c.GetInt("a"), c.GetInt("b")).ShouldBe((1, 3));
        ConfigurationFactory.Empty.IsEmpty.ShouldBeTrue();
        c.GetValue("a")!.AtKey("k").GetInt("k").ShouldBe(1);
    }

    [Fact]
    public void Kinds_are_exclusive()
    {
        var c = Parse("o { x = 1 }, l = [1], s = text");
        var kinds = new[] { "o", "l", "s" }.Select(k => c.GetValue(k)!).Select(v => (v.IsObject(), v.IsArray(), v.IsString()));
        kinds.ShouldBe([(true, false, false), (false, true, false), (false, false, true)]);
        c.Root.GetObject()!.Unwrapped["o"].ShouldBeAssignableTo<IDictionary<string, object>>();
    }
}
