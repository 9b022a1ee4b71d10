// Numbers as a row of blocks. Knows nothing of what they mean.
namespace AgentArena.Cli.Views;

internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>
    /// The values, averaged into at most <paramref name="width"/> columns, between their least and greatest.
    /// </summary>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        if (values.Count == 0)
            return "";
        var columns = Math.Min(width, values.Count);
        var means = new double[columns];
        for (var c = 0; c < columns; c++)
        {
            var (from, to) = (c * values.Count / columns, (c + 1) * values.Count / columns);
            for (var i = from; i < to; i++)
                means[c] += values[i] / (to - from);
        }
        var (low, high) = (means.Min(), means.Max());
        return string.Concat(
            means.Select(m => Blocks[high > low ? (int)Math.Min(7, (m - low) / (high - low) * 8) : 3])
        );
    }
}
