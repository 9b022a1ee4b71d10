// One role's seats at a table, in every game there: hands each question to its player and carries the player's queries to
// models, tools and people and back.
using System.Collections.Immutable;
using AgentArena.Core.Binding;
using AgentArena.Core.Play;
using AgentArena.Core.Scenarios;
using Akka.Actor;

namespace AgentArena.Actors;

/// <summary>
/// Who sits in a role. It keeps nothing of a game but the questions that are on their way: a question brings along what
/// its seat said before. Each reply has a random stream of its own, named by (run seed, game, seat, turn, attempt); a
/// question is named by game, seat and turn, so that a question asked again after a crash is the same request.
/// </summary>
public sealed class AgentActor : UntypedActor
{
    private sealed record Pending(TurnOpened Asked, Asking Asking, IActorRef Backend);

    private readonly BoundScenario _ground;
    private readonly string _roleName;
    private readonly IReadOnlyDictionary<string, IActorRef> _backends;
    private readonly TimeProvider _time;
    private readonly Dictionary<long, Pending> _pending = [];
    private readonly ImmutableArray<TurnAnswered>.Builder _answers = ImmutableArray.CreateBuilder<TurnAnswered>();
    private readonly Dictionary<IActorRef, ImmutableArray<Generate>.Builder> _requests = [];

    /// <param name="ground">The scenario, bound.</param>
    /// <param name="role">The role.</param>
    /// <param name="backends">Who is asked for a policy that is no bot.</param>
    /// <param name="time">The clock that tells how long requests waited.</param>
    public AgentActor(
        BoundScenario ground,
        string role,
        IReadOnlyDictionary<string, IActorRef> backends,
        TimeProvider time
    ) => (_ground, _roleName, _backends, _time) = (ground, role, backends, time);

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object message)
    {
        // What was on its way is asked again: the same requests under the same ids.
        foreach (var pending in _pending.Values)
            Self.Tell(new TurnsOpened([pending.Asked]), Context.Parent);
        base.PreRestart(reason, message);
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TurnsOpened opened:
                foreach (var turn in opened.Turns)
                    Try(turn, () => Asked(turn));
                break;
            case TurnsClosed closed:
                foreach (var turn in closed.Turns)
                    Closed(turn);
                break;
            case GeneratedMany replies:
                foreach (var reply in replies.Replies)
                    Heard(reply.Id, asking => asking.Hear(reply.Said));
                break;
            case MovesWeighed weighed:
                Heard(weighed.Id, asking => asking.Hear([.. weighed.Probabilities.Select(p => p.ToArray())]));
                break;
            case PersonAnswered said:
                Heard(said.Id, asking => asking.Hear(said.Text));
                break;
            case ToolAnswered { Answer: { } answer } answered:
                Heard(answered.Id, asking => asking.Hear(answer));
                break;
            case ToolAnswered answered:
                Failed(answered.Id, "tool", answered.Error!);
                break;
            case GenerateFailed failed:
                Failed(failed.Id, "model", failed.Error);
                break;
            default:
                Unhandled(message);
                break;
        }
        Send();
    }

    private static long QuestionOf(long query) => query & ~(SeatTurn.Queries - 1L);

    // Unique among all open questions of a run: game, seat (6 bits), turn (14 bits), and room for a question's queries.
    private static long IdOf(TurnOpened asked) =>
        (asked.Number << 32) | ((long)asked.Turn.Seat << 26) | ((asked.Turn.Id & 0x3FFFL) << 12);

    private void Asked(TurnOpened asked)
    {
        var open = new OpenTurn(asked.Turn, asked.Attempt, asked.Refusal);
        var owner = FrozenPolicy.PolicyOf(asked.Policy);
        var asking = _ground.Ask(
            IdOf(asked),
            _ground.Players[owner],
            _ground.Scenario.Policies[owner].Sampling(),
            _ground.Games[asked.Game],
            open,
            asked.Said,
            SeatTurn.SeedOf((ulong)_ground.Scenario.Seed, asked.Number, open)
        );
        var backend = _backends.GetValueOrDefault(owner, ActorRefs.Nobody);
        GoOn(new Pending(asked, asking, backend));
    }

    // The answer, or what the player asks next.
    private void GoOn(Pending pending)
    {
        var (asked, asking, backend) = pending;
        if (asking.Answer is { } answer)
        {
            _pending.Remove(IdOf(asked));
            Reply(asked, answer);
            return;
        }
        _pending[IdOf(asked)] = pending;
        switch (asking.Wanted)
        {
            case ReplyQuery query:
                if (!_requests.TryGetValue(backend, out var requests))
                    _requests.Add(backend, requests = ImmutableArray.CreateBuilder<Generate>());
                requests.Add(new Generate(_ground.Scenario.WeightsOf(asked.Policy), query.Request));
                break;
            case MovesQuery query:
                var weights = _ground.Scenario.WeightsOf(asked.Policy);
                backend.Tell(new WeighMoves(weights, query.Id, [.. query.Turns.Select(_ground.QuestionOf)]));
                break;
            case ToolQuery query:
                backend.Tell(new UseTool(query.Id, query.Request));
                break;
            case PersonQuery query:
                backend.Tell(new ShowTurn(query.Id, query.Turn, query.Note));
                break;
            default:
                throw new InvalidOperationException($"player of {asked.Policy}: neither answers nor asks anything.");
        }
    }

    // A reply to a query that nobody waits for any more (its turn is closed, or a newer query went out) is passed over.
    private void Heard(long query, Action<Asking> hear)
    {
        if (
            !_pending.TryGetValue(QuestionOf(query), out var pending)
            || pending.Asking.Wanted is not { } wanted
            || wanted.Id != query
        )
            return;
        Try(pending.Asked, () =>
        {
            hear(pending.Asking);
            GoOn(pending);
        });
    }

    private void Failed(long query, string boundary, string error)
    {
        if (_pending.Remove(QuestionOf(query), out var pending))
            Failed(pending.Asked, boundary, error);
    }

    private void Closed(TurnOpened closed)
    {
        foreach (
            var (id, pending) in _pending
                .Where(p => (p.Value.Asked.Number, p.Value.Asked.Turn.Id) == (closed.Number, closed.Turn.Id))
                .ToArray()
        )
        {
            _pending.Remove(id);
            pending.Backend.Tell(new CancelGeneration([pending.Asking.Wanted!.Id]));
        }
    }

    // A fault of a role, a bot or a search is this game's, not the seat's.
    private void Try(TurnOpened asked, Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _pending.Remove(IdOf(asked));
            Failed(asked, "role", $"{_roleName} ({asked.Policy}): {e.GetType().Name}: {e.Message}");
        }
    }

    private void Reply(TurnOpened asked, SeatAnswer answer) =>
        _answers.Add(new TurnAnswered(asked.Number, asked.Turn.Id, asked.Attempt, answer));

    private void Failed(TurnOpened asked, string boundary, string error) =>
        _answers.Add(new TurnAnswered(asked.Number, asked.Turn.Id, asked.Attempt, null, boundary, error));

    private void Send()
    {
        if (_answers.Count > 0)
            Context.Parent.Tell(new TurnsAnswered(_answers.DrainToImmutable()));
        foreach (var (backend, requests) in _requests)
            if (requests.Count > 0)
                backend.Tell(new GenerateMany(requests.DrainToImmutable(), _time.GetTimestamp()));
    }
}
