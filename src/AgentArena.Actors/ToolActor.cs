// A tool behind a mailbox: it may hang or crash, and the games that asked it are told. Knows the tool's seam, no game.
using AgentArena.Core.Tools;
using Akka.Actor;

namespace AgentArena.Actors;

/// <summary>
/// Passes requests to a tool as they come (how many at once is the tool's own affair) and gives up on those that are
/// late.
/// </summary>
public sealed class ToolActor : UntypedActor
{
    private readonly string _policy;
    private readonly Tool _tool;
    private readonly TimeSpan _deadline;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly SortedDictionary<long, DateTimeOffset> _waiting = [];

    /// <param name="policy">The policy the tool sits for.</param>
    /// <param name="tool">Started; its owner disposes of it.</param>
    /// <param name="deadline">How long an answer may take.</param>
    /// <param name="time">The clock.</param>
    public ToolActor(string policy, Tool tool, TimeSpan deadline, TimeProvider time) =>
        (_policy, _tool, _deadline, _time) = (policy, tool, deadline, time);

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case UseTool use:
                _waiting[use.Id] = _time.GetUtcNow();
                _ = AnswerAsync(use).PipeTo(Self, Sender);
                break;
            case ToolAnswered answered:
                _waiting.Remove(answered.Id);
                Sender.Tell(answered);
                break;
            case ReportWaits:
                Sender.Tell(
                    new Waits([
                        .. _waiting
                            .Take(1)
                            .Select(w => new Wait(
                                $"tool-{_policy}",
                                $"{_waiting.Count} answers of the tool",
                                w.Value,
                                w.Value + _deadline
                            )),
                    ])
                );
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private async Task<ToolAnswered> AnswerAsync(UseTool use)
    {
        try
        {
            using var late = new CancellationTokenSource(_deadline, _time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token);
            return new ToolAnswered(
                use.Id,
                await _tool.AnswerAsync(use.Request, stop.Token).WaitAsync(stop.Token).ConfigureAwait(false),
                null
            );
        }
        catch (OperationCanceledException)
        {
            return new ToolAnswered(
                use.Id,
                null,
                $"{_policy} had no answer within {_deadline}. Raise run.turn-deadline, or lower the tool's own limits."
            );
        }
        catch (Exception e)
        {
            return new ToolAnswered(use.Id, null, $"{_policy}: {e.GetType().Name}: {e.Message}");
        }
    }
}
