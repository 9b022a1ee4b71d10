// Validity and equality for tasks made of programs (Absolute Zero's triples): runs, runs again elsewhere, compares by
// value, explains every rejection. Knows no sandbox and no reward; a program under judgement never sees the value it is
// compared with.
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AgentArena.Games.Python;

/// <summary>Judges program tasks through an executor.</summary>
/// <param name="executor">Runs what is judged.</param>
/// <param name="rules">What programs may not hold.</param>
/// <param name="limits">Bounds of each run.</param>
public sealed partial class ProgramJudge(
    ICodeExecutor executor,
    ProgramRules? rules = null,
    ExecutionLimits? limits = null
)
{
    /// <summary>The function that programs define.</summary>
    public const string Entry = "f";

    private readonly ProgramRules _rules = rules ?? ProgramRules.Default;
    private readonly ExecutionLimits _limits = limits ?? ExecutionLimits.Default;

    /// <summary>A proposal's validity: its outputs where it is valid, the reason where it is not.</summary>
    /// <param name="Outputs">The value of each input, as a literal; empty where not valid.</param>
    /// <param name="Fault">Null where valid.</param>
    public sealed record Proposal(ImmutableArray<string> Outputs, string? Fault)
    {
        /// <summary>Whether it may be played.</summary>
        public bool Valid => Fault is null;
    }

    /// <summary>An answer's correctness.</summary>
    /// <param name="Correct">Whether it is right.</param>
    /// <param name="WellFormed">Whether it could be judged at all (a fault of form otherwise).</param>
    /// <param name="Share">Right answers of those asked for: 0 or 1 but for induction.</param>
    /// <param name="Reason">Why it is not right; null where it is.</param>
    public sealed record Verdict(bool Correct, bool WellFormed, double Share, string? Reason);

    /// <summary>
    /// Decides whether a program with these inputs is a task: allowed, runs, returns plain values, and the same ones
    /// when run again elsewhere.
    /// </summary>
    public async Task<Proposal> ProposeAsync(
        string program,
        ImmutableArray<string> inputs,
        CancellationToken cancel = default
    )
    {
        if (program.Length > ProgramProposal.MaxLength)
            return Refused(
                $"The program has {program.Length} characters; at most {ProgramProposal.MaxLength} are read."
            );
        if (inputs.FirstOrDefault(i => i.Length > ProgramProposal.MaxLength) is { } huge)
            return Refused($"An input has {huge.Length} characters; at most {ProgramProposal.MaxLength} are read.");
        if (inputs.Length == 0)
            return Refused("There is no input.");
        // Several inputs make an induction: programs of others will get them.
        var request = new ExecutionRequest
        {
            Program = program,
            Inputs = inputs,
            Entry = Entry,
            Rules = _rules,
            Limits = _limits,
            OwnNames = inputs.Length == 1,
        };
        var first = await executor.RunAsync(request, cancel).ConfigureAwait(false);
        for (var i = 0; i < inputs.Length; i++)
            if (first.Calls[i].Reason is { } reason)
                return Refused(inputs.Length == 1 ? reason : $"Input {i + 1}: {reason}");
        var values = new PythonValue[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (PythonValue.Read(first.Calls[i].Value!) is not { } value)
                return Refused($"Its value {Shown(first.Calls[i].Value!)} cannot be compared by value.");
            if (!value.EqualsItself)
                return Refused("Its value holds a NaN and is not equal to itself.");
            values[i] = value;
        }
        for (var variant = 1; variant < RunsOf(request); variant++)
        {
            var again = await executor.RunAsync(request with { Variant = variant }, cancel).ConfigureAwait(false);
            for (var i = 0; i < inputs.Length; i++)
            {
                if (again.Calls[i].Value is not { } other)
                    return Refused($"It is not deterministic: another run ended otherwise. {again.Calls[i].Reason}");
                if (!values[i].Equals(PythonValue.Read(other)))
                    return Refused($"It is not deterministic: {Shown(first.Calls[i].Value!)}, then {Shown(other)}.");
            }
        }
        return new([.. first.Calls.Select(c => c.Value!)], null);
    }

    /// <summary>
    /// Decides whether a program with this input is a task of naming its error: allowed, ends by a plain value or by an
    /// exception, and by the same when run again elsewhere. The output is the exception's class, or
    /// <see cref="ProgramTask.NoError"/>.
    /// </summary>
    public async Task<Proposal> ProposeFailureAsync(string program, string input, CancellationToken cancel = default)
    {
        if (program.Length > ProgramProposal.MaxLength || input.Length > ProgramProposal.MaxLength)
            return Refused(
                $"Program and input have {program.Length} and {input.Length} characters; at most {ProgramProposal.MaxLength} are read of each."
            );
        var request = new ExecutionRequest
        {
            Program = program,
            Inputs = [input],
            Entry = Entry,
            Rules = _rules,
            Limits = _limits,
        };
        var first = (await executor.RunAsync(request, cancel).ConfigureAwait(false)).Calls[0];
        if (first.Status == CallStatus.Ok)
        {
            var valued = await ProposeAsync(program, [input], cancel).ConfigureAwait(false);
            return valued.Valid ? new([ProgramTask.NoError], null) : valued;
        }
        // The name comes from the program: it may be any text, and may be one that says nothing happened.
        if (first.Status != CallStatus.Error)
            return Refused(first.Reason!);
        if (!IsName(first.ErrorClass) || SameError(first.ErrorClass!, ProgramTask.NoError))
            return Refused("It raised an exception whose class has no proper name.");
        for (var variant = 1; variant < RunsOf(request); variant++)
        {
            var again = (
                await executor.RunAsync(request with { Variant = variant }, cancel).ConfigureAwait(false)
            ).Calls[0];
            if (again.Status != CallStatus.Error || again.ErrorClass != first.ErrorClass)
                return Refused($"It is not deterministic: another run ended otherwise. {again.Reason}");
        }
        return new([first.ErrorClass!], null);
    }

    // Twice is enough for what depends on addresses. What may depend on hashes is run in every variant, since two often
    // agree by luck.
    private static int RunsOf(ExecutionRequest request) =>
        request.Inputs.Append(request.Program).Any(text => Hashes().IsMatch(text)) ? ExecutionRequest.Variants : 2;

    [GeneratedRegex(
        @"\{|\b(set|frozenset|hash|id|keys|items|object|vars|dir|globals|locals)\b",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Hashes();

    /// <summary>
    /// Failure: does <paramref name="answer"/> name the error <paramref name="gold"/>? A message after a colon does not
    /// matter, nor do case and spaces.
    /// </summary>
    public static Verdict NameError(string gold, string answer)
    {
        var name = string.Concat(answer.Split(':')[0].Where(c => !char.IsWhiteSpace(c)));
        if (answer.AsSpan().Trim().Contains('\n') || !IsName(name))
            return Malformed(
                $"It is no name of an exception's class. Say one, e.g. IndexError, or {ProgramTask.NoError}."
            );
        return SameError(gold, name) ? new(true, true, 1, null) : new(false, true, 0, "The error is another one.");
    }

    private static bool SameError(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static bool IsName(string? text) =>
        text is { Length: > 0 and <= 64 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.');

    /// <summary>Deduction: is <paramref name="answer"/> the value <paramref name="gold"/>?</summary>
    public async Task<Verdict> DeduceAsync(string gold, string answer, CancellationToken cancel = default)
    {
        if (answer.Length > ProgramProposal.MaxLength)
            return Malformed("The answer is too long.");
        var target = PythonValue.Read(gold)
            ?? throw new ArgumentException(
                $"ProgramJudge.DeduceAsync: {Shown(gold)} is no plain value; give an output of a valid proposal.",
                nameof(gold)
            );
        var value = PythonValue.Read(answer);
        if (value is null)
        {
            // Not a literal; it may be an expression such as 2**10.
            var request = new ExecutionRequest
            {
                Program = "",
                Entry = null,
                Inputs = [answer],
                Limits = _limits,
            };
            var call = (await executor.RunAsync(request, cancel).ConfigureAwait(false)).Calls[0];
            if (call.Value is null || (value = PythonValue.Read(call.Value)) is null)
                return Malformed(call.Reason ?? "It is not a plain value.");
        }
        return target.Equals(value) ? new(true, true, 1, null) : new(false, true, 0, "The value differs.");
    }

    /// <summary>
    /// Abduction: does <paramref name="program"/> give <paramref name="gold"/> for the arguments
    /// <paramref name="answer"/>?
    /// </summary>
    public async Task<Verdict> AbduceAsync(
        string program,
        string gold,
        string answer,
        CancellationToken cancel = default
    )
    {
        if (answer.Length > ProgramProposal.MaxLength)
            return Malformed("The answer is too long.");
        var request = new ExecutionRequest
        {
            Program = program,
            Inputs = [answer],
            Entry = Entry,
            Rules = _rules,
            Limits = _limits,
        };
        var call = (await executor.RunAsync(request, cancel).ConfigureAwait(false)).Calls[0];
        if (call.Status == CallStatus.Rejected)
            return Malformed(call.Reason!);
        if (call.Value is null)
            return new(false, true, 0, call.Reason);
        var target = PythonValue.Read(gold);
        return target is not null && target.Equals(PythonValue.Read(call.Value))
            ? new(true, true, 1, null)
            : new(false, true, 0, $"It gives {Shown(call.Value)}.");
    }

    /// <summary>
    /// Induction: does <paramref name="program"/> map every hidden input to its output? <see cref="Verdict.Share"/> is
    /// the part it does.
    /// </summary>
    public async Task<Verdict> InduceAsync(
        string program,
        ImmutableArray<(string Input, string Output)> hidden,
        CancellationToken cancel = default
    )
    {
        if (program.Length > ProgramProposal.MaxLength)
            return Malformed("The program is too long.");
        var request = new ExecutionRequest
        {
            Program = program,
            Inputs = [.. hidden.Select(h => h.Input)],
            Entry = Entry,
            Rules = _rules,
            Limits = _limits,
            OwnNames = false,
        };
        var run = await executor.RunAsync(request, cancel).ConfigureAwait(false);
        if (run.Calls.All(c => c.Status == CallStatus.Rejected))
            return Malformed(run.Calls[0].Reason!);
        var right = 0;
        string? reason = null;
        for (var i = 0; i < hidden.Length; i++)
        {
            var call = run.Calls[i];
            if (
                call.Value is not null
                && PythonValue.Read(hidden[i].Output) is { } target
                && target.Equals(PythonValue.Read(call.Value))
            )
                right++;
            else
                reason ??= $"Pair {i + 1}: {call.Reason ?? "the value differs."}";
        }
        return new(right == hidden.Length, true, hidden.Length == 0 ? 0 : (double)right / hidden.Length, reason);
    }

    private static Proposal Refused(string fault) => new([], fault);

    private static Verdict Malformed(string reason) => new(false, false, 0, reason);

    private static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
