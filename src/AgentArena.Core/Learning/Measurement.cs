// What a reward must know of the learner's weights before it can score a game. Said in words and recorded ids; no model
// here.
using System.Collections.Immutable;
using AgentArena.Core.Play;

namespace AgentArena.Core.Learning;

/// <summary>
/// Values under the learner's weights that a reward reads as <see cref="Measured"/>, one a token, in nats:
/// log-probabilities of a text, or of the seat's last reply. The learner measures them once, before it learns from the
/// game, and writes them down. A text that does not fit the context gives no values.
/// </summary>
/// <param name="Name">The name they are recorded under.</param>
/// <param name="Seat">The seat whose last reply they are about.</param>
public sealed record Measurement(string Name, int Seat)
{
    /// <summary>
    /// Whether what the reply answered comes first; off, it is read as the beginning of a conversation.
    /// </summary>
    public bool Prompted { get; init; } = true;

    /// <summary>Said by the user after the prompt.</summary>
    public string? Hint { get; init; }

    /// <summary>How the reply begins before the text.</summary>
    public string Given { get; init; } = "";

    /// <summary>The text; the seat's last reply as it was sampled, with its masks, where unset.</summary>
    public string? Text { get; init; }

    /// <summary>Whether the text comes after the whole reply, its end included.</summary>
    public bool After { get; init; }

    /// <summary>
    /// KL(U || p) at each position, U uniform over the ids allowed there, in place of log-probabilities
    /// (self-certainty, arXiv 2502.18581).
    /// </summary>
    public bool Certainty { get; init; }

    /// <summary>
    /// What was recorded of a seat under a name; null where nothing was. The last event counts: a measurement that was
    /// made again after a crash is the same one.
    /// </summary>
    public static ImmutableArray<double>? Values(Episode episode, string name, int seat) =>
        episode.Events.OfType<Measured>().LastOrDefault(m => m.Name == name && m.Seat == seat)?.Values;
}
