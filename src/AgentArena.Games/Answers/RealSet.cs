// A set of real numbers made of intervals and points, in one normal form, so that equal sets are equal however they
// were written.
using System.Collections.Immutable;

namespace AgentArena.Games.Answers;

/// <summary>One end of an interval: a number, or infinity by its sign.</summary>
internal readonly record struct Bound(int Infinite, Estimate Value)
{
    public static Bound Least { get; } = new(-1, Estimate.Unknown);

    public static Bound Greatest { get; } = new(1, Estimate.Unknown);

    public static Bound At(Estimate value) => new(0, value);

    /// <summary>Below, at or above; null where that cannot be told.</summary>
    public static int? Compare(Bound a, Bound b)
    {
        if (a.Infinite != 0 || b.Infinite != 0)
            return a.Infinite.CompareTo(b.Infinite);
        if (!a.Value.IsReal || !b.Value.IsReal)
            return null;
        if (a.Value.Exact is { } p && b.Value.Exact is { } q)
            return (p - q).Sign;
        return Estimate.Same(a.Value, b.Value) switch
        {
            true => 0,
            false => a.Value.Middle.Real < b.Value.Middle.Real ? -1 : 1,
            _ => null,
        };
    }
}

/// <summary>Disjoint intervals in ascending order, none touching the next.</summary>
internal sealed class RealSet
{
    private const int MaxIntervals = 60;

    private readonly record struct Interval(Bound Low, bool LowIn, Bound High, bool HighIn);

    private readonly ImmutableArray<Interval> _intervals;

    private RealSet(ImmutableArray<Interval> intervals) => _intervals = intervals;

    public static RealSet Empty { get; } = new([]);

    public static RealSet All { get; } = new([new(Bound.Least, false, Bound.Greatest, false)]);

    public bool IsEmpty => _intervals.IsEmpty;

    /// <summary>An interval; null where it cannot be told whether it is one.</summary>
    public static RealSet? Between(Bound low, bool lowIn, Bound high, bool highIn) =>
        Bound.Compare(low, high) switch
        {
            null => null,
            < 0 => new([new(low, lowIn && low.Infinite == 0, high, highIn && high.Infinite == 0)]),
            0 => lowIn && highIn && low.Infinite == 0 ? new([new(low, true, high, true)]) : Empty,
            _ => Empty,
        };

    public static RealSet? Union(RealSet a, RealSet b)
    {
        var all = a._intervals.Concat(b._intervals).ToList();
        if (all.Count > MaxIntervals)
            return null;
        for (var i = 0; i < all.Count; i++)
        {
            for (var k = i + 1; k < all.Count; k++)
            {
                if (Touching(all[i], all[k]) is not { } touching)
                    return null;
                if (!touching)
                    continue;
                // What they touch may touch others in turn.
                if (Hull(all[i], all[k]) is not { } hull)
                    return null;
                all[i] = hull;
                all.RemoveAt(k);
                k = i;
            }
        }
        var unsure = false;
        all.Sort(
            (x, y) =>
            {
                var order = Bound.Compare(x.Low, y.Low);
                unsure |= order is null;
                return order ?? 0;
            }
        );
        return unsure ? null : new([.. all]);
    }

    private static bool? Touching(Interval a, Interval b)
    {
        if (Bound.Compare(a.High, b.Low) is not { } one || Bound.Compare(b.High, a.Low) is not { } other)
            return null;
        if (one == 0)
            return a.HighIn || b.LowIn;
        if (other == 0)
            return b.HighIn || a.LowIn;
        return one > 0 && other > 0;
    }

    private static Interval? Hull(Interval a, Interval b)
    {
        if (Bound.Compare(a.Low, b.Low) is not { } low || Bound.Compare(a.High, b.High) is not { } high)
            return null;
        return new(
            low <= 0 ? a.Low : b.Low,
            low < 0 ? a.LowIn
                : low > 0 ? b.LowIn
                : a.LowIn || b.LowIn,
            high >= 0 ? a.High : b.High,
            high > 0 ? a.HighIn
                : high < 0 ? b.HighIn
                : a.HighIn || b.HighIn
        );
    }

    /// <summary>All reals that are not in it.</summary>
    public RealSet Complement()
    {
        var gaps = ImmutableArray.CreateBuilder<Interval>();
        var (low, lowIn) = (Bound.Least, false);
        foreach (var interval in _intervals)
        {
            if (interval.Low.Infinite == 0)
                gaps.Add(new(low, lowIn, interval.Low, !interval.LowIn));
            (low, lowIn) = (interval.High, !interval.HighIn);
        }
        if (low.Infinite <= 0)
            gaps.Add(new(low, lowIn, Bound.Greatest, false));
        return new(gaps.ToImmutable());
    }

    public static RealSet? Intersection(RealSet a, RealSet b) => Union(a.Complement(), b.Complement())?.Complement();

    /// <summary>Whether two sets have the same members; null where an end cannot be told from another.</summary>
    public static bool? Same(RealSet a, RealSet b)
    {
        if (a._intervals.Length != b._intervals.Length)
            return false;
        for (var i = 0; i < a._intervals.Length; i++)
        {
            var (x, y) = (a._intervals[i], b._intervals[i]);
            if (Bound.Compare(x.Low, y.Low) is not { } low || Bound.Compare(x.High, y.High) is not { } high)
                return null;
            if (low != 0 || high != 0 || x.LowIn != y.LowIn || x.HighIn != y.HighIn)
                return false;
        }
        return true;
    }
}
