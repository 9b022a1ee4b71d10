// The bandit suite's rule: no plug-in is forgotten, what it calls equal is equal, and a run learns and repeats itself.
using System.Collections.Immutable;
using AgentArena.Benchmarks;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;

namespace AgentArena.Cli.Tests;

public sealed class PairingTests
{
    [Fact]
    public void Every_advantage_and_loss_of_the_catalogue_has_a_line_and_a_pair()
    {
        Pairings.Advantages.Keys.ShouldBe(
            Standard.Catalog.Advantages.Names,
            ignoreOrder: true,
            "Pairings.Advantages: a new advantage needs a line"
        );
        Pairings.Losses.Keys.ShouldBe(
            Standard.Catalog.Losses.Names,
            ignoreOrder: true,
            "Pairings.Losses: a new loss needs a line"
        );
        var all = Pairings.All.ToArray();
        all.Length.ShouldBe(Standard.Catalog.Advantages.Names.Count() * Standard.Catalog.Losses.Names.Count());
        var run = all.Where(p => p.LeftOut is null).ToArray();
        run.Select(p => p.Advantage).Distinct().ShouldBe(Standard.Catalog.Advantages.Names, ignoreOrder: true);
        run.Select(p => p.Loss)
            .Distinct()
            .ShouldBe(Standard.Catalog.Losses.Names.Where(l => Pairings.Losses[l] != Reads.Teacher), ignoreOrder: true);
        foreach (var (_, _, why) in all.Where(p => p.LeftOut is not null))
            why.ShouldNotBeNullOrWhiteSpace();
        Should
            .Throw<ArgumentException>(() => Pairings.LeftOut("vtrace", "ppo"))
            .Message.ShouldContain("Pairings.Advantages");
        Should.Throw<ArgumentException>(() => Pairings.LeftOut("raw", "a2c")).Message.ShouldContain("Pairings.Losses");
    }

    [Fact]
    public void Every_loss_makes_as_many_passes()
    {
        foreach (var name in Standard.Catalog.Losses.Names)
            Standard.Catalog.Losses.Create(Pairings.Loss(name)).Epochs.ShouldBe(Pairings.Passes, name);
    }

    [Fact]
    public void Advantages_left_out_for_their_signs_have_those_signs()
    {
        var stream = new RandomStream(5);
        var rewards = Enumerable
            .Range(0, 40 * BanditRun.Samples)
            .Select(i => i / BanditRun.Samples < 2 ? 0.5 : stream.Next(3) / 2.0)
            .ToArray();
        var batch = rewards
            .Select(
                (reward, i) =>
                    new Trajectory
                    {
                        GameNumber = i,
                        Game = "signs",
                        Seat = 0,
                        Role = "player",
                        Group = i / BanditRun.Samples,
                        Outcome = OutcomeKind.Finished,
                        Reward = reward,
                        Steps =
                        [
                            new TrajectoryStep(
                                0,
                                new Utterance
                                {
                                    Policy = "student",
                                    Version = 0,
                                    Text = "ab",
                                    Prompt = [i / BanditRun.Samples],
                                    Tokens = [1, 2],
                                    LogProbs = [-1, -1],
                                    Ends = [1, 2],
                                },
                                false
                            ),
                        ],
                    }
            )
            .ToArray();
        var claims = Pairings.Advantages.Where(a => a.Value is not null).ToArray();
        claims.ShouldNotBeEmpty();
        foreach (var (name, signs) in claims)
            Above(name).ShouldBe(Above(signs!), $"{name} and {signs}");
        Above("nsr").ShouldAllBe(above => !above);
        Above("dr-grpo").ShouldNotBe(Above("raw"));

        bool[] Above(string name) =>
            [
                .. Standard
                    .Catalog.Advantages.Create(Pairings.Advantage(name))
                    .Weigh(batch)
                    .SelectMany(t => t)
                    .SelectMany(s => s)
                    .Select(w => w > 0),
            ];
    }

    [Fact]
    public void A_run_learns_the_arms_and_repeats_itself()
    {
        var task = BanditTask.All[0];
        task.Best.ShouldBe(1);
        task.Chance.ShouldBe(1 / 16.0, 1e-12);
        var first = BanditRun.Of(task, "grpo", "ppo", 50, 1);
        first.Reward.ShouldBeGreaterThan(0.6);
        first.Reward.ShouldBeGreaterThan(first.Early);
        first.Entropy.ShouldBeLessThan(Math.Log(16) / 2);
        BanditRun.Of(task, "grpo", "ppo", 50, 1).ShouldBe(first);
        BanditRun.Of(task, "grpo", "ppo", 50, 2).ShouldNotBe(first);
    }

    [Fact]
    public void Pay_is_what_the_tasks_say()
    {
        var gamble = BanditTask.All.Single(t => t.Name == "gamble");
        gamble.Best.ShouldBe(0.7, 1e-12);
        foreach (var question in gamble.Questions)
        {
            question.Pays.Count(p => p.Mean == 0.7).ShouldBe(2);
            question.Pays.Count(p => p is { Amount: 0.5, Chance: 1 }).ShouldBe(1);
        }
        foreach (var question in BanditTask.All.SelectMany(t => t.Questions))
            question.Replies.Distinct().Count().ShouldBe(question.Pays.Length);
    }
}
