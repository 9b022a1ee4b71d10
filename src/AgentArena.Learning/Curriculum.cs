// Which game to play next, by how the games went so far. Knows arms and their records, nothing of what is played in
// them.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;

namespace AgentArena.Learning;

/// <summary>
/// The scenario's games are arms (task families, levels). Records are kept in blocks of <c>every</c> games by number,
/// each closed when all of its games are in the ledger, so that nothing depends on which game of a block ended first. s
/// is an arm's mean signal in a block.
/// <list type="bullet">
/// <item>Bandit (SEC, arXiv 2505.14970): p ∝ exp(Q/τ), Q ← Q + α(r − Q) for each arm of the block, r the mean |A| of
/// its samples, which is 2s(1 − s) for A = r − mean, or 2√(s(1 − s)) where advantages are divided by their deviation
/// (<c>normalised</c>).</item>
/// <item>Failure (SwS, arXiv 2506.08989): p ∝ 1 − s of the weak arms, those that were never above <c>weak</c> and do
/// not rise (least squares over their blocks); of all arms where none is weak.</item>
/// <item>Frontier: equal shares of the arms with low ≤ s ≤ high or not yet played; of the nearest one where there is
/// none (R-Zero, Active-Zero .3 to .8).</item>
/// <item>Ascending (ADCL, arXiv 2505.08364): after a first block of all arms they are sorted from easy to hard and cut
/// into <c>batches</c>, each <c>length</c> games long; a batch is sorted anew when its turn comes, by what the model
/// can do by then, and its arms follow one another. Afterwards all are dealt alike.</item>
/// </list>
/// Every arm keeps the share <c>floor</c>, so that what was given up is still measured; the scenario's shares multiply
/// the rest.
/// </summary>
public sealed class Curriculum : Matchmaker
{
    /// <summary>How records become shares.</summary>
    public enum Rule
    {
        /// <summary>Where the learning signal is largest.</summary>
        Bandit,

        /// <summary>Where most is failed.</summary>
        Failure,

        /// <summary>What is neither too easy nor too hard.</summary>
        Frontier,

        /// <summary>From easy to hard.</summary>
        Ascending,
    }

    /// <summary>Options of <see cref="Curriculum"/>.</summary>
    public sealed record Options
    {
        /// <summary>How records become shares.</summary>
        public Rule Rule { get; init; } = Rule.Bandit;

        /// <summary>How well a game went.</summary>
        public Signal Signal { get; init; } = new();

        /// <summary>Games in a block; the learner's batch, or a multiple of it.</summary>
        public int Every { get; init; } = 128;

        /// <summary>The least share of each arm.</summary>
        public double Floor { get; init; } = 0.02;

        /// <summary>Bandit: step size α.</summary>
        public double Alpha { get; init; } = 0.5;

        /// <summary>Bandit: temperature τ.</summary>
        public double Tau { get; init; } = 1;

        /// <summary>Bandit: whether advantages are divided by their group's deviation.</summary>
        public bool Normalised { get; init; }

        /// <summary>
        /// Bandit: whether each game is a group of its own (several seats answer one task), or else an arm's games of a
        /// block are one.
        /// </summary>
        public bool Groups { get; init; }

        /// <summary>Failure: an arm that was once above this is not weak.</summary>
        public double Weak { get; init; } = 0.5;

        /// <summary>Frontier: the least s.</summary>
        public double Low { get; init; } = 0.3;

        /// <summary>Frontier: the greatest s.</summary>
        public double High { get; init; } = 0.8;

        /// <summary>Frontier and ascending: weight of an arm's past at each block in its estimate of s.</summary>
        public double Keep { get; init; } = 0.5;

        /// <summary>Ascending: into how many batches the arms are cut.</summary>
        public int Batches { get; init; } = 4;

        /// <summary>Ascending: games in a batch.</summary>
        public long Length { get; init; } = 4096;
    }

    private sealed class Arm
    {
        public double Q;
        public readonly List<(long Block, double S)> Past = [];
    }

    private readonly Options _options;
    private readonly SortedDictionary<string, Arm> _arms = new(StringComparer.Ordinal);

    // blocks with games yet to end
    private readonly SortedDictionary<long, List<(long Number, string Game, ImmutableArray<double> Values)>> _open = [];
    private long _block; // the next to be closed

    /// <exception cref="ArgumentException">A setting out of its range; the message names it.</exception>
    public Curriculum(Options options)
    {
        if (options.Every < 1)
            throw new ArgumentException($"every is {options.Every}; it should be 1 or more.");
        if (options.Tau <= 0)
            throw new ArgumentException($"tau is {options.Tau}; it should be above 0.");
        if (options.Alpha is not (> 0 and <= 1))
            throw new ArgumentException($"alpha is {options.Alpha}; it should be above 0 and at most 1.");
        if (options.Floor < 0)
            throw new ArgumentException($"floor is {options.Floor}; it should be 0 or more.");
        if (options.Batches < 1 || options.Length < 1)
            throw new ArgumentException("batches and length should be 1 or more.");
        _options = options;
    }

    /// <inheritdoc/>
    public override Assignment Next(MatchContext table, long number, ref RandomStream stream)
    {
        var game = Draw(Shares(table, number), ref stream);
        return new Assignment(number, game, new GameSetup(stream.NextUInt64()), Seat(table, game));
    }

    /// <inheritdoc/>
    public override void Observe(Assignment assignment, LedgerEntry entry)
    {
        var block = assignment.Number / _options.Every;
        if (!_open.TryGetValue(block, out var games))
            _open.Add(block, games = []);
        games.Add((assignment.Number, assignment.Game, _options.Signal.Values(entry)));
        while (_open.TryGetValue(_block, out games) && games.Count == _options.Every)
        {
            Close(games);
            _open.Remove(_block++);
        }
    }

    /// <inheritdoc/>
    public override void Check(MatchContext table, string path, Mistakes mistakes)
    {
        _options.Signal.Check(table, $"{path}.signal", mistakes);
        if (table.Games.Count < 2)
            mistakes.Add(
                path,
                "there is one game to choose from. Give the scenario several in games { … }, or use self-play."
            );
        if (_options.Floor * table.Games.Count > 1)
            mistakes.Add(
                $"{path}.floor",
                $"is {_options.Floor}, which is more than there is for {table.Games.Count} games. It should be at most {1.0 / table.Games.Count:0.###}."
            );
    }

    /// <summary>The share of each game among those to come, from game <paramref name="number"/> on.</summary>
    public ImmutableSortedDictionary<string, double> Shares(MatchContext table, long number)
    {
        string[] keys = [.. table.Shares.Keys];
        var wanted = _options.Rule switch
        {
            Rule.Failure => Failures(keys),
            Rule.Frontier => Frontier(keys),
            Rule.Ascending => Ascending(keys, number),
            _ => [.. keys.Select(k => Math.Exp(Of(k).Q / _options.Tau))],
        };
        for (var i = 0; i < keys.Length; i++)
            wanted[i] *= table.Shares[keys[i]];
        var sum = wanted.Sum();
        var free = 1 - _options.Floor * keys.Length;
        return keys.Select(
                (key, i) =>
                    KeyValuePair.Create(key, _options.Floor + free * (sum > 0 ? wanted[i] / sum : 1.0 / keys.Length))
            )
            .ToImmutableSortedDictionary();
    }

    private Arm Of(string game)
    {
        if (!_arms.TryGetValue(game, out var arm))
            _arms.Add(game, arm = new Arm());
        return arm;
    }

    private void Close(List<(long Number, string Game, ImmutableArray<double> Values)> games)
    {
        foreach (var played in games.Where(g => !g.Values.IsEmpty).OrderBy(g => g.Number).GroupBy(g => g.Game))
        {
            var arm = Of(played.Key);
            var s = played.SelectMany(g => g.Values).Average();
            var reward = _options.Groups ? played.Average(g => Gain(g.Values.Average())) : Gain(s);
            arm.Q += _options.Alpha * (reward - arm.Q);
            arm.Past.Add((_block, s));
        }
    }

    private double Gain(double s) => 2 * (_options.Normalised ? Math.Sqrt(s * (1 - s)) : s * (1 - s));

    private double[] Failures(string[] keys)
    {
        double[] failed = [.. keys.Select(k => Of(k).Past is [.., var last] ? 1 - last.S : 1)];
        bool[] weak =
        [
            .. keys.Select(k => Of(k).Past is var past && past.All(p => p.S <= _options.Weak) && !Rises(past)),
        ];
        return weak.Contains(true) ? [.. failed.Select((f, i) => weak[i] ? f : 0)] : failed;
    }

    private static bool Rises(List<(long Block, double S)> past)
    {
        if (past.Count < 2)
            return false;
        var (x, y) = (past.Average(p => p.Block), past.Average(p => p.S));
        return past.Sum(p => (p.Block - x) * (p.S - y)) > 1e-12;
    }

    private double[] Frontier(string[] keys)
    {
        double[] away =
        [
            .. keys.Select(k =>
                Estimate(Of(k), long.MaxValue) is { } s ? Math.Max(0, Math.Max(_options.Low - s, s - _options.High)) : 0
            ),
        ];
        var least = away.Min();
        return [.. away.Select(a => a <= least ? 1.0 : 0)];
    }

    private double[] Ascending(string[] keys, long number)
    {
        var all = keys.Select(_ => 1.0).ToArray();
        var at = number - _options.Every;
        if (at < 0 || at / _options.Length is var batch && batch >= _options.Batches)
            return all;
        // Easy first; an arm that the first block did not meet counts as neither.
        string[] Sorted(IEnumerable<string> arms, long before) =>
            [.. arms.OrderByDescending(k => Estimate(Of(k), before) ?? 0.5).ThenBy(k => k, StringComparer.Ordinal)];
        var order = Sorted(keys, 1);
        var (from, to) = (
            (int)(order.Length * batch / _options.Batches),
            (int)(order.Length * (batch + 1) / _options.Batches)
        );
        if (from == to)
            return all; // more batches than arms
        var members = Sorted(order[from..to], (_options.Every + batch * _options.Length) / _options.Every);
        var now = members[(int)(at % _options.Length * members.Length / _options.Length)];
        return [.. keys.Select(k => k == now ? 1.0 : 0)];
    }

    // From the blocks before one, so that what it was at a time is the same whenever it is asked.
    private double? Estimate(Arm arm, long before)
    {
        double? mean = null;
        foreach (var (block, s) in arm.Past)
            if (block < before)
                mean = mean is { } old ? _options.Keep * old + (1 - _options.Keep) * s : s;
        return mean;
    }
}
