// The ledger as one learner sees it: what it has yet to learn from, and what it may rehearse. Knows positions and kinds
// of outcome; reads no game and tells nobody.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;

namespace AgentArena.Actors;

/// <summary>What one update is made of.</summary>
/// <param name="Entries">
/// The ledger's next entries, in its order: a whole batch of scored games, and those that the system failed between
/// them.
/// </param>
/// <param name="Rehearsed">Earlier games that are learned from once more; default where nothing is rehearsed.</param>
internal sealed record UpdateGames(List<LedgerEntry> Entries, ImmutableArray<LedgerEntry> Rehearsed);

/// <summary>
/// Takes ledger entries in order, each once, and gives them out by the batch. What it gives out is a function of the
/// ledger and of where it was rewound to: however the entries came in, the same updates are made of the same games.
/// </summary>
/// <param name="spec">The learner's plan.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="policy">The policy that learns.</param>
internal sealed class LearnerQueue(LearnSpec spec, ulong seed, string policy)
{
    private readonly List<LedgerEntry> _next = [];
    private readonly List<LedgerEntry> _past = []; // entries before those, as far as they may be rehearsed
    private long _start; // where learning goes on; what lies before is past
    private long _known; // ledger position up to which entries have arrived
    private int _scored; // scored entries among the next

    /// <summary>How many more finished games the next update needs.</summary>
    public int Missing => Math.Max(0, spec.Batch - _scored);

    /// <summary>Begins anew at a position.</summary>
    /// <returns>How many entries before it are wanted too, to rehearse.</returns>
    public long Rewind(long offset)
    {
        _next.Clear();
        _past.Clear();
        _scored = 0;
        var back = Math.Min(offset, spec.Rehearsal?.Reach(spec.Batch) ?? 0);
        (_start, _known) = (offset, offset - back);
        return back;
    }

    /// <summary>
    /// Takes what is new of these entries. Two senders' worth of order: what was asked for after a rewind and what grew
    /// meanwhile may overlap. What lies beyond a gap is left: it comes again with what was asked for.
    /// </summary>
    /// <returns>How many of the entries were not new.</returns>
    public int Take(LedgerGrew grew)
    {
        var skip = (int)Math.Clamp(_known - grew.From, 0, grew.Entries.Length);
        if (grew.From > _known)
            skip = grew.Entries.Length;
        if (skip == grew.Entries.Length)
            return skip;
        var past = (int)Math.Clamp(_start - _known, 0, grew.Entries.Length - skip);
        _past.AddRange(grew.Entries.AsSpan().Slice(skip, past));
        foreach (var entry in grew.Entries.AsSpan()[(skip + past)..])
        {
            _next.Add(entry);
            if (entry.IsScored)
                _scored++;
        }
        _known = grew.From + grew.Entries.Length;
        return skip;
    }

    /// <summary>
    /// The games of the next update; null where they are not all there. A game that the system failed is passed over:
    /// the one that replaced it counts.
    /// </summary>
    /// <param name="version">The version that the update is made of.</param>
    public UpdateGames? Next(int version)
    {
        if (Missing > 0)
            return null;
        var (scored, consumed) = (0, 0);
        while (scored < spec.Batch)
            if (_next[consumed++].IsScored)
                scored++;
        var entries = _next.GetRange(0, consumed);
        _next.RemoveRange(0, consumed);
        _scored -= scored;
        if (spec.Rehearsal is not { } rehearsal)
            return new UpdateGames(entries, default);
        var rehearsed = rehearsal.Pick(_past, spec.Batch, RandomStream.Derive(seed, policy, version));
        _past.AddRange(entries);
        _past.RemoveRange(0, (int)Math.Max(0, _past.Count - rehearsal.Reach(spec.Batch)));
        return new UpdateGames(entries, rehearsed);
    }
}
