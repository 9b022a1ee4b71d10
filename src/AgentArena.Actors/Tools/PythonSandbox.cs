// The code executor: a few warm confined interpreters, given one check at a time, watched, replaced when they fail.
// Knows no task and no reward.
using System.Text.Json;
using System.Threading.Channels;
using AgentArena.Games.Python;

namespace AgentArena.Actors.Tools;

/// <summary>
/// Runs Python programs under bubblewrap. Each check is a forked child with limits on time, memory, processes, files
/// and output, and a filter of system calls; the child and all it left are killed and reaped before the answer is
/// given. The interpreter that forks it is process 1 of a namespace without network, with /usr read-only and nothing
/// else.
/// </summary>
public sealed class PythonSandbox : ICodeExecutor, IAsyncDisposable
{
    /// <summary>Options of <see cref="PythonSandbox"/>.</summary>
    public sealed record Options
    {
        /// <summary>Checks at a time; 0 for one a processor.</summary>
        public int Workers { get; init; }

        /// <summary>bubblewrap's path; empty to look for bwrap in PATH.</summary>
        public string Bubblewrap { get; init; } = "";

        /// <summary>The interpreter's path, below /usr; empty for the distribution's.</summary>
        public string Python { get; init; } = "";

        /// <summary>
        /// How long past its own limits a check may take before its interpreter is killed and replaced.
        /// </summary>
        public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);
    }

    private const int MaxProgram = 1 << 20,
        MaxInputs = 1024,
        MaxOutput = 1 << 20;

    private readonly SandboxLaunch _launch;
    private readonly TimeProvider _time;
    private readonly TimeSpan _grace;
    private readonly int _workers;

    // A free place holds a warm worker, or null where the last one was lost and a new one is to be started.
    private readonly Channel<SandboxWorker?>[] _free = new Channel<SandboxWorker?>[ExecutionRequest.Variants];
    private readonly CancellationTokenSource _closing = new();
    private int _closed;
    private long _replaced;

    private PythonSandbox(Options options, SandboxLaunch launch, TimeProvider time)
    {
        (_launch, _time, _grace) = (launch, time, options.Grace);
        _workers = options.Workers > 0 ? options.Workers : Environment.ProcessorCount;
        for (var v = 0; v < _free.Length; v++)
        {
            _free[v] = Channel.CreateUnbounded<SandboxWorker?>();
            for (var i = 0; i < Places(v); i++)
                _free[v].Writer.TryWrite(null);
        }
    }

    // The further variants are seldom asked, so that one interpreter of each will do.
    private int Places(int variant) => variant < 2 ? _workers : 1;

    /// <summary>Interpreters lost to the watch and replaced so far.</summary>
    public long Replaced => Interlocked.Read(ref _replaced);

    /// <summary>
    /// Starts the executor with one warm interpreter, so that a machine that cannot confine is told at once; the others
    /// start when first needed.
    /// </summary>
    /// <exception cref="ExecutorException">
    /// Bubblewrap or Python is missing, or the kernel does not confine. Nothing is ever run unconfined.
    /// </exception>
    public static async Task<PythonSandbox> StartAsync(
        Options options,
        TimeProvider time,
        CancellationToken cancel = default
    )
    {
        var launch = new SandboxLaunch(options);
        var sandbox = new PythonSandbox(options, launch, time);
        try
        {
            var first = await sandbox.TakeAsync(0, cancel).ConfigureAwait(false);
            sandbox._free[0].Writer.TryWrite(first);
            return sandbox;
        }
        catch
        {
            await sandbox.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<Execution> RunAsync(ExecutionRequest request, CancellationToken cancel = default)
    {
        if (request.Variant is < 0 or >= ExecutionRequest.Variants)
            throw new ArgumentOutOfRangeException(
                nameof(request),
                request.Variant,
                $"code executor: variant should be 0 to {ExecutionRequest.Variants - 1}."
            );
        if (TooLarge(request) is { } reason)
            return new([.. request.Inputs.Select(_ => new CallResult(CallStatus.Rejected, null, null, reason))], "", 0);
        for (var attempt = 0; ; attempt++)
        {
            var worker = await TakeAsync(request.Variant, cancel).ConfigureAwait(false);
            var whole = false;
            try
            {
                using var watch = new CancellationTokenSource(
                    TimeSpan.FromSeconds(request.Limits.WallSeconds) + _grace,
                    _time
                );
                using var any = CancellationTokenSource.CreateLinkedTokenSource(watch.Token, cancel, _closing.Token);
                var execution = await worker.RunAsync(request, any.Token).ConfigureAwait(false);
                whole = true;
                return execution;
            }
            catch (Exception fault)
                when (fault
                        is IOException
                            or InvalidDataException
                            or JsonException
                            or OperationCanceledException
                            or ObjectDisposedException
                )
            {
                cancel.ThrowIfCancellationRequested();
                if (_closing.IsCancellationRequested)
                    throw new ExecutorException(
                        "code executor: it was closed while a check ran. Start a new one.",
                        fault
                    );
                if (fault is OperationCanceledException)
                    return new(
                        [
                            .. request.Inputs.Select(_ => new CallResult(
                                CallStatus.Timeout,
                                null,
                                null,
                                "Its interpreter did not answer in time and was killed."
                            )),
                        ],
                        "",
                        request.Limits.WallSeconds
                    );
                if (attempt > 0)
                    throw new ExecutorException(
                        $"code executor: two interpreters in a row broke during one check ({fault.Message}). Look at the machine's memory and at its log.",
                        fault
                    );
            }
            finally
            {
                await GiveBackAsync(request.Variant, whole ? worker : null, worker).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Kills every interpreter and returns when all are reaped. Checks in flight end with an
    /// <see cref="ExecutorException"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 1)
            return;
        await _closing.CancelAsync().ConfigureAwait(false);
        var ended = new List<Task>();
        for (var v = 0; v < _free.Length; v++)
        for (var i = 0; i < Places(v); i++)
            if (await _free[v].Reader.ReadAsync().ConfigureAwait(false) is { } worker)
                ended.Add(worker.DisposeAsync().AsTask());
        await Task.WhenAll(ended).ConfigureAwait(false);
        _launch.Dispose();
    }

    private async Task<SandboxWorker> TakeAsync(int variant, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_closed == 1, this);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancel, _closing.Token);
        SandboxWorker? worker;
        try
        {
            worker = await _free[variant].Reader.ReadAsync(any.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new ExecutorException("code executor: it was closed while a check waited. Start a new one.");
        }
        if (worker is not null)
            return worker;
        try
        {
            return await SandboxWorker.StartAsync(_launch, variant, _time, cancel).ConfigureAwait(false);
        }
        catch
        {
            _free[variant].Writer.TryWrite(null);
            throw;
        }
    }

    private async Task GiveBackAsync(int variant, SandboxWorker? whole, SandboxWorker worker)
    {
        if (whole is null)
        {
            Interlocked.Increment(ref _replaced);
            await worker.DisposeAsync().ConfigureAwait(false);
        }
        _free[variant].Writer.TryWrite(whole);
    }

    private static string? TooLarge(ExecutionRequest request) =>
        request.Program.Length > MaxProgram
            ? $"The program has {request.Program.Length} characters; at most {MaxProgram} are run."
        : request.Inputs.Length > MaxInputs ? $"There are {request.Inputs.Length} inputs; at most {MaxInputs} are run."
        : request.Inputs.Sum(i => (long)i.Length) > MaxProgram
            ? $"The inputs are too long; at most {MaxProgram} characters are run."
        : request.Limits.OutputCharacters > MaxOutput
        || request.Inputs.Length * (long)request.Limits.OutputCharacters > MaxOutput * 128L
            ? "The limits on output are too wide."
        : null;
}
