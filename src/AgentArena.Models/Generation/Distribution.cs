// What can be drawn next and how likely: logits under mask, temperature, top-k and top-p. Plain numbers, no tensor.
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AgentArena.Core;
using AgentArena.Core.Models;

namespace AgentArena.Models.Generation;

/// <summary>Ids with their log-probabilities; drawing costs a walk over a row of sums.</summary>
internal sealed class Distribution
{
    private readonly int[] _ids;
    private readonly double[] _upTo;
    private readonly float[] _logits;
    private readonly double _temperature,
        _normaliser;
    private WholeReply?[]? _replies;

    // Weights are exp((logit - largest) / temperature) of the ids, and become sums. A distribution is often drawn from
    // once: what only the drawn id needs is worked out then.
    private Distribution(int[] ids, double[] weights, float[] logits, float largest, double temperature, bool free)
    {
        (_ids, _upTo, _logits, _temperature) = (ids, weights, logits, temperature);
        for (var i = 1; i < weights.Length; i++)
            weights[i] += weights[i - 1];
        _normaliser = largest + temperature * Math.Log(weights[^1]);
        Allowed = free ? default : ImmutableCollectionsMarshal.AsImmutableArray(ids);
    }

    /// <summary>The ids that could be drawn, ascending; default where all that are not special could.</summary>
    public ImmutableArray<int> Allowed { get; }

    /// <summary>The i-th id.</summary>
    public int Id(int i) => _ids[i];

    /// <summary>Log-probability of the i-th id, in nats.</summary>
    public float LogProb(int i) => _ids.Length == 1 ? 0 : (float)((_logits[_ids[i]] - _normaliser) / _temperature);

    /// <summary>A finished reply of one token kept here, so that saying it again costs nothing.</summary>
    public ref WholeReply? Reply(int i) => ref (_replies ??= new WholeReply?[_ids.Length])[i];

    /// <summary>Draws an index.</summary>
    public int Draw(ref RandomStream chance)
    {
        if (_ids.Length == 1)
            return 0;
        var at = chance.NextDouble() * _upTo[^1];
        if (_ids.Length <= 16)
        {
            var i = 0;
            while (i < _ids.Length - 1 && at >= _upTo[i])
                i++;
            return i;
        }
        var (low, high) = (0, _ids.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (at >= _upTo[middle])
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>
    /// Makes it. <paramref name="allowed"/> is default where the reply is free: then <paramref name="all"/>, every id
    /// but the special ones, and the ends.
    /// </summary>
    public static Distribution Of(float[] logits, ImmutableArray<int> allowed, int[] all, Sampling sampling)
    {
        var free = allowed.IsDefault;
        int[] ids = free ? all : [.. allowed];
        if (sampling.Temperature <= 0)
        {
            var likeliest = ids[0];
            foreach (var id in ids)
                if (logits[id] > logits[likeliest])
                    likeliest = id;
            return new Distribution([likeliest], [1], logits, 0, 1, free: false);
        }
        var largest = float.NegativeInfinity;
        foreach (var id in ids)
            largest = Math.Max(largest, logits[id]);
        if (!float.IsFinite(largest))
            throw new InvalidOperationException(
                "sampling: the logits are not finite; the weights have diverged. Go back to an earlier checkpoint with a smaller learning rate."
            );
        var weights = new double[ids.Length];
        for (var i = 0; i < ids.Length; i++)
            weights[i] = Math.Exp((logits[ids[i]] - largest) / (double)sampling.Temperature);
        if ((sampling.TopK <= 0 || sampling.TopK >= ids.Length) && sampling.TopP >= 1)
            return new Distribution(ids, weights, logits, largest, sampling.Temperature, free);

        // The likeliest first, ties by id; the rest is dropped and what is kept goes back in order of id.
        var order = Enumerable.Range(0, ids.Length).OrderByDescending(i => weights[i]).ThenBy(i => ids[i]).ToArray();
        var keep = sampling.TopK > 0 ? Math.Min(sampling.TopK, ids.Length) : ids.Length;
        if (sampling.TopP < 1)
        {
            var (mass, wanted) = (0.0, sampling.TopP * order.Take(keep).Sum(i => weights[i]));
            for (var k = 0; k < keep; k++)
                if ((mass += weights[order[k]]) >= wanted)
                    keep = k + 1;
        }
        var kept = order.AsSpan(0, Math.Max(1, keep)).ToArray();
        Array.Sort(kept);
        return new Distribution(
            [.. kept.Select(i => ids[i])],
            [.. kept.Select(i => weights[i])],
            logits,
            largest,
            sampling.Temperature,
            free: false
        );
    }
}

/// <summary>A reply of one token, as an utterance holds it.</summary>
internal sealed record WholeReply(
    string Text,
    ImmutableArray<int> Tokens,
    ImmutableArray<float> LogProbs,
    ImmutableArray<ImmutableArray<int>> Allowed,
    ImmutableArray<float> Values
);
