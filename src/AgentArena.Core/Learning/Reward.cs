// From a finished game to a score per seat. Pure: any log can be re-scored under any reward without a model.
using System.Collections.Immutable;
using AgentArena.Core.Play;

namespace AgentArena.Core.Learning;

/// <summary>Scores a finished episode.</summary>
public abstract class Reward
{
    /// <summary>
    /// The score of each seat; NaN where this reward has nothing to say of a seat. A seat of which no term says
    /// anything is not trained on.
    /// </summary>
    public abstract double[] Score(Episode episode);

    /// <summary>
    /// What must be measured with the learner's weights before this reward, or one it is made of, can score the
    /// episode.
    /// </summary>
    public virtual IEnumerable<Measurement> Wants(Episode episode) => Parts.SelectMany(p => p.Wants(episode));

    /// <summary>Whether <see cref="Wants"/> may ask for anything.</summary>
    public virtual bool NeedsLogProbs => Parts.Any(p => p.NeedsLogProbs);

    /// <summary>The measures it reads of an outcome, without seat; none of the games may lack all of them.</summary>
    public virtual IEnumerable<string> Reads => Parts.SelectMany(p => p.Reads);

    /// <summary>The rewards it is made of.</summary>
    protected virtual IEnumerable<Reward> Parts => [];

    /// <summary>
    /// Further scores of parts of a seat's replies (steps, digits, segments), in order, where the reward is dense.
    /// </summary>
    public virtual ImmutableArray<Credit> Credits(Episode episode, int seat) => [];
}
