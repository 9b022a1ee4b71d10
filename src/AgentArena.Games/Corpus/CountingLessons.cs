// Lessons of counting: sums digit by digit, and targets made of numbers. Plays those games.
using AgentArena.Core;
using AgentArena.Core.Play;
using AgentArena.Games.Reasoning;

namespace AgentArena.Games.Corpus;

/// <summary>Families of counting.</summary>
internal static class CountingLessons
{
    /// <summary>Targets made of two to four numbers.</summary>
    public static LessonFamily Countdowns { get; } =
        new TableFamily("countdown", "an expression of given numbers that makes a target", (ref chance, _) => new(
                new Countdown(
                    new()
                    {
                        Classes = [2 + chance.Choose([0.6, 0.3, 0.1])],
                        Solvers = 1,
                        Chance = 1,
                    }
                ),
                new GameSetup(chance.NextUInt64()),
                Speaking.Roles(("solver", Speaking.Tagged)),
                new Counter()
            ));

    /// <summary>Sums, the last digit first.</summary>
    public static LessonFamily Sums { get; } =
        new TableFamily("sums", "sums of numbers of one to four digits, the last digit first", (ref chance, _) =>
            new(
                new Arithmetic(new() { Solvers = 1, Chance = 1 }),
                new GameSetup(chance.NextUInt64()),
                Speaking.Roles(("solver", chance.Next(2) == 0 ? Speaking.Listed : Speaking.Board)),
                new Summer()
            )
        );

    private sealed class Counter : Teacher
    {
        public override Taught? Teach(Asked asked, ref RandomStream chance)
        {
            var state = (CountdownState)asked.State;
            return new Taught(asked.Print(state.Solution), r =>
                asked.Read(r) is { } move && Expression.Read(move.Text)?.Is(state.Target) == true
            )
            {
                Kind = $"numbers-{state.Numbers.Length}",
            };
        }
    }

    private sealed class Summer : Teacher
    {
        public override string Problem(Asked asked) => asked.Turn.Observation[^1].Text;
    }
}
