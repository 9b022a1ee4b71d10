// Games without actors or journal, many at once, for measuring and for branching. Asks roles, models and bots as the arena does.
using System.Collections.Immutable;
using AgentArena.Actors;
using AgentArena.Core;
using AgentArena.Core.Bots;
using AgentArena.Core.Games;
using AgentArena.Core.Models;
using AgentArena.Core.Roles;
using AgentArena.Core.Searching;
using AgentArena.Core.Tools;

namespace AgentArena.Cli.Play;

/// <summary>Who sits at a seat: a bot, a tool, or a model with the way its tokens are drawn.</summary>
/// <param name="Name">As shown: <c>student@17</c>, <c>random</c>.</param>
/// <param name="Bot">A scripted opponent.</param>
/// <param name="Model">Weights.</param>
/// <param name="Spec">How its tokens are drawn.</param>
internal sealed record Contestant(string Name, Bot? Bot, ILanguageModel? Model, PolicySpec? Spec)
{
    /// <summary>Looks ahead with the model before each move.</summary>
    public Searcher? Searcher { get; init; }

    /// <summary>The model's probabilities; shared with copies of this contestant, which have the same weights.</summary>
    public Weights? Weights { get; } = Model is null ? null : new Weights(Model);

    /// <summary>A started tool.</summary>
    public Tool? Tool { get; init; }
}

/// <summary>One game to be played: its number names its random streams, <paramref name="Begun"/> are events it already has.</summary>
internal sealed record RolloutGame(long Number, string Game, ImmutableArray<Contestant> Seats, ImmutableArray<GameEvent> Begun);

/// <summary>Plays games.</summary>
internal sealed class Rollouts(Playground ground, ulong seed)
{
    private const int AtOnce = 256;
    private long _nextId;

    /// <summary>The episodes, in the order the games end.</summary>
    public IEnumerable<Episode> Play(IEnumerable<RolloutGame> games)
    {
        var waiting = new Dictionary<long, (Table Table, Turn Turn, int Attempt)>();
        var active = new HashSet<Table>();
        using var next = games.GetEnumerator();
        var finished = new List<SequenceResult>();
        while (true)
        {
            while (active.Count < AtOnce && next.MoveNext())
            {
                var table = new Table(this, next.Current, waiting);
                table.Proceed();
                if (table.IsOver) yield return table.Episode;
                else active.Add(table);
            }
            if (active.Count == 0) yield break;
            foreach (var model in active.SelectMany(t => t.Models).Distinct().ToArray())
            {
                finished.Clear();
                if (model.Active > 0) model.Step(finished);
                foreach (var result in finished)
                {
                    if (!waiting.Remove(result.Id, out var asked)) continue;
                    asked.Table.Answer(asked.Turn, asked.Attempt, result.Said);
                    if (asked.Table.IsOver && active.Remove(asked.Table)) yield return asked.Table.Episode;
                }
            }
        }
    }

    // One game at its table.
    private sealed class Table
    {
        private readonly Rollouts _all;
        private readonly RolloutGame _plan;
        private readonly Game _game;
        private readonly Dictionary<long, (Table, Turn, int)> _waiting;
        private readonly List<GameEvent> _events = [];
        private readonly HashSet<int> _asked = [];
        private readonly Utterance?[] _lastSaid;
        private GameState? _state;

        public Table(Rollouts all, RolloutGame plan, Dictionary<long, (Table, Turn, int)> waiting)
        {
            (_all, _plan, _waiting) = (all, plan, waiting);
            _game = all.Ground.Games[plan.Game];
            _lastSaid = new Utterance?[_game.Facts.Seats];
            if (plan.Begun.IsDefaultOrEmpty)
            {
                var setup = new GameSetup(RandomStream.Derive(all.Seed, "setup", plan.Number));
                var state = _game.Start(setup);
                var chance = Settle(ref state);
                _state = state;
                _events.Add(new GameStarted(plan.Game, setup, [.. plan.Seats.Select(s => s.Name)]) { Chance = chance });
            }
            else foreach (var e in plan.Begun)
            {
                _state = _game.Apply(_state, e);
                _events.Add(e);
                if (e is MoveMade { Said: { } said } made) _lastSaid[made.Seat] = said;
            }
        }

        public bool IsOver => _events[^1] is GameEnded;

        public Episode Episode => new(_plan.Number, _game, [.. _events]);

        public IEnumerable<ILanguageModel> Models => _plan.Seats.Select(s => s.Model).OfType<ILanguageModel>();

        public void Proceed()
        {
            while (!IsOver)
            {
                var limit = _all.Ground.Scenario.Run.TurnsPerGame;
                if (limit > 0 && _events.Count(e => e is MoveMade) >= limit && _game.Outcome(_state!) is null) _state = _state! with { Cut = true };
                if (_game.Outcome(_state!) is { } outcome)
                {
                    _events.Add(new GameEnded(outcome));
                    return;
                }
                if (_game.Turns(_state!).FirstOrDefault(t => !_asked.Contains(t.Id)) is not { } turn) return;
                Ask(turn, 0, null);
            }
        }

        public void Answer(Turn turn, int attempt, Utterance said)
        {
            _asked.Remove(turn.Id);
            if (IsOver) return;
            _lastSaid[turn.Seat] = said;
            var reading = _all.Ground.Roles[turn.Role].Parse(_game, turn, said.Text);
            var fault = reading.Move is { } read ? _game.Check(_state!, turn, read) : reading.Fault;
            if (fault is null) Move(turn, reading.Move!.Value, said);
            else
            {
                _events.Add(new MoveRefused(turn.Id, turn.Seat, fault) { Said = said });
                if (attempt < _all.Ground.Scenario.Run.Reasks)
                {
                    Ask(turn, attempt + 1, fault);
                    return;
                }
                var forfeit = new SeatForfeited(turn.Id, turn.Seat, fault);
                var state = _game.Apply(_state, forfeit);
                var chance = Settle(ref state);
                _state = state;
                _events.Add(forfeit with { Chance = chance });
            }
            Proceed();
        }

        private void Ask(Turn turn, int attempt, string? refusal)
        {
            var who = _plan.Seats[turn.Seat];
            var seed = RandomStream.Derive(_all.Seed, "reply", _plan.Number, turn.Seat, ((long)turn.Id << 8) | (uint)attempt);
            if (who.Bot is { } bot)
            {
                var stream = new RandomStream(seed);
                Move(turn, bot.Choose(turn, ref stream), null);
                return;
            }
            if (who.Searcher is { } searcher)
            {
                var search = searcher.Begin(_game, turn, seed).Finish(turns => who.Weights!.Of(_all.Ground, turns));
                Move(turn, search.Move, null, [new ToolCall("search", "", search.Account)]);
                return;
            }
            if (who.Tool is { } tool)
            {
                Move(turn, new Move(tool.AnswerAsync(turn.Observation[0].Text, CancellationToken.None).GetAwaiter().GetResult()), null);
                return;
            }
            _asked.Add(turn.Id);
            var (role, last) = (_all.Ground.Roles[turn.Role], _lastSaid[turn.Seat]);
            var request = _all.Ground.RequestFor(_all._nextId++, turn, role, who.Spec!, role.Remembers && last is not null ? [.. last.Prompt, .. last.Tokens] : [],
                refusal is null ? role.Render(turn, first: last is null) : role.RenderRefusal(turn, refusal), seed);
            _waiting.Add(request.Id, (this, turn, attempt));
            who.Model!.Add(request);
        }

        private void Move(Turn turn, Move move, Utterance? said, ImmutableArray<ToolCall> tools = default)
        {
            var state = _game.Play(_state!, turn, move);
            var chance = Settle(ref state);
            _state = state;
            _events.Add(new MoveMade(turn.Id, turn.Seat, move.Text) { Said = said, Tools = tools.IsDefault ? [] : tools, Chance = chance });
        }

        private ImmutableArray<string> Settle(ref GameState state)
        {
            var stream = new RandomStream(RandomStream.Derive(_all.Seed, "chance", _plan.Number, _events.Count));
            return _game.Settle(ref state, ref stream);
        }
    }

    private Playground Ground => ground;

    private ulong Seed => seed;
}
