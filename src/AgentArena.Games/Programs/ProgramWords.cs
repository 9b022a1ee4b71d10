// What the seats of Absolute Zero are told, and the sample answers of its turns. Decides nothing.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AgentArena.Core.Play;
using AgentArena.Games.Python;

namespace AgentArena.Games.Programs;

internal static class ProgramWords
{
    private const string Rules =
        "The program defines a function f at its top level; f returns a plain value (numbers, texts, lists, tuples, sets, dicts), the same "
        + "each time it is run. It may not use chance, clocks, files, processes or the network, and what it imports is checked. ";

    private const string FailureRules =
        "The program defines a function f at its top level; f ends the same way each time it is run, by a plain value or by an exception. "
        + "It may not use chance, clocks, files, processes or the network, and what it imports is checked. ";

    private const string Arguments =
        "arguments of the call to f (literals, plain built-ins, names that the program defines)";

    // The last of them fails.
    private static readonly string[] SampleInputs = ["{0}", "[{0}, {0}]", "{0} / 0"];

    private const string Aim =
        "The fewer of the solvers succeed, the more you earn, as long as one of them does; a task that none or all of them solve costs you, and one that does not run costs more. ";

    /// <summary>The proposer's rules.</summary>
    public static string Propose(ProgramTaskType type, int inputs) =>
        type switch
        {
            ProgramTaskType.Deduction =>
                $"Write a Python program and one input for it. Solvers are shown both and must work out the output, without running anything. {Rules}{Aim}{Block("program", "python")} {Block(Arguments, "input")} The task should differ from the earlier ones below.",
            ProgramTaskType.Abduction =>
                $"Write a Python program and one input for it. Solvers are shown the program and its output and must find an input that gives this output. {Rules}{Aim}{Block("program", "python")} {Block(Arguments, "input")} The task should differ from the earlier ones below.",
            ProgramTaskType.Failure =>
                $"Write a Python program and one input for it. Solvers are shown both and must say which exception the call raises, by its class, or that it raises none. {FailureRules}{Aim}{Block("program", "python")} {Block(Arguments, "input")} The task should differ from the earlier ones below.",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"You are given a Python program. Write {inputs} inputs for it and a message. Solvers are shown half of the inputs with their outputs, and the message, and must write a program that gets the other half right too. The inputs should show all that the program does; the message should help without giving the program away. {Aim}"
            )
                + $"{Block("arguments of a call to f (literals and plain built-ins)", "input")} Give as many such blocks as there are inputs. {Block("message", "message")}",
        };

    /// <summary>What the proposer works from.</summary>
    public static string ToPropose(ProgramTaskType type, ImmutableArray<ProgramTask> references)
    {
        if (type == ProgramTaskType.Induction)
            return "The program:\n" + Fenced("python", ProgramOf(references));
        if (references.IsEmpty)
            references = [ProgramTask.Identity(type)];
        var text = new StringBuilder("Earlier tasks:");
        foreach (var task in references)
            text.Append('\n')
                .Append(Fenced("python", task.Program))
                .Append('\n')
                .Append(Fenced("input", task.Inputs.FirstOrDefault() ?? ""))
                .Append('\n')
                .Append(
                    Fenced(
                        task.Type == ProgramTaskType.Failure ? "error" : "output",
                        task.Outputs.FirstOrDefault() ?? ""
                    )
                );
        return text.ToString();
    }

    /// <summary>The program that an induction is about: the first dealt one, or the identity.</summary>
    public static string ProgramOf(ImmutableArray<ProgramTask> references) =>
        (references.IsEmpty ? ProgramTask.Identity(ProgramTaskType.Induction) : references[0]).Program;

    /// <summary>The solver's rules.</summary>
    public static string Solve(ProgramTaskType type) =>
        type switch
        {
            ProgramTaskType.Deduction =>
                $"Work out what the call f(input) returns. {Block("value, as a Python literal", "output")}",
            ProgramTaskType.Abduction =>
                $"Find an input for which f returns this output; any such input is right. {Block(Arguments, "input")}",
            ProgramTaskType.Failure =>
                $"Work out how the call f(input) ends. Say the class of the exception it raises, or {ProgramTask.NoError} where it raises none. {Block("name alone", "error")}",
            _ =>
                $"Write a Python function f that gives these outputs for these inputs, and the right ones for others that are hidden from you. {Block("program", "python")}",
        };

    /// <summary>What the solver sees of a task.</summary>
    public static string ToSolve(ProgramTask task)
    {
        if (task.Type is ProgramTaskType.Deduction or ProgramTaskType.Failure)
            return $"{Fenced("python", task.Program)}\n{Fenced("input", task.Inputs[0])}";
        if (task.Type == ProgramTaskType.Abduction)
            return $"{Fenced("python", task.Program)}\n{Fenced("output", task.Outputs[0])}";
        var text = new StringBuilder();
        for (var i = 0; i < task.Shown; i++)
            text.Append(Fenced("input", task.Inputs[i]))
                .Append('\n')
                .Append(Fenced("output", task.Outputs[i]))
                .Append('\n');
        return text.Append(Fenced("message", task.Message ?? "")).ToString();
    }

    /// <summary>The label of the block that holds a solver's answer.</summary>
    public static string Label(ProgramTaskType type) =>
        type switch
        {
            ProgramTaskType.Deduction => "output",
            ProgramTaskType.Abduction => "input",
            ProgramTaskType.Failure => "error",
            _ => "python",
        };

    /// <summary>What a solver is told whose answer holds no such block.</summary>
    public static string NoAnswer(ProgramTaskType type) =>
        $"No {(type == ProgramTaskType.Failure ? "name of an error" : Label(type))} was found. Give it as lines between ```{Label(type)} and ```.";

    /// <summary>Proposals that can be read: valid ones, one that is not deterministic, one that fails.</summary>
    public static ImmutableArray<string> Proposals(ProgramTaskType type, int inputs) =>
        type == ProgramTaskType.Induction
            ?
            [
                .. SampleInputs.Select(form =>
                    string.Join(
                        '\n',
                        Enumerable
                            .Range(1, inputs)
                            .Select(i => Fenced("input", form.Replace("{0}", i.ToString(CultureInfo.InvariantCulture))))
                            .Append(Fenced("message", "Numbers go in."))
                    )
                ),
            ]
            :
            [
                Fenced("python", "def f(a):\n    return sorted(a, key=lambda n: (n % 3, -n))")
                    + "\n"
                    + Fenced("input", "[5, 3, 9, 4]"),
                Fenced("python", "def f(text, n=2):\n    return {c: text.count(c) for c in text if text.count(c) >= n}")
                    + "\n"
                    + Fenced("input", "'banana'"),
                Fenced("python", "def f(a):\n    return hash(a)") + "\n" + Fenced("input", "'always another'"),
                Fenced("python", "def f(a):\n    return a[7]") + "\n" + Fenced("input", "[1]"),
            ];

    /// <summary>Answers to a task that can be read: its own, and a wrong one.</summary>
    public static ImmutableArray<string> Solutions(ProgramTask task) =>
        [
            .. new[]
            {
                Fenced(
                    Label(task.Type),
                    task.Type switch
                    {
                        ProgramTaskType.Deduction or ProgramTaskType.Failure => task.Outputs[0],
                        ProgramTaskType.Abduction => task.Inputs[0],
                        _ => task.Program,
                    }
                ),
                Fenced(
                    Label(task.Type),
                    task.Type switch
                    {
                        ProgramTaskType.Induction => "def f(*a):\n    return None",
                        ProgramTaskType.Failure => "KeyError",
                        _ => "'not this'",
                    }
                ),
            }.Distinct(),
        ];

    /// <summary>Replies an executor could give to a proposal, for play without one.</summary>
    public static ImmutableArray<string> Validations(ProgramTask task) =>
        task.Type == ProgramTaskType.Failure
            ?
            [
                TaskJson.Write(new ProgramReply { Outputs = ["IndexError"] }),
                TaskJson.Write(new ProgramReply { Outputs = [ProgramTask.NoError] }),
                TaskJson.Write(new ProgramReply { Fault = "Its time was up." }),
            ]
            :
            [
                TaskJson.Write(new ProgramReply { Fault = "It raised IndexError." }),
                TaskJson.Write(
                    new ProgramReply
                    {
                        Outputs = [.. task.Inputs.Select((_, i) => i.ToString(CultureInfo.InvariantCulture))],
                    }
                ),
            ];

    /// <summary>Replies an executor could give to answers, for play without one.</summary>
    public static ImmutableArray<string> Markings(ProgramRequest request) =>
        [
            .. new[] { request.Answers.Length, 0, 1 }
                .Distinct()
                .Select(right =>
                    TaskJson.Write(
                        new ProgramReply
                        {
                            Marks =
                            [
                                .. request.Answers.Select(
                                    (_, i) =>
                                        i < right
                                            ? new ProgramMark(1, true)
                                            : new ProgramMark(0, true, "The value differs.")
                                ),
                            ],
                        }
                    )
                )
                .Distinct(),
        ];

    private static string Block(string what, string label) => $"Give the {what} as lines between ```{label} and ```.";

    private static string Fenced(string label, string text) => $"```{label}\n{text}\n```";
}
