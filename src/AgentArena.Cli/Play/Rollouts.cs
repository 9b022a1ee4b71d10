// Games without actors or journal, many at once, for measuring and for branching. Asks roles, models and bots as the
// arena does.
using System.Collections.Immutable;
using AgentArena.Actors;
using AgentArena.Core;
using AgentArena.Core.Binding;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Core.Scenarios;
using AgentArena.Core.Tools;

namespace AgentArena.Cli.Play;

/// <summary>Who sits at a seat, with all it needs at hand.</summary>
/// <param name="Name">As shown: <c>student@17</c>, <c>random</c>.</param>
/// <param name="Player">Who answers.</param>
/// <param name="Spec">How its tokens are drawn.</param>
/// <param name="Model">Its weights, where it plays with any.</param>
internal sealed record Contestant(string Name, Player Player, PolicySpec Spec, ILanguageModel? Model = null)
{
    /// <summary>
    /// The model's probabilities; shared with copies of this contestant, which have the same weights.
    /// </summary>
    public Weights? Weights { get; } = Model is null ? null : new Weights(Model);

    /// <summary>A started tool.</summary>
    public Tool? Tool { get; init; }

    /// <summary>Whether it looks ahead before it moves.</summary>
    public bool Searches => Player is Searcher;
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
    private readonly Dictionary<long, (Table Table, OpenTurn Turn, Asking Asking)> _waiting = [];
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
                    var (table, open, asking) = asked;
                    Answer(table, open, () =>
                    {
                        asking.Hear(result.Said);
                        return GoOn(table, open, asking);
                    });
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

    private SeatAnswer? Ask(Table table, OpenTurn open)
    {
        var who = table.Plan.Seats[open.Turn.Seat];
        _nextId += SeatTurn.Queries;
        var asking = ground.Ask(
            _nextId,
            who.Player,
            who.Spec.Sampling(),
            table.Referee.Game,
            open,
            table.Referee.LastSaid(open.Turn.Seat),
            SeatTurn.SeedOf(seed, table.Plan.Number, open)
        );
        return GoOn(table, open, asking);
    }

    // The player's answer, its queries carried at once; null where its model was asked and will answer later.
    private SeatAnswer? GoOn(Table table, OpenTurn open, Asking asking)
    {
        var who = table.Plan.Seats[open.Turn.Seat];
        while (asking.Answer is null)
            switch (asking.Wanted)
            {
                case ReplyQuery query:
                    _waiting.Add(query.Id, (table, open, asking));
                    who.Model!.Add(query.Request);
                    return null;
                case MovesQuery query:
                    asking.Hear(who.Weights!.Of(ground, query.Turns));
                    break;
                case ToolQuery query:
                    asking.Hear(Waiting.For(who.Tool!.AnswerAsync(query.Request, CancellationToken.None)));
                    break;
                default:
                    throw new UserException(
                        $"{who.Name}: a remote model or a person plays in runs only. Seat another policy."
                    );
            }
        return asking.Answer;
    }
}
