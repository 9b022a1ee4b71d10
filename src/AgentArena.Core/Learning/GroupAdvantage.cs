// Advantages by comparison within a group of answers to one task: GRPO, Dr.GRPO, RLOO, for whole replies and for parts of them.
using System.Collections.Immutable;

namespace AgentArena.Core.Learning;

/// <summary>
/// Over a group (same task, game and role) of G rewards with mean μ and sample deviation σ: GRPO (r − μ)/(σ + 1e-6), and r where G = 1
/// (arXiv 2402.03300, verl); Dr.GRPO r − μ (arXiv 2503.20783); RLOO r − mean of the others, and r where G = 1 (arXiv 2402.14740). The
/// weight goes to every token of the trajectory. With <c>credits</c> the k-th credits of the group's members are compared in the same way,
/// and each weight is added to the tokens of its credit's span.
/// </summary>
public sealed class GroupAdvantage : Advantage
{
    /// <summary>How a member is compared with its group.</summary>
    public enum Kind
    {
        /// <summary>(r − μ)/(σ + 1e-6).</summary>
        Grpo,

        /// <summary>r − μ.</summary>
        DrGrpo,

        /// <summary>r less the mean of the others.</summary>
        Rloo,
    }

    /// <summary>Options of <see cref="GroupAdvantage"/>.</summary>
    public sealed record Options
    {
        /// <summary>Whether credits of parts of replies are compared too.</summary>
        public bool Credits { get; init; }

        /// <summary>Multiplies the weights that come of credits.</summary>
        public double CreditWeight { get; init; } = 1;
    }

    private const double Epsilon = 1e-6;
    private readonly Kind _kind;
    private readonly Options _options;

    /// <summary>The comparison of this kind.</summary>
    public GroupAdvantage(Kind kind, Options options) => (_kind, _options) = (kind, options);

    /// <inheritdoc/>
    public override IReadOnlyList<float[][]> Weigh(IReadOnlyList<Trajectory> batch)
    {
        var weights = new float[batch.Count][][];
        foreach (var group in Enumerable.Range(0, batch.Count).GroupBy(i => (batch[i].Group, batch[i].Game, batch[i].Role)))
        {
            int[] members = [.. group];
            int[] scored = [.. members.Where(i => !double.IsNaN(batch[i].Reward))];
            var compared = Compare([.. scored.Select(i => batch[i].Reward)]);
            foreach (var i in members) weights[i] = Spread(batch[i], 0);
            for (var m = 0; m < scored.Length; m++) weights[scored[m]] = Spread(batch[scored[m]], compared[m]);
            if (_options.Credits) Credit(batch, members, weights);
        }
        return weights;
    }

    /// <summary>The comparison of a group's scores.</summary>
    public double[] Compare(ReadOnlySpan<double> scores)
    {
        var (count, sum) = (scores.Length, 0.0);
        foreach (var score in scores) sum += score;
        var mean = count == 0 ? 0 : sum / count;
        var squares = 0.0;
        foreach (var score in scores) squares += (score - mean) * (score - mean);
        var deviation = count > 1 ? Math.Sqrt(squares / (count - 1)) : 1;
        var compared = new double[count];
        for (var i = 0; i < count; i++)
            compared[i] = _kind switch
            {
                Kind.DrGrpo => scores[i] - mean,
                _ when count == 1 => scores[i],
                Kind.Rloo => scores[i] - (sum - scores[i]) / (count - 1),
                _ => (scores[i] - mean) / (deviation + Epsilon),
            };
        return compared;
    }

    private void Credit(IReadOnlyList<Trajectory> batch, int[] members, float[][][] weights)
    {
        var most = members.Max(i => batch[i].Credits.Length);
        for (var k = 0; k < most; k++)
        {
            int[] credited = [.. members.Where(i => batch[i].Credits.Length > k)];
            var compared = Compare([.. credited.Select(i => batch[i].Credits[k].Score)]);
            for (var m = 0; m < credited.Length; m++)
            {
                var (trajectory, credit) = (batch[credited[m]], batch[credited[m]].Credits[k]);
                var (from, to) = trajectory.TokensOf(credit);
                for (var t = from; t < to; t++) weights[credited[m]][credit.Step][t] += (float)(_options.CreditWeight * compared[m]);
            }
        }
    }
}
