// Comparison within a group: the published numbers, roles and games kept apart, credits on their own tokens.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;

namespace AgentArena.Core.Tests.Learning;

public class GroupAdvantageTests
{
    [Theory]
    [InlineData("grpo", 1.5, -0.5)]
    [InlineData("dr-grpo", 0.75, -0.25)]
    [InlineData("rloo", 1, -1.0 / 3)]
    public void One_right_of_four(string name, double right, double wrong)
    {
        var weights = Make(name).Weigh([Said(1), Said(0), Said(0), Said(0)]);
        weights.Select(w => (double)w[0][0]).ToArray().ShouldBe([right, wrong, wrong, wrong], 1e-5);
        weights[0][0].ShouldAllBe(w => w == weights[0][0][0], "every token of a reply has its weight");
    }

    [Theory]
    [InlineData("grpo", 0.7)]
    [InlineData("dr-grpo", 0)]
    [InlineData("rloo", 0.7)]
    public void Equal_rewards_say_nothing_and_one_alone_is_its_own_reward(string name, double alone)
    {
        Make(name).Weigh([Said(0.7), Said(0.7), Said(0.7)]).ShouldAllBe(w => w[0].All(x => Math.Abs(x) < 1e-9));
        ((double)Make(name).Weigh([Said(0.7)])[0][0][0]).ShouldBe(alone, 1e-6);
    }

    [Fact]
    public void Roles_games_and_tasks_are_never_mixed()
    {
        var weights = Make("dr-grpo").Weigh([Said(1), Said(0), Said(5) with { Role = "proposer" }, Said(9) with { Game = "other" }, Said(7) with { Group = 2 }, Said(double.NaN)]);
        weights.Select(w => w[0][0]).ShouldBe([0.5f, -0.5f, 0, 0, 0, 0]);
    }

    [Fact]
    public void Credits_are_compared_place_by_place_and_weigh_their_own_tokens()
    {
        var batch = new[] { Credited(1, 1, 0), Credited(1, 0, 0), Credited(1, 0, 0), Credited(1, 0, 1) };
        var weights = Make("grpo", """{ "credits": "on" }""").Weigh(batch);
        // Place 0: all alike. Place 1: one of four. Place 2: another one of four.
        weights[0][0].Select(w => (double)w).ToArray().ShouldBe([0, 1.5, -0.5], 1e-5);
        weights[1][0].Select(w => (double)w).ToArray().ShouldBe([0, -0.5, -0.5], 1e-5);
        weights[3][0].Select(w => (double)w).ToArray().ShouldBe([0, -0.5, 1.5], 1e-5);
        Make("grpo", """{ "credits": "on", "credit-weight": 2 }""").Weigh(batch)[0][0][1].ShouldBe(3, 1e-4f);
        Make("grpo").Weigh(batch).ShouldAllBe(w => w[0].All(x => x == 0));
    }

    [Fact]
    public void Credits_add_to_what_the_whole_reply_earned()
    {
        var weights = Make("dr-grpo", """{ "credits": "on" }""").Weigh([Credited(1, 0, 0) with { Reward = 1 }, Credited(0, 0, 0)]);
        weights[0][0].ShouldBe([1, 0.5f, 0.5f]);
        weights[1][0].ShouldBe([-1, -0.5f, -0.5f]);
    }

    private static Advantage Make(string name, string options = "{}") => Catalog.Advantages.Create(new Plugin(name, JsonNode.Parse(options)!.AsObject()));

    private static Trajectory Said(double reward) => new()
    {
        GameNumber = 1, Game = "sums", Seat = 1, Role = "solver", Group = 1, Reward = reward, Outcome = OutcomeKind.Finished,
        Steps = [new TrajectoryStep(1, new Utterance { Policy = "student", Version = 0, Text = "123", Tokens = [1, 2, 3], LogProbs = [0, 0, 0], Ends = [1, 2, 3] }, false)],
    };

    private static Trajectory Credited(params double[] scores) => Said(0) with { Credits = [.. scores.Select((s, k) => new Credit(0, k, k + 1, s))] };
}
