// One seat: words the turn by its role, asks bot or model, reads the reply. Knows neither the rules' state nor a tensor.
using System.Collections.Immutable;
using Akka.Actor;
using AgentArena.Core;
using AgentArena.Core.Bots;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Roles;

namespace AgentArena.Actors;

/// <summary>Who sits at a seat. Each reply has a random stream of its own, named by (run seed, game, seat, turn, attempt).</summary>
public sealed class AgentActor : UntypedActor
{
    private readonly Playground _ground;
    private readonly long _number;
    private readonly int _seat;
    private readonly string _policy;
    private readonly Game _game;
    private readonly Role _role;
    private readonly Bot? _bot;
    private readonly IActorRef? _backend;
    private readonly bool _isTool;
    private ImmutableArray<int> _memory = [];
    private TurnOpened? _asked;
    private bool _spoken;

    /// <param name="ground">The scenario, bound.</param>
    /// <param name="assignment">Which game.</param>
    /// <param name="seat">Which seat.</param>
    /// <param name="backends">Who is asked for a policy that is no bot.</param>
    /// <param name="last">What the seat said last in this game (no tokens: nothing yet), so that a resumed game remembers.</param>
    public AgentActor(Playground ground, Assignment assignment, int seat, IReadOnlyDictionary<string, IActorRef> backends, Utterance last)
    {
        (_ground, _number, _seat) = (ground, assignment.Number, seat);
        _policy = assignment.Seats[seat];
        _game = ground.Games[assignment.Game];
        _role = ground.Roles[_game.Facts.Roles[seat]];
        _bot = ground.Bots.GetValueOrDefault(_policy);
        _backend = backends.GetValueOrDefault(League.Base(_policy));
        _isTool = ground.Scenario.Policies.GetValueOrDefault(_policy)?.Tool is not null;
        Remember(last);
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TurnOpened asked:
                Asked(asked);
                break;
            case Generated generated:
                Replied(generated);
                break;
            case ToolAnswered answered when _asked is not null && answered.Id == RequestId(_asked.Turn):
                if (answered.Answer is { } answer) Reply(Reading.Of(new Move(answer)), null);
                else Context.Parent.Tell(new TurnFailed(_asked.Turn.Id, "tool", answered.Error!));
                break;
            case GenerateFailed failed when _asked is not null:
                Context.Parent.Tell(new TurnFailed(_asked.Turn.Id, "model", failed.Error));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Asked(TurnOpened asked)
    {
        _asked = asked;
        var seed = RandomStream.Derive((ulong)_ground.Scenario.Seed, "reply", _number, _seat, ((long)asked.Turn.Id << 8) | (uint)asked.Attempt);
        if (_bot is not null)
        {
            var stream = new RandomStream(seed);
            Reply(Reading.Of(_bot.Choose(asked.Turn, ref stream)), null);
            return;
        }
        if (_isTool)
        {
            _backend!.Tell(new UseTool(RequestId(asked.Turn), asked.Turn.Observation[0].Text));
            return;
        }
        var messages = asked.Refusal is { } refusal ? _role.RenderRefusal(asked.Turn, refusal) : _role.Render(asked.Turn, !_spoken);
        _backend!.Tell(new Generate(_policy, RequestFor(asked.Turn, messages, seed)));
    }

    private SequenceRequest RequestFor(Turn turn, ImmutableArray<Message> messages, ulong seed)
    {
        var run = _ground.Scenario.Run;
        return new SequenceRequest
        {
            Id = RequestId(turn), Prefix = _memory, Messages = messages, Seed = seed,
            Legal = _role.Constrained && turn.HasLegal ? Prints(turn, turn.Legal) : default,
            Examples = Prints(turn, turn.HasLegal ? turn.Legal : turn.Suggestions),
            Sampling = SamplingOf(_ground.Scenario.Policies[League.Base(_policy)], _role),
            Budget = turn.TokenBudget > 0 ? Math.Min(turn.TokenBudget, run.TokensPerTurn) : run.TokensPerTurn,
        };
    }

    private static readonly Sampling Plain = new();

    private static Sampling SamplingOf(PolicySpec policy, Role role) =>
        policy is { Temperature: 1, TopK: 0, TopP: 1 } && role.Stop.IsDefaultOrEmpty ? Plain
            : new Sampling { Temperature = (float)policy.Temperature, TopK = policy.TopK, TopP = (float)policy.TopP, Stop = role.Stop };

    private ImmutableArray<string> Prints(Turn turn, ImmutableArray<string> moves)
    {
        var texts = new string[moves.Length];
        for (var i = 0; i < texts.Length; i++) texts[i] = _role.Print(turn, new Move(moves[i]));
        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(texts);
    }

    /// <summary>Unique among all open requests of the run: game, seat, turn.</summary>
    private long RequestId(Turn turn) => (_number << 20) ^ ((long)_seat << 14) ^ (uint)turn.Id & 0x3FFF;

    private void Replied(Generated generated)
    {
        if (_asked is null || generated.Id != RequestId(_asked.Turn)) return; // an answer to a turn that is closed
        var said = generated.Said;
        Remember(said);
        Reading reading;
        try
        {
            reading = _role.Parse(_game, _asked.Turn, said.Text);
        }
        catch (Exception e)
        {
            Context.Parent.Tell(new TurnFailed(_asked.Turn.Id, "role", $"{_role.GetType().Name} could not read a reply ({e.GetType().Name}: {e.Message})"));
            return;
        }
        if (reading.Move is null && said.Truncated) reading = Reading.None($"{reading.Fault} (the reply was cut at {said.Tokens.Length} tokens)");
        Reply(reading, said);
    }

    private void Remember(Utterance said)
    {
        if (said.Tokens.IsEmpty) return;
        _spoken = true;
        if (_role.Remembers) _memory = [.. said.Prompt, .. said.Tokens];
    }

    private void Reply(Reading reading, Utterance? said)
    {
        Context.Parent.Tell(new TurnAnswered(_asked!.Turn.Id, _asked.Attempt, reading.Move?.Text, reading.Fault, said, []));
        _asked = null;
    }
}
