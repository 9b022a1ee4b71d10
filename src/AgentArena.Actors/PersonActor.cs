// A person behind a mailbox: shows turns one after another and passes on what is typed. Knows no terminal.
using AgentArena.Core.Games;
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
/// Asks a person one question at a time. When the person leaves, the run ends in good order and its game can be
/// resumed.
/// </summary>
public sealed class PersonActor : UntypedActor
{
    private sealed record Typed(ShowTurn Asked, string? Text);

    private readonly string _policy;
    private readonly Person _person;
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<(ShowTurn Asked, IActorRef Asker)> _waiting = new();
    private bool _gone;

    /// <param name="policy">The policy the person sits for.</param>
    /// <param name="person">The person.</param>
    public PersonActor(string policy, Person person) => (_policy, _person) = (policy, person);

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
            case ShowTurn asked:
                _waiting.Enqueue((asked, Sender));
                if (_waiting.Count == 1)
                    Ask();
                break;
            case Typed { Text: null }:
                _gone = true;
                Context.Parent.Tell(new StopRun($"{_policy} left"));
                break;
            case Typed typed:
                _waiting.Dequeue().Asker.Tell(new PersonAnswered(typed.Asked.Id, typed.Text));
                if (_waiting.Count > 0)
                    Ask();
                break;
            case ReportWaits:
                if (_waiting.Count > 0)
                    Sender.Tell(
                        new Waits([
                            new Wait(_policy, $"an answer to turn {_waiting.Peek().Asked.Turn.Id}", default, null),
                        ])
                    );
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Ask()
    {
        if (_gone)
            return;
        _ = AnswerAsync(_waiting.Peek().Asked).PipeTo(Self);
    }

    private async Task<Typed> AnswerAsync(ShowTurn asked)
    {
        try
        {
            return new Typed(
                asked,
                await _person.AnswerAsync(asked.Turn, asked.Refusal, _stop.Token).ConfigureAwait(false)
            );
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return new Typed(asked, null);
        }
    }
}
