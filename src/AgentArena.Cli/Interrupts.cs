// Ctrl-C and SIGTERM: the first asks the run to stop in good order, the second ends the process. Knows no run.
using System.Runtime.InteropServices;

namespace AgentArena.Cli;

/// <summary>Signals of the process while a run is on.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _signals;
    private int _count;

    /// <param name="error">Where to say what happens.</param>
    /// <param name="run">The run's folder, to be named.</param>
    /// <param name="again">How to go on; by default with the command resume.</param>
    public Interrupts(TextWriter error, string run, string? again = null) =>
        _signals = [
            .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal =>
                PosixSignalRegistration.Create(signal, context =>
                {
                    context.Cancel = true;
                    if (Interlocked.Increment(ref _count) > 1)
                    {
                        error.WriteLine(
                            again is null
                                ? $"ended at once; what was acknowledged is in the journal. Go on with: ./arena resume {run}"
                                : $"ended at once. {again}"
                        );
                        Environment.Exit(Exit.Stopped);
                    }
                    error.WriteLine(
                        "stopping: the update in hand is finished and a checkpoint written. Once more ends at once."
                    );
                    _stop.Cancel();
                })
            ),
        ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _stop.Dispose();
    }
}
