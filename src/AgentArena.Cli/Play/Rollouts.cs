// Games without actors or journal, many at once, for measuring and for branching. Asks roles, models and bots as the
// arena does.
using System.Collections.Immutable;
using AgentArena.Actors;
using AgentArena.Core;
using AgentArena.Core.Bots;
using AgentArena.Core.Games;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
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

    /// <summary>
    /// The model's probabilities; shared with copies of this contestant, which have the same weights.
    /// </summary>
    public Weights? Weights { get; } = Model is null ? null : new Weights(Model);

    /// <summary>A started tool.</summary>
    public Tool? Tool { get; init; }
}

/// <summary>
/// One game to be played: its number names its random streams, <paramref name="Begun"/> are events it already has.
/// </summary>
internal sealed record RolloutGame(
    long Number,
    string Game,
    ImmutableArray<Contestant> Seats,
    ImmutableArray<GameEvent> Begun
);

/// <summary>
/// Plays games as a run does: the same referee, the same seats' words and random streams. A game that the system fails
/// is one more episode, with an aborted outcome; callers say so instead of scoring it.
/// </summary>
internal sealed class Rollouts(BoundScenario ground, ulong seed)
{
    private const int AtOnce = 256;
    private readonly Dictionary<long, (Table Table, OpenTurn Turn)> _waiting = [];
    private long _nextId;

    /// <summary>The episodes, in the order the games end.</summary>
    public IEnumerable<Episode> Play(IEnumerable<RolloutGame> games)
    {
        var active = new HashSet<Table>();
        using var next = games.GetEnumerator();
        var finished = new List<SequenceResult>();
        while (true)
        {
            while (active.Count < AtOnce && next.MoveNext())
            {
                var table = new Table(next.Current, Begin(next.Current));
                Proceed(table);
                if (table.Referee.IsOver)
                    yield return table.Episode;
                else
                    active.Add(table);
            }
            if (active.Count == 0)
                yield break;
            foreach (
                var model in active
                    .SelectMany(t => t.Plan.Seats.Select(s => s.Model))
                    .OfType<ILanguageModel>()
                    .Distinct()
                    .ToArray()
            )
            {
                finished.Clear();
                if (model.Active > 0)
                    model.Step(finished);
                foreach (var result in finished)
                {
                    if (!_waiting.Remove(result.Id, out var asked))
                        continue;
                    var (table, open) = asked;
                    Answer(table, open, () =>
                        ground.Roles[open.Turn.Role].Read(table.Referee.Game, open.Turn, result.Said)
                    );
                    Proceed(table);
                    if (table.Referee.IsOver && active.Remove(table))
                        yield return table.Episode;
                }
            }
        }
    }

    private sealed record Table(RolloutGame Plan, Referee Referee)
    {
        public HashSet<OpenTurn> Asked { get; } = new(ReferenceEqualityComparer.Instance);

        public Episode Episode => new(Plan.Number, Referee.Game, [.. Referee.Log]);
    }

    private Referee Begin(RolloutGame plan)
    {
        var referee = new Referee(ground.Games[plan.Game], ground.Scenario.Run.Limits);
        if (plan.Begun.IsDefaultOrEmpty)
        {
            var setup = new GameSetup(RandomStream.Derive(seed, "setup", plan.Number));
            referee.Begin(plan.Game, setup, [.. plan.Seats.Select(s => s.Name)]);
            return referee;
        }
        foreach (var e in plan.Begun)
            referee.Apply(e);
        referee.Resume();
        return referee;
    }

    // Asks every open seat; those that need no model answer at once, which may open more.
    private void Proceed(Table table)
    {
        while (table.Referee.Open.FirstOrDefault(o => !table.Asked.Contains(o)) is { } open)
        {
            table.Asked.Add(open);
            Answer(table, open, () => Ask(table, open));
        }
    }

    private static void Answer(Table table, OpenTurn open, Func<SeatAnswer?> answer)
    {
        try
        {
            if (answer() is { } given)
                table.Referee.Answer(open.Turn.Id, open.Attempt, given);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or UserException))
        {
            table.Referee.Fail("role", $"{open.Turn.Role}: {e.GetType().Name}: {e.Message}");
        }
    }

    /// <summary>
    /// The answer of a seat that needs no model; null where the model was asked and will answer later.
    /// </summary>
    private SeatAnswer? Ask(Table table, OpenTurn open)
    {
        var (turn, who) = (open.Turn, table.Plan.Seats[open.Turn.Seat]);
        var drawn = RandomStream.Derive(
            seed,
            "reply",
            table.Plan.Number,
            turn.Seat,
            ((long)turn.Id << 8) | (uint)open.Attempt
        );
        if (who.Bot is { } bot)
        {
            var stream = new RandomStream(drawn);
            return new SeatAnswer(bot.Choose(turn, ref stream).Text, null);
        }
        if (who.Searcher is { } searcher)
        {
            var search = searcher
                .Begin(table.Referee.Game, turn, drawn)
                .Finish(turns => who.Weights!.Of(ground, turns));
            return new SeatAnswer(search.Move.Text, null) { Tools = [new ToolCall("search", "", search.Account)] };
        }
        if (who.Tool is { } tool)
            return new SeatAnswer(Waiting.For(tool.AnswerAsync(turn.RequestOfTool, CancellationToken.None)), null);
        var request = ground.Ask(
            _nextId++,
            open,
            table.Referee.LastSaid(turn.Seat),
            ground.Roles[turn.Role],
            who.Spec!,
            drawn
        );
        _waiting.Add(request.Id, (table, open));
        who.Model!.Add(request);
        return null;
    }
}
