// Lessons about programs: the tasks of Absolute Zero, solved and proposed. Plays its game; what the executor would say
// is worked out by the small interpreter here.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AgentArena.Core;
using AgentArena.Core.Play;
using AgentArena.Core.Tools;
using AgentArena.Games.Programs;
using AgentArena.Games.Python;

namespace AgentArena.Games.Corpus;

/// <summary>A program with inputs and their outputs.</summary>
internal sealed record ProgramCase(
    WrittenProgram Program,
    ImmutableArray<string> Inputs,
    ImmutableArray<string> Outputs
)
{
    /// <summary>A program with so many inputs, all of which it runs on.</summary>
    public static ProgramCase Draw(ref RandomStream chance, int inputs)
    {
        while (true)
        {
            var program = ProgramGrammar.Draw(ref chance);
            var (given, found) = (new List<string>(), new List<string>());
            for (var i = 0; i < inputs; i++)
            {
                var input = ProgramGrammar.Input(program, ref chance);
                if (Run(program.Function, input) is not { } run)
                    break;
                given.Add(input);
                found.Add(run.Value);
            }
            if (found.Count == inputs)
                return new(program, [.. given], [.. found]);
        }
    }

    /// <summary>The value of a call and what was calculated on the way; null where it cannot be run here.</summary>
    public static (string Value, ImmutableArray<string> Trace)? Run(FunctionNode function, string input) =>
        ProgramReader.Arguments(input) is { } arguments ? ProgramRun.Of(function, arguments) : null;

    /// <summary>The task of a type.</summary>
    public ProgramTask Task(ProgramTaskType type) =>
        new(type, Program.Source, Inputs, Outputs) { Message = type == ProgramTaskType.Induction ? Hint : null };

    /// <summary>A message that helps without giving the program away.</summary>
    public string Hint =>
        Program.Takes[0] switch
        {
            Taking.Text => "A text goes in.",
            Taking.Numbers => "A list of numbers goes in.",
            _ => Program.Takes.Length > 1 ? "Two numbers go in." : "A number goes in.",
        };
}

/// <summary>Families of program tasks.</summary>
internal static class ProgramLessons
{
    private const int InductionInputs = 10;
    private static readonly ImmutableArray<double> Shares = [0.5, 0.3, 0.2];

    /// <summary>Solvers of deduction, abduction and induction.</summary>
    public static LessonFamily Solving { get; } =
        new TableFamily(
            "programs",
            "outputs, inputs and programs found (Absolute Zero's deduction, abduction, induction)",
            (ref chance, _) =>
            {
                var type = (ProgramTaskType)chance.Choose(Shares.AsSpan());
                var task = ProgramCase.Draw(ref chance, type == ProgramTaskType.Induction ? InductionInputs : 1);
                return Table(type, [task], propose: false, ref chance);
            }
        );

    /// <summary>Proposers of the same.</summary>
    public static LessonFamily Proposing { get; } =
        new TableFamily(
            "program-proposals",
            "programs with inputs proposed, and inputs that show what a program does",
            (ref chance, _) =>
            {
                var type = (ProgramTaskType)chance.Choose(Shares.AsSpan());
                var tasks = new ProgramCase[type == ProgramTaskType.Induction ? 1 : chance.Next(5)];
                for (var i = 0; i < tasks.Length; i++)
                    tasks[i] = ProgramCase.Draw(ref chance, 1);
                return Table(type, tasks, propose: true, ref chance);
            }
        );

    private static Table Table(ProgramTaskType type, ProgramCase[] tasks, bool propose, ref RandomStream chance)
    {
        var role = propose ? "proposer" : "solver";
        return new Table(
            new AbsoluteZero(
                new()
                {
                    Type = (AbsoluteZero.TaskChoice)(1 + (int)type),
                    Solvers = 1,
                    Inputs = InductionInputs,
                    Propose = propose,
                }
            ),
            new GameSetup(
                chance.NextUInt64(),
                TaskJson.Deal(
                    tasks.Select(t =>
                        TaskJson.Write(
                            t.Task(propose && type == ProgramTaskType.Induction ? ProgramTaskType.Deduction : type)
                        )
                    )
                )
            ),
            Speaking.Roles((role, Speaking.Tagged)),
            propose ? new ProgramProposer(type, tasks, Another(tasks, ref chance)) : new ProgramSolver(type, tasks[0])
        );
    }

    // A program that is none of these: what a proposer is asked for.
    private static ProgramCase Another(ProgramCase[] tasks, ref RandomStream chance)
    {
        while (true)
        {
            var drawn = ProgramCase.Draw(ref chance, 1);
            if (Array.TrueForAll(tasks, t => t.Program.Source != drawn.Program.Source))
                return drawn;
        }
    }

    internal static string Fenced(string label, string text) => $"```{label}\n{text}\n```";

    private static bool Equal(string value, string other) =>
        PythonValue.Read(value) is { } a && PythonValue.Read(other) is { } b && a.Equals(b);

    // Plays no further than its own turn: an executor's answer is a word that ends the game.
    private abstract class ProgramTeacher : Teacher
    {
        public override string Play(Asked asked, ref RandomStream chance) => asked.Turn.Suggestions[0];
    }

    private sealed class ProgramSolver(ProgramTaskType type, ProgramCase task) : ProgramTeacher
    {
        public override Taught? Teach(Asked asked, ref RandomStream chance)
        {
            var run = ProgramCase.Run(task.Program.Function, task.Inputs[0])!.Value;
            var (label, right, wrong) = type switch
            {
                ProgramTaskType.Deduction => ("output", run.Value, run.Value == "0" ? "1" : "0"),
                ProgramTaskType.Abduction => ("input", task.Inputs[0], "None"),
                _ => ("python", task.Program.Source, "def f(a):\n    return None"),
            };
            var reply = asked.Print(Fenced(label, right));
            if (type != ProgramTaskType.Induction && run.Trace.Length > 0)
                reply = $"{string.Join('\n', run.Trace)}\n{reply}";
            return new Taught(reply, r => asked.Read(r) is { } move && IsRight(ProgramProposal.Last(move.Text, label)!))
            {
                Kind =
                    $"{type.ToString().ToLowerInvariant()}-{task.Program.Level.ToString(CultureInfo.InvariantCulture)}",
                Wrong = [asked.Print(Fenced(label, wrong))],
            };
        }

        private bool IsRight(string said) =>
            type switch
            {
                ProgramTaskType.Deduction => Equal(task.Outputs[0], said),
                ProgramTaskType.Abduction => ProgramCase.Run(task.Program.Function, said) is { } run
                    && Equal(task.Outputs[0], run.Value),
                _ => ProgramReader.Program(said) is { } program
                    && task.Inputs.Skip(task.Inputs.Length / 2)
                        .Zip(task.Outputs.Skip(task.Inputs.Length / 2))
                        .All(p => ProgramCase.Run(program, p.First) is { } run && Equal(p.Second, run.Value)),
            };

        public override string Problem(Asked asked) => task.Program.Source;
    }

    private sealed class ProgramProposer(ProgramTaskType type, ProgramCase[] references, ProgramCase made)
        : ProgramTeacher
    {
        public override Taught? Teach(Asked asked, ref RandomStream chance)
        {
            if (type == ProgramTaskType.Induction)
            {
                var text = new StringBuilder();
                for (var i = 0; i < InductionInputs; i++)
                    text.Append(Fenced("input", ProgramGrammar.Input(references[0].Program, ref chance))).Append('\n');
                text.Append(Fenced("message", references[0].Hint));
                return new Taught(asked.Print(text.ToString()), r =>
                    asked.Read(r) is { } move
                    && ProgramProposal.ReadMany(move.Text, InductionInputs).Inputs is { } inputs
                    && inputs.All(i => ProgramCase.Run(references[0].Program.Function, i) is not null)
                )
                {
                    Kind = "induction",
                };
            }
            return new Taught(
                asked.Print($"{Fenced("python", made.Program.Source)}\n{Fenced("input", made.Inputs[0])}"),
                r =>
                    asked.Read(r) is { } move
                    && ProgramProposal.ReadSingle(move.Text) is { Program: { } program, Input: { } input }
                    && references.All(t => t.Program.Source != program)
                    && ProgramReader.Program(program) is { } function
                    && ProgramCase.Run(function, input) is not null
            )
            {
                Kind = type.ToString().ToLowerInvariant(),
            };
        }

        public override string Problem(Asked asked) =>
            type == ProgramTaskType.Induction ? references[0].Program.Source : made.Program.Source;
    }
}
