// Clipped importance weights instead of clipped gains: no token loses its gradient.
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Losses;

/// <summary>
/// Policy term - sum share * sg(clip(ratio, 1 - clip-low, 1 + clip-high)) * weight * log pi, sg stopping the gradient
/// (CISPO of MiniMax-M1, arXiv 2506.13585: no lower bound, the upper one tuned; 4 is ScaleRL's, arXiv 2510.13786).
/// </summary>
public sealed record CispoOptions : RegularisedOptions
{
    /// <summary>Means over all tokens.</summary>
    public CispoOptions() => Normalise = Normaliser.PerToken;

    /// <summary>Ratios below 1 - this are raised to it; 1 for no bound.</summary>
    public double ClipLow { get; init; } = 1;

    /// <summary>Ratios above 1 + this are lowered to it.</summary>
    public double ClipHigh { get; init; } = 4;
}

/// <summary>CISPO.</summary>
public sealed class Cispo : RegularisedLoss
{
    private readonly CispoOptions _o;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">A bound lies outside its range.</exception>
    public Cispo(CispoOptions options)
        : base(options)
    {
        _o = options;
        if (options.ClipLow is < 0 or > 1 || options.ClipHigh < 0)
            throw new ArgumentException(
                $"clip-low, clip-high: are {options.ClipLow} and {options.ClipHigh}; low should be from 0 to 1 and high 0 or above."
            );
    }

    /// <inheritdoc/>
    protected override (Tensor Loss, Tensor? Clipped) Policy(LossInputs inputs)
    {
        var ratio = (inputs.LogProbs.detach() - inputs.Recorded).exp();
        var held = ratio.Between(1 - _o.ClipLow, 1 + _o.ClipHigh);
        return (-(held * inputs.Weights * inputs.LogProbs).dot(inputs.Shares), ratio.ne(held));
    }
}
