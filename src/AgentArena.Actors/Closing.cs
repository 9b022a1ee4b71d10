// How a run ends: once, for one reason, when every table has written down what it has played. Knows tables by number.
namespace AgentArena.Actors;

/// <summary>Where an ending run stands.</summary>
internal sealed class Closing
{
    private readonly HashSet<int> _open = []; // tables that still write
    private string? _reason; // of an orderly end that has not been told

    /// <summary>Whether the run is ending or has ended.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Begins the end; false where it has begun before.</summary>
    public bool TryBegin() => !HasBegun && (HasBegun = true);

    /// <summary>An orderly end waits for these tables.</summary>
    public void Await(string reason, IEnumerable<int> tables)
    {
        _reason = reason;
        _open.UnionWith(tables);
    }

    /// <summary>A table has written all.</summary>
    public void Closed(int table) => _open.Remove(table);

    /// <summary>Nobody is waited for any longer: what a table could not write is played again.</summary>
    public void GiveUp() => _open.Clear();

    /// <summary>Why the run ended, once, as soon as nothing is waited for.</summary>
    public bool TryTake(out string reason)
    {
        reason = _reason ?? "";
        if (_reason is null || _open.Count > 0)
            return false;
        _reason = null;
        return true;
    }
}
