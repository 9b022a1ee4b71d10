// Actors by path, resolved anew at each message. Knows the tree, not the actors.
using System.Text.RegularExpressions;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Actors by path: relative to an anchor or from the root, .. for the parent, * and ? as wild cards.</summary>
public class ActorSelection : ICanTell
{
    private readonly string[] _elements;

    internal ActorSelection(ActorCell anchor, string path) : this(anchor.Self, path) { }

    /// <param name="anchor">Where a relative path begins.</param>
    /// <param name="path">Absolute with or without address, or relative.</param>
    public ActorSelection(IActorRef anchor, string path)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        ArgumentNullException.ThrowIfNull(path);
        if (path.Contains("://", StringComparison.Ordinal)) path = ActorPath.Parse(path).ToStringWithoutAddress();
        if (path.StartsWith('/') && anchor is LocalActorRef local) anchor = local.Cell.SystemImpl.LookupRoot;
        Anchor = anchor;
        _elements = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Where it begins.</summary>
    public IActorRef Anchor { get; }

    /// <summary>The rest of the path.</summary>
    public string PathString => "/" + string.Join('/', _elements);

    /// <summary>Sends a message to all that match now; to dead letters where none does.</summary>
    public void Tell(object message, IActorRef? sender = null)
    {
        sender ??= ActorCell.GetCurrentSelfOrNoSender();
        var any = false;
        foreach (var match in Matches())
        {
            match.Tell(message, sender);
            any = true;
        }

        if (any || Anchor is not LocalActorRef local) return;
        if (message is Identify identify) sender?.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
        else if (!_elements.Any(static e => e.AsSpan().ContainsAny('*', '?')))
            new EmptyLocalActorRef(local.Cell.SystemImpl, Anchor.Path / _elements).Tell(message, sender);
    }

    /// <summary>The actor, if there is exactly one place it can be and it lives.</summary>
    /// <returns>Fails with <see cref="ActorNotFoundException"/>.</returns>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <inheritdoc cref="ResolveOne(TimeSpan)"/>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(this), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException($"{this}: nobody is there.");
        }
        catch (AskTimeoutException e)
        {
            throw new ActorNotFoundException($"{this}: nobody answered within {timeout}.", e);
        }
    }

    private IEnumerable<IActorRef> Matches()
    {
        IEnumerable<IActorRef> here = [Anchor];
        foreach (var element in _elements)
        {
            var step = element;
            if (step == "..") here = here.OfType<IInternalActorRef>().Select(static r => r.Parent).Where(static p => p is LocalActorRef);
            else if (!step.AsSpan().ContainsAny('*', '?')) here = here.OfType<IInternalActorRef>().Select(r => r.GetChild([step])).Where(static r => !r.IsNobody());
            else
            {
                var pattern = new Regex("^" + Regex.Escape(step).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "$", RegexOptions.CultureInvariant);
                here = here.OfType<LocalActorRef>().SelectMany(static r => r.Cell.ChildCells()).Where(c => pattern.IsMatch(c.Name)).Select(static c => c.Self);
            }
        }

        return here.ToArray();
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ActorSelection other && Anchor.Equals(other.Anchor) && _elements.AsSpan().SequenceEqual(other._elements);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Anchor, PathString);

    /// <inheritdoc/>
    public override string ToString() => $"ActorSelection[Anchor({Anchor.Path}), Path({PathString})]";
}
