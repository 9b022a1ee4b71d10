// Multi-Agent Evolve: the published test vectors through rules and the rewards of its scenario, verdicts in any form,
// and what is missing.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Games.Answers;
using AgentArena.Games.Questions;

namespace AgentArena.Core.Tests.Games;

public class MultiAgentEvolveTests
{
    private static readonly Game Evolve = Tables.Open("""multi-agent-evolve {"solvers":4}""");

    // Seats: 0 proposes, 1 judges the question, 2 to 5 solve, 6 to 9 judge them.
    private static Episode Play(string? question, string verdict, Func<int, string?> answer, Func<int, string?> judge)
    {
        var state = Evolve.Start(new(1));
        var events = ImmutableArray.CreateBuilder<GameEvent>();
        events.Add(
            new GameStarted("multi-agent-evolve", new GameSetup(1), [.. Evolve.Facts.Roles.Select(_ => "student")])
        );
        while (Evolve.Turns(state) is [var turn, ..])
        {
            var said = turn.Seat switch
            {
                0 => question,
                1 => verdict,
                < 6 => answer(turn.Seat - 2),
                _ => judge(turn.Seat - 6),
            };
            var move = said is null
                ? null
                : turn.Role switch
                {
                    "proposer" => Tag("question", said),
                    "solver" => Tag("answer", said),
                    _ => said,
                };
            var utterance = new Utterance
            {
                Policy = "student",
                Version = 0,
                Text = said ?? "nothing of use",
            };
            GameEvent e = move is null
                ? new SeatForfeited(turn.Id, turn.Seat, "no tag")
                : new MoveMade(turn.Id, turn.Seat, move) { Said = utterance };
            if (move is null)
                events.Add(new MoveRefused(turn.Id, turn.Seat, "no tag") { Said = utterance });
            events.Add(e);
            state = Evolve.Apply(state, e);
        }
        events.Add(new GameEnded(Evolve.Outcome(state)!));
        return new Episode(1, Evolve, events.ToImmutable());

        static string? Tag(string tag, string said) => ScoreText.Tagged(said, tag).LastOrDefault();
    }

    // The terms of scenarios/proposer-solver/multi-agent-evolve.conf.
    private static double[] Rewards(Episode episode)
    {
        var sum = Reward("""{"name":"payoff"}""").Score(episode);
        foreach (
            var (role, tag, weight) in new[]
            {
                ("proposer", "question", 1 / 3.0),
                ("solver", "answer", 0.5),
                ("judge", "score", 1),
            }
        )
        {
            var form = Reward($$"""{"name":"format","tag":"{{tag}}"}""").Score(episode);
            for (var seat = 0; seat < sum.Length; seat++)
                if (episode.Game.Facts.Roles[seat] == role && !double.IsNaN(form[seat]))
                    sum[seat] += weight * form[seat];
        }
        return sum;
    }

    private static Reward Reward(string json)
    {
        var options = JsonNode.Parse(json)!.AsObject();
        var name = options["name"]!.GetValue<string>();
        options.Remove("name");
        return Standard.Catalog.Rewards.Create(new Plugin(name, options));
    }

    private const string Question = "<question>What is 2 + 2?</question>";

    [Fact]
    public void A_good_question_pays_by_quality_difficulty_and_form()
    {
        // Q .8, S .25, F 1 -> .85
        var episode = Play(
            Question,
            "<score>8.2</score>",
            _ => "<answer>4</answer>",
            i => i == 0 ? "<score>10</score>" : "<score>1</score>"
        );
        var rewards = Rewards(episode);
        rewards[0].ShouldBe(0.85, 1e-12);
        rewards[1].ShouldBe(1);
        rewards[2..6].ShouldBe([1, 0.5, 0.5, 0.5], 1e-12);
        rewards[6..].ShouldBe([1, 1, 1, 1]);
        var measures = episode.Outcome!.Measures;
        (
            measures["quality"],
            measures["solved"],
            measures["difficulty"],
            measures["rejected"],
            measures["fallbacks"]
        ).ShouldBe((measures["quality"], 0.25, 0.75, 0, 0));
        measures["quality"].ShouldBe(0.8, 1e-12);
        TaskJson.Read<PosedQuestion>(episode.Outcome.Product)!.Question.ShouldBe("What is 2 + 2?");
    }

    [Fact]
    public void A_bad_question_is_neither_asked_nor_kept()
    {
        // Q .6, F 1 -> (Q + F) / 3
        var episode = Play(
            Question,
            "<score>6.4</score>",
            _ => throw new InvalidOperationException("nobody should be asked"),
            _ => null
        );
        Rewards(episode)[0].ShouldBe(0.5333, 1e-4);
        episode.Outcome!.Product.ShouldBeNull();
        episode.Outcome.Measures["rejected"].ShouldBe(1);
        episode.Outcome.Note.ShouldBe("quality 0.6: rejected");
    }

    [Fact]
    public void No_question_is_worth_nothing()
    {
        var episode = Play(null, "", _ => null, _ => null);
        Rewards(episode)[0].ShouldBe(0);
        episode.Outcome!.Kind.ShouldBe(OutcomeKind.Finished);
        episode.Outcome.Measures.ShouldBe(new Dictionary<string, double> { ["proposed"] = 0 });
    }

    [Fact]
    public void Form_and_judgement_are_paid_apart()
    {
        var episode = Play(
            Question + " or " + Question,
            "9",
            i => i == 0 ? null : "<answer>4</answer> <answer>4</answer>",
            i =>
                i switch
                {
                    1 => "no idea",
                    2 => null,
                    _ => "<score>10</score> <score>10</score>",
                }
        );
        var rewards = Rewards(episode);
        rewards[0].ShouldBe((8 / 9.0 + (1 - (0 + 0.5 + 0.5 + 1) / 4) + 0.5) / 3, 1e-12);
        rewards[1].ShouldBe(0, "a score without its tag is read, but is not the form that was asked");
        rewards[2..6].ShouldBe([0, 0.25 + 0.25, 0.25 + 0.25, 0.5 + 0.25], 1e-12);
        rewards[7..].ShouldBe([0, 0, 0.5]);
        episode.Outcome!.Measures["fallbacks"].ShouldBe(2);
        Evolve.Turns(episode.State).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("<score>10</score>", 1, false)]
    [InlineData("<score>1</score>", 0, false)]
    [InlineData("<score>5.5</score>", 0.5, false)]
    [InlineData("<score>99</score>", 1, false)]
    [InlineData("<score>11/2</score>", 0.5, false)]
    [InlineData("<score>10</score> <score>1</score>", 0.5, false)]
    [InlineData("<score>high</score> <score>10</score>", 1, false)]
    [InlineData("I looked at 3 steps. Score: 10", 1, false)]
    [InlineData("<score>high</score>", 0.5, true)]
    [InlineData("none", 0.5, true)]
    public void Verdicts_are_read_in_any_form_and_fallbacks_are_told(string text, double value, bool fallback) =>
        MultiAgentEvolve.Verdict(text).ShouldBe((value, fallback));

    [Fact]
    public void Judges_are_asked_for_as_many_scores_as_the_options_say()
    {
        var three = Tables.Open("""multi-agent-evolve {"expected-score-tags":3}""");
        var state = three.Play(three.Start(new(1)), three.Turns(three.Start(new(1)))[0], new("Why?"));
        Tables.View(three.Turns(state)[0]).ShouldContain("End with 3 scores");
        three.Turns(state)[0].Suggestions.ShouldContain("<score>9</score><score>9</score><score>9</score>");
    }

    [Fact]
    public void A_dealt_question_is_to_be_made_harder()
    {
        var setup = new GameSetup(1, TaskJson.Deal([TaskJson.Write(new PosedQuestion("What is 1 + 1?"))]));
        Tables
            .View(Evolve.Turns(Evolve.Start(setup))[0])
            .ShouldContain(
                "Make a harder question out of this one, which no longer has the same answer:\nWhat is 1 + 1?"
            );
        Tables.View(Evolve.Turns(Evolve.Start(new(1)))[0]).ShouldNotContain("harder question out of");
    }

    [Fact]
    public void A_kept_question_can_be_answered_again_without_a_proposer()
    {
        var again = Tables.Open("""multi-agent-evolve {"propose":"off","solvers":1}""");
        var state = again.Start(new GameSetup(1, TaskJson.Deal([TaskJson.Write(new PosedQuestion("What is 1 + 1?"))])));
        foreach (var move in new[] { "two", "<score>10</score>" })
            state = again.Play(state, again.Turns(state).Single(), new(move));
        var outcome = again.Outcome(state)!;
        outcome.Payoffs.ShouldBe([0, 0, 0.5, 0]);
        outcome.Measures.Keys.ShouldBe(["difficulty", "fallbacks", "judged/2", "solved"]);
        outcome.Product.ShouldBeNull();
    }

    [Fact]
    public void An_answer_is_judged_while_others_still_think()
    {
        var state = Evolve.Start(new(1));
        foreach (var move in new[] { "What is 2 + 2?", "<score>10</score>" })
            state = Evolve.Play(state, Evolve.Turns(state)[0], new(move));
        Evolve.Turns(state).Select(t => t.Seat).ShouldBe([2, 3, 4, 5]);
        state = Evolve.Play(state, Evolve.Turns(state)[2], new("four"));
        Evolve.Turns(state).Select(t => t.Seat).ShouldBe([2, 3, 5, 8]);
        Tables.View(Evolve.Turns(state)[3]).ShouldContain("Answer:\nfour");
    }
}
