// The reward table of a sneaky generator and a step critic (SPC, arXiv 2504.19162): read from what the rules measured,
// never from the rules.
using AgentArena.Core.Learning;
using AgentArena.Core.Play;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// A valid error that is caught: sneaky −1, critic +1; that fools: +1 and −1. No valid error, or no answer: sneaky −1,
/// and the critic's game is not used. Anything else that is shown: critic ±1 by its verdict, and the sneaky seat's is
/// not used.
/// </summary>
public sealed class SneakyCritic(SneakyCritic.Options options) : Reward
{
    /// <summary>Options of <see cref="SneakyCritic"/>; the defaults are the paper's.</summary>
    public sealed record Options
    {
        /// <summary>The sneaky seat, for an error that was called correct.</summary>
        public double Fooled { get; init; } = 1;

        /// <summary>The sneaky seat, for an error that was found.</summary>
        public double Caught { get; init; } = -1;

        /// <summary>The sneaky seat, for a step that is no error, or for none.</summary>
        public double Invalid { get; init; } = -1;

        /// <summary>The critic, for a true verdict.</summary>
        public double Right { get; init; } = 1;

        /// <summary>The critic, for a false verdict or none.</summary>
        public double Wrong { get; init; } = -1;
    }

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var roles = episode.Game.Facts.Roles;
        var outcome = episode.Outcome!;
        var (sneaky, critic) = (double.NaN, double.NaN);
        if (outcome.Kind == OutcomeKind.Forfeited)
        {
            var role = roles[episode.State.Forfeited!.Value.Seat];
            if (role == "sneaky")
                sneaky = options.Invalid;
            else if (role == "critic")
                critic = options.Wrong;
        }
        else
        {
            if (outcome.Measures.TryGetValue("right", out var right))
                critic = right > 0 ? options.Right : options.Wrong;
            if (outcome.Measures.TryGetValue("fooled", out var fooled))
                sneaky = fooled > 0 ? options.Fooled : options.Caught;
            else if (outcome.Measures.TryGetValue("valid", out var valid) && valid == 0)
                sneaky = options.Invalid;
        }
        return
        [
            .. roles.Select(role =>
                role switch
                {
                    "sneaky" => sneaky,
                    "critic" => critic,
                    _ => double.NaN,
                }
            ),
        ];
    }
}
