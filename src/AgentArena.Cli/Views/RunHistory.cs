// What the views show of a run: the newest progress, and each figure's course as a curve of bounded length. Written by
// the run, read by a view.
using System.Collections.Immutable;
using AgentArena.Actors;

namespace AgentArena.Cli.Views;

/// <summary>A figure over time; when it is full every other point goes.</summary>
internal sealed class Curve
{
    private const int Most = 512;
    private readonly List<double> _points = [];
    private int _stride = 1,
        _skipped;

    /// <summary>The points kept.</summary>
    public IReadOnlyList<double> Points => _points;

    /// <summary>The newest value.</summary>
    public double Last { get; private set; }

    /// <summary>Adds the newest value.</summary>
    public void Add(double value)
    {
        Last = value;
        if (++_skipped < _stride)
            return;
        _skipped = 0;
        _points.Add(value);
        if (_points.Count < Most)
            return;
        for (var i = 0; i < Most / 2; i++)
            _points[i] = _points[2 * i];
        _points.RemoveRange(Most / 2, Most / 2);
        _stride *= 2;
    }
}

/// <summary>The course of a run.</summary>
internal sealed class RunHistory
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Curve> _curves = new(StringComparer.Ordinal);
    private RunProgress? _now;

    /// <summary>Takes the newest progress; called by the run.</summary>
    public void Note(RunProgress progress)
    {
        lock (_lock)
        {
            _now = progress;
            if (progress.Newest is not (UpdateMade or PolicyEvaluated))
                return; // what a matchmaker or a remote model counts has no curve
            foreach (var (name, value) in progress.Newest.Figures)
            {
                if (!double.IsFinite(value))
                    continue;
                if (!_curves.TryGetValue(name, out var curve))
                    _curves.Add(name, curve = new Curve());
                curve.Add(value);
            }
        }
    }

    /// <summary>The newest progress (null before the first) and a copy of the curves.</summary>
    public (RunProgress? Now, ImmutableSortedDictionary<string, ImmutableArray<double>> Curves) Look()
    {
        lock (_lock)
            return (
                _now,
                _curves.ToImmutableSortedDictionary(
                    c => c.Key,
                    c => c.Value.Points.Append(c.Value.Last).ToImmutableArray()
                )
            );
    }

    /// <summary>How long the run will still take at its pace so far; null where nothing can be said.</summary>
    public static TimeSpan? Left(RunProgress now, (TimeSpan At, int Updates) began)
    {
        var (made, spent) = (now.Updates - began.Updates, now.Elapsed - began.At);
        return made <= 0 || now.UpdatesPlanned <= now.Updates
            ? null
            : spent * ((double)(now.UpdatesPlanned - now.Updates) / made);
    }

    /// <summary>The figures worth a line, in order of interest.</summary>
    public static IEnumerable<string> Interesting(IEnumerable<string> names) =>
        names
            .Where(n =>
                n is "exploitability" or "entropy" or "kl" or "loss"
                || n.StartsWith("reward/", StringComparison.Ordinal)
            )
            .OrderBy(n =>
                n switch
                {
                    "exploitability" => 0,
                    "entropy" => 2,
                    "kl" => 3,
                    "loss" => 4,
                    _ => 1,
                }
            );
}
