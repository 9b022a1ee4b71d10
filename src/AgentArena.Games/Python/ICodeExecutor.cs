// The seam to a code executor: what may be asked to run, within which limits, and what can come of it. Knows no
// process, no sandbox.
using System.Collections.Immutable;

namespace AgentArena.Games.Python;

/// <summary>Runs small programs that nobody trusts. An implementation confines them, or refuses to start.</summary>
public interface ICodeExecutor
{
    /// <summary>
    /// Defines <see cref="ExecutionRequest.Program"/> in an interpreter of its own and calls its entry once for each
    /// input. Whatever the program does is told in the result; an exception means the executor itself failed, never the
    /// program.
    /// </summary>
    /// <exception cref="ExecutorException">
    /// The executor is closed or broken: a fault of the system, not of the program.
    /// </exception>
    Task<Execution> RunAsync(ExecutionRequest request, CancellationToken cancel = default);
}

/// <summary>A fault of the executor itself (place, fault, remedy); whoever's program it was is not to blame.</summary>
public sealed class ExecutorException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A program and what to call it with.</summary>
public sealed record ExecutionRequest
{
    /// <summary>
    /// Source text that defines <see cref="Entry"/> at its top level; empty where only expressions are to be evaluated.
    /// </summary>
    public required string Program { get; init; }

    /// <summary>The function to call; null evaluates each input as an expression by itself.</summary>
    public string? Entry { get; init; } = "f";

    /// <summary>
    /// Arguments as they would stand between the call's parentheses: plain expressions, e.g. <c>[1, 2], key='a'</c>.
    /// </summary>
    public required ImmutableArray<string> Inputs { get; init; }

    /// <summary>
    /// Whether inputs may use the names that the program defines; those that go to other programs as well may not.
    /// </summary>
    public bool OwnNames { get; init; } = true;

    /// <summary>Bounds on the whole execution (all inputs together).</summary>
    public ExecutionLimits Limits { get; init; } = ExecutionLimits.Default;

    /// <summary>What is refused before anything runs.</summary>
    public ProgramRules Rules { get; init; } = ProgramRules.Default;

    /// <summary>How many variants there are.</summary>
    public const int Variants = 8;

    /// <summary>
    /// From 0, below <see cref="Variants"/>. They differ in hash seed and memory layout, odd ones in the order of
    /// calls: what differs between them is not a function of its input. Two show what depends on addresses; the order
    /// of a set of two texts is the same in two of them half the time, in all of them once in 128.
    /// </summary>
    public int Variant { get; init; }
}

/// <summary>Bounds of an execution. Seconds, bytes, characters.</summary>
/// <param name="CpuSeconds">Processor time.</param>
/// <param name="WallSeconds">
/// Time on the clock; wider than <paramref name="CpuSeconds"/>, so that a busy machine does not fail honest programs.
/// </param>
/// <param name="MemoryBytes">Memory beyond the interpreter's own.</param>
/// <param name="OutputCharacters">The text of one result.</param>
/// <param name="PrintedBytes">All that is printed; beyond it the program is stopped.</param>
public sealed record ExecutionLimits(
    double CpuSeconds,
    double WallSeconds,
    long MemoryBytes,
    int OutputCharacters,
    int PrintedBytes
)
{
    /// <summary>5 s of processor, 20 s of clock, 256 MiB, 64 Ki characters a result, 64 KiB printed.</summary>
    public static ExecutionLimits Default { get; } = new(5, 20, 256L << 20, 1 << 16, 1 << 16);
}

/// <summary>What a program may not hold.</summary>
public sealed record ProgramRules
{
    /// <summary>
    /// Absolute Zero's list: sources of chance, time and side effects. A name covers what lies below it.
    /// </summary>
    public ImmutableArray<string> BannedModules { get; init; } =
    [
        "logging",
        "random",
        "multiprocessing",
        "pebble",
        "subprocess",
        "threading",
        "datetime",
        "time",
        "hashlib",
        "hmac",
        "bcrypt",
        "os.sys",
        "os.path",
        "sys.exit",
        "os.environ",
        "calendar",
    ];

    /// <summary>Whether <c>raise</c> is allowed.</summary>
    public bool AllowRaise { get; init; } = true;

    /// <summary>Whether the entry must be the only function at the top level.</summary>
    public bool SingleFunction { get; init; }

    /// <summary>The list above, <c>raise</c> allowed, any number of functions.</summary>
    public static ProgramRules Default { get; } = new();
}

/// <summary>What came of one call.</summary>
public enum CallStatus
{
    /// <summary>It returned a plain value.</summary>
    Ok,

    /// <summary>It, or the program's top level, raised an exception.</summary>
    Error,

    /// <summary>Its time was up.</summary>
    Timeout,

    /// <summary>It wanted more memory than allowed.</summary>
    Memory,

    /// <summary>It printed, or returned, more than allowed.</summary>
    OutputLimit,

    /// <summary>Its process ended before the call did: a crash, or an exit.</summary>
    Killed,

    /// <summary>It was not run, or its value cannot be compared by value.</summary>
    Rejected,
}

/// <summary>One call's end. Everything in it comes from hostile code and is bounded in length, no more.</summary>
/// <param name="Status">What happened.</param>
/// <param name="Value">
/// The value as a literal (sets in the order of their texts); null unless <see cref="CallStatus.Ok"/>.
/// </param>
/// <param name="ErrorClass">The exception's class; null unless <see cref="CallStatus.Error"/>.</param>
/// <param name="Detail">A sentence on why there is no value.</param>
public sealed record CallResult(CallStatus Status, string? Value, string? ErrorClass, string? Detail)
{
    /// <summary>Why there is no value, in words; null where there is one.</summary>
    public string? Reason =>
        Status switch
        {
            CallStatus.Ok => null,
            CallStatus.Error => string.IsNullOrEmpty(Detail)
                ? $"It raised {ErrorClass}."
                : $"It raised {ErrorClass}: {Detail}",
            _ => Detail,
        };
}

/// <summary>What came of a request.</summary>
/// <param name="Calls">One for each input, in their order.</param>
/// <param name="Printed">What was printed, cut at its limit; bytes that are no UTF-8 are replaced.</param>
/// <param name="CpuSeconds">Processor time used.</param>
public sealed record Execution(ImmutableArray<CallResult> Calls, string Printed, double CpuSeconds);
