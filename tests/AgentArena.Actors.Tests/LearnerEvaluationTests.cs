using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using AgentArena.Learning;
using Akka.Actor;

namespace AgentArena.Actors.Tests;

/// <summary>Evaluations beside the updates.</summary>
public sealed class LearnerEvaluationTests : LearnerTestKit
{
    private static Scenario Evaluated(int updates = 2) => Plan(updates, change: s => s["run"]!["evaluate-every"] = 1);

    private void Weigh(IActorRef learner, WeighMoves asked) =>
        learner.Tell(
            new MovesWeighed(
                Policy,
                asked.Id,
                [
                    .. asked.Questions.Select(q =>
                        Enumerable.Repeat(1.0 / q.Legal.Length, q.Legal.Length).ToImmutableArray()
                    ),
                ]
            ),
            Model
        );

    [Fact]
    public void The_last_evaluation_is_in_before_it_has_stopped()
    {
        var learner = Open(Evaluated(updates: 1));
        Load(learner);
        Weigh(learner, Model.ExpectMsg<WeighMoves>()); // before the first update
        Grow(learner, 0, 0, 1);
        OnDisk(learner, 2);
        Update(learner, 1, offset: 2);
        var asked = Model.ExpectMsg<WeighMoves>();
        Saved(learner, Model.ExpectMsg<SaveCheckpoint>());
        Silent(Arena);
        Weigh(learner, asked);
        Arena.ExpectMsg<LearnerStopped>();
        Written
            .OfType<FiguresTaken>()
            .Select(f => (f.Version, f.Games, f.Figures.ContainsKey("exploitability")))
            .ShouldBe([(0, 0, true), (1, 2, true)]);
    }

    [Fact]
    public void An_evaluation_of_weights_that_are_no_more_is_not_written_down()
    {
        var learner = Open(Evaluated());
        Load(learner);
        Weigh(learner, Model.ExpectMsg<WeighMoves>());
        Grow(learner, 0, 0, 1);
        OnDisk(learner, 2);
        Update(learner, 1, offset: 2);
        var asked = Model.ExpectMsg<WeighMoves>();
        Load(learner); // back at version 0, whose figures are known
        Weigh(learner, asked);
        AwaitAssert(() => Written.Count.ShouldBe(2));
        Silent(Arena);
        Written.OfType<FiguresTaken>().Select(f => f.Version).ShouldBe([0]);
    }
}

/// <summary>Rewards that ask for log-probabilities.</summary>
public sealed class LearnerScoringTests : LearnerTestKit
{
    private static Scenario Asking() =>
        Plan(change: s =>
            s["rewards"] = JsonNode.Parse(
                """[{ "reward": { "name": "likelihood", "form": "last-token", "token": " right", "c": -23, "measure": "verdict" } }]"""
            )
        );

    private void Answer(IActorRef learner, MeasureTexts asked, float value) =>
        learner.Tell(
            new TextsMeasured(Policy, asked.Version, [.. asked.Questions.Select(_ => new[] { value })]),
            Model
        );

    [Fact]
    public void No_update_is_made_before_the_texts_are_scored_and_after_a_crash_they_are_not_asked_again()
    {
        var learner = Open(Asking());
        Load(learner);
        Grow(learner, 0, 0, 1);
        var asked = Model.ExpectMsg<MeasureTexts>();
        asked.Questions.Length.ShouldBe(4); // two games, two seats
        WaitOf(learner)!.For.ShouldBe("log-probabilities of 4 texts for update 1");
        Answer(learner, asked, -1);
        Asked();
        Silent(Arena);
        Written.ShouldBeEmpty(); // the games may yet come in another order
        OnDisk(learner, 2);
        AwaitAssert(() => Written.ShouldHaveSingleItem().ShouldBeOfType<GamesMeasured>().Games.Length.ShouldBe(2));
        learner = Again(learner, Asking());
        Load(learner);
        Grow(learner, 0, 0, 1);
        Asked();
    }

    [Fact]
    public void An_answer_that_was_asked_before_the_weights_were_loaded_again_is_void()
    {
        var learner = Open(Asking());
        Load(learner);
        Grow(learner, 0, 0, 1);
        var asked = Model.ExpectMsg<MeasureTexts>();
        Load(learner);
        Answer(learner, asked, -1);
        Silent(Model);
        Grow(learner, 0, 0, 1);
        Answer(learner, Model.ExpectMsg<MeasureTexts>(), -1);
        Asked();
    }
}

/// <summary>A member of a population.</summary>
public sealed class LearnerPopulationTests : LearnerTestKit
{
    private static Scenario Member() => Plan(updates: 4, checkpointEvery: 1, change: s =>
        {
            s["policies"] = JsonNode.Parse(
                """{ "student": { "model": "scripted", "train": true }, "other": { "model": "scripted", "train": true } }"""
            );
            s["matchmaker"] = "population";
            s["population"] = JsonNode.Parse(
                """{ "members": ["student", "other"], "score": "reward/kuhn-poker/player-0", "every": 1, "share": 0.5 }"""
            );
        });

    [Fact]
    public void Nobody_plays_with_new_weights_before_its_step_in_the_population()
    {
        var learner = Open(Member());
        Load(learner);
        Grow(learner, 0, 0, 1, 2, 3);
        OnDisk(learner, 4);
        Asked();
        Made(learner, 1);
        Population
            .ExpectMsg<MemberReady>()
            .ShouldSatisfyAllConditions(m => m.Score.ShouldBe(1), m => m.Version.ShouldBe(1));
        Silent(Arena);
        learner.Tell(new MemberAdvised(0, null), Population); // of a step before
        Silent(Arena);
        learner.Tell(new MemberAdvised(1, null), Population);
        Arena.ExpectMsg<Learned>().Version.ShouldBe(1);
    }

    [Fact]
    public void Weights_are_taken_over_before_anybody_plays_with_them_and_the_journal_says_so_after_the_update()
    {
        var learner = Open(Member());
        Load(learner);
        Grow(learner, 0, 0, 1, 2, 3);
        Asked();
        Made(learner, 1);
        var settings = Population.ExpectMsg<MemberReady>().Settings with { Rate = 3 };
        learner.Tell(new MemberAdvised(1, new Advice("other", settings, 1, 2)), Population);
        Model.ExpectMsg<AdoptWeights>().ShouldBe(new AdoptWeights(Policy, 1, "other"));
        Silent(Arena);
        learner.Tell(new Adopted(Policy, 1, 7), Model);
        Arena.ExpectMsg<Learned>().Version.ShouldBe(1);
        Silent(Model); // the checkpoint holds what was taken over: it waits for the journal to say so
        OnDisk(learner, 4);
        Model.ExpectMsg<SaveCheckpoint>().Version.ShouldBe(1);
        Written.Select(e => e.GetType()).ShouldBe([typeof(WeightsUpdated), typeof(WeightsAdopted)]);
        Asked().Batch.Settings.ShouldBe(settings);
    }
}
