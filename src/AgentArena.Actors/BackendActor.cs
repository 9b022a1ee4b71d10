// Whoever answers from outside the actors, behind a mailbox: a line, so many at once, a deadline, a cancellation. Knows
// neither what is asked nor who answers.
using Akka.Actor;

namespace AgentArena.Actors;

/// <summary>
/// Takes questions in order and has at most so many of them answered at once. It may hang or fail: whoever asked is
/// told. A question that is asked again before its answer is the same question, by a seat that was restarted.
/// </summary>
/// <typeparam name="TQuestion">What is asked.</typeparam>
/// <typeparam name="TAnswer">What comes of it.</typeparam>
/// <param name="owner">Who waits, for people.</param>
/// <param name="atOnce">Questions that are being answered at the same time, at most.</param>
/// <param name="deadline">How long an answer may take; null where it has no deadline.</param>
/// <param name="time">The clock.</param>
public abstract class BackendActor<TQuestion, TAnswer>(string owner, int atOnce, TimeSpan? deadline, TimeProvider time)
    : UntypedActor
    where TAnswer : class
{
    private sealed record Ended(long Id, TAnswer? Answer, Exception? Fault);

    private sealed class Question(TQuestion asked, DateTimeOffset since)
    {
        public TQuestion Asked { get; } = asked;
        public DateTimeOffset Since { get; } = since;
        public required IActorRef Asker { get; set; }
        public bool IsRunning { get; set; }
    }

    private readonly CancellationTokenSource _stop = new();
    private readonly SortedDictionary<long, Question> _open = [];
    private readonly Queue<long> _line = []; // ids of open questions, and of some that were withdrawn
    private DateTimeOffset _idle = time.GetUtcNow(); // since when, where nothing is open
    private bool _closed;

    /// <summary>Who waits, for people.</summary>
    protected string Owner => owner;

    /// <summary>How long an answer may take; null where it has no deadline.</summary>
    protected TimeSpan? Deadline => deadline;

    /// <summary>How many questions are being answered.</summary>
    protected int Running { get; private set; }

    /// <summary>How many questions are open, those that are being answered among them.</summary>
    protected int Open => _open.Count;

    /// <summary>What <c>./arena status</c> says it waits for; null for nothing.</summary>
    protected abstract string? WaitsFor { get; }

    /// <summary>Whether the message holds questions; those were put in line (<see cref="Enqueue"/>).</summary>
    protected abstract bool TryEnqueue(object message);

    /// <summary>Finds the answer. Called on the actor's thread; goes on wherever it likes.</summary>
    protected abstract Task<TAnswer> AnswerAsync(TQuestion asked, CancellationToken stop);

    /// <summary>An answer is there, or what kept it away.</summary>
    protected abstract void Answered(long id, TQuestion asked, IActorRef asker, TAnswer? answer, Exception? fault);

    /// <summary>Puts a question of the sender's in line.</summary>
    protected void Enqueue(long id, TQuestion asked)
    {
        if (_open.TryGetValue(id, out var same))
        {
            same.Asker = Sender;
            return;
        }
        _open.Add(id, new Question(asked, time.GetUtcNow()) { Asker = Sender });
        _line.Enqueue(id);
    }

    /// <summary>Nobody answers any longer: what is in line stays there.</summary>
    protected void Close() => _closed = true;

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    protected sealed override void OnReceive(object message)
    {
        switch (message)
        {
            case Ended ended:
                End(ended);
                break;
            case CancelGeneration cancel:
                // What is on its way is let finish; what waits in line is never begun, and so never paid for.
                foreach (var id in cancel.Ids)
                    if (_open.TryGetValue(id, out var question) && !question.IsRunning)
                        _open.Remove(id);
                break;
            case ReportWaits:
                Report();
                return;
            default:
                if (!TryEnqueue(message))
                    Unhandled(message);
                break;
        }
        Begin();
    }

    private void Begin()
    {
        while (!_closed && Running < atOnce && _line.TryDequeue(out var id))
        {
            if (!_open.TryGetValue(id, out var question) || question.IsRunning)
                continue;
            question.IsRunning = true;
            Running++;
            _ = RunAsync(id, question.Asked).PipeTo(Self);
        }
    }

    private async Task<Ended> RunAsync(long id, TQuestion asked)
    {
        try
        {
            using var late = new CancellationTokenSource(deadline ?? Timeout.InfiniteTimeSpan, time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token);
            return new Ended(id, await AnswerAsync(asked, stop.Token).WaitAsync(stop.Token), null);
        }
        catch (Exception e)
        {
            return new Ended(id, null, e);
        }
    }

    private void End(Ended ended)
    {
        Running--;
        if (!_open.Remove(ended.Id, out var question))
            return;
        if (_open.Count == 0)
            _idle = time.GetUtcNow();
        Answered(ended.Id, question.Asked, question.Asker, ended.Answer, ended.Fault);
    }

    private void Report()
    {
        var since = _open.Count == 0 ? _idle : _open.Values.Min(q => q.Since);
        if (WaitsFor is { } what)
            Sender.Tell(new Waits([new Wait(owner, what, since, _open.Count == 0 ? null : since + deadline)]));
    }
}
