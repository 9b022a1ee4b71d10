// One role's seats at a table, in every game there: words turns, asks bot, model, search, tool or person, reads the
// replies.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Bots;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Roles;
using AgentArena.Core.Searching;
using Akka.Actor;

namespace AgentArena.Actors;

/// <summary>
/// Who sits in a role. It keeps nothing of a game but the questions that are on their way: a question brings along what
/// its seat said before. Each reply has a random stream of its own, named by (run seed, game, seat, turn, attempt); a
/// request is named by game, seat and turn, so that a question asked again after a crash is the same request.
/// </summary>
public sealed class AgentActor : UntypedActor
{
    private sealed class Pending(long id, TurnOpened asked, Role role, IActorRef backend)
    {
        public long Id { get; } = id;
        public TurnOpened Asked { get; } = asked;
        public Role Role { get; } = role;
        public IActorRef Backend { get; } = backend;
        public Search? Search { get; init; }
        public long Newest { get; set; } = id; // a search asks many questions; only the answer to its newest counts
    }

    private const long SearchBits = 0xFFF; // of a request's id: they number the questions of a search

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
            case GeneratedMany replies:
                foreach (var reply in replies.Replies)
                    Replied(reply);
                break;
            case TurnsClosed closed:
                foreach (var turn in closed.Turns)
                    Closed(turn);
                break;
            case MovesWeighed weighed
                when _pending.TryGetValue(RequestOf(weighed.Id), out var searching) && searching.Newest == weighed.Id:
                Try(searching.Asked, () =>
                {
                    searching.Search!.Absorb([.. weighed.Probabilities.Select(p => p.ToArray())]);
                    Search(searching);
                });
                break;
            case PersonAnswered said when _pending.TryGetValue(said.Id, out var shown):
                Said(shown, said);
                break;
            case ToolAnswered answered when _pending.Remove(answered.Id, out var used):
                if (answered.Answer is { } move)
                    Reply(used.Asked, new SeatAnswer(move, null));
                else
                    Failed(used.Asked, "tool", answered.Error!);
                break;
            case GenerateFailed failed when _pending.Remove(RequestOf(failed.Id), out var refused):
                Failed(refused.Asked, "model", failed.Error);
                break;
            case MovesWeighed or PersonAnswered or ToolAnswered or GenerateFailed:
                break; // an answer to a turn that is closed
            default:
                Unhandled(message);
                break;
        }
        Send();
    }

    private ulong SeedOf(TurnOpened asked) =>
        RandomStream.Derive(
            (ulong)_ground.Scenario.Seed,
            "reply",
            asked.Number,
            asked.Turn.Seat,
            ((long)asked.Turn.Id << 8) | (uint)asked.Attempt
        );

    private static long RequestOf(long id) => id & ~SearchBits;

    // Unique among all open requests of a run: game, seat (6 bits), turn (14 bits), and room for a search's questions.
    private static long RequestOf(TurnOpened asked) =>
        (asked.Number << 32) | ((long)asked.Turn.Seat << 26) | ((asked.Turn.Id & 0x3FFFL) << 12);

    private void Asked(TurnOpened asked)
    {
        var (turn, policy, seed) = (asked.Turn, asked.Policy, SeedOf(asked));
        if (_ground.Bots.TryGetValue(policy, out var bot))
        {
            var stream = new RandomStream(seed);
            Reply(asked, new SeatAnswer(bot.Choose(turn, ref stream).Text, null));
            return;
        }
        var (owner, role) = (FrozenPolicy.PolicyOf(policy), _ground.RoleOf(policy, _roleName));
        var (spec, backend) = (_ground.Scenario.Policies[owner], _backends[owner]);
        var searcher = _ground.Searchers.GetValueOrDefault(policy);
        var pending = new Pending(RequestOf(asked), asked, role, backend)
        {
            Search = searcher?.Begin(_ground.Games[asked.Game], turn, seed),
        };
        _pending[pending.Id] = pending;
        if (pending.Search is not null)
            Search(pending);
        else if (spec.Person)
            backend.Tell(new ShowTurn(pending.Id, turn, asked.Refusal));
        else if (spec.Tool is not null)
            backend.Tell(new UseTool(pending.Id, turn.RequestOfTool));
        else
            Generate(pending, spec, seed);
    }

    private void Generate(Pending pending, PolicySpec spec, ulong seed)
    {
        var asked = pending.Asked;
        var request = _ground.Ask(
            pending.Id,
            new OpenTurn(asked.Turn, asked.Attempt, asked.Refusal),
            asked.Said,
            pending.Role,
            spec,
            seed
        );
        if (!_requests.TryGetValue(pending.Backend, out var requests))
            _requests.Add(pending.Backend, requests = ImmutableArray.CreateBuilder<Generate>());
        requests.Add(new Generate(_ground.Scenario.WeightsOf(asked.Policy), request));
    }

    private void Search(Pending pending)
    {
        if (pending.Search!.Wanted is { IsEmpty: false } wanted)
        {
            pending.Newest = pending.Id | ((pending.Newest + 1) & SearchBits);
            var weights = _ground.Scenario.WeightsOf(pending.Asked.Policy);
            pending.Backend.Tell(new WeighMoves(weights, pending.Newest, [.. wanted.Select(_ground.QuestionOf)]));
            return;
        }
        _pending.Remove(pending.Id);
        Reply(
            pending.Asked,
            new SeatAnswer(pending.Search.Move.Text, null)
            {
                Tools = [new ToolCall("search", "", pending.Search.Account)],
            }
        );
    }

    // Words that are no move are not the game's affair: the person is simply asked again.
    private void Said(Pending shown, PersonAnswered said)
    {
        var turn = shown.Asked.Turn;
        if (_ground.Games[shown.Asked.Game].Read(turn, said.Text) is { } move)
        {
            _pending.Remove(said.Id);
            Reply(shown.Asked, new SeatAnswer(move.Text, null));
        }
        else
            shown.Backend.Tell(
                new ShowTurn(
                    said.Id,
                    turn,
                    turn.HasLegal ? $"'{said.Text}' is no legal move. Legal: {turn.LegalText}." : "an answer is needed."
                )
            );
    }

    private void Replied(Generated generated)
    {
        if (!_pending.Remove(generated.Id, out var pending))
            return; // an answer to a turn that is closed
        Try(pending.Asked, () =>
            Reply(
                pending.Asked,
                pending.Role.Read(_ground.Games[pending.Asked.Game], pending.Asked.Turn, generated.Said)
            )
        );
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
            pending.Backend.Tell(new CancelGeneration([id]));
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
            _pending.Remove(RequestOf(asked));
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
