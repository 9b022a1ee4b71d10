// A reward of a user's own: from a finished episode to a score a seat.
using AgentArena.Core.Learning;
using AgentArena.Core.Play;

namespace Nim;

/// <summary>Options of <see cref="QuickWin"/>.</summary>
public sealed record QuickWinOptions
{
    /// <summary>What each move of a seat costs it.</summary>
    public double Price { get; init; } = 0.01;
}

/// <summary>R = payoff − price × the seat's own moves.</summary>
public sealed class QuickWin(QuickWinOptions options) : Reward
{
    /// <inheritdoc/>
    public override double[] Score(Episode episode) =>
        [
            .. episode.Outcome!.Payoffs.Select(
                (payoff, seat) => payoff - options.Price * episode.Events.OfType<MoveMade>().Count(m => m.Seat == seat)
            ),
        ];
}
