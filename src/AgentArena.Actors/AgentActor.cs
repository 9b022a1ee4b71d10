// One seat: words the turn by its role, asks bot, model, search, tool or person, reads the reply. Knows neither the rules' state nor a tensor.
using System.Collections.Immutable;
using Akka.Actor;
using AgentArena.Core;
using AgentArena.Core.Bots;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Roles;
using AgentArena.Core.Searching;

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
    private readonly PolicySpec? _spec;
    private readonly Searcher? _searcher;
    private Search? _search;
    private int _asks;
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
        _spec = ground.Scenario.Policies.GetValueOrDefault(FrozenPolicy.PolicyOf(_policy));
        _role = ground.RoleOf(_policy, _game.Facts.Roles[seat]);
        _bot = ground.Bots.GetValueOrDefault(_policy);
        _backend = backends.GetValueOrDefault(FrozenPolicy.PolicyOf(_policy));
        _searcher = ground.Searchers.GetValueOrDefault(_policy);
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
            case MovesWeighed weighed when _search is not null && weighed.Tag == Tag:
                Searched(() => _search.Absorb([.. weighed.Probabilities.Select(p => p.ToArray())]));
                break;
            case PersonAnswered said when _asked is not null && (said.Turn, said.Attempt) == (_asked.Turn.Id, _asked.Attempt):
                Said(said.Text);
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
        if (_spec?.Person == true)
        {
            _backend!.Tell(asked);
            return;
        }
        if (_searcher is not null)
        {
            Searched(() => _search = _searcher.Begin(_game, asked.Turn, seed));
            return;
        }
        if (_spec?.Tool is not null)
        {
            _backend!.Tell(new UseTool(RequestId(asked.Turn), asked.Turn.Observation[0].Text));
            return;
        }
        // A remote model keeps no conversation: each request tells it all, so that any one of them can be sent again.
        var messages = asked.Refusal is not { } refusal ? _role.Render(asked.Turn, !_spoken)
            : _spec?.Remote is not null ? [.. _role.Render(asked.Turn, first: true), new Message(Speaker.User, refusal)]
            : _role.RenderRefusal(asked.Turn, refusal);
        _backend!.Tell(new Generate(_ground.Scenario.WeightsOf(_policy), _ground.RequestFor(RequestId(asked.Turn), asked.Turn, _role, _spec!, _memory, messages, seed)));
    }

    // Of all answers to this seat only the one to its newest question goes on.
    private int Tag => (_seat << 24) ^ (_asks & 0xFFFFFF);

    private void Searched(Action step)
    {
        try
        {
            step();
        }
        catch (InvalidOperationException e)
        {
            Context.Parent.Tell(new TurnFailed(_asked!.Turn.Id, "rules", e.Message));
            _search = null;
            return;
        }
        if (_search!.Wanted is { IsEmpty: false } wanted)
        {
            _asks++;
            _backend!.Tell(new WeighMoves(_ground.Scenario.WeightsOf(_policy), Tag, [.. wanted.Select(_ground.QuestionOf)]));
            return;
        }
        var found = _search;
        _search = null;
        Reply(Reading.Of(found.Move), null, [new ToolCall("search", "", found.Account)]);
    }

    // Words that are no move are not the game's affair: the person is simply asked again.
    private void Said(string text)
    {
        if (_game.Read(_asked!.Turn, text) is { } move) Reply(Reading.Of(move), null);
        else _backend!.Tell(_asked with { Refusal = _asked.Turn.HasLegal ? $"'{text}' is no legal move. Legal: {_asked.Turn.LegalText}." : "an answer is needed." });
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

    private void Reply(Reading reading, Utterance? said, ImmutableArray<ToolCall> tools = default)
    {
        Context.Parent.Tell(new TurnAnswered(_asked!.Turn.Id, _asked.Attempt, reading.Move?.Text, reading.Fault, said, tools.IsDefault ? [] : tools));
        _asked = null;
    }
}
