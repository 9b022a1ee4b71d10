// A person behind a mailbox: shows turns one after another and passes on what is typed. Knows no terminal.
using AgentArena.Core.Play;
using Akka.Actor;

namespace AgentArena.Actors;

/// <summary>Somebody who can be shown a turn and types an answer.</summary>
public abstract class Person
{
    /// <summary>Shows a turn and waits for the answer; null when the person leaves.</summary>
    /// <param name="turn">What the seat sees.</param>
    /// <param name="refusal">Why the last answer was refused.</param>
    /// <param name="stop">Nobody waits any longer.</param>
    public abstract Task<string?> AnswerAsync(Turn turn, string? refusal, CancellationToken stop);
}

/// <summary>
/// Asks a person one question at a time, and waits as long as it takes. When the person leaves, the run ends in good
/// order and its game can be resumed.
/// </summary>
/// <param name="policy">The policy the person sits for.</param>
/// <param name="person">The person.</param>
/// <param name="time">The clock that tells how long it has waited.</param>
public sealed class PersonActor(string policy, Person person, TimeProvider time)
    : BackendActor<ShowTurn, string>(policy, atOnce: 1, deadline: null, time)
{
    private ShowTurn? _shown;

    /// <inheritdoc/>
    protected override string? WaitsFor => _shown is null ? null : $"an answer to turn {_shown.Turn.Id}";

    /// <inheritdoc/>
    protected override bool TryEnqueue(object message)
    {
        if (message is not ShowTurn asked)
            return false;
        Enqueue(asked.Id, asked);
        return true;
    }

    /// <inheritdoc/>
    protected override async Task<string> AnswerAsync(ShowTurn asked, CancellationToken stop)
    {
        _shown = asked;
        return await person.AnswerAsync(asked.Turn, asked.Refusal, stop)
            ?? throw new OperationCanceledException("the person left");
    }

    /// <inheritdoc/>
    protected override void Answered(long id, ShowTurn asked, IActorRef asker, string? answer, Exception? fault)
    {
        _shown = null;
        if (answer is not null)
        {
            asker.Tell(new PersonAnswered(id, answer));
            return;
        }
        Close();
        var how = fault is OperationCanceledException or IOException
            ? ""
            : $" ({fault?.GetType().Name}: {fault?.Message})";
        Context.Parent.Tell(new StopRun($"{Owner} left{how}"));
    }
}
