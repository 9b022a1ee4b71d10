// Options from text: all mistakes at once, each with its place, what is wrong and what would be right.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;

namespace AgentArena.Core.Tests.Configuration;

public class OptionsBinderTests
{
    public enum Colour
    {
        Red,
        DarkBlue,
    }

    public sealed record Inner
    {
        public required int Size { get; init; }
        public double Rate { get; init; } = 0.5;
    }

    public sealed record Sample
    {
        public string Name { get; init; } = "x";
        public bool On { get; init; }
        public long Big { get; init; }
        public float Small { get; init; }
        public int? Maybe { get; init; }
        public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(1);
        public Colour Paint { get; init; }
        public ImmutableArray<Colour> Paints { get; init; } = [];
        public ImmutableSortedDictionary<string, Inner> Parts { get; init; } =
            ImmutableSortedDictionary<string, Inner>.Empty;
        public Inner? Part { get; init; }
        public Plugin Plug { get; init; } = new("none");
        public string Computed => Name + "!";
    }

    private static (Sample? Made, string[] Mistakes) Bind(string json)
    {
        var mistakes = new Mistakes();
        var made = OptionsBinder.Bind<Sample>(JsonNode.Parse(json), "s", mistakes);
        return (made, [.. mistakes.All.Select(m => m.ToString())]);
    }

    [Fact]
    public void Every_kind_of_value_is_read_from_text_or_from_its_own_type()
    {
        var (made, mistakes) = Bind(
            """
            {"name":"n","on":"yes","big":"9000000000","small":0.25,"maybe":"7","wait":"1.5m","paint":"dark-blue","paints":["red","dark-blue"],
             "parts":{"a":{"size":"3"}},"part":{"size":4,"rate":"1e-3"},"plug":{"name":"p","k":"v"}}
            """
        );
        mistakes.ShouldBeEmpty();
        (made!.Name, made.On, made.Big, made.Small, made.Maybe, made.Wait, made.Paint).ShouldBe(
            ("n", true, 9000000000L, 0.25f, (int?)7, TimeSpan.FromSeconds(90), Colour.DarkBlue)
        );
        made.Paints.ShouldBe([Colour.Red, Colour.DarkBlue]);
        made.Parts["a"].Size.ShouldBe(3);
        made.Part!.Rate.ShouldBe(0.001);
        (made.Plug.Name, made.Plug.Options.ToJsonString()).ShouldBe(("p", """{"k":"v"}"""));
    }

    [Fact]
    public void A_null_takes_back_what_was_said()
    {
        var (made, mistakes) = Bind(
            """{"name":null,"big":null,"maybe":null,"paints":null,"part":null,"plug":null,"parts":{"a":{"size":1},"b":null}}"""
        );
        mistakes.ShouldBeEmpty();
        (made!.Name, made.Big, made.Maybe, made.Part, made.Plug.Name).ShouldBe(("x", 0L, null, null, "none"));
        made.Paints.IsDefault.ShouldBeFalse();
        made.Parts.Keys.ShouldBe(["a"]);
        Bind("""{"part":{"size":null}}""").Mistakes.ShouldHaveSingleItem().ShouldStartWith("s.part.size: is missing.");
        Bind("""{"nmae":null}""").Mistakes.ShouldHaveSingleItem().ShouldContain("nmae");
        // A plug-in's options were perhaps another's: one file named a plug-in, the file laid over it names one without
        // that key.
        var none = new Mistakes();
        Standard
            .Catalog.Advantages.Create(
                new Plugin("gae", (JsonObject)JsonNode.Parse("""{"keep":null,"lambda":1}""")!),
                "a",
                none
            )
            .ShouldNotBeNull();
        none.All.ShouldBeEmpty();
    }

    [Fact]
    public void Absent_keys_keep_their_defaults()
    {
        var made = Bind("{}").Made!;
        (made.Name, made.On, made.Maybe, made.Wait, made.Part, made.Plug.Name).ShouldBe(
            ("x", false, null, TimeSpan.FromSeconds(1), null, "none")
        );
        made.Paints.ShouldBeEmpty();
        Bind("""{"computed":"y"}""").Mistakes.ShouldHaveSingleItem().ShouldContain("unknown key 'computed'");
    }

    [Fact]
    public void All_mistakes_are_told_at_once_and_in_order()
    {
        var (_, mistakes) = Bind(
            """{"nam":"n","on":"maybe","big":"1.5","wait":"90","paint":"green","paints":["red","gren"],"part":{"rate":"fast"},"parts":{"a":"b"},"plug":[],"small":"NaN"}"""
        );
        mistakes.Length.ShouldBe(11);
        mistakes[0].ShouldStartWith("s.nam: unknown key 'nam'.");
        mistakes[0].ShouldEndWith("Did you mean name?");
        mistakes[1].ShouldBe("s.on: is 'maybe'; it should be on or off.");
        mistakes[2].ShouldBe("s.big: is '1.5'; it should be a whole number.");
        mistakes[3].ShouldBe("s.wait: is '90'; it should be a duration such as 90s, 500 ms or 2 minutes.");
        mistakes[4].ShouldBe("s.paint: is 'green'; it should be one of red, dark-blue.");
        mistakes[5].ShouldStartWith("s.paints[1]: is 'gren'");
        mistakes.ShouldContain("s.part.rate: is 'fast'; it should be a number.");
        mistakes.ShouldContain("s.part.size: is missing. Give it a whole number.");
        mistakes.ShouldContain(m =>
            m.StartsWith("s.parts.a: is 'b'; it should be a block { … } with the keys size, rate")
        );
        mistakes.ShouldContain(m => m.StartsWith("s.plug: is a list"));
        mistakes[^1].ShouldBe("s.small: is 'NaN'; it should be a number.");
    }

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("[]")]
    [InlineData("null")]
    public void What_is_no_block_is_a_mistake_and_no_crash(string json)
    {
        var (made, mistakes) = Bind(json);
        made.ShouldBeNull();
        mistakes.ShouldHaveSingleItem().ShouldContain("it should be a block");
    }

    [Fact]
    public void Every_catalogued_plugin_describes_its_options_and_is_built_from_its_defaults()
    {
        foreach (
            var type in Standard
                .Catalog.Games.Select(r => r.OptionsType)
                .Concat(Standard.Catalog.Roles.Select(r => r.OptionsType))
                .Concat(Standard.Catalog.Players.Select(r => r.OptionsType))
                .Concat(Standard.Catalog.Rewards.Select(r => r.OptionsType))
                .Concat(Standard.Catalog.Advantages.Select(r => r.OptionsType))
                .Concat(Standard.Catalog.Matchmakers.Select(r => r.OptionsType))
        )
        foreach (var (key, wanted, shown) in OptionsBinder.Describe(type))
        {
            key.ShouldMatch("^[a-z0-9]+(-[a-z0-9]+)*$");
            wanted.ShouldNotBeNullOrWhiteSpace();
            shown.ShouldNotBeNull();
        }
        foreach (var name in Standard.Catalog.Games.Names)
            Standard.Catalog.Games.Create(new Plugin(name)).Facts.Name.ShouldBe(name);
        foreach (var name in Standard.Catalog.Roles.Names)
            Standard.Catalog.Roles.Create(new Plugin(name)).ShouldNotBeNull();
        foreach (var name in Standard.Catalog.Advantages.Names)
            Standard.Catalog.Advantages.Create(new Plugin(name)).ShouldNotBeNull();
        foreach (var entry in Standard.Catalog.Rewards)
            if (
                OptionsBinder.Describe(entry.OptionsType).FirstOrDefault(o => o.Default == "required").Key is { } needed
            )
                Should
                    .Throw<ScenarioException>(() => Standard.Catalog.Rewards.Create(new Plugin(entry.Name)))
                    .Message.ShouldContain($"{needed}: is missing");
            else
                Standard.Catalog.Rewards.Create(new Plugin(entry.Name)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("kuhnpoker", "Did you mean kuhn-poker?")]
    [InlineData("khun-poker", "Did you mean kuhn-poker?")]
    [InlineData("rock", "unknown game 'rock'. Known: ")]
    public void An_unknown_name_gets_the_list_and_the_nearest(string name, string hint)
    {
        var message = Should.Throw<ScenarioException>(() => Standard.Catalog.Games.Create(new Plugin(name))).Message;
        message.ShouldContain(hint);
        message.ShouldContain("kuhn-poker, ");
        if (name == "rock")
            message.ShouldNotContain("Did you mean");
        Standard.Catalog.Games.Knows(name).ShouldBeFalse();
        Should.Throw<ScenarioException>(() => Standard.Catalog.Games[name]);
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ab", "ba", 1)]
    [InlineData("kuhn", "khun", 1)]
    public void Distance_counts_edits_and_swaps(string a, string b, int distance)
    {
        DidYouMean.Distance(a, b).ShouldBe(distance);
        DidYouMean.Distance(b, a).ShouldBe(distance);
    }

    [Theory]
    [InlineData("MaxStaleness", "max-staleness")]
    [InlineData("TopK", "top-k")]
    [InlineData("KLPenalty", "kl-penalty")]
    [InlineData("A", "a")]
    public void Names_become_kebab_case(string name, string key) => OptionsBinder.Kebab(name).ShouldBe(key);
}
