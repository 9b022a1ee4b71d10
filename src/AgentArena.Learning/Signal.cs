// How well a finished game went, read from the ledger. Knows measures and payoffs, no game.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;

namespace AgentArena.Learning;

/// <summary>
/// A figure between 0 (failed) and 1 (solved) for each sample in a game: each seat's value of a measure
/// (<c>name/seat</c>), or the game's one value (<c>name</c>), or, where no measure is named, the payoff of a seat.
/// </summary>
public sealed record Signal
{
    /// <summary>The measure; payoffs where empty.</summary>
    public string Measure { get; init; } = "";

    /// <summary>Payoffs: whose.</summary>
    public int Seat { get; init; }

    /// <summary>What is worth 0; where unset 0 of a measure and −1 of a payoff.</summary>
    public double? Low { get; init; }

    /// <summary>What is worth 1; 1 where unset.</summary>
    public double High { get; init; } = 1;

    /// <summary>One value a sample, in seat order; none where the game says nothing.</summary>
    public ImmutableArray<double> Values(LedgerEntry entry)
    {
        if (entry.Kind is OutcomeKind.Aborted or OutcomeKind.Cancelled)
            return [];
        if (Measure.Length == 0)
            return Seat < entry.Payoffs.Length ? [Scaled(entry.Payoffs[Seat], Low ?? -1)] : [];
        if (entry.Measures.TryGetValue(Measure, out var one))
            return [Scaled(one, Low ?? 0)];
        var prefix = Measure + "/";
        return
        [
            .. entry
                .Measures.Where(m => m.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(m =>
                    (
                        Seat: int.TryParse(
                            m.Key.AsSpan(prefix.Length),
                            NumberStyles.None,
                            CultureInfo.InvariantCulture,
                            out var seat
                        )
                            ? seat
                            : int.MaxValue,
                        m.Value
                    )
                )
                .OrderBy(m => m.Seat)
                .Select(m => Scaled(m.Value, Low ?? 0)),
        ];
    }

    /// <summary>Collects a measure that no game declares.</summary>
    public void Check(MatchContext context, string path, Mistakes mistakes)
    {
        if (Measure.Length > 0)
            MeasureNames.Check(Measure, context.Games.Values, $"{path}.measure", mistakes);
    }

    private double Scaled(double value, double low) => Math.Clamp((value - low) / (High - low), 0, 1);
}
