// The equilibria of Kuhn poker with real stakes (Kuhn 1950), one for each alpha. Reads its card and the line from the
// information state.
using AgentArena.Core.Play;
using AgentArena.Core.Players;

namespace AgentArena.Games.Bots;

/// <summary>The equilibrium family of the opener, and the unique equilibrium of the other seat.</summary>
public sealed class KuhnNash : Bot
{
    /// <summary>Options of <see cref="KuhnNash"/>.</summary>
    public sealed record Options
    {
        /// <summary>How often the opener bluffs with the J, in [0, 1/3]; it bets the K three times as often.</summary>
        public double Alpha { get; init; } = 0.2;
    }

    private readonly double _alpha;

    /// <summary>The equilibrium with this alpha.</summary>
    /// <exception cref="ArgumentException">Alpha is outside [0, 1/3].</exception>
    public KuhnNash(Options options)
    {
        if (options.Alpha is not (>= 0 and <= 1 / 3.0))
            throw new ArgumentException($"alpha is {options.Alpha}; it should lie in [0, 0.3333].");
        _alpha = options.Alpha;
    }

    /// <inheritdoc/>
    public override double[] Probabilities(Turn turn)
    {
        var key = turn.InformationState ?? "";
        var hand = key[(key.LastIndexOf(';') + 1)..];
        double bets = (hand.FirstOrDefault(), hand.Length < 2 ? "-" : hand[2..]) switch
        {
            ('J', "") => _alpha,
            ('Q', "") => 0,
            ('K', "") => 3 * _alpha,
            ('J', "check") => 1 / 3.0,
            ('Q', "bet") => 1 / 3.0,
            ('Q', "check,bet") => _alpha + 1 / 3.0,
            ('J' or 'Q', "check" or "bet" or "check,bet") => 0,
            ('K', "check" or "bet" or "check,bet") => 1,
            _ => throw new InvalidOperationException(
                $"kuhn-nash: '{turn.InformationState}' is no information state of kuhn-poker. Seat this bot in that game only."
            ),
        };
        return [1 - bets, bets];
    }
}
