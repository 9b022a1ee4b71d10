// Buffers of what earlier games made (valid tasks, questions, programs), dealt to later games as references. Knows
// texts, no game.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Data;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;

namespace AgentArena.Learning;

/// <summary>
/// One buffer for each game, of its products, fed from the ledger; seats and games are another matchmaker's choice.
/// What is dealt comes as <see cref="TaskJson.Deal"/>. Products lie in the order of the games that made them, so that
/// where all games of a batch are assigned at once (staleness 0, run.in-flight at least learn.batch) the same seed
/// deals the same tasks.
/// </summary>
public sealed class TaskPool : Matchmaker
{
    /// <summary>Which products are dealt.</summary>
    public enum Picking
    {
        /// <summary>Any, all alike, none twice in one game.</summary>
        Uniform,

        /// <summary>
        /// Those of the last batch first, each once, then any: Absolute Zero's way of dealing problems to solvers.
        /// </summary>
        MaxNew,

        /// <summary>The newest.</summary>
        MostRecent,
    }

    /// <summary>Options of <see cref="TaskPool"/>; the defaults are Absolute Zero's.</summary>
    public sealed record Options
    {
        /// <summary>What each game is dealt; a game that is not named is dealt nothing.</summary>
        public required ImmutableSortedDictionary<string, Dealing> Deal { get; init; }

        /// <summary>What each game's buffer holds before any game was played.</summary>
        public ImmutableSortedDictionary<string, ImmutableArray<JsonObject>> Seeds { get; init; } =
            ImmutableSortedDictionary<string, ImmutableArray<JsonObject>>.Empty;

        /// <summary>Files of further seeds for a game's buffer, a JSON object a line: a set of questions.</summary>
        public ImmutableSortedDictionary<string, string> Files { get; init; } =
            ImmutableSortedDictionary<string, string>.Empty;

        /// <summary>Products that a buffer holds; the oldest is dropped.</summary>
        public int Capacity { get; init; } = 16_384;

        /// <summary>When buffers are emptied; never where unset.</summary>
        public Clearing? Clear { get; init; }

        /// <summary>Games to fill the buffers before learning begins.</summary>
        public Seeding? Seeding { get; init; }

        /// <summary>Decides game and seats.</summary>
        public Plugin Table { get; init; } = new("self-play");
    }

    /// <summary>What a game is dealt.</summary>
    public sealed record Dealing
    {
        /// <summary>The games whose products it is dealt; its own where empty.</summary>
        public ImmutableArray<string> From { get; init; } = [];

        /// <summary>The most products dealt.</summary>
        public int Count { get; init; } = 6;

        /// <summary>Share of games that are dealt any.</summary>
        public double Chance { get; init; } = 1;

        /// <summary>Which.</summary>
        public Picking Pick { get; init; } = Picking.Uniform;

        /// <summary>For <see cref="Picking.MaxNew"/>: games in a batch.</summary>
        public int Batch { get; init; } = 64;

        /// <summary>Which products come first where any are drawn; all alike where unset.</summary>
        public Preference? Prefer { get; init; }
    }

    /// <summary>
    /// Products whose game measured at most so much are drawn first, the others only where these are too few. The
    /// default bound is Search Self-Play's for the success rate of a question that is asked again (arXiv 2510.18821),
    /// and keeps nothing back.
    /// </summary>
    public sealed record Preference
    {
        /// <summary>
        /// The measure, as in <see cref="Outcome.Measures"/>; a product without it comes with the others.
        /// </summary>
        public required string Measure { get; init; }

        /// <summary>The largest value that is drawn first.</summary>
        public double AtMost { get; init; } = 1;
    }

    /// <summary>
    /// Every so many games the buffers are emptied but for the newest share and the seeds, since what was hard for
    /// earlier weights no longer is. The defaults are Search Self-Play's: every 10 steps of 256 questions, and nothing
    /// is kept.
    /// </summary>
    public sealed record Clearing
    {
        /// <summary>Games from one emptying to the next.</summary>
        public long Games { get; init; } = 2560;

        /// <summary>Share of the products that is kept, the newest.</summary>
        public double Keep { get; init; }
    }

    /// <summary>
    /// While any dealt-from buffer is short of products, other policies sit at some seats: the same weights with train
    /// off, so that nothing is learned yet.
    /// </summary>
    public sealed record Seeding
    {
        /// <summary>Products, beside the seeds, that end it: Absolute Zero's batch of 64 times 4.</summary>
        public int Products { get; init; } = 256;

        /// <summary>
        /// Games after which it ends even so: a proposer that cannot make anything valid must learn to.
        /// </summary>
        public long Games { get; init; } = 8192;

        /// <summary>Role or seat to policy.</summary>
        public required ImmutableSortedDictionary<string, string> Seats { get; init; }
    }

    private readonly Options _options;
    private readonly Matchmaker _table;
    private readonly Dictionary<string, ProductBuffer> _buffers = new(StringComparer.Ordinal);

    /// <summary>Buffers that hold the seeds.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public TaskPool(Options options, Catalog catalog)
    {
        if (options.Capacity < 1)
            throw new ArgumentException($"capacity is {options.Capacity}; it should be 1 or more.");
        if (options.Clear is { Games: < 1 })
            throw new ArgumentException(
                $"clear.games is {options.Clear.Games}; it should be 1 or more. Leave clear out where nothing is to be dropped."
            );
        if (options.Clear is { Keep: not (>= 0 and < 1) })
            throw new ArgumentException(
                $"clear.keep is {options.Clear.Keep}; it should be a share, 0 or more and below 1."
            );
        if (options.Seeding is { Products: < 1 })
            throw new ArgumentException($"seeding.products is {options.Seeding.Products}; it should be 1 or more.");
        if (options.Seeding is { Games: < 1 })
            throw new ArgumentException($"seeding.games is {options.Seeding.Games}; it should be 1 or more.");
        foreach (var (game, dealing) in options.Deal)
        {
            if (dealing.Count < 1)
                throw new ArgumentException($"deal.{game}.count is {dealing.Count}; it should be 1 or more.");
            if (dealing.Batch < 1)
                throw new ArgumentException($"deal.{game}.batch is {dealing.Batch}; it should be 1 or more.");
            if (dealing.Chance is not (> 0 and <= 1))
                throw new ArgumentException(
                    $"deal.{game}.chance is {dealing.Chance}; it should be above 0 and at most 1. Leave the game out where it is to be dealt nothing."
                );
        }
        _options = options;
        _table = catalog.Matchmakers.Create(options.Table, "table");
        foreach (var (game, seeds) in options.Seeds)
        foreach (var seed in seeds)
            Of(game).Add(new(Made.Seed, seed.ToJsonString()), options.Capacity);
        foreach (var (game, file) in options.Files)
        foreach (var seed in Lines(catalog.Files, game, file))
            Of(game).Add(new(Made.Seed, seed), options.Capacity);
    }

    /// <summary>Products in the buffer of a game, seeds included.</summary>
    public int Count(string game) => _buffers.TryGetValue(game, out var buffer) ? buffer.Count : 0;

    /// <inheritdoc/>
    public override Assignment Next(MatchContext table, long number, ref RandomStream stream)
    {
        var next = _table.Next(table, number, ref stream);
        if (
            _options.Seeding is { } seeding
            && number < seeding.Games
            && _options.Deal.Keys.Any(g =>
                Sources(g).Sum(s => _buffers.GetValueOrDefault(s)?.Different ?? 0) < seeding.Products
            )
        )
        {
            var roles = table.Games[next.Game].Facts.Roles;
            next = next with
            {
                Seats =
                [
                    .. next.Seats.Select((policy, seat) => Scenario.At(seeding.Seats, roles[seat], seat) ?? policy),
                ],
            };
        }
        if (next.Setup.Task is not null || !_options.Deal.TryGetValue(next.Game, out var dealing))
            return next;
        if (dealing.Chance < 1 && stream.NextDouble() >= dealing.Chance)
            return next;
        var dealt = ProductDraw.Pick(
            [.. Sources(next.Game).Where(_buffers.ContainsKey).Select(s => _buffers[s].Live(number))],
            dealing,
            number,
            ref stream
        );
        return dealt.Count == 0 ? next : next with { Setup = next.Setup with { Task = TaskJson.Deal(dealt) } };
    }

    /// <inheritdoc/>
    public override void Observe(Assignment assignment, LedgerEntry entry)
    {
        _table.Observe(assignment, entry);
        if (entry.Product is not { } product)
            return;
        // Of all measures only those that some dealing asks for are kept.
        var asked = _options
            .Deal.Where(d => d.Value.Prefer is not null && Sources(d.Key).Contains(assignment.Game))
            .Select(d => d.Value.Prefer!.Measure);
        var measures = asked
            .Distinct()
            .Where(entry.Measures.ContainsKey)
            .ToImmutableSortedDictionary(m => m, m => entry.Measures[m]);
        Of(assignment.Game).Add(new(assignment.Number, product) { Measures = measures }, _options.Capacity);
    }

    /// <inheritdoc/>
    public override void Check(MatchContext table, string path, Mistakes mistakes)
    {
        _table.Check(table, $"{path}.table", mistakes);
        foreach (
            var (game, at) in _options
                .Deal.Keys.Select(g => (g, $"deal.{g}"))
                .Concat(_options.Deal.SelectMany(d => d.Value.From.Select((g, i) => (g, $"deal.{d.Key}.from[{i}]"))))
                .Concat(_options.Seeds.Keys.Select(g => (g, $"seeds.{g}")))
                .Concat(_options.Files.Keys.Select(g => (g, $"files.{g}")))
        )
            if (!table.Games.ContainsKey(game))
                mistakes.Add($"{path}.{at}", DidYouMean.Unknown("game", game, table.Games.Keys));
        foreach (var (game, deal) in _options.Deal)
            if (deal.Prefer is { } prefer)
                MeasureNames.Check(
                    prefer.Measure,
                    table.Games.Where(g => Sources(game).Contains(g.Key)).Select(g => g.Value),
                    $"{path}.deal.{game}.prefer.measure",
                    mistakes
                );
        if (_options.Seeding is not { } seeding)
            return;
        var seats = table
            .Games.Values.SelectMany(g => g.Facts.Roles.Select((r, s) => $"{r}-{s}").Concat(g.Facts.Roles))
            .Distinct()
            .ToArray();
        foreach (var (seat, policy) in seeding.Seats)
        {
            if (!seats.Contains(seat))
                mistakes.Add($"{path}.seeding.seats.{seat}", DidYouMean.Unknown("seat", seat, seats));
            if (!table.Scenario.Policies.TryGetValue(policy, out var spec))
                mistakes.Add(
                    $"{path}.seeding.seats.{seat}",
                    DidYouMean.Unknown("policy", policy, table.Scenario.Policies.Keys)
                );
            else if (spec.Train)
                mistakes.Add(
                    $"{path}.seeding.seats.{seat}",
                    $"'{policy}' learns, and seeding is play that nobody learns from. Name a policy with the same model and train = off."
                );
        }
    }

    private ImmutableArray<string> Sources(string game) =>
        _options.Deal[game].From is { IsEmpty: false } from ? from : [game];

    private ProductBuffer Of(string game) =>
        _buffers.TryGetValue(game, out var buffer) ? buffer : _buffers[game] = new ProductBuffer(_options.Clear);

    private static IEnumerable<string> Lines(DataFiles files, string game, string file)
    {
        IEnumerable<DataRow> rows;
        try
        {
            rows = [.. files.Rows(file)];
        }
        catch (DataException e)
        {
            throw new DataException($"files.{game}: {e.Message}", e);
        }
        foreach (var row in rows)
            yield return row.Fields is { } product
                ? LenientJson.Write(product)
                : throw new DataException($"files.{game}: {row.Place} of '{file}' {row.Fault}");
    }
}
