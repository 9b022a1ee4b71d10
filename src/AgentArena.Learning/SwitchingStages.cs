// Two stages that take turns: each is trained until the other has become the bottleneck (Vision-Zero's Iterative-SPO).
// Knows measures, no game.
using AgentArena.Core;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;

namespace AgentArena.Learning;

/// <summary>
/// Deals one of two games of the scenario, batch by batch. After each batch acc and na, the shares of right and of
/// withheld votes, move exponential means (rho). Deciding gives way to clues when acc is high and na low: votes are too
/// easy. Clues give way to deciding when 1 - acc or na is high: votes are too hard. A stage lasts at least <c>dwell</c>
/// batches and at most <c>patience</c> (arXiv 2509.25541, section 3). The release alternates every <c>cycle</c> batches
/// instead.
/// </summary>
public sealed class SwitchingStages : Matchmaker
{
    /// <summary>Where paper and release differ.</summary>
    public enum Preset
    {
        /// <summary>By the means and their thresholds.</summary>
        Paper,

        /// <summary>By a fixed cycle.</summary>
        Release,
    }

    /// <summary>Options of <see cref="SwitchingStages"/>; the defaults are the paper's.</summary>
    public sealed record Options
    {
        /// <summary>Key of the game in which clues are trained.</summary>
        public required string Clue { get; init; }

        /// <summary>Key of the game in which votes are trained.</summary>
        public required string Decision { get; init; }

        /// <summary>Measures <c>name/seat</c> of votes: 1 right, -1 wrong, anything between withheld.</summary>
        public string Votes { get; init; } = "vote";

        /// <summary>By thresholds, or by a cycle.</summary>
        public Preset Preset { get; init; } = Preset.Paper;

        /// <summary>Batches of a stage in the release.</summary>
        public int Cycle { get; init; } = 1;

        /// <summary>Weight of the past in the means.</summary>
        public double Rho { get; init; } = 0.95;

        /// <summary>Deciding ends at this accuracy or above …</summary>
        public double EasyAccuracy { get; init; } = 0.9;

        /// <summary>… with no more votes withheld than this.</summary>
        public double EasyWithheld { get; init; } = 0.1;

        /// <summary>Clues end at this share of wrong or withheld votes …</summary>
        public double HardError { get; init; } = 0.4;

        /// <summary>… or at this share of withheld ones.</summary>
        public double HardWithheld { get; init; } = 0.5;

        /// <summary>The least batches of a stage.</summary>
        public int Dwell { get; init; } = 5;

        /// <summary>The most batches of a stage.</summary>
        public int Patience { get; init; } = 20;
    }

    private readonly Options _options;
    private double _accuracy,
        _withheld;
    private long _votes,
        _right,
        _held,
        _seen;
    private int _batch = 1;
    private bool _deciding = true;
    private int _lasted;

    /// <summary>At the stage of deciding, as the paper begins.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SwitchingStages(Options options)
    {
        if (options.Rho is not (>= 0 and < 1))
            throw new ArgumentException($"rho is {options.Rho}; it should lie in [0, 1).");
        if (options.Dwell < 1 || options.Patience < options.Dwell)
            throw new ArgumentException(
                $"dwell, patience: are {options.Dwell} and {options.Patience}; a stage should last at least 1 batch, and patience at least dwell."
            );
        if (options.Cycle < 1)
            throw new ArgumentException($"cycle is {options.Cycle}; it should be 1 batch or more.");
        _options = options;
    }

    /// <summary>Whether votes are trained now.</summary>
    public bool Deciding => _deciding;

    /// <inheritdoc/>
    public override void Open(MatchContext table) => _batch = table.Scenario.Learn.Batch;

    /// <inheritdoc/>
    public override Assignment Next(MatchContext table, long number, ref RandomStream stream)
    {
        var game = _deciding ? _options.Decision : _options.Clue;
        return new Assignment(number, game, new GameSetup(stream.NextUInt64()), Seat(table, game));
    }

    /// <inheritdoc/>
    public override void Observe(Assignment assignment, LedgerEntry entry)
    {
        foreach (var (name, value) in entry.Measures)
        {
            if (!name.StartsWith(_options.Votes + "/", StringComparison.Ordinal))
                continue;
            _votes++;
            if (value >= 1)
                _right++;
            else if (value > -1)
                _held++;
        }
        if (++_seen < _batch)
            return;
        _seen = 0;
        if (_votes > 0)
        {
            _accuracy = _options.Rho * _accuracy + (1 - _options.Rho) * _right / _votes;
            _withheld = _options.Rho * _withheld + (1 - _options.Rho) * _held / _votes;
        }
        (_votes, _right, _held) = (0, 0, 0);
        _lasted++;
        if (!Ends())
            return;
        (_deciding, _lasted) = (!_deciding, 0);
    }

    private bool Ends()
    {
        if (_options.Preset == Preset.Release)
            return _lasted >= _options.Cycle;
        if (_lasted < _options.Dwell)
            return false;
        return _lasted >= _options.Patience
            || (
                _deciding
                    ? _accuracy >= _options.EasyAccuracy && _withheld <= _options.EasyWithheld
                    : 1 - _accuracy >= _options.HardError || _withheld >= _options.HardWithheld
            );
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, double Value)> Figures() =>
        [("stage/deciding", _deciding ? 1 : 0), ("stage/accuracy", _accuracy), ("stage/withheld", _withheld)];

    /// <inheritdoc/>
    public override void Check(MatchContext table, string path, Mistakes mistakes)
    {
        foreach (var (key, game) in new[] { ("clue", _options.Clue), ("decision", _options.Decision) })
            if (!table.Games.ContainsKey(game))
                mistakes.Add($"{path}.{key}", DidYouMean.Unknown("game", game, table.Games.Keys));
    }
}
