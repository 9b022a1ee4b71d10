// A message and who sent it.
namespace Akka.Actor;

/// <summary>A message on its way.</summary>
public struct Envelope
{
    /// <summary>The parts.</summary>
    public Envelope(object message, IActorRef sender) => (Content, From) = (message, sender);

    internal object Content;
    internal IActorRef From;

    /// <summary>What.</summary>
    public object Message { readonly get => Content; private set => Content = value; }

    /// <summary>From whom; null for nobody.</summary>
    public IActorRef Sender { readonly get => From; private set => From = value; }

    /// <inheritdoc/>
    public override readonly string ToString() => $"<{Content}> from {From?.ToString() ?? "NoSender"}";
}
