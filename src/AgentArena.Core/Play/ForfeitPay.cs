// What a forfeit costs, as an option that games share. Knows no game.

namespace AgentArena.Core.Play;

/// <summary>
/// Payoffs after a seat used up its refused answers. SPIRAL trains with offender −1.5, others +0.5 (not zero-sum on
/// purpose) and evaluates with −1, +1; TextArena pays −1, +1.
/// </summary>
public sealed record ForfeitPay
{
    /// <summary>The seat that forfeits.</summary>
    public double Offender { get; init; } = -1;

    /// <summary>Each other seat.</summary>
    public double Others { get; init; } = 1;
}
