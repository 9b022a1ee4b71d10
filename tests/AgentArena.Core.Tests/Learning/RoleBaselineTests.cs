// RAE against the vectors of its paper and of its code, and its state through a checkpoint.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Learning;

namespace AgentArena.Core.Tests.Learning;

public class RoleBaselineTests
{
    internal static Trajectory Earned(
        double reward,
        int seat = 0,
        string game = "kuhn-poker",
        params int[][] prompts
    ) =>
        new()
        {
            GameNumber = 1,
            Game = game,
            Seat = seat,
            Role = "player",
            Reward = reward,
            Outcome = OutcomeKind.Finished,
            Steps =
            [
                .. (
                    prompts.Length == 0
                        ?
                        [
                            [1, 2],
                        ]
                        : prompts
                ).Select(
                    (p, i) =>
                        new TrajectoryStep(
                            i,
                            new Utterance
                            {
                                Policy = "student",
                                Version = 0,
                                Text = "bet",
                                Prompt = [.. p],
                                Tokens = [7, 8],
                                LogProbs = [-1, -1],
                            },
                            Refused: false
                        )
                ),
            ],
        };

    private static double[] Run(Advantage advantage, params double[] rewards) =>
        [.. advantage.Weigh([.. rewards.Select(r => Earned(r))]).Select(w => (double)w[0][0])];

    [Fact]
    public void The_released_order_subtracts_the_baseline_before_it_moves()
    {
        var rae = new RoleBaseline(new());
        Run(rae, 1, 1, -1).ShouldBe([1, 0.95, -1.0975], 1e-7);
        rae.Baselines["kuhn-poker/player/0"].ShouldBe(0.042625, 1e-12);
    }

    [Fact]
    public void The_papers_order_subtracts_it_after()
    {
        Run(new RoleBaseline(new() { Order = BaselineOrder.AfterUpdate }), 1, 1, -1)
            .ShouldBe([0.95, 0.9025, -1.042625], 1e-7);
    }

    [Fact]
    public void Games_and_seats_never_share_a_baseline_unless_told_to()
    {
        Trajectory[] batch = [Earned(1, 0), Earned(-1, 1), Earned(1, 0, "rock-paper-scissors"), Earned(1, 0)];
        new RoleBaseline(new()).Weigh(batch).Select(w => w[0][0]).ShouldBe([1f, -1f, 1f, 0.95f]);
        new RoleBaseline(new() { By = BaselineKey.Role })
            .Weigh(batch)
            .Select(w => w[0][0])
            .ShouldBe([1f, -1.05f, 1f, 1 + 0.0025f]);
    }

    [Fact]
    public void Every_sampled_token_of_every_step_carries_the_weight()
    {
        var weights = new RoleBaseline(new()).Weigh([Earned(2, 0, "g", [1], [1, 2])]);
        weights[0].Length.ShouldBe(2);
        weights[0].ShouldAllBe(step => step.SequenceEqual(new[] { 2f, 2f }));
    }

    [Fact]
    public void A_reward_with_nothing_to_say_moves_nothing()
    {
        var rae = new RoleBaseline(new());
        Run(rae, double.NaN, 1).ShouldBe([0, 1]);
    }

    [Theory]
    [InlineData("rae")]
    [InlineData("prompt-baseline")]
    public void State_survives_a_checkpoint(string name)
    {
        var one = Standard.Catalog.Advantages.Create(new Plugin(name));
        Run(one, 1, 1, -1);
        var two = Standard.Catalog.Advantages.Create(new Plugin(name));
        two.Load(JsonNode.Parse(one.Save()!.ToJsonString()));
        Run(two, 1, -1).ShouldBe(Run(one, 1, -1));
        two.Load(null);
        Run(two, 1).ShouldBe([1.0]);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(-0.1)]
    public void A_decay_that_is_none_is_refused(double decay) =>
        Should
            .Throw<ScenarioException>(() =>
                Standard.Catalog.Advantages.Create(new Plugin("rae", new JsonObject { ["decay"] = decay }))
            )
            .Message.ShouldContain("[0, 1)");
}
