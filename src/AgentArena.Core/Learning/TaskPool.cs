// Buffers of what earlier games made (valid tasks, questions, programs), dealt to later games as references. Knows texts, no game.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Configuration;
using AgentArena.Core.Games;
using AgentArena.Core.Runs;

namespace AgentArena.Core.Learning;

/// <summary>
/// One buffer for each game, of its products, fed from the ledger; seats and games are another matchmaker's choice. What is
/// dealt comes as <see cref="TaskJson.Deal"/>. Products lie in the order of the games that made them, so that where all games of a
/// batch are assigned at once (staleness 0, run.in-flight at least learn.batch) the same seed deals the same tasks.
/// </summary>
public sealed class TaskPool : Matchmaker
{
    /// <summary>Which products are dealt.</summary>
    public enum Picking
    {
        /// <summary>Any, all alike, none twice in one game.</summary>
        Uniform,

        /// <summary>Those of the last batch first, each once, then any: Absolute Zero's way of dealing problems to solvers.</summary>
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
        public ImmutableSortedDictionary<string, ImmutableArray<JsonObject>> Seeds { get; init; } = ImmutableSortedDictionary<string, ImmutableArray<JsonObject>>.Empty;

        /// <summary>Files of further seeds for a game's buffer, a JSON object a line: a set of questions.</summary>
        public ImmutableSortedDictionary<string, string> Files { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

        /// <summary>Products that a buffer holds; the oldest is dropped.</summary>
        public int Capacity { get; init; } = 16_384;

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
    }

    /// <summary>While any dealt-from buffer is short of products, other policies sit at some seats: the same weights with train off, so that nothing is learned yet.</summary>
    public sealed record Seeding
    {
        /// <summary>Products, beside the seeds, that end it: Absolute Zero's batch of 64 times 4.</summary>
        public int Products { get; init; } = 256;

        /// <summary>Games after which it ends even so: a proposer that cannot make anything valid must learn to.</summary>
        public long Games { get; init; } = 8192;

        /// <summary>Role or seat to policy.</summary>
        public required ImmutableSortedDictionary<string, string> Seats { get; init; }
    }

    private readonly Options _options;
    private readonly Matchmaker _table;
    private readonly Dictionary<string, Buffer> _buffers = new(StringComparer.Ordinal);

    /// <summary>Buffers that hold the seeds.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public TaskPool(Options options)
    {
        if (options.Capacity < 1) throw new ArgumentException($"capacity is {options.Capacity}; it should be 1 or more.");
        if (options.Seeding is { Products: < 1 }) throw new ArgumentException($"seeding.products is {options.Seeding.Products}; it should be 1 or more.");
        if (options.Seeding is { Games: < 1 }) throw new ArgumentException($"seeding.games is {options.Seeding.Games}; it should be 1 or more.");
        foreach (var (game, dealing) in options.Deal)
        {
            if (dealing.Count < 1) throw new ArgumentException($"deal.{game}.count is {dealing.Count}; it should be 1 or more.");
            if (dealing.Batch < 1) throw new ArgumentException($"deal.{game}.batch is {dealing.Batch}; it should be 1 or more.");
            if (dealing.Chance is not (> 0 and <= 1)) throw new ArgumentException($"deal.{game}.chance is {dealing.Chance}; it should be above 0 and at most 1. Leave the game out where it is to be dealt nothing.");
        }
        _options = options;
        _table = Catalog.Matchmakers.Create(options.Table, "table");
        foreach (var (game, seeds) in options.Seeds)
            foreach (var seed in seeds) Of(game).Add(Buffer.Seed, seed.ToJsonString(), options.Capacity);
        foreach (var (game, file) in options.Files)
            foreach (var seed in Lines(game, file)) Of(game).Add(Buffer.Seed, seed, options.Capacity);
    }

    /// <summary>Products in the buffer of a game, seeds included.</summary>
    public int Count(string game) => _buffers.TryGetValue(game, out var buffer) ? buffer.Count : 0;

    /// <inheritdoc/>
    public override Assignment Next(Table table, long number, ref RandomStream stream)
    {
        var next = _table.Next(table, number, ref stream);
        if (_options.Seeding is { } seeding && number < seeding.Games && _options.Deal.Keys.Any(g => Sources(g).Sum(s => _buffers.GetValueOrDefault(s)?.Made ?? 0) < seeding.Products))
        {
            var roles = table.Games[next.Game].Facts.Roles;
            next = next with { Seats = [.. next.Seats.Select((policy, seat) => Scenario.At(seeding.Seats, roles[seat], seat) ?? policy)] };
        }
        if (next.Setup.Task is not null || !_options.Deal.TryGetValue(next.Game, out var dealing)) return next;
        if (dealing.Chance < 1 && stream.NextDouble() >= dealing.Chance) return next;
        var dealt = Pick([.. Sources(next.Game).Where(_buffers.ContainsKey).Select(s => _buffers[s])], dealing, number, ref stream);
        return dealt.Count == 0 ? next : next with { Setup = next.Setup with { Task = TaskJson.Deal(dealt) } };
    }

    /// <inheritdoc/>
    public override void Observe(Assignment assignment, LedgerEntry entry)
    {
        _table.Observe(assignment, entry);
        if (entry.Product is { } product) Of(assignment.Game).Add(assignment.Number, product, _options.Capacity);
    }

    /// <inheritdoc/>
    public override void Check(Table table, string path, Mistakes mistakes)
    {
        _table.Check(table, $"{path}.table", mistakes);
        foreach (var (game, at) in _options.Deal.Keys.Select(g => (g, $"deal.{g}")).Concat(_options.Deal.SelectMany(d => d.Value.From.Select((g, i) => (g, $"deal.{d.Key}.from[{i}]")))).Concat(_options.Seeds.Keys.Select(g => (g, $"seeds.{g}"))).Concat(_options.Files.Keys.Select(g => (g, $"files.{g}"))))
            if (!table.Games.ContainsKey(game)) mistakes.Add($"{path}.{at}", Nearest.Unknown("game", game, table.Games.Keys));
        if (_options.Seeding is not { } seeding) return;
        var seats = table.Games.Values.SelectMany(g => g.Facts.Roles.Select((r, s) => $"{r}-{s}").Concat(g.Facts.Roles)).Distinct().ToArray();
        foreach (var (seat, policy) in seeding.Seats)
        {
            if (!seats.Contains(seat)) mistakes.Add($"{path}.seeding.seats.{seat}", Nearest.Unknown("seat", seat, seats));
            if (!table.Scenario.Policies.TryGetValue(policy, out var spec)) mistakes.Add($"{path}.seeding.seats.{seat}", Nearest.Unknown("policy", policy, table.Scenario.Policies.Keys));
            else if (spec.Train) mistakes.Add($"{path}.seeding.seats.{seat}", $"'{policy}' learns, and seeding is play that nobody learns from. Name a policy with the same model and train = off.");
        }
    }

    private IEnumerable<string> Sources(string game) => _options.Deal[game].From is { IsEmpty: false } from ? from : [game];

    private Buffer Of(string game) => _buffers.TryGetValue(game, out var buffer) ? buffer : _buffers[game] = new Buffer();

    private static IEnumerable<string> Lines(string game, string file)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"files.{game}: '{file}' cannot be read ({e.Message}). It should be a file with a JSON object a line; paths begin where the program was started.", e);
        }
        for (var i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i])) continue;
            try
            {
                if (JsonNode.Parse(lines[i]) is not JsonObject) throw new System.Text.Json.JsonException("it is another kind of value");
            }
            catch (System.Text.Json.JsonException e)
            {
                throw new ArgumentException($"files.{game}: line {i + 1} of '{file}' is no JSON object ({e.Message}). Mend it or leave it out.", e);
            }
            yield return lines[i];
        }
    }

    private static List<string> Pick(ImmutableArray<Buffer> buffers, Dealing dealing, long number, ref RandomStream stream)
    {
        var dealt = new List<string>();
        var total = buffers.Sum(b => b.Count);
        if (dealing.Pick == Picking.MostRecent)
            return [.. buffers.SelectMany(b => b.Newest(dealing.Count)).OrderByDescending(p => p.Game).Take(dealing.Count).Select(p => p.Text)];
        if (dealing.Pick == Picking.MaxNew)
        {
            // The k-th game of a batch is dealt the k-th lot of what the batch before it has made, as far as that goes.
            var first = (number / dealing.Batch - 1) * dealing.Batch;
            dealt.AddRange(buffers.SelectMany(b => b.Since(Math.Max(0, first))).OrderBy(p => p.Game).Skip((int)(number % dealing.Batch) * dealing.Count).Take(dealing.Count).Select(p => p.Text));
        }
        var taken = new HashSet<int>();
        while (dealt.Count < dealing.Count && taken.Count < total)
        {
            var at = stream.Next(total);
            if (!taken.Add(at)) continue;
            foreach (var buffer in buffers)
            {
                if (at < buffer.Count)
                {
                    if (!dealt.Contains(buffer[at])) dealt.Add(buffer[at]);
                    break;
                }
                at -= buffer.Count;
            }
        }
        return dealt;
    }

    // Products by the number of the game that made them, each text once.
    private sealed class Buffer
    {
        public const long Seed = -1;

        private readonly List<(long Game, string Text)> _all = [];
        private readonly Dictionary<string, long> _known = new(StringComparer.Ordinal);

        public int Count => _all.Count;

        /// <summary>Different products ever made, seeds apart.</summary>
        public int Made { get; private set; }

        public string this[int index] => _all[index].Text;

        public void Add(long game, string text, int capacity)
        {
            if (_known.TryGetValue(text, out var earlier))
            {
                if (earlier <= game) return;
                _all.RemoveAt(_all.FindIndex(p => p.Text == text)); // the first game that made it has it, whichever ended first
            }
            else if (game != Seed) Made++;
            _known[text] = game;
            var at = _all.Count;
            while (at > 0 && _all[at - 1].Game > game) at--;
            _all.Insert(at, (game, text));
            if (_all.Count <= capacity) return;
            _known.Remove(_all[0].Text);
            _all.RemoveAt(0);
        }

        public IEnumerable<(long Game, string Text)> Newest(int count) => Enumerable.Reverse(_all).Take(count);

        public IEnumerable<(long Game, string Text)> Since(long game)
        {
            var at = _all.Count;
            while (at > 0 && _all[at - 1].Game >= game) at--;
            return _all.Skip(at);
        }
    }
}
