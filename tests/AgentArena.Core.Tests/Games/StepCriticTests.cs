// Sneaky generator against step critic: chains, corruptions, the gate by arithmetic and by completions, and SPC's
// reward table.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Games.Critics;

namespace AgentArena.Core.Tests.Games;

public class StepCriticTests
{
    private const string Task = """{"start":3,"changes":[4,5,-6]}""";

    private static Game Open(string options = "{}") => Tables.Open("step-critic " + options);

    /// <summary>Plays moves in the order in which turns open; <c>!</c> is a seat without an answer.</summary>
    private static Episode Play(Game game, ulong seed, params string[] moves)
    {
        var setup = new GameSetup(seed, Task);
        var events = ImmutableArray.CreateBuilder<GameEvent>();
        events.Add(
            new GameStarted(game.Facts.Name, setup, [.. game.Facts.Roles.Select(_ => "somebody")])
            {
                Chance = [moves[0]],
            }
        );
        var state = game.Apply(null, events[0]);
        foreach (var move in moves[1..])
        {
            var turn = game.Turns(state)[0];
            events.Add(
                move == "!" ? new SeatForfeited(turn.Id, turn.Seat, "babble") : new MoveMade(turn.Id, turn.Seat, move)
            );
            state = game.Apply(state, events[^1]);
        }
        game.Turns(state).ShouldBeEmpty();
        events.Add(new GameEnded(game.Outcome(state)!));
        return new Episode(1, game, events.ToImmutable());
    }

    private static double[] Score(Episode episode) =>
        Standard.Catalog.Rewards.Create(new Plugin("sneaky-critic")).Score(episode);

    [Fact]
    public void A_chain_is_written_step_by_step_and_goes_on_from_a_wrong_value()
    {
        var chain = Chain.Read(Task, 29);
        chain.Problem.ShouldBe("03+4+5-6");
        chain.Values.ShouldBe([7, 12, 6]);
        chain.Write(chain.Values).ShouldBe("03+4=07;07+5=12;12-6=06;");
        chain.Write(chain.With(1, 13)).ShouldBe("03+4=07;07+5=13;13-6=07;");
        chain.Room(0).ShouldBe((1, 24)); // later sums are +5 and -1
        chain.Room(2).ShouldBe((0, 29));
    }

    [Theory]
    [InlineData("""{"start":3,"changes":[4,5,-60]}""")]
    [InlineData("""{"start":3,"changes":[0]}""")]
    [InlineData("""{"start":3,"changes":[]}""")]
    [InlineData("""{"start":3,"changes":[-4]}""")]
    [InlineData("""{"start":3,"changes":[1,1,1,1,1]}""")]
    [InlineData("nonsense")]
    public void A_task_outside_the_rules_is_refused(string task) =>
        Should
            .Throw<InvalidOperationException>(() => Open().Start(new GameSetup(1, task)))
            .Message.ShouldContain("\"start\":3");

    [Fact]
    public void An_eighth_of_the_problems_is_kept_for_measuring_and_no_problem_is_in_both_parts()
    {
        var stream = new RandomStream(5);
        var all = Enumerable.Range(0, 4000).Select(_ => Chain.Draw(ref stream, 3, 29, Split.All)).ToArray();
        ((double)all.Count(c => c.HeldOut) / all.Length).ShouldBeInRange(0.105, 0.145);
        Enumerable.Range(0, 300).ShouldAllBe(_ => Chain.Draw(ref stream, 3, 29, Split.Test).HeldOut);
        Enumerable.Range(0, 300).ShouldAllBe(_ => !Chain.Draw(ref stream, 3, 29, Split.Train).HeldOut);
        all.ShouldAllBe(c => c.Values.All(v => v >= 0 && v <= 29) && c.Changes.All(x => x != 0 && Math.Abs(x) <= 9));
    }

    [Theory]
    [InlineData("show:uniform", 1, 29)]
    [InlineData("show:off-by-one", 1, 1)]
    [InlineData("show:off-by-ten", 10, 10)]
    public void Corruptions_are_of_their_kind_in_range_and_in_every_step(string shown, int least, int most)
    {
        var game = Open("""{"uniform":1,"off-by-one":1,"off-by-ten":1}""");
        var steps = new HashSet<int>();
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var state = (StepCriticState)
                game.Apply(null, new GameStarted("step-critic", new GameSetup(seed), ["a", "b"]) { Chance = [shown] });
            Math.Abs(state.Value!.Value - state.Problem.Values[state.Step]).ShouldBeInRange(least, most);
            state.Problem.With(state.Step, state.Value.Value).ShouldAllBe(v => v >= 0 && v <= 29);
            steps.Add(state.Step);
        }
        steps.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("show:correct;correct", "NaN;1")]
    [InlineData("show:correct;incorrect", "NaN;-1")]
    [InlineData("show:uniform;incorrect", "NaN;1")]
    [InlineData("show:uniform;correct", "NaN;-1")]
    [InlineData("show:sneaky;13;incorrect", "-1;1")]
    [InlineData("show:sneaky;13;correct", "1;-1")]
    [InlineData("show:sneaky;12", "-1;NaN")] // unchanged: no error, the critic is not asked
    [InlineData("show:sneaky;!", "-1;NaN")] // no well-formed step
    [InlineData("show:sneaky;13;!", "NaN;-1")] // no verdict
    public void Rewards_are_the_table(string moves, string rewards)
    {
        // A seed that asks about the second step, whose right value is 12.
        var seed = Enumerable
            .Range(1, 50)
            .Select(s => (ulong)s)
            .First(s => ((StepCriticState)Open().Start(new GameSetup(s, Task))).Step == 1);
        Score(Play(Open(), seed, moves.Split(';')))
            .ShouldBe([
                .. rewards.Split(';').Select(r => double.Parse(r, System.Globalization.CultureInfo.InvariantCulture)),
            ]);
    }

    [Theory]
    [InlineData("06,06,06,06", "07,07,07,07", "incorrect", "-1;1", 1.0)]
    [InlineData("06,06,06,00", "07,07,07,07", "correct", "1;-1", 1.0)] // 0.75 of the originals is enough
    [InlineData("06,06,06,!", "07,!,07,07", "correct", "1;-1", 1.0)] // no answer is no success
    [InlineData("06,06,06,06", "07,07,07,06", null, "-1;NaN", 0.0)] // one still gets there: no error that matters
    [InlineData("06,06,00,00", "07,07,07,07", null, "NaN;NaN", double.NaN)] // too hard as it was: nothing can be said
    public void Completions_decide_where_arithmetic_does_not(
        string original,
        string sneaky,
        string? verdict,
        string rewards,
        double valid
    )
    {
        var game = Open("""{"gate":"completions","completions":4}""");
        game.Facts.Roles.ShouldBe(["sneaky", "critic", "solver", "solver", "solver", "solver"]);
        var seed = Enumerable
            .Range(1, 50)
            .Select(s => (ulong)s)
            .First(s => ((StepCriticState)game.Start(new GameSetup(s, Task))).Step == 1);
        // A solver that went on from the right step goes on from the sneaky one next.
        var answers = original.Split(',').Zip(sneaky.Split(',')).SelectMany(p => new[] { p.First, p.Second });
        var episode = Play(
            game,
            seed,
            [.. new[] { "show:sneaky", "13" }.Concat(answers), .. verdict is null ? [] : new[] { verdict }]
        );
        Score(episode)[..2]
            .ShouldBe([
                .. rewards.Split(';').Select(r => double.Parse(r, System.Globalization.CultureInfo.InvariantCulture)),
            ]);
        Score(episode)[2..].ShouldAllBe(r => double.IsNaN(r));
        episode.Outcome!.Measures.GetValueOrDefault("valid", double.NaN).ShouldBe(valid);
    }

    [Fact]
    public void Measures_say_how_large_edits_are_and_where_the_critic_is_right()
    {
        var seed = Enumerable
            .Range(1, 50)
            .Select(s => (ulong)s)
            .First(s => ((StepCriticState)Open().Start(new GameSetup(s, Task))).Step == 1);
        Play(Open(), seed, "show:sneaky", "09", "correct")
            .Outcome!.Measures.ShouldBe(
                new Dictionary<string, double>
                {
                    ["edit"] = 3,
                    ["fooled"] = 1,
                    ["right"] = 0,
                    ["right-on-sneaky"] = 0,
                    ["right-on-wrong"] = 0,
                    ["small-edit"] = 1,
                    ["valid"] = 1,
                }
            );
        Play(Open(), seed, "show:sneaky", "08", "incorrect").Outcome!.Measures["small-edit"].ShouldBe(0);
        Play(Open(), seed, "show:correct", "correct")
            .Outcome!.Measures.ShouldBe(new Dictionary<string, double> { ["right"] = 1, ["right-on-right"] = 1 });
        Play(Open(), seed, "show:uniform", "incorrect")
            .Outcome!.Measures.Keys.ShouldBe([
                "edit-uniform",
                "precision",
                "right",
                "right-on-uniform",
                "right-on-wrong",
                "small-edit-uniform",
            ]);
    }

    [Fact]
    public void The_sneaky_seat_sees_the_right_step_and_the_critic_never_what_was_done_to_it()
    {
        var game = Open();
        var seed = Enumerable
            .Range(1, 50)
            .Select(s => (ulong)s)
            .First(s => ((StepCriticState)game.Start(new GameSetup(s, Task))).Step == 1);
        var state = game.Apply(
            null,
            new GameStarted("step-critic", new GameSetup(seed, Task), ["a", "b"]) { Chance = ["show:sneaky"] }
        );
        var sneaky = game.Turns(state).Single();
        Tables.View(sneaky).ShouldEndWith("Board: 03+4=07;07+5=12;");
        // 6 to 29, so that the last value stays in range
        sneaky.Legal.ShouldBe([.. Enumerable.Range(6, 24).Select(v => v.ToString("00"))]);
        var asked = game.Turns(game.Play(state, sneaky, new("13"))).Single();
        Tables
            .View(asked)
            .ShouldBe(
                "Task: Is every step of this solution right? Say correct or incorrect.|Board: 03+4=07;07+5=13;13-6=07;"
            );
        // Where a step is shown, it is the last: what is asked about a kept problem was never seen in another.
        var step = Open("""{"shown":"step"}""");
        state = step.Apply(
            null,
            new GameStarted("step-critic", new GameSetup(seed, Task), ["a", "b"]) { Chance = ["show:sneaky"] }
        );
        Tables
            .View(step.Turns(step.Play(state, step.Turns(state)[0], new("13"))).Single())
            .ShouldEndWith("Board: 03+4=07;07+5=12;12-6=13;");
    }

    [Theory] // 03+4=07;07+5=12;12-6=06;
    [InlineData(StepError.Carry, 0, "17")]
    [InlineData(StepError.Carry, 1, "22")] // 02 leaves no room for -6
    [InlineData(StepError.Digit, 1, "10 11 13 14 15 16 17 18 19 22")]
    [InlineData(StepError.Sign, 1, "")] // 07-5=02 leaves no room for -6
    [InlineData(StepError.Sign, 2, "18")]
    [InlineData(StepError.Operand, 1, "11")] // 07+4; 07-6=01 leaves no room
    [InlineData(StepError.Operand, 2, "16 17")]
    [InlineData(StepError.SkippedStep, 0, "3")]
    [InlineData(StepError.SkippedStep, 1, "7 8")] // 07 again, or 03+5
    [InlineData(StepError.TransposedDigits, 1, "21")]
    [InlineData(StepError.TransposedDigits, 0, "")] // 70 is out of range
    public void Each_kind_of_error_is_certain_values(StepError kind, int step, string values) =>
        string.Join(' ', StepErrors.Values(Chain.Read(Task, 29), step, kind)).ShouldBe(values);

    [Theory]
    [InlineData("named", "carry", "22", 1)]
    [InlineData("named", "carry", "13", 0)] // says one thing and does another
    [InlineData("held", "skipped-step", "08", 1)]
    public void An_error_is_named_first_and_counted_by_its_kind(string naming, string kind, string value, double fits)
    {
        var game = Open($$"""{"naming":"{{naming}}"}""");
        var seed = Enumerable
            .Range(1, 50)
            .Select(s => (ulong)s)
            .First(s => ((StepCriticState)game.Start(new GameSetup(s, Task))).Step == 1);
        var fooled = Play(game, seed, "show:sneaky", kind, value, "correct");
        Score(fooled).ShouldBe([1, -1]);
        var measures = fooled.Outcome!.Measures;
        measures["fits"].ShouldBe(fits);
        measures["fooled-" + kind].ShouldBe(1);
        measures
            .Where(m => m.Key.StartsWith("named-", StringComparison.Ordinal))
            .ToDictionary(m => m.Key, m => m.Value)
            .ShouldBe(
                StepErrors.All.ToDictionary(
                    k => "named-" + StepErrors.Spell(k),
                    k => StepErrors.Spell(k) == kind ? 1.0 : 0
                ),
                ignoreOrder: true
            );
        measures.Keys.Count(k => k.StartsWith("fooled-", StringComparison.Ordinal)).ShouldBe(1);
        Play(game, seed, "show:sneaky", kind, value, "incorrect").Outcome!.Measures["fooled-" + kind].ShouldBe(0);
        Score(Play(game, seed, "show:sneaky", "!")).ShouldBe([-1, double.NaN]);
        Play(game, seed, "show:uniform", "incorrect")
            .Outcome!.Measures.Keys.ShouldNotContain(k => k.StartsWith("named", StringComparison.Ordinal));
    }

    [Fact]
    public void A_named_error_is_free_and_a_held_one_is_what_it_says()
    {
        var seed = Enumerable
            .Range(1, 50)
            .Select(s => (ulong)s)
            .First(s => ((StepCriticState)Open().Start(new GameSetup(s, Task))).Step == 1);
        foreach (var (naming, kinds, values) in new[] { ("named", 6, 24), ("held", 5, 2) }) // no sign here; 07 or 08
        {
            var game = Open($$"""{"naming":"{{naming}}"}""");
            var state = game.Apply(
                null,
                new GameStarted("step-critic", new GameSetup(seed, Task), ["a", "b"]) { Chance = ["show:sneaky"] }
            );
            var name = game.Turns(state).Single();
            Tables.View(name).ShouldEndWith("Board: error? 03+4=07;07+5=12;");
            name.Legal.Length.ShouldBe(kinds);
            name.Suggestions.ShouldNotContain("sign");
            var rewrite = game.Turns(game.Play(state, name, new("skipped-step"))).Single();
            Tables.View(rewrite).ShouldEndWith("Board: skipped-step: 03+4=07;07+5=12;");
            rewrite.Legal.Length.ShouldBe(values);
            rewrite.Suggestions.ShouldBe(["07", "08"]);
            var asked = game.Turns(game.Play(game.Play(state, name, new("skipped-step")), rewrite, new("08"))).Single();
            Tables.View(asked).ShouldNotContain("skipped"); // the critic is not told
        }
        // Of a list without any that fits here, nothing can be named.
        var poor = Open("""{"naming":"held","errors":["sign"]}""");
        poor.Turns(
                poor.Apply(
                    null,
                    new GameStarted("step-critic", new GameSetup(seed, Task), ["a", "b"]) { Chance = ["show:sneaky"] }
                )
            )
            .Single()
            .Legal.Length.ShouldBe(24);
    }

    [Fact]
    public void A_teacher_knows_the_verdict()
    {
        var teacher = Standard.Bot(new Plugin("teacher"));
        foreach (var (shown, verdict) in new[] { ("show:correct", "correct"), ("show:uniform", "incorrect") })
        {
            var state = Open()
                .Apply(null, new GameStarted("step-critic", new GameSetup(4), ["a", "b"]) { Chance = [shown] });
            var stream = new RandomStream(1);
            teacher.Choose(Open().Turns(state).Single(), ref stream).Text.ShouldBe(verdict);
        }
    }

    [Theory]
    [InlineData("""{"steps":5}""", "steps")]
    [InlineData("""{"least-steps":4}""", "least-steps")]
    [InlineData("""{"largest":9}""", "largest")]
    [InlineData("""{"correct":0,"uniform":0,"sneaky":0}""", "shares")]
    [InlineData("""{"uniform":-1}""", "shares")]
    [InlineData("""{"gate":"completions","completions":0}""", "completions")]
    [InlineData("""{"errors":[]}""", "errors")]
    [InlineData("""{"errors":["sign","sign"]}""", "errors")]
    [InlineData("""{"errors":["typo"]}""", "errors")]
    [InlineData("""{"sneaky-max-success":1}""", "sneaky-max-success")]
    public void Options_out_of_range_are_named(string options, string name) =>
        Should
            .Throw<Core.Configuration.ScenarioException>(() =>
                Standard.Catalog.Games.Create(new Plugin("step-critic", JsonNode.Parse(options)!.AsObject()))
            )
            .Message.ShouldContain(name);
}
