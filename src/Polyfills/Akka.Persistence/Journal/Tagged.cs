// An event with tags. Knows no journal.
using System.Collections.Immutable;

namespace Akka.Persistence.Journal;

/// <summary>An event that its journal stores with tags; a replay gives back the bare event.</summary>
public sealed record Tagged(object Payload, IImmutableSet<string> Tags)
{
    /// <summary>An event with tags.</summary>
    public Tagged(object payload, IEnumerable<string> tags) : this(payload, tags.ToImmutableHashSet()) { }
}
