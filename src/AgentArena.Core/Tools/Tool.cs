// A tool that sits at the table: text in, text out. What it is asked and what it answers are recorded as any move, so
// replay needs no tool.

namespace AgentArena.Core.Tools;

/// <summary>Something that answers a seat's turns by looking up or computing: an index, a code executor.</summary>
public abstract class Tool : IAsyncDisposable
{
    /// <summary>Makes ready. Nothing is asked before it completes.</summary>
    /// <exception cref="InvalidOperationException">
    /// The machine lacks what the tool needs; the message says what and how to get it.
    /// </exception>
    public virtual Task StartAsync(CancellationToken stop) => Task.CompletedTask;

    /// <summary>
    /// Answers a request, the text of the turn's first observation. Hostile input is answered, not thrown at. May be
    /// called while other answers are under way.
    /// </summary>
    public abstract Task<string> AnswerAsync(string request, CancellationToken stop);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
