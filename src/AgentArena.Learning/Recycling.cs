// Products of finished games made into tasks of other games, each once, at most so many a batch. Knows texts and
// measures, no game.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;

namespace AgentArena.Learning;

/// <summary>
/// SPARK (InternLM/Spark) uses the graded answers of a batch again in the same step, as material to judge and to mend,
/// at most 32 items of either kind. Here each product of the game <c>from</c> waits once for each game in <c>to</c>; of
/// every <c>batch</c> games the first are those that something waits for, a waiting product drawn at random, until as
/// many were dealt as that game may have. What still waits when the next batch begins is dropped: it was said by older
/// weights. All other games are the table's.
/// </summary>
public sealed class Recycling : Matchmaker
{
    /// <summary>Options of <see cref="Recycling"/>; the numbers are the released code's.</summary>
    public sealed record Options
    {
        /// <summary>The game whose products are used again.</summary>
        public required string From { get; init; }

        /// <summary>The games they are dealt to.</summary>
        public required ImmutableSortedDictionary<string, Use> To { get; init; }

        /// <summary>
        /// Games of a batch, those that are dealt products included: 64 questions and twice 32 items.
        /// </summary>
        public long Batch { get; init; } = 128;

        /// <summary>
        /// Decides game and seats of all others; unset draws among the games that are not in <c>to</c>, by their
        /// shares.
        /// </summary>
        public Plugin? Table { get; init; }
    }

    /// <summary>How a game uses products.</summary>
    public sealed record Use
    {
        /// <summary>The most a batch.</summary>
        public int Most { get; init; } = 32;

        /// <summary>
        /// A measure of the game that made the product; it is used where this is below <see cref="Below"/>. Empty uses
        /// all.
        /// </summary>
        public string Measure { get; init; } = "";

        /// <summary>What the measure should be below: 1 asks for a group that holds a wrong answer.</summary>
        public double Below { get; init; } = 1;
    }

    private readonly Options _options;
    private readonly Matchmaker? _table;
    private readonly ImmutableSortedDictionary<string, Waiting> _waiting;
    private long _span;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Recycling(Options options, Catalog catalog)
    {
        if (options.Batch < 1)
            throw new ArgumentException($"batch is {options.Batch}; it should be 1 or more.");
        if (options.To.IsEmpty)
            throw new ArgumentException("to is empty; it should name the games that products are dealt to.");
        foreach (var (game, use) in options.To)
        {
            if (use.Most < 1)
                throw new ArgumentException(
                    $"to.{game}.most is {use.Most}; it should be 1 or more. Leave the game out where nothing is to be dealt to it."
                );
            if (game == options.From)
                throw new ArgumentException(
                    $"to.{game} is also the game that products are taken from; it should be another one."
                );
        }
        if (options.To.Values.Sum(u => (long)u.Most) >= options.Batch)
            throw new ArgumentException(
                $"batch is {options.Batch}, and to allows {options.To.Values.Sum(u => (long)u.Most)} games of it; there should be room for other games, whose products these are."
            );
        _options = options;
        _table = options.Table is null ? null : catalog.Matchmakers.Create(options.Table, "table");
        _waiting = options.To.ToImmutableSortedDictionary(t => t.Key, _ => new Waiting());
    }

    /// <inheritdoc/>
    public override void Open(MatchContext table) => _table?.Open(table);

    /// <inheritdoc/>
    public override Assignment Next(MatchContext table, long number, ref RandomStream stream)
    {
        Begin(number);
        foreach (var (game, waiting) in _waiting)
        {
            if (waiting.Dealt >= _options.To[game].Most || waiting.Products.Count == 0)
                continue;
            var product = waiting.Products.Values[stream.Next(waiting.Products.Count)];
            var dealt = new Assignment(
                number,
                game,
                new GameSetup(stream.NextUInt64(), TaskJson.Deal([product])),
                Seat(table, game)
            );
            Take(waiting, dealt);
            return dealt;
        }
        if (_table is not null)
            return _table.Next(table, number, ref stream);
        var drawn = Draw(table.Shares.RemoveRange(_options.To.Keys), ref stream);
        return new Assignment(number, drawn, new GameSetup(stream.NextUInt64()), Seat(table, drawn));
    }

    /// <inheritdoc/>
    public override void Recall(Assignment assignment)
    {
        Begin(assignment.Number);
        if (_waiting.TryGetValue(assignment.Game, out var waiting) && assignment.Setup.Task is not null)
            Take(waiting, assignment);
        else
            _table?.Recall(assignment);
    }

    /// <inheritdoc/>
    public override void Observe(Assignment assignment, LedgerEntry entry)
    {
        _table?.Observe(assignment, entry);
        if (assignment.Game != _options.From || entry.Product is not { } product)
            return;
        foreach (var (game, use) in _options.To)
            if (use.Measure.Length == 0 || entry.Measures.TryGetValue(use.Measure, out var value) && value < use.Below)
                _waiting[game].Products[assignment.Number] = product;
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, double Value)> Figures() => _table?.Figures() ?? [];

    /// <inheritdoc/>
    public override void Check(MatchContext table, string path, Mistakes mistakes)
    {
        _table?.Check(table, $"{path}.table", mistakes);
        foreach (var (game, at) in _options.To.Keys.Select(g => (g, $"to.{g}")).Prepend((_options.From, "from")))
            if (!table.Games.ContainsKey(game))
                mistakes.Add($"{path}.{at}", DidYouMean.Unknown("game", game, table.Games.Keys));
        foreach (var (game, use) in _options.To)
            if (use.Measure.Length > 0 && table.Games.TryGetValue(_options.From, out var source))
                MeasureNames.Check(use.Measure, [source], $"{path}.to.{game}.measure", mistakes);
    }

    // In the first game of a batch, what has waited through the whole of the one before is dropped.
    private void Begin(long number)
    {
        if (number / _options.Batch is var span && span <= _span)
            return;
        foreach (var waiting in _waiting.Values)
        {
            waiting.Dealt = 0;
            while (waiting.Products.Count > 0 && waiting.Products.Keys[0] < (span - 1) * _options.Batch)
                waiting.Products.RemoveAt(0);
        }
        _span = span;
    }

    private static void Take(Waiting waiting, Assignment dealt)
    {
        waiting.Dealt++;
        for (var i = 0; i < waiting.Products.Count; i++)
        {
            if (TaskJson.Deal([waiting.Products.Values[i]]) != dealt.Setup.Task)
                continue;
            waiting.Products.RemoveAt(i);
            return;
        }
    }

    private sealed class Waiting
    {
        /// <summary>By the number of the game that made it.</summary>
        public SortedList<long, string> Products { get; } = [];

        public int Dealt { get; set; }
    }
}
