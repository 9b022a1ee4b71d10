// What rewards ask to be measured, and what they make of it.
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using static AgentArena.Core.Tests.Rewards.Rewarding;

namespace AgentArena.Core.Tests.Rewards;

public class MeasurementTests
{
    private static readonly Episode Reasoned = new Table("solver", "solver") { Right = "42" }
        .Says(0, "41", @"six times seven is \boxed{41}")
        .Plays(1, "42")
        .Ends();

    private static Measurement[] Wants(string form, string more = "") =>
        [.. Make("likelihood", $$"""{ "form": "{{form}}"{{more}} }""").Wants(Reasoned)];

    [Fact]
    public void The_right_answer_is_asked_for_in_the_place_of_the_replys_own_and_bots_are_asked_nothing()
    {
        Wants("reference", """, "bare": "bare" """)
            .ShouldBe([
                new Measurement("likelihood", 0) { Given = @"six times seven is \boxed{", Text = "42" },
                new Measurement("bare", 0) { Text = "42" },
            ]);
        Wants("reflection")
            .ShouldBe([new Measurement("likelihood", 0) { Given = @"six times seven is \boxed{", Text = "42" }]);
        Wants("aligned", """, "bare": "alone" """).ShouldBe([new Measurement("alone", 0) { Prompted = false }]);
        Wants("last-token", """, "token": "!" """)
            .ShouldBe([new Measurement("likelihood", 0) { Text = "!", After = true }]);
        Wants("certainty").ShouldBe([new Measurement("likelihood", 0) { Certainty = true }]);
        Wants("mean").ShouldBeEmpty();
        Wants("confidence").ShouldBeEmpty();
    }

    [Fact]
    public void What_is_made_of_measuring_rewards_measures()
    {
        var gate = Make(
            "gate",
            """{ "of": { "name": "shaped", "of": { "name": "likelihood", "form": "certainty" } }, "when": "outcome" }"""
        );
        gate.NeedsLogProbs.ShouldBeTrue();
        gate.Wants(Reasoned).ShouldBe([new Measurement("likelihood", 0) { Certainty = true }]);
        Make("gate", """{ "of": "payoff", "when": "outcome" }""").NeedsLogProbs.ShouldBeFalse();
    }

    public static TheoryData<string, string> PartsOfCombinators
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var reward in Standard.Catalog.Rewards)
            foreach (var part in reward.OptionsType.GetProperties().Where(p => p.PropertyType == typeof(Plugin)))
                all.Add(reward.Name, OptionsBinder.Kebab(part.Name));
            return all;
        }
    }

    [Theory, MemberData(nameof(PartsOfCombinators))]
    public void Combinators_pass_on_what_their_parts_want(string name, string part)
    {
        var options = new JsonObject
        {
            [part] = new JsonObject { ["name"] = "likelihood", ["form"] = "certainty" },
        };
        if (part != "of" && Standard.Catalog.Rewards[name].OptionsType.GetProperty("Of") is not null)
            options["of"] = "payoff";
        if (name == "length")
            options["form"] = "group"; // its other forms ask no reward
        var reward = Standard.Catalog.Rewards.Create(new Plugin(name, options));
        reward.NeedsLogProbs.ShouldBeTrue();
        reward.Wants(Reasoned).ShouldBe([new Measurement("likelihood", 0) { Certainty = true }]);
    }

    [Fact]
    public void Tokens_are_credited_by_how_much_likelier_a_good_reply_would_say_them()
    {
        var table = new Table("solver", "solver")
            .Says(0, "ab", logProbs: [-1, -1], ends: [1, 2])
            .Says(1, "x")
            .Event("contrast-better", 0, -1, -2)
            .Event("contrast-worse", 0, -1, -1)
            .Event("contrast-better", 1, -0.5)
            .Event("contrast-worse", 1, -0.5 - Math.Log(3));
        var reward = Make("token-contrast", """{ "scale": 2 }""");
        var credits = reward.Credits(table.Ends(), 0);
        credits.Select(c => (c.Step, c.Start, c.End)).ShouldBe([(0, 0, 1), (0, 1, 2)]);
        credits[0].Score.ShouldBe(0, 1e-12);
        credits[1].Score.ShouldBe(2 * (1 / (1 + Math.E) - 0.5), 1e-12);
        reward.Credits(table.Ends(), 1).ShouldHaveSingleItem().Score.ShouldBe(2 * (0.75 - 0.5), 1e-12);
        reward.ShouldScore(table.Ends(), 0, 0);
        reward
            .Wants(table.Ends())
            .Select(w => (w.Name, w.Seat, w.Hint))
            .Take(2)
            .ShouldBe([
                ("contrast-better", 0, "Answer as well as you can."),
                ("contrast-worse", 0, "Answer as badly as you can."),
            ]);
        reward.Credits(new Table("solver").Says(0, "x").Ends(), 0).ShouldBeEmpty();
    }
}
