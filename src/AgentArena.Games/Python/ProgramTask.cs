// A task made of a program (Absolute Zero's triples), and how a game asks an executor about one and reads its verdict.
// Runs nothing.
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AgentArena.Core.Play;

namespace AgentArena.Games.Python;

/// <summary>What is asked about (program, input, output).</summary>
public enum ProgramTaskType
{
    /// <summary>Program and input are given, the output is asked for.</summary>
    Deduction,

    /// <summary>Program and output are given, an input that leads there is asked for.</summary>
    Abduction,

    /// <summary>Some pairs and a message are given, the program is asked for; the other pairs test it.</summary>
    Induction,

    /// <summary>
    /// Program and input are given, the class of the exception that the call raises is asked for, or that there is
    /// none.
    /// </summary>
    Failure,
}

/// <summary>
/// A task o = p(i); one pair but for induction. What an executor has not validated yet has no outputs.
/// </summary>
/// <param name="Type">What is asked.</param>
/// <param name="Program">Source text that defines <c>f</c>.</param>
/// <param name="Inputs">Arguments, each as between the call's parentheses.</param>
/// <param name="Outputs">
/// The value of each, as a literal; for a failure the exception's class or <see cref="NoError"/>.
/// </param>
public sealed record ProgramTask(
    ProgramTaskType Type,
    string Program,
    ImmutableArray<string> Inputs,
    ImmutableArray<string> Outputs
)
{
    /// <summary>The output of a failure task whose call raises nothing.</summary>
    public const string NoError = "NoError";

    /// <summary>A hint beside the pairs of an induction.</summary>
    public string? Message { get; init; }

    /// <summary>Pairs that an induction shows; the others are hidden.</summary>
    [JsonIgnore]
    public int Shown => Type == ProgramTaskType.Induction ? Inputs.Length / 2 : Inputs.Length;

    /// <summary>Absolute Zero's first task of a type: the identity.</summary>
    public static ProgramTask Identity(ProgramTaskType type)
    {
        ImmutableArray<string> values =
            type == ProgramTaskType.Induction ? ["'Hello world'", "1", "[1, 2]", "{'a': None}"] : ["'Hello world'"];
        return new(type, "def f(a):\n    return a", values, type == ProgramTaskType.Failure ? [NoError] : values)
        {
            Message = type == ProgramTaskType.Induction ? "return whatever you input" : null,
        };
    }
}

/// <summary>
/// What an executor is asked: to validate a proposal where <see cref="Check"/> is null, else to mark answers.
/// </summary>
public sealed record ProgramRequest
{
    /// <summary>The program; empty where the question is about a value alone.</summary>
    public required string Program { get; init; }

    /// <summary>Inputs to validate, or those of the pairs that answers are marked by.</summary>
    public required ImmutableArray<string> Inputs { get; init; }

    /// <summary>The outputs of the pairs that answers are marked by.</summary>
    public ImmutableArray<string> Outputs { get; init; } = [];

    /// <summary>How answers are marked.</summary>
    public ProgramTaskType? Check { get; init; }

    /// <summary>For a proposal: true where an exception is an outcome as good as a value.</summary>
    public bool? MayFail { get; init; }

    /// <summary>The answers.</summary>
    public ImmutableArray<string> Answers { get; init; } = [];

    /// <summary>The question whether a proposal is a task.</summary>
    public static ProgramRequest Validate(ProgramTask proposal) =>
        new()
        {
            Program = proposal.Program,
            Inputs = proposal.Inputs,
            MayFail = proposal.Type == ProgramTaskType.Failure ? true : null,
        };

    /// <summary>The question which answers to a task are right. It holds no more than the check needs.</summary>
    public static ProgramRequest Mark(ProgramTask task, ImmutableArray<string> answers) =>
        task.Type switch
        {
            ProgramTaskType.Deduction or ProgramTaskType.Failure => new()
            {
                Program = "",
                Inputs = [],
                Outputs = task.Outputs,
                Check = task.Type,
                Answers = answers,
            },
            ProgramTaskType.Abduction => new()
            {
                Program = task.Program,
                Inputs = [],
                Outputs = task.Outputs,
                Check = task.Type,
                Answers = answers,
            },
            _ => new()
            {
                Program = "",
                Inputs = task.Inputs[task.Shown..],
                Outputs = task.Outputs[task.Shown..],
                Check = task.Type,
                Answers = answers,
            },
        };
}

/// <summary>How right an answer is.</summary>
/// <param name="Share">Right pairs of those asked for: 0 or 1 but for induction.</param>
/// <param name="Formed">Whether it could be judged at all.</param>
/// <param name="Reason">Why it is not right; null where it is.</param>
public sealed record ProgramMark(double Share, bool Formed, string? Reason = null);

/// <summary>
/// What an executor answers: outputs of a valid proposal, or the fault of one that is not, or a mark for each answer.
/// </summary>
public sealed record ProgramReply
{
    /// <summary>Why a proposal is no task.</summary>
    public string? Fault { get; init; }

    /// <summary>The value of each input of a valid proposal.</summary>
    public ImmutableArray<string> Outputs { get; init; } = [];

    /// <summary>A mark for each answer.</summary>
    public ImmutableArray<ProgramMark> Marks { get; init; } = [];

    /// <summary>Reads a reply to a request; null where it is none.</summary>
    public static ProgramReply? Read(string text, ProgramRequest request)
    {
        if (TaskJson.Read<ProgramReply>(text) is not { } reply || reply.Outputs.IsDefault || reply.Marks.IsDefault)
            return null;
        if (request.Check is null)
            return
                reply.Marks.IsEmpty
                && (
                    reply.Fault is null
                        ? reply.Outputs.Length == request.Inputs.Length && reply.Outputs.All(o => o is not null)
                        : reply.Outputs.IsEmpty
                )
                ? reply
                : null;
        return
            reply.Fault is null
            && reply.Outputs.IsEmpty
            && reply.Marks.Length == request.Answers.Length
            && reply.Marks.All(m => m is { Share: >= 0 and <= 1 })
            ? reply
            : null;
    }
}
