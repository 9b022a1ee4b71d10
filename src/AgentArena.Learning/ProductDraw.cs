// Which products a game is dealt: the newest, those of the last batch, or any, some of them first. Keeps nothing.
using System.Collections.Immutable;
using AgentArena.Core;

namespace AgentArena.Learning;

internal static class ProductDraw
{
    /// <summary>The texts that a game is dealt from these sources.</summary>
    public static List<string> Pick(
        ImmutableArray<ArraySegment<Made>> sources,
        TaskPool.Dealing dealing,
        long number,
        ref RandomStream stream
    )
    {
        if (dealing.Pick == TaskPool.Picking.MostRecent)
            return
            [
                .. sources
                    .SelectMany(s => s.Skip(s.Count - dealing.Count).Reverse())
                    .OrderByDescending(p => p.Game)
                    .Take(dealing.Count)
                    .Select(p => p.Text),
            ];
        var dealt = new List<string>();
        if (dealing.Pick == TaskPool.Picking.MaxNew)
        {
            // The k-th game of a batch is dealt the k-th lot of what the batch before it has made, as far as that goes.
            var first = Math.Max(0, (number / dealing.Batch - 1) * dealing.Batch);
            dealt.AddRange(
                sources
                    .SelectMany(s => s.Skip(ProductBuffer.Before(s, first)))
                    .OrderBy(p => p.Game)
                    .Skip((int)(number % dealing.Batch) * dealing.Count)
                    .Take(dealing.Count)
                    .Select(p => p.Text)
            );
        }
        if (dealing.Prefer is { } prefer)
        {
            var parts = sources
                .SelectMany(s => s)
                .ToLookup(p => p.Measures.TryGetValue(prefer.Measure, out var value) && value <= prefer.AtMost);
            sources = [parts[true].ToArray(), parts[false].ToArray()];
            Any(dealt, sources[..1], dealing.Count, ref stream);
            sources = sources[1..];
        }
        Any(dealt, sources, dealing.Count, ref stream);
        return dealt;
    }

    // Adds products drawn alike, each once, until there are so many.
    private static void Any(
        List<string> dealt,
        ImmutableArray<ArraySegment<Made>> sources,
        int count,
        ref RandomStream stream
    )
    {
        var total = sources.Sum(s => s.Count);
        var taken = new HashSet<int>();
        while (dealt.Count < count && taken.Count < total)
        {
            var at = stream.Next(total);
            if (!taken.Add(at))
                continue;
            foreach (var source in sources)
            {
                if (at < source.Count)
                {
                    if (!dealt.Contains(source[at].Text))
                        dealt.Add(source[at].Text);
                    break;
                }
                at -= source.Count;
            }
        }
    }
}
