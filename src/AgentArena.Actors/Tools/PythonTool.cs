// The code executor at the table: validates proposed programs and marks answers to them. One sandbox for all games of a
// run.
using System.Collections.Immutable;
using AgentArena.Core.Play;
using AgentArena.Core.Tools;
using AgentArena.Games.Python;

namespace AgentArena.Actors.Tools;

/// <summary>
/// Answers a <see cref="ProgramRequest"/> with a <see cref="ProgramReply"/>. Answers of one request are marked at once,
/// as many as there are warm interpreters. A program's own faults are answers; an exception is a fault of the machine.
/// </summary>
public sealed class PythonTool(PythonTool.Options options) : Tool
{
    /// <summary>Options of <see cref="PythonTool"/>; those of rules and time are Absolute Zero's.</summary>
    public sealed record Options
    {
        /// <summary>Programs at a time; 0 for one a processor.</summary>
        public int Workers { get; init; }

        /// <summary>bubblewrap's path; empty to look for bwrap in PATH.</summary>
        public string Bubblewrap { get; init; } = "";

        /// <summary>The interpreter's path, below /usr; empty for the distribution's.</summary>
        public string Python { get; init; } = "";

        /// <summary>
        /// Processor time of one program with all its inputs; the clock allows four times as much, so that a busy
        /// machine does not fail honest programs.
        /// </summary>
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

        /// <summary>Memory of one program beyond the interpreter's own, in MiB.</summary>
        public int Memory { get; init; } = 256;

        /// <summary>The longest text of one value, in characters.</summary>
        public int LongestOutput { get; init; } = 4096;

        /// <summary>Modules that programs may not import.</summary>
        public ImmutableArray<string> BannedModules { get; init; } = ProgramRules.Default.BannedModules;

        /// <summary>Whether programs may raise.</summary>
        public bool AllowRaise { get; init; } = true;

        /// <summary>Whether <c>f</c> must be a program's only function.</summary>
        public bool SingleFunction { get; init; }
    }

    private const int LongestReason = 160;

    private readonly Options _options = Checked(options);
    private PythonSandbox? _sandbox;
    private ProgramJudge? _judge;

    /// <inheritdoc/>
    /// <exception cref="ExecutorException">Bubblewrap or Python is missing, or the kernel does not confine.</exception>
    public override async Task StartAsync(CancellationToken stop)
    {
        _sandbox = await PythonSandbox
            .StartAsync(
                new()
                {
                    Workers = _options.Workers,
                    Bubblewrap = _options.Bubblewrap,
                    Python = _options.Python,
                },
                TimeProvider.System,
                stop
            )
            .ConfigureAwait(false);
        var limits = ExecutionLimits.Default with
        {
            CpuSeconds = _options.Timeout.TotalSeconds,
            WallSeconds = 4 * _options.Timeout.TotalSeconds,
            MemoryBytes = (long)_options.Memory << 20,
            OutputCharacters = _options.LongestOutput,
        };
        _judge = new ProgramJudge(
            _sandbox,
            new ProgramRules
            {
                BannedModules = _options.BannedModules,
                AllowRaise = _options.AllowRaise,
                SingleFunction = _options.SingleFunction,
            },
            limits
        );
    }

    /// <inheritdoc/>
    public override async Task<string> AnswerAsync(string request, CancellationToken stop)
    {
        var judge = _judge
            ?? throw new InvalidOperationException("python: asked before it was started. Start it first.");
        if (
            TaskJson.Read<ProgramRequest>(request) is not { } asked
            || asked.Inputs.IsDefault
            || asked.Outputs.IsDefault
            || asked.Answers.IsDefault
        )
            throw new InvalidOperationException(
                "python: the request is no program to validate or mark. Seat this tool only in games that ask for an executor, such as absolute-zero."
            );
        if (asked.Check is { } type)
            return TaskJson.Write(
                new ProgramReply
                {
                    Marks =
                    [
                        .. await Task.WhenAll(asked.Answers.Select(a => MarkAsync(judge, type, asked, a, stop)))
                            .ConfigureAwait(false),
                    ],
                }
            );
        var proposal = await (
            asked.MayFail == true && asked.Inputs is [var input]
                ? judge.ProposeFailureAsync(asked.Program, input, stop)
                : judge.ProposeAsync(asked.Program, asked.Inputs, stop)
        ).ConfigureAwait(false);
        return TaskJson.Write(
            proposal.Valid
                ? new ProgramReply { Outputs = proposal.Outputs }
                : new ProgramReply { Fault = Short(proposal.Fault) }
        );
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_sandbox is not null)
            await _sandbox.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    private static async Task<ProgramMark> MarkAsync(
        ProgramJudge judge,
        ProgramTaskType type,
        ProgramRequest asked,
        string answer,
        CancellationToken stop
    )
    {
        var verdict = await (
            type switch
            {
                ProgramTaskType.Deduction => judge.DeduceAsync(asked.Outputs[0], answer, stop),
                ProgramTaskType.Failure => Task.FromResult(ProgramJudge.NameError(asked.Outputs[0], answer)),
                ProgramTaskType.Abduction => judge.AbduceAsync(asked.Program, asked.Outputs[0], answer, stop),
                _ => judge.InduceAsync(answer, [.. asked.Inputs.Zip(asked.Outputs)], stop),
            }
        ).ConfigureAwait(false);
        return new(verdict.Share, verdict.WellFormed, Short(verdict.Reason));
    }

    private static string? Short(string? reason) =>
        reason is { Length: > LongestReason } ? reason[..LongestReason] + "…" : reason;

    private static Options Checked(Options options)
    {
        if (options.Timeout < TimeSpan.FromMilliseconds(100) || options.Timeout > TimeSpan.FromMinutes(2))
            throw new ArgumentException($"timeout is {options.Timeout.TotalSeconds}s; it should be 100ms to 2m.");
        if (options.Memory is < 16 or > 65536)
            throw new ArgumentException($"memory is {options.Memory} MiB; it should be 16 to 65536.");
        if (options.LongestOutput is < 16 or > 1 << 20)
            throw new ArgumentException($"longest-output is {options.LongestOutput}; it should be 16 to {1 << 20}.");
        if (options.Workers < 0)
            throw new ArgumentException($"workers is {options.Workers}; it should be 0 (one a processor) or more.");
        return options;
    }
}
