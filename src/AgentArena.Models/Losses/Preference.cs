// The better of two answers to one question, against a reference: DPO, and DNO's regression of the preference.
using AgentArena.Models.Networks;
using AgentArena.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Losses;

/// <summary>
/// m = beta [(log pi(w) - log ref(w)) - (log pi(l) - log ref(l))] for every pair of replies of one group to one prompt
/// whose weights (take advantage raw) differ by more than the margin. Hard: - log sigma(m) (DPO, Rafailov et al. 2023,
/// arXiv 2305.18290). Soft: the cross-entropy of sigma(m) with p = sigma(r_w - r_l) (DNO, Rosset et al. 2024, arXiv
/// 2404.03715). Mean over the batch's pairs; the normaliser is for the regularisers alone.
/// </summary>
public record PreferenceOptions : RegularisedOptions
{
    /// <summary>The reference stays what the run began with.</summary>
    public PreferenceOptions() => (Reference, Normalise) = (Following.First, Normaliser.PerReply);

    /// <summary>Strength of the pull to the reference.</summary>
    public double Beta { get; init; } = 0.1;

    /// <summary>Pairs whose weights differ by no more are left out.</summary>
    public double Margin { get; init; }

    /// <summary>Whether the preference is a probability instead of a fact.</summary>
    public bool Soft { get; init; }
}

/// <summary>
/// DNO: probabilities of preference, pairs of large margin only, the reference renewed by each round.
/// </summary>
public sealed record NashOptions : PreferenceOptions
{
    /// <summary>Snapshots make the rounds.</summary>
    public NashOptions() => (Soft, Margin, Reference) = (true, 0.5, Following.Snapshot);
}

/// <summary>Preference pairs.</summary>
public sealed class Preference : RegularisedLoss
{
    private readonly PreferenceOptions _o;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">There is no reference, or beta is not above 0.</exception>
    public Preference(PreferenceOptions options)
        : base(options)
    {
        _o = options;
        if (options.Reference == Following.None)
            throw new ArgumentException(
                "reference: is none, but preferences are measured against one. Set reference = first, snapshot or ema."
            );
        if (!(options.Beta > 0) || options.Margin < 0)
            throw new ArgumentException(
                $"beta, margin: are {options.Beta} and {options.Margin}; beta should be above 0, usually 0.1, and margin 0 or above."
            );
    }

    /// <inheritdoc/>
    public override bool WholeGroups => true;

    /// <inheritdoc/>
    protected override (Tensor Loss, Tensor? Clipped) Policy(LossInputs inputs)
    {
        var all = Pairs(inputs.Table, 0, inputs.Table.Batch.Rows.Length);
        var here = Pairs(inputs.Table, inputs.Rows.First, inputs.Rows.Count);
        if (here.Count == 0)
            return (inputs.LogProbs.sum().Times(0), null);
        var gains = inputs.PerReply(inputs.LogProbs - inputs.ReferenceLogs!);
        var margin = (Of(here.Select(p => p.Better)) - Of(here.Select(p => p.Worse))).Times(_o.Beta);
        var certain = tensor(here.Select(p => (float)(_o.Soft ? 1 / (1 + Math.Exp(-p.By)) : 1)).ToArray())
            .to(margin.dtype)
            .to(margin.device);
        var cost = -(certain * margin.log_sigmoid()).Plus((-certain).Plus(1) * (-margin).log_sigmoid());
        // A part of a batch is scaled up to the whole one's worth by its shares; pairs follow them.
        return (cost.sum().Times(PartScale(inputs) / all.Count), null);

        Tensor Of(IEnumerable<int> rows) =>
            gains.index_select(0, tensor(rows.Select(r => (long)(r - inputs.Rows.First)).ToArray()).to(gains.device));
    }

    private double PartScale(LossInputs inputs)
    {
        if (_o.Parts == 1)
            return 1;
        var plain = Shares(inputs.Table)
            .Regulariser.AsSpan(
                inputs.Table.First[inputs.Rows.First],
                inputs.Table.First[inputs.Rows.First + inputs.Rows.Count] - inputs.Table.First[inputs.Rows.First]
            );
        var sum = 0.0;
        foreach (var share in plain)
            sum += share;
        return inputs.DecisionShares.sum().to(ScalarType.Float64).item<double>() / sum;
    }

    private List<(int Better, int Worse, double By)> Pairs(TokenTable table, int first, int count)
    {
        var pairs = new List<(int, int, double)>();
        foreach (
            var group in Enumerable
                .Range(first, count)
                .Where(r => !table.IsDemonstrated(r))
                .GroupBy(r => table.Batch.Rows[r].Group)
        )
        {
            var rows = group.ToArray();
            foreach (var better in rows)
            foreach (var worse in rows)
                if (
                    table.WeightOf(better) - table.WeightOf(worse) is var by
                    && by > _o.Margin
                    && table.Batch.Rows[better].Prompt.AsSpan().SequenceEqual(table.Batch.Rows[worse].Prompt.AsSpan())
                )
                    pairs.Add((better, worse, by));
        }
        return pairs;
    }
}
