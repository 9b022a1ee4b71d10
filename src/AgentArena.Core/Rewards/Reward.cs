// From a finished game to a score per seat. Pure: any log can be re-scored under any reward without a model.
using System.Collections.Immutable;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;

namespace AgentArena.Core.Rewards;

/// <summary>Scores a finished episode.</summary>
public abstract class Reward
{
    /// <summary>The score of each seat; NaN where this reward has nothing to say of a seat. A seat of which no term says anything is not trained on.</summary>
    public abstract double[] Score(Episode episode);

    /// <summary>Further scores of parts of a seat's replies (steps, digits, segments), in order, where the reward is dense.</summary>
    public virtual ImmutableArray<Credit> Credits(Episode episode, int seat) => [];
}
