// A second set of weights that follows the first at a distance: what a policy is held close to. Knows no loss.
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Training;

/// <summary>How a reference follows.</summary>
public enum Following
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>An average of past weights, moved every update.</summary>
    Ema,

    /// <summary>A copy, renewed every so many updates.</summary>
    Snapshot,

    /// <summary>The weights the run began with.</summary>
    First,
}

/// <summary>Reference weights.</summary>
/// <param name="following">How it follows; not <see cref="Following.None"/>.</param>
/// <param name="every">For a copy: updates between renewals.</param>
/// <param name="weights">What it starts as a copy of.</param>
internal sealed class Reference(Following following, int every, Parameters weights) : IDisposable
{
    /// <summary>The reference's weights.</summary>
    public Parameters Weights { get; } = weights.Copy();

    /// <summary>
    /// Moves after an update; <paramref name="updates"/> counts it, <paramref name="keep"/> is what an average keeps of
    /// itself.
    /// </summary>
    public void Follow(Parameters policy, long updates, double keep)
    {
        using var quiet = no_grad();
        if (following == Following.Ema)
            Weights.Flat.Times_(keep).Plus_(policy.Flat, 1 - keep);
        else if (following == Following.Snapshot && updates % every == 0)
            Weights.Flat.copy_(policy.Flat);
    }

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();
}
