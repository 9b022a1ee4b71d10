// Waiting for something to become true.
namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Repeats the assertions until they hold; after the time is over, their last failure is the test's.</summary>
    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null)
    {
        var end = Clock + RemainingOrDilated(duration);
        while (true)
        {
            try
            {
                assertion();
                return;
            }
            catch (Exception) when (Clock < end)
            {
                Thread.Sleep(interval ?? Interval);
            }
        }
    }

    /// <inheritdoc cref="AwaitAssert"/>
    public Task AwaitAssertAsync(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) => AwaitAssertAsync(() =>
    {
        assertion();
        return Task.CompletedTask;
    }, duration, interval, cancellationToken);

    /// <inheritdoc cref="AwaitAssert"/>
    public async Task AwaitAssertAsync(Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        var end = Clock + RemainingOrDilated(duration);
        while (true)
        {
            try
            {
                await assertion().ConfigureAwait(false);
                return;
            }
            catch (Exception) when (Clock < end && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(interval ?? Interval, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits until the condition holds.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled) => AwaitCondition(conditionIsFulfilled, null, null, null);

    /// <inheritdoc cref="AwaitCondition(Func{bool})"/>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, string? message = null) => AwaitCondition(conditionIsFulfilled, max, null, message);

    /// <inheritdoc cref="AwaitCondition(Func{bool})"/>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null)
    {
        var patience = RemainingOrDilated(max ?? (_end is null ? TestKitSettings.DefaultTimeout : null));
        var end = Clock + patience;
        while (!conditionIsFulfilled())
        {
            if (Clock >= end) _assertions.Fail($"Timeout after {patience} while waiting for a condition. {message}");
            Thread.Sleep(interval ?? Interval);
        }
    }

    /// <inheritdoc cref="AwaitCondition(Func{bool})"/>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max = null, TimeSpan? interval = null, string? message = null, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), max, interval, message, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool})"/>
    public async Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max = null, TimeSpan? interval = null, string? message = null, CancellationToken cancellationToken = default)
    {
        var patience = RemainingOrDilated(max ?? (_end is null ? TestKitSettings.DefaultTimeout : null));
        var end = Clock + patience;
        while (!await conditionIsFulfilled().ConfigureAwait(false))
        {
            if (Clock >= end) _assertions.Fail($"Timeout after {patience} while waiting for a condition. {message}");
            await Task.Delay(interval ?? Interval, cancellationToken).ConfigureAwait(false);
        }
    }
}
