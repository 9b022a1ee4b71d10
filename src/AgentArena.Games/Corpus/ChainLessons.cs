// Lessons about arithmetic chains: values of steps, verdicts on steps, reviews, scores, and where to put an error.
// Plays the games of critics.
using AgentArena.Core;
using AgentArena.Core.Play;
using AgentArena.Games.Critics;

namespace AgentArena.Games.Corpus;

/// <summary>Families of arithmetic chains. Held out are the chains that the games hold out.</summary>
internal static class ChainLessons
{
    /// <summary>Solvers and provers: the value of a step, or of the whole.</summary>
    public static LessonFamily Steps { get; } =
        new TableFamily(
            "chain-steps",
            "the value of the next step of an arithmetic chain, or of all of it",
            (ref chance, split) =>
            {
                var (setup, of) = (new GameSetup(chance.NextUInt64()), Of(split));
                return chance.Next(4) switch
                {
                    0 => new(new ChainSteps(new() { Split = of }), setup, Roles("solver"), Common),
                    1 => new(new GuidedSolving(new() { Split = of, LeastSteps = 1 }), setup, Roles("solver"), Common),
                    2 => new(Solution(of), setup, Roles("solver"), Common),
                    _ => new(Proof(of), setup, Roles("prover"), Common),
                };
            }
        );

    /// <summary>Critics: is every step right?</summary>
    public static LessonFamily Critics { get; } =
        new TableFamily("step-critics", "whether every step of a chain is right", (ref chance, split) =>
        {
            var (setup, of) = (new GameSetup(chance.NextUInt64()), Of(split));
            return chance.Next(4) == 0
                ? new(new GuidedSolving(new() { Split = of, LeastSteps = 1 }), setup, Roles("critic"), Common)
                : new(
                    new StepCritic(
                        new()
                        {
                            Split = of,
                            LeastSteps = 1,
                            Correct = 0.5,
                            Uniform = 0.5,
                            Sneaky = 0,
                        }
                    ),
                    setup,
                    Roles("critic"),
                    Common
                );
        });

    /// <summary>Reviewers: scores of solutions and proofs, and scores of such scores.</summary>
    public static LessonFamily Reviews { get; } =
        new TableFamily("reviews", "solutions and proofs scored, their reviews rated", (ref chance, split) =>
        {
            var (setup, of) = (new GameSetup(chance.NextUInt64()), Of(split));
            return chance.Next(2) == 0
                ? new(Solution(of), setup, Roles("verifier"), Common)
                : new(
                    Proof(of),
                    setup,
                    Speaking.Roles(
                        ("prover", Speaking.Board),
                        ("verifier", Speaking.Board),
                        ("meta-verifier", Speaking.Board)
                    ),
                    new Reviewer()
                );
        });

    private static ChainTeacher Common => new();

    private static ProofReview Proof(Split of) =>
        new(
            new()
            {
                Split = of,
                LeastSteps = 1,
                Verifiers = 1,
            }
        );

    private static SolveAndVerify Solution(Split of) =>
        new(
            new()
            {
                Split = of,
                Steps = 2,
                LeastSteps = 1,
            }
        );

    private static Split Of(CorpusSplit split) => split == CorpusSplit.Train ? Split.Train : Split.Test;

    private static System.Collections.Immutable.ImmutableDictionary<string, Role> Roles(string name) =>
        Speaking.Roles((name, Speaking.Board));

    private class ChainTeacher : Teacher
    {
        public override string Play(Asked asked, ref RandomStream chance)
        {
            // Steps are mostly right, and otherwise near: an error that is far off is found by its look.
            var (turn, legal) = (asked.Turn, asked.Turn.Legal);
            if (turn.Gold.IsEmpty || turn.IsChance)
                return turn.IsChance ? Drawn(turn, ref chance) : base.Play(asked, ref chance);
            if (chance.NextDouble() < 0.75)
                return turn.Gold[0];
            var at =
                legal.IndexOf(turn.Gold[0])
                + (
                    chance.Next(3) switch
                    {
                        0 => 1,
                        1 => -1,
                        _ => 10,
                    }
                );
            return legal[(at + legal.Length) % legal.Length];
        }
    }

    // Of a prover the review is taught, not the proof: that is another family's.
    private sealed class Reviewer : ChainTeacher
    {
        public override Taught? Teach(Asked asked, ref RandomStream chance) =>
            asked.Turn.Role == "prover" && asked.Turn.Gold is [var gold, ..] && gold.Length == 2 && gold[1] != '.'
                ? null
                : base.Teach(asked, ref chance);
    }

    internal static string Drawn(Turn turn, ref RandomStream chance) =>
        turn.Legal[chance.Choose(turn.Probabilities.AsSpan())];
}
