// Where an actor stands in the tree, and its incarnation number. Knows the address grammar, nothing of actors.
using System.Diagnostics.CodeAnalysis;

namespace Akka.Actor;

/// <summary>Protocol, system and, for other machines, host and port.</summary>
public sealed class Address(string protocol, string system, string? host = null, int? port = null) : IEquatable<Address>, IComparable<Address>
{
    /// <summary>Stands for all systems.</summary>
    public static readonly Address AllSystems = new("akka", "all-systems");

    /// <summary>akka.</summary>
    public string Protocol { get; } = protocol;

    /// <summary>The system's name.</summary>
    public string System { get; } = system;

    /// <summary>Null here.</summary>
    public string? Host { get; } = host;

    /// <summary>Null here.</summary>
    public int? Port { get; } = port;

    /// <summary>True when there is no host.</summary>
    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    /// <summary>True when there is a host.</summary>
    public bool HasGlobalScope => !HasLocalScope;

    /// <inheritdoc/>
    public bool Equals(Address? other) => other is not null && Port == other.Port && Host == other.Host && System == other.System && Protocol == other.Protocol;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Address);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Protocol, System, Host, Port);

    /// <inheritdoc/>
    public int CompareTo(Address? other) => string.CompareOrdinal(ToString(), other?.ToString());

    /// <inheritdoc/>
    public override string ToString() => Host is null ? $"{Protocol}://{System}" : $"{Protocol}://{System}@{Host}{(Port is { } p ? $":{p}" : "")}";
}

/// <summary>An absolute path such as <c>akka://arena/user/game-17</c>. Equality ignores the uid.</summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    private const string Symbols = "-_.*$+:@&=,!~';";

    private protected ActorPath(Address address, string name, long uid) => (Address, Name, Uid) = (address, name, uid);

    /// <summary>The system.</summary>
    public Address Address { get; }

    /// <summary>The last element.</summary>
    public string Name { get; }

    /// <summary>The incarnation: a name may be used again, a uid is not. 0 where unknown.</summary>
    public long Uid { get; }

    /// <summary>One element up; the root is its own parent.</summary>
    public abstract ActorPath Parent { get; }

    /// <summary>The root of the tree.</summary>
    public abstract ActorPath Root { get; }

    /// <summary>Elements below the root, top first.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            var elements = new List<string>();
            for (var p = this; p is ChildActorPath; p = p.Parent) elements.Add(p.Name);
            elements.Reverse();
            return elements;
        }
    }

    /// <summary>The number of elements below the root.</summary>
    public int Depth => Elements.Count;

    /// <summary>The same place with another incarnation.</summary>
    public abstract ActorPath WithUid(long uid);

    /// <summary>A child of this path.</summary>
    public ActorPath Child(string childName) => this / childName;

    /// <summary>A path below.</summary>
    public static ActorPath operator /(ActorPath path, string name)
    {
        var hash = name.IndexOf('#', StringComparison.Ordinal);
        return hash >= 0 && long.TryParse(name.AsSpan(hash + 1), out var uid) ? new ChildActorPath(path, name[..hash], uid) : new ChildActorPath(path, name, 0);
    }

    /// <summary>A path below.</summary>
    public static ActorPath operator /(ActorPath path, IEnumerable<string> name) => name.Where(n => n.Length > 0).Aggregate(path, static (p, n) => p / n);

    /// <summary>True for a name that a child may have: ASCII letters, digits and -_.*$+:@&amp;=,!~'; but no $ in front.</summary>
    public static bool IsValidPathElement(string s) =>
        !string.IsNullOrEmpty(s) && s[0] != '$' && s.All(static c => char.IsAsciiLetterOrDigit(c) || Symbols.Contains(c, StringComparison.Ordinal));

    /// <summary>Reads an absolute path.</summary>
    public static bool TryParse(string path, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = null;
        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0) return false;
        var rest = path[(scheme + 3)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? rest : rest[..slash];
        if (authority.Length == 0) return false;
        var at = authority.IndexOf('@', StringComparison.Ordinal);
        var address = new Address(path[..scheme], at < 0 ? authority : authority[..at]);
        if (at >= 0)
        {
            var host = authority[(at + 1)..];
            var colon = host.LastIndexOf(':');
            if (colon < 0) address = new Address(address.Protocol, address.System, host);
            else if (int.TryParse(host.AsSpan(colon + 1), out var port)) address = new Address(address.Protocol, address.System, host[..colon], port);
            else return false;
        }

        actorPath = new RootActorPath(address) / (slash < 0 ? [] : rest[(slash + 1)..].Split('/'));
        return true;
    }

    /// <summary>Reads an absolute path.</summary>
    /// <exception cref="UriFormatException">It is none.</exception>
    public static ActorPath Parse(string path) =>
        TryParse(path, out var parsed) ? parsed : throw new UriFormatException($"{path}: is no actor path. One looks like akka://system/user/name.");

    /// <summary>/user/a/b.</summary>
    public string ToStringWithoutAddress() => this is RootActorPath ? Name : "/" + string.Join('/', Elements);

    /// <summary>With address and, where known, #uid.</summary>
    public string ToSerializationFormat() => Uid == 0 ? ToString() : $"{this}#{Uid}";

    /// <summary>With the given address where this one has no host.</summary>
    public string ToStringWithAddress(Address address) => Address.Host is null ? $"{address}{ToStringWithoutAddress()}" : ToString();

    /// <inheritdoc/>
    public bool Equals(ActorPath? other)
    {
        ActorPath? a = this, b = other;
        while (true)
        {
            if (ReferenceEquals(a, b)) return true;
            if (a is null || b is null || a.Name != b.Name) return false;
            if (a is RootActorPath || b is RootActorPath) return a is RootActorPath && b is RootActorPath && a.Address.Equals(b.Address);
            (a, b) = (a.Parent, b.Parent);
        }
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = Address.GetHashCode();
        for (var p = this; p is ChildActorPath; p = p.Parent) hash = HashCode.Combine(hash, p.Name);
        return hash;
    }

    /// <inheritdoc/>
    public int CompareTo(ActorPath? other) => string.CompareOrdinal(ToString(), other?.ToString());

    /// <summary>Equality without uid.</summary>
    public static bool operator ==(ActorPath? left, ActorPath? right) => Equals(left, right);

    /// <summary>Inequality without uid.</summary>
    public static bool operator !=(ActorPath? left, ActorPath? right) => !Equals(left, right);

    /// <inheritdoc/>
    public override string ToString() => $"{Address}{ToStringWithoutAddress()}";
}

/// <summary>The top of the tree.</summary>
public sealed class RootActorPath(Address address, string name = "/") : ActorPath(address, name, 0)
{
    /// <inheritdoc/>
    public override ActorPath Parent => this;

    /// <inheritdoc/>
    public override ActorPath Root => this;

    /// <inheritdoc/>
    public override ActorPath WithUid(long uid) => uid == 0 ? this : throw new NotSupportedException("RootActorPath: has no uid. Leave it at 0.");
}

/// <summary>Below another path.</summary>
public sealed class ChildActorPath(ActorPath parentPath, string name, long uid) : ActorPath(parentPath.Address, name, uid)
{
    /// <inheritdoc/>
    public override ActorPath Parent { get; } = parentPath;

    /// <inheritdoc/>
    public override ActorPath Root => Parent.Root;

    /// <inheritdoc/>
    public override ActorPath WithUid(long uid) => new ChildActorPath(Parent, Name, uid);
}
