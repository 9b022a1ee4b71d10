// From a finished game to a score per seat. Pure: any log can be re-scored under any reward without a model.
using AgentArena.Core.Games;

namespace AgentArena.Core.Rewards;

/// <summary>Scores a finished episode.</summary>
public abstract class Reward
{
    /// <summary>The score of each seat; NaN where this reward has nothing to say of a seat.</summary>
    public abstract double[] Score(Episode episode);

    /// <summary>Further scores per answered turn of <paramref name="seat"/> (in order), where the reward is dense; null where not.</summary>
    public virtual double[]? ScoreSteps(Episode episode, int seat) => null;
}
