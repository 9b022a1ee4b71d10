// What a policy said, and what it used before it said it: ids, log-probabilities and text, exactly as sampled.
using System.Collections.Immutable;

namespace AgentArena.Core.Models;

/// <summary>What a policy said: exactly the ids that were sampled, so that exactly those are trained on.</summary>
public sealed record Utterance
{
    /// <summary>The policy, without version: <c>student</c>.</summary>
    public required string Policy { get; init; }

    /// <summary>The version of its weights that sampled the first token.</summary>
    public required int Version { get; init; }

    /// <summary>The decoded reply, before parsing.</summary>
    public required string Text { get; init; }

    /// <summary>Ids the policy was conditioned on.</summary>
    public ImmutableArray<int> Prompt { get; init; } = [];

    /// <summary>Ids it sampled, a closing stop id included.</summary>
    public ImmutableArray<int> Tokens { get; init; } = [];

    /// <summary>
    /// Log-probability (nats) of each sampled id under the distribution it was drawn from (mask, temperature, top-k/p
    /// applied).
    /// </summary>
    public ImmutableArray<float> LogProbs { get; init; } = [];

    /// <summary>
    /// The value head's estimate of the state each id was drawn in; default where the model has none.
    /// </summary>
    public ImmutableArray<float> Values { get; init; }

    /// <summary>Where sampling was masked: the ids allowed at each position; default where it was free.</summary>
    public ImmutableArray<ImmutableArray<int>> Allowed { get; init; }

    /// <summary>
    /// The version per token, where an update fell inside the reply; default where all are <see cref="Version"/>.
    /// </summary>
    public ImmutableArray<int> Versions { get; init; }

    /// <summary>
    /// For replies of several tokens: where each token ends in <see cref="Text"/>, in characters; default where there
    /// is one token.
    /// </summary>
    public ImmutableArray<int> Ends { get; init; }

    /// <summary>Whether the reply was cut by its token budget.</summary>
    public bool Truncated { get; init; }

    /// <summary>Temperature it was sampled at.</summary>
    public float Temperature { get; init; } = 1;
}

/// <summary>A tool a seat used before its answer.</summary>
public sealed record ToolCall(string Tool, string Input, string Output);
