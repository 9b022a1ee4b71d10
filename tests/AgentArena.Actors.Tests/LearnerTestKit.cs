using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using AgentArena.Learning;
using Akka.Actor;
using Akka.TestKit;

namespace AgentArena.Actors.Tests;

/// <summary>One learner between an arena, a model and a population that are probes.</summary>
public abstract class LearnerTestKit : JournalTestKit
{
    private protected const string Policy = "student";

    private protected TestProbe Model => field ??= CreateTestProbe(Sys);

    private protected TestProbe Population => field ??= CreateTestProbe(Sys);

    private protected IReadOnlyList<object> Written => [.. Journal.Written.Select(w => w.Event)];

    private protected static Scenario Plan(
        int updates = 3,
        int checkpointEvery = 9,
        Action<JsonObject>? change = null
    ) => Runs.Kuhn(updates, batch: 2, change: s =>
        {
            s["run"]!["checkpoint-every"] = checkpointEvery;
            change?.Invoke(s);
        });

    private protected IActorRef Open(Scenario? scenario = null)
    {
        var ground = BoundScenario.Bind(scenario ?? Plan(), Standard.Catalog);
        var metrics = new MetricsFile("no file is opened", Time);
        return Arena.ChildActorOf(
            Props.Create(() => new LearnerActor(ground, Policy, Model, NoReader, metrics, Population, Time))
        );
    }

    private protected void Load(IActorRef learner, int version = 0, LearnerState? state = null)
    {
        learner.Tell(new ModelLoaded(Policy, version, state), Arena);
        var offset = state?.Offset ?? 0;
        Arena.ExpectMsg<Learned>().ShouldBe(new Learned(Policy, version, offset));
        Arena.ExpectMsg<LedgerWanted>().From.ShouldBe(offset);
    }

    /// <summary>Tells of games from a position of the ledger on; -1 is a game that the system failed.</summary>
    private protected void Grow(IActorRef learner, long from, params long[] games) =>
        learner.Tell(
            new LedgerGrew(
                from,
                [
                    .. games.Select(
                        (g, i) =>
                            new LedgerEntry(
                                g < 0 ? 1000 + from + i : g,
                                g < 0 ? OutcomeKind.Aborted : OutcomeKind.Finished,
                                g < 0 ? [] : [1, -1]
                            )
                    ),
                ],
                [.. games.Select(LogOf)]
            ),
            Arena
        );

    private protected void OnDisk(IActorRef learner, long end) => learner.Tell(new LedgerWritten(end), Arena);

    /// <summary>The next update, as it was asked for.</summary>
    private protected UpdateWeights Asked() => Model.ExpectMsg<UpdateWeights>();

    private protected void Made(IActorRef learner, int version) =>
        learner.Tell(new WeightsMade(Policy, new UpdateReport { Version = version }), Model);

    /// <summary>Makes the next update and expects the arena to hear of it.</summary>
    private protected void Update(IActorRef learner, int version, long offset)
    {
        Asked().BaseVersion.ShouldBe(version - 1);
        Made(learner, version);
        Arena.ExpectMsg<Learned>().ShouldBe(new Learned(Policy, version, offset));
    }

    private protected void Saved(IActorRef learner, SaveCheckpoint asked)
    {
        learner.Tell(new CheckpointSaved(Policy, asked.Version, asked.Learner.Offset), Model);
        Arena.ExpectMsg<CheckpointSaved>();
    }

    private protected static void Silent(TestProbe probe) => probe.ExpectNoMsg(TimeSpan.FromMilliseconds(100));

    private protected Wait? WaitOf(IActorRef learner)
    {
        learner.Tell(new ReportWaits(), Arena);
        return Arena.ExpectMsg<Waits>().All.SingleOrDefault();
    }

    private protected IActorRef Again(IActorRef learner, Scenario? scenario = null)
    {
        Watch(learner);
        Sys.Stop(learner);
        ExpectTerminated(learner);
        return Open(scenario);
    }

    private static IGameReader NoReader() => throw new InvalidOperationException("all logs are in memory here");

    private static ImmutableArray<GameEvent> LogOf(long number)
    {
        if (number < 0)
            return [];
        Utterance Said(int seat) =>
            new()
            {
                Policy = Policy,
                Version = 0,
                Text = " check",
                Prompt = [1, (int)number, seat],
                Tokens = [7],
                LogProbs = [-0.5f],
                Allowed =
                [
                    [7, 8],
                ],
            };
        return
        [
            new GameStarted("kuhn-poker", new GameSetup((ulong)number), [Policy, Policy])
            {
                Chance = ["deal:K", "deal:J"],
            },
            new MoveMade(0, 0, "check") { Said = Said(0) },
            new MoveMade(1, 1, "check") { Said = Said(1) },
            new GameEnded(new Outcome(OutcomeKind.Finished, [1, -1])),
        ];
    }
}
