// Which earlier games are learned from again. Knows the ledger's order and kinds, never what was played.
using System.Collections.Immutable;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;

namespace AgentArena.Core.Scenarios;

/// <summary>
/// Replay over the journal: each update learns from <c>share</c>·batch games more, drawn without replacement from the
/// <c>within</c> batches before it, each with a weight of (its age in batches)^−<c>power</c>; power 0 draws all alike,
/// 1 rehearses by recency (power-law rehearsal). Their tokens keep the log-probabilities they were sampled with, so
/// losses with an importance ratio correct for their age, and
/// <c>within</c> bounds it. Which games an update rehearses is a function of the seed, the policy, the version and the
/// ledger. They are scored anew and do not enter the update's figures; baselines see their returns again.
/// </summary>
public sealed record ExperienceReplay
{
    /// <summary>Rehearsed games an update, as a share of its batch of new ones.</summary>
    public double Share { get; init; } = 0.25;

    /// <summary>How many batches back a rehearsed game may lie.</summary>
    public int Within { get; init; } = 20;

    /// <summary>How fast the chance of a game falls with its age.</summary>
    public double Power { get; init; }

    /// <summary>How many ledger entries before an update may be drawn from.</summary>
    public long Reach(int batch) => (long)Within * batch;

    /// <summary>
    /// The games to rehearse, in the order of their numbers; fewer where there are not as many scored ones yet.
    /// </summary>
    /// <param name="past">The entries before the update's own, newest last; those out of reach are passed over.</param>
    /// <param name="batch">New games an update.</param>
    /// <param name="seed">The update's own.</param>
    public ImmutableArray<LedgerEntry> Pick(IReadOnlyList<LedgerEntry> past, int batch, ulong seed)
    {
        // The n smallest of -ln(u)/w are a weighted draw without replacement (Efraimidis and Spirakis 2006). A stream a
        // game: an entry's chance does not hang on where in its batch the game happened to end.
        var keyed = new List<(double Key, LedgerEntry Entry)>();
        for (var i = (int)Math.Max(0, past.Count - Reach(batch)); i < past.Count; i++)
        {
            if (past[i].Kind is OutcomeKind.Aborted or OutcomeKind.Cancelled)
                continue;
            var age = 1 + (past.Count - 1 - i) / batch;
            var stream = new RandomStream(RandomStream.Derive(seed, "rehearsal", past[i].Game));
            keyed.Add((-Math.Log(1 - stream.NextDouble()) * Math.Pow(age, Power), past[i]));
        }
        return
        [
            .. keyed
                .OrderBy(k => k.Key)
                .ThenBy(k => k.Entry.Game)
                .Take((int)Math.Round(Share * batch))
                .Select(k => k.Entry)
                .OrderBy(e => e.Game),
        ];
    }
}
