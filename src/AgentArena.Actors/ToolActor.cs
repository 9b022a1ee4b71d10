// A tool as a seat: it may hang or crash, and the games that asked it are told. Knows the tool's seam, no game.
using AgentArena.Core.Tools;
using Akka.Actor;

namespace AgentArena.Actors;

/// <summary>
/// Passes requests to a tool as they come (how many at once is the tool's own affair) and gives up on those that are
/// late.
/// </summary>
/// <param name="policy">The policy the tool sits for.</param>
/// <param name="tool">Started; its owner disposes of it.</param>
/// <param name="deadline">How long an answer may take.</param>
/// <param name="time">The clock.</param>
public sealed class ToolActor(string policy, Tool tool, TimeSpan deadline, TimeProvider time)
    : BackendActor<string, string>($"tool-{policy}", int.MaxValue, deadline, time)
{
    /// <inheritdoc/>
    protected override string? WaitsFor => Open == 0 ? null : $"{Open} answers of the tool";

    /// <inheritdoc/>
    protected override bool TryEnqueue(object message)
    {
        if (message is not UseTool use)
            return false;
        Enqueue(use.Id, use.Request);
        return true;
    }

    /// <inheritdoc/>
    protected override Task<string> AnswerAsync(string asked, CancellationToken stop) => tool.AnswerAsync(asked, stop);

    /// <inheritdoc/>
    protected override void Answered(long id, string asked, IActorRef asker, string? answer, Exception? fault) =>
        asker.Tell(
            new ToolAnswered(
                id,
                answer,
                fault switch
                {
                    null => null,
                    OperationCanceledException =>
                        $"{policy} had no answer within {Deadline}. Raise run.turn-deadline, or lower the tool's own limits.",
                    _ => $"{policy}: {fault.GetType().Name}: {fault.Message}",
                }
            )
        );
}
