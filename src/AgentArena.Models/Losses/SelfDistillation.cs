// A policy taught by itself: its distributions are pulled to those it has when it is told more.
using AgentArena.Models.Networks;
using AgentArena.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Losses;

/// <summary>
/// Taught tokens (learn.teacher): sum share * v * D, D the generalised Jensen-Shannon divergence between student pi and
/// teacher q, the reference told more: alpha 0 KL(q || pi), alpha 1 KL(pi || q), else (1 - alpha) KL(pi || m) + alpha
/// KL(q || m), m = (1 - alpha) pi + alpha q; v = exp(-H(q) / tau), H in nats, where tau is above 0, else 1. All ids are
/// compared, where the release compares the likeliest 20 or 100 and a rest (SDPO, lasgroup/SDPO; SD-Zero). Tokens
/// without a teacher: the policy gradient where untaught is on (SRPO's routing), else nothing.
/// </summary>
public record SelfDistillationOptions : PolicyGradientOptions
{
    /// <summary>The teacher is a slow average of the weights; means over tokens.</summary>
    public SelfDistillationOptions() => (Reference, Keep, Normalise) = (Following.Ema, 0.95, Normaliser.PerToken);

    /// <summary>Which divergence.</summary>
    public double Alpha { get; init; } = 0.5;

    /// <summary>Entropy of the teacher, in nats, at which its token counts 1/e; 0 counts all alike.</summary>
    public double Tau { get; init; }

    /// <summary>Whether tokens without a teacher are learned from by the policy gradient.</summary>
    public bool Untaught { get; init; }
}

/// <summary>
/// SRPO: right replies by the clipped policy gradient, wrong ones by their teacher (learn.teacher.taught = wrong),
/// unsure tokens of it counting less.
/// </summary>
public sealed record RoutedOptions : SelfDistillationOptions
{
    /// <summary>GRPO's clip beside the distillation.</summary>
    public RoutedOptions() => (Untaught, Clip, Tau) = (true, true, 1);
}

/// <summary>SDPO, SD-Zero and SRPO.</summary>
public sealed class SelfDistillation : PolicyGradient
{
    private readonly SelfDistillationOptions _o;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">Alpha or tau lies outside its range.</exception>
    public SelfDistillation(SelfDistillationOptions options)
        : base(options)
    {
        _o = options;
        if (options.Alpha is < 0 or > 1 || options.Tau < 0)
            throw new ArgumentException(
                $"alpha, tau: are {options.Alpha} and {options.Tau}; alpha should be from 0 to 1 and tau 0 or above."
            );
    }

    /// <inheritdoc/>
    public override bool Taught => true;

    /// <inheritdoc/>
    protected override (Tensor Loss, Tensor? Clipped) Policy(LossInputs inputs)
    {
        if (inputs.Teacher is not { } teacher || inputs.Taught is not { } taught)
            return _o.Untaught ? base.Policy(inputs) : (inputs.LogProbs.sum().Times(0), null);
        var student = inputs.Decisions.index_select(0, inputs.Decided.index_select(0, taught));
        var shares = inputs.Shares.index_select(0, taught);
        if (_o.Tau > 0)
            shares = shares * (teacher.exp() * teacher).sum(-1).Over(_o.Tau).exp();
        var distilled = Divergence(student, teacher).dot(shares);
        if (!_o.Untaught)
            return (distilled, null);
        var (loss, clipped) = base.Policy(inputs with { Shares = inputs.Shares.clone().FillAt_(taught, 0) });
        return (loss.Plus(distilled), clipped);
    }

    private Tensor Divergence(Tensor student, Tensor teacher)
    {
        if (_o.Alpha == 0)
            return Kl(teacher, student);
        if (_o.Alpha == 1)
            return Kl(student, teacher);
        var middle = logaddexp(student.Plus(Math.Log(1 - _o.Alpha)), teacher.Plus(Math.Log(_o.Alpha)));
        return Kl(student, middle).Times(1 - _o.Alpha).Plus(Kl(teacher, middle).Times(_o.Alpha));

        static Tensor Kl(Tensor p, Tensor q) => (p.exp() * (p - q)).sum(-1);
    }
}
