// The products of one game: in which order they lie, when they are emptied, which are left. Knows texts and the numbers
// of games; draws none.
using System.Collections.Immutable;

namespace AgentArena.Learning;

/// <summary>What a game made, and what it measured.</summary>
internal sealed record Made(long Game, string Text)
{
    public const long Seed = -1;

    public ImmutableSortedDictionary<string, double> Measures { get; init; } =
        ImmutableSortedDictionary<string, double>.Empty;
}

/// <summary>
/// Products by the number of the game that made them, each text once from one emptying to the next.
/// </summary>
internal sealed class ProductBuffer(TaskPool.Clearing? clear)
{
    private readonly Dictionary<(long Span, string Text), long> _known = [];
    private Made[] _all = new Made[16];

    public int Count { get; private set; }

    /// <summary>Different products ever made, seeds apart.</summary>
    public int Different { get; private set; }

    public void Add(Made made, int capacity)
    {
        if (_known.TryGetValue(Key(made), out var earlier))
        {
            if (earlier <= made.Game)
                return;
            // the first game that made it has it, whichever ended first
            Remove(Array.FindIndex(_all, 0, Count, p => p.Game == earlier && p.Text == made.Text));
        }
        else if (made.Game != Made.Seed)
            Different++;
        _known[Key(made)] = made.Game;
        var at = Before(Whole, made.Game + 1);
        if (Count == _all.Length)
            Array.Resize(ref _all, 2 * Count);
        Array.Copy(_all, at, _all, at + 1, Count++ - at);
        _all[at] = made;
        if (Count <= capacity)
            return;
        _known.Remove(Key(_all[0]));
        Remove(0);
    }

    /// <summary>
    /// What may be dealt to a game: all, or after emptyings the seeds and a newest stretch. Told from the games'
    /// numbers alone, so that it does not matter when games ended: what is kept of the c products before an
    /// emptying are the floor(keep · c) newest.
    /// </summary>
    public ArraySegment<Made> Live(long number)
    {
        if (clear is null || number < clear.Games)
            return Whole;
        var seeds = Before(Whole, 0);
        var (kept, end) = (0, seeds);
        if (clear.Keep == 0)
            end = Before(Whole, number / clear.Games * clear.Games);
        else if (seeds < Count)
        {
            for (var at = (_all[seeds].Game / clear.Games + 1) * clear.Games; at <= number; at += clear.Games)
            {
                var before = Before(Whole, at);
                (kept, end) = ((int)((kept + before - end) * clear.Keep), before);
            }
        }
        ArraySegment<Made> live = Whole[(end - kept)..];
        return seeds == 0 ? live : Whole[..seeds].Concat(live).ToArray();
    }

    /// <summary>How many of these were made before this game.</summary>
    public static int Before(ArraySegment<Made> made, long game)
    {
        var (low, high) = (0, made.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (made[middle].Game < game)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private (long, string) Key(Made made) =>
        (clear is null || made.Game == Made.Seed ? 0 : 1 + made.Game / clear.Games, made.Text);

    private ArraySegment<Made> Whole => new(_all, 0, Count);

    private void Remove(int at) => Array.Copy(_all, at + 1, _all, at, --Count - at);
}
