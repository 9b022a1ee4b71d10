// Long hostile texts. Knows no machine's speed: the bound is far from what any takes in linear time, and far below quadratic.
using System.Diagnostics;

namespace AgentArena.Core.Tests;

internal static class Linear
{
    private const int Pieces = 400_000;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    /// <summary>
    /// So many pieces in one text are read within a minute. In linear time that takes well below a second; looking at each pair
    /// of them, 160 thousand million, takes longer than the bound on every machine.
    /// </summary>
    public static void ShouldRead(this Action<string> read, params string[] pieces)
    {
        foreach (var piece in pieces)
        {
            var text = string.Concat(Enumerable.Repeat(piece, Pieces));
            var began = Stopwatch.GetTimestamp();
            read(text);
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(Bound, $"{Pieces} times '{piece}'");
        }
    }
}
