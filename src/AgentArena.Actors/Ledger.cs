// The run's ledger in memory: which games ended, in the order learners consume them, and how much of it is on disk. The
// arena's stream is its truth.
using System.Collections.Immutable;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;

namespace AgentArena.Actors;

/// <summary>Entries by position; those that every checkpoint holds may be forgotten.</summary>
public sealed class Ledger
{
    private readonly List<LedgerEntry> _entries = [];
    private readonly List<(LedgerEntry Entry, ImmutableArray<GameEvent> Log)> _unwritten = []; // not handed over yet
    private long _from;

    /// <summary>The position up to which it is on disk.</summary>
    public long OnDisk { get; private set; }

    /// <summary>Position after the last entry ever.</summary>
    public long End { get; private set; }

    /// <summary>Entries ever of games that the system failed.</summary>
    public long Aborted { get; private set; }

    /// <summary>Takes the next entry that the stream holds already.</summary>
    public void Recall(LedgerEntry entry)
    {
        Append(entry);
        OnDisk++;
    }

    /// <summary>Adds the next entry, with what happened in the game.</summary>
    public void Add(LedgerEntry entry, ImmutableArray<GameEvent> log)
    {
        Append(entry);
        _unwritten.Add((entry, log));
    }

    /// <summary>What was added from a position on, as far as the journal has not been handed it.</summary>
    public LedgerGrew UnwrittenFrom(long position)
    {
        var added = _unwritten.Skip((int)(position - End + _unwritten.Count)).ToArray();
        return new LedgerGrew(position, [.. added.Select(a => a.Entry)], [.. added.Select(a => a.Log)]);
    }

    /// <summary>All that the journal has to be handed, as one row; null where it has all.</summary>
    public LedgerGrew? TakeUnwritten()
    {
        if (_unwritten.Count == 0)
            return null;
        var row = UnwrittenFrom(End - _unwritten.Count);
        _unwritten.Clear();
        return row;
    }

    /// <summary>The journal has acknowledged so many entries more.</summary>
    public void Written(int entries) => OnDisk += entries;

    /// <summary>All entries from a position on, or those that are on disk.</summary>
    /// <exception cref="InvalidOperationException">They were forgotten.</exception>
    public ImmutableArray<LedgerEntry> From(long position, bool onDisk = false) =>
        position < _from
            ? throw new InvalidOperationException(
                $"the ledger before position {_from} is no longer in memory, but {position} is wanted."
            )
            : [.. _entries.Skip((int)(position - _from)).Take((int)((onDisk ? OnDisk : End) - position))];

    /// <summary>Forgets what lies before a position.</summary>
    public void Forget(long position)
    {
        var drop = (int)Math.Min(position - _from, _entries.Count);
        if (drop <= 0)
            return;
        _entries.RemoveRange(0, drop);
        _from += drop;
    }

    private void Append(LedgerEntry entry)
    {
        _entries.Add(entry);
        End++;
        if (!entry.IsScored)
            Aborted++;
    }
}
