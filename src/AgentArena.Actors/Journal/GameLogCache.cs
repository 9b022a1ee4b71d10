// Finished games as a learner needs them: from memory where the journal has just acknowledged them, else from the
// journal.
using System.Collections.Immutable;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;

namespace AgentArena.Actors.Journal;

/// <summary>
/// A reader that spares the journal a look for what it has itself just acknowledged. Each log is handed out once.
/// </summary>
public sealed class GameLogCache(Func<IGameReader> open) : IGameReader
{
    private readonly Dictionary<long, ImmutableArray<GameEvent>> _kept = [];
    private IGameReader? _journal; // opened when it is first needed: as a rule that is after a crash alone

    /// <summary>Keeps a game's events until they are asked for; empty ones are left to the journal.</summary>
    public void Keep(long number, ImmutableArray<GameEvent> log)
    {
        if (!log.IsDefaultOrEmpty)
            _kept[number] = log;
    }

    /// <summary>Forgets all: what is asked for next comes from the journal.</summary>
    public void Forget() => _kept.Clear();

    /// <inheritdoc/>
    public IEnumerable<(long Number, ImmutableArray<GameEvent> Events)> ReadGames(IReadOnlyList<LedgerEntry> entries)
    {
        foreach (var entry in entries)
            if (_kept.Remove(entry.Game, out var log))
                yield return (entry.Game, log);
            else
                foreach (var read in (_journal ??= open()).ReadGames([entry]))
                    yield return read;
    }

    /// <inheritdoc/>
    public void Dispose() => _journal?.Dispose();
}
