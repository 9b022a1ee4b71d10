// Lessons about questions in words: solving them, making them, judging and mending answers. Plays the games of
// questions; the problems are told by the stories.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Data;
using AgentArena.Core.Play;
using AgentArena.Games.Questions;

namespace AgentArena.Games.Corpus;

/// <summary>Families of word problems.</summary>
internal static class QuestionLessons
{
    /// <summary>Solvers, in the three forms that the games ask for.</summary>
    public static LessonFamily Solving { get; } =
        new TableFamily("word-problems", "word problems of one to four steps, worked and answered", (ref chance, _) =>
        {
            var problem = Stories.Any(ref chance);
            var form = chance.Next(10);
            return form switch
            {
                < 7 => Given(problem, recycle: false),
                < 8 => Given(problem, recycle: true),
                _ => Evolving(problem, propose: false),
            };
        });

    /// <summary>Problems longer than those that are trained on by default, with larger numbers: room to get better.</summary>
    public static LessonFamily Long { get; } =
        new TableFamily("long-problems", "word problems of three to six steps with larger numbers", (ref chance, _) =>
            Given(Stories.Long(ref chance), recycle: false)
        );

    /// <summary>Proposers: of nothing, of a problem, of a solution, of a question to be made harder.</summary>
    public static LessonFamily Proposing { get; } =
        new TableFamily("proposals", "new questions, variants, and questions for a given answer", (ref chance, _) =>
        {
            var source = Stories.Draw(ref chance, out var seed);
            var made = Stories.Draw(ref chance);
            return chance.Next(5) switch
            {
                0 => Proposal(ProposedQuestions.Sourcing.None, source, made),
                1 => Proposal(ProposedQuestions.Sourcing.Problem, source, Stories.Vary(seed, ref chance)),
                2 => Proposal(ProposedQuestions.Sourcing.Solution, made, made),
                _ => new Table(
                    new MultiAgentEvolve(new() { Solvers = 1 }),
                    new GameSetup(
                        chance.NextUInt64(),
                        chance.Next(2) == 0 ? null : Dealt(new PosedQuestion(source.Question))
                    ),
                    Speaking.Roles(("proposer", Speaking.Question)),
                    new Proposer(made, made.Question)
                ),
            };
        });

    /// <summary>Verdicts: of one answer, of two, of a worked answer, of a question.</summary>
    public static LessonFamily Judging { get; } =
        new TableFamily("verdicts", "answers and questions judged, with the reasons", (ref chance, _) =>
        {
            var problem = Stories.Any(ref chance);
            var wrong = Stories.Spoil(problem, ref chance);
            if (chance.Next(2) == 0)
                return Items(problem, wrong, JudgeItems.Doing.Judge, ref chance);
            var table = Evolving(problem, propose: true);
            return table with
            {
                Roles = Speaking.Roles(("judge", Speaking.Whole)),
                Teacher = new EvolvingJudge(problem, wrong, flawed: chance.Next(2) == 0, ref chance),
            };
        });

    /// <summary>Revisions: a wrong answer mended.</summary>
    public static LessonFamily Mending { get; } =
        new TableFamily("revisions", "wrong answers mended", (ref chance, _) =>
        {
            var problem = Stories.Any(ref chance);
            return Items(problem, Stories.Spoil(problem, ref chance), JudgeItems.Doing.Reflect, ref chance);
        });

    /// <summary>Solutions, critiques and scores around one question (CoMAS).</summary>
    public static LessonFamily Critique { get; } =
        new TableFamily("critiques", "solutions examined step by step, the examination scored", (ref chance, _) =>
        {
            var problem = Stories.Any(ref chance);
            var game = new Comas(new() { Solutions = 2, Evaluations = 1 });
            return new Table(
                game,
                new GameSetup(chance.NextUInt64(), Dealt(Posed(problem))),
                Speaking.Roles(("solver", Speaking.Whole), ("evaluator", Speaking.Whole), ("scorer", Speaking.Boxed)),
                new Discussion(problem, ref chance)
            );
        });

    /// <summary>A problem as games keep it.</summary>
    public static PosedQuestion Posed(WorkedProblem problem) => new(problem.Question) { Answer = problem.AnswerText };

    private static string Dealt(PosedQuestion question) => TaskJson.Deal([TaskJson.Write(question)]);

    private static ImmutableArray<GivenProblem> One(WorkedProblem problem) =>
        [new() { Question = problem.Question, Answer = problem.AnswerText }];

    private static Table Given(WorkedProblem problem, bool recycle) =>
        new(
            new ProposedQuestions.WordProblemOptions
            {
                Solvers = 1,
                Recycle = recycle,
                Problems = One(problem),
            }.Build(DataFiles.None),
            new GameSetup(0),
            Speaking.Roles(("solver", recycle ? Speaking.Whole : Speaking.Boxed)),
            new Solver(problem, told: false)
        );

    private static Table Evolving(WorkedProblem problem, bool propose) =>
        new(
            new MultiAgentEvolve(new() { Solvers = 1, Propose = propose }),
            new GameSetup(0, propose ? null : Dealt(Posed(problem))),
            Speaking.Roles(("solver", Speaking.Tagged)),
            new Solver(problem, told: true)
        );

    private static Table Proposal(ProposedQuestions.Sourcing source, WorkedProblem shown, WorkedProblem made)
    {
        var solution = source == ProposedQuestions.Sourcing.Solution;
        return new(
            new ProposedQuestions(
                new()
                {
                    Source = source,
                    Solvers = 1,
                    Originals = solution ? 2 : 0,
                    Label = solution ? ProposedQuestions.Labelling.Preserved : ProposedQuestions.Labelling.Majority,
                    OriginalHigh = 1,
                    Problems = One(shown),
                },
                DataFiles.None
            ),
            new GameSetup(0),
            Speaking.Roles(("proposer", Speaking.Whole)),
            new Proposer(made, $"<question>{made.Question}</question>")
        );
    }

    private static Table Items(WorkedProblem problem, WrongChain wrong, JudgeItems.Doing what, ref RandomStream chance)
    {
        var group = new GradedGroup(
            problem.Question,
            problem.AnswerText,
            [
                new GradedAnswer(WorkedProblem.Boxed(problem.Steps), true),
                new GradedAnswer(WorkedProblem.Boxed(wrong.Steps), false),
            ]
        );
        return new(
            new JudgeItems(
                new()
                {
                    Do = what,
                    Samples = 1,
                    Pointwise = 0.5,
                }
            ),
            new GameSetup(chance.NextUInt64(), TaskJson.Deal([TaskJson.Write(group)])),
            Speaking.Roles(("judge", Speaking.Boxed), ("reflector", Speaking.Boxed)),
            new ItemJudge(problem)
        );
    }

    private sealed class Solver(WorkedProblem problem, bool told) : Teacher
    {
        public override Taught? Teach(Asked asked, ref RandomStream chance)
        {
            var posed = Posed(problem);
            return new Taught(Reply(asked, problem.Steps), r =>
                asked.Read(r) is { } move && posed.IsRight(move.Text) == true
            )
            {
                Kind = problem.Steps[0].Unit.Length == 0 ? "sum" : $"steps-{problem.Steps.Length}",
                Wrong = [Reply(asked, Stories.Spoil(problem, ref chance).Steps)],
            };
        }

        private string Reply(Asked asked, ImmutableArray<ChainStep> steps) =>
            told ? asked.Print(WorkedProblem.Told(steps)) : WorkedProblem.Boxed(steps);

        public override string Play(Asked asked, ref RandomStream chance) =>
            told ? WorkedProblem.Told(problem.Steps) : problem.AnswerText;

        public override string Problem(Asked asked) => problem.Question;
    }

    // A question that is none of those shown, and asks for something.
    private sealed class Proposer(WorkedProblem made, string move) : Teacher
    {
        public override Taught? Teach(Asked asked, ref RandomStream chance)
        {
            var shown = asked.Turn.Observation[^1].Text;
            return new Taught(asked.Print(move), r =>
                asked.Read(r) is { } said
                && said.Text.Contains('?')
                && said.Text.Any(char.IsAsciiDigit)
                && !(shown.Contains('?') && said.Text.Contains(shown, StringComparison.Ordinal))
            );
        }

        public override string Play(Asked asked, ref RandomStream chance) =>
            asked.Turn.Role == "proposer" ? move : made.AnswerText;

        public override string Problem(Asked asked) => made.Question;
    }

    private sealed class ItemJudge(WorkedProblem problem) : Teacher
    {
        public override Taught? Teach(Asked asked, ref RandomStream chance)
        {
            var (item, posed) = (((JudgeItemsState)asked.State).Item, Posed(problem));
            var mends = item.Kind == ItemKind.Reflection;
            return new Taught(
                mends
                    ? WorkedProblem.Boxed(problem.Steps)
                    : $"{WorkedProblem.Write(problem.Steps)}\n{asked.Print(item.Label)}",
                r => asked.Read(r) is { } said && (mends ? posed.IsRight(said.Text) == true : said.Text == item.Label)
            )
            {
                Kind = item.Kind.ToString().ToLowerInvariant(),
                Wrong = mends
                    ? [WorkedProblem.Boxed(Stories.Spoil(problem, ref chance).Steps)]
                    : [.. asked.Turn.Legal.Where(l => l != item.Label).Select(asked.Print)],
            };
        }

        public override string Problem(Asked asked) => problem.Question;
    }
}
