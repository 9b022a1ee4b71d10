// One sandbox for all tests of a class, and short ways to run a program in it.
using System.Collections.Immutable;
using AgentArena.Actors.Tools;
using AgentArena.Games.Python;

// Some tests count or kill the processes of this one: no two at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace AgentArena.Tools.Tests;

[CollectionDefinition(nameof(Sandboxed))]
public class SandboxedCollection : ICollectionFixture<Sandboxed>;

public sealed class Sandboxed : IAsyncLifetime
{
    /// <summary>
    /// Short of processor time, so that endless programs do not hold the suite up; wide on the clock, for a busy
    /// machine.
    /// </summary>
    public static ExecutionLimits Short { get; } = ExecutionLimits.Default with { CpuSeconds = 0.5, WallSeconds = 20 };

    public PythonSandbox Executor { get; private set; } = null!;

    public async Task InitializeAsync() =>
        Executor = await PythonSandbox.StartAsync(new() { Workers = 2 }, TimeProvider.System);

    public Task DisposeAsync() => Executor.DisposeAsync().AsTask();

    public async Task<CallResult> CallAsync(
        string program,
        string input = "1",
        ExecutionLimits? limits = null,
        int variant = 0
    ) => (await RunAsync(program, [input], limits, variant)).Calls.ShouldHaveSingleItem();

    public Task<Execution> RunAsync(
        string program,
        ImmutableArray<string> inputs,
        ExecutionLimits? limits = null,
        int variant = 0
    ) =>
        Executor.RunAsync(
            new()
            {
                Program = program,
                Inputs = inputs,
                Limits = limits ?? Short,
                Variant = variant,
            }
        );
}
