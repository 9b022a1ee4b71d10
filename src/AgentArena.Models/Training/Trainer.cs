// One update: merge rows, compute what is distinct once, gather, sum the loss, step, let the reference follow. Knows no
// tokenizer.
using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using AgentArena.Core.Models;
using AgentArena.Models.Losses;
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Training;

/// <summary>Trains one set of weights with one loss.</summary>
internal sealed class Trainer : IDisposable
{
    private const float Forbidden = -1e30f;
    private readonly Transformer _network;
    private readonly Parameters _weights;
    private readonly Loss _loss;
    private readonly bool _merge;

    public Trainer(Transformer network, Parameters weights, Loss loss, AdamWOptions optimiser, bool merge = true)
    {
        (_network, _weights, _loss, _merge) = (network, weights, loss, merge);
        Optimiser = new AdamW(optimiser, weights);
        if (loss.Reference.Following != Following.None)
            Reference = new Reference(loss.Reference.Following, loss.Reference.Every, weights);
    }

    /// <summary>The optimiser and its state.</summary>
    public AdamW Optimiser { get; }

    /// <summary>The loss.</summary>
    public Loss Loss => _loss;

    /// <summary>Reference weights; null where the loss wants none.</summary>
    public Reference? Reference { get; }

    /// <summary>Updates made.</summary>
    public long Updates { get; set; }

    /// <summary>
    /// Trains on a batch that the weights of <paramref name="version"/> are about to learn from; returns a report of
    /// version + 1.
    /// </summary>
    public UpdateReport Update(TrainingBatch batch, int version)
    {
        var started = Stopwatch.GetTimestamp();
        if (_loss.WholeGroups)
            batch = batch with { Rows = [.. batch.Rows.OrderBy(r => r.Group)] };
        var tokens = new TokenTable(batch);
        var rate = Optimiser.RateAt(batch.Progress) * batch.Settings.Rate;
        var report = new UpdateReport
        {
            Version = version + 1,
            LearningRate = rate,
            Tokens = tokens.Count,
        };
        if (tokens.Count > 0)
        {
            if (_loss.Reshapes)
                _loss.Reshape(tokens, Score(_network, Reference!.Weights.Views, batch.Rows, _merge));
            var shares = _loss.Shares(tokens);
            var tally = new Tally(tokens, version);
            for (var epoch = 0; epoch < _loss.Epochs; epoch++)
            for (var part = 0; part < _loss.Parts; part++)
            {
                var (first, end) = (Cut(part), Cut(part + 1));
                if (tokens.First[end] == tokens.First[first])
                    continue;
                using var scope = NewDisposeScope();
                tally.Gradient(
                    Optimiser.Step(_weights.Flat, Gradient(tokens, shares, first, end, tally, epoch == 0), rate)
                );
            }
            report = tally.Report(report);
        }
        Updates++;
        Reference?.Follow(_weights, Updates, _loss.KeepAt(batch.Progress));
        return report with { Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds };

        int Cut(int part)
        {
            var cut = (int)((long)batch.Rows.Length * part / _loss.Parts);
            while (
                _loss.WholeGroups
                && cut > 0
                && cut < batch.Rows.Length
                && batch.Rows[cut].Group == batch.Rows[cut - 1].Group
            )
                cut++;
            return cut;
        }
    }

    /// <summary>
    /// Log-probabilities of all tokens of the rows under some weights, side by side; or how far each distribution is
    /// from a uniform one.
    /// </summary>
    public static float[] Score(
        Transformer network,
        Tensor[] weights,
        ImmutableArray<TrainingRow> rows,
        bool merge = true,
        bool certainty = false
    )
    {
        using var quiet = no_grad();
        var all = new List<float>();
        for (var first = 0; first < rows.Length; )
        {
            using var scope = NewDisposeScope();
            var merged = PrefixPacker.Merge(rows, first, network.Options.PassTokens, merge);
            first += merged.Rows.Count;
            if (merged.TokenIds.Length == 0)
                continue;
            var pass = new Pass(network, merged);
            var decisions = pass.Decisions(weights, pass.States(weights));
            all.AddRange(Numbers(certainty ? pass.AtTokens(Certainty(decisions)) : pass.Taken(decisions)));
        }
        return [.. all];
    }

    // KL(U || p) = - log n - mean of log p, over the n ids that are allowed, [decisions].
    private static Tensor Certainty(Tensor decisions)
    {
        var allowed = decisions.Above(Forbidden / 2).to(decisions.dtype);
        var count = allowed.sum(-1);
        return -count.log() - (decisions * allowed).sum(-1) / count;
    }

    /// <summary>Gradient of the loss over rows [first, end), [count of weights].</summary>
    internal Tensor Gradient(
        TokenTable tokens,
        (float[] Policy, float[] Regulariser) shares,
        int first,
        int end,
        Tally tally,
        bool record
    )
    {
        Tensor? sum = null;
        var rows = tokens.Batch.Rows;
        // Within a part, shares of means are scaled up so that each step sees a whole batch's worth.
        var scale = (float)tokens.Count / (tokens.First[end] - tokens.First[first]);
        var limit = end == rows.Length ? rows : rows[..end];
        while (first < end)
        {
            var merged = PrefixPacker.Merge(limit, first, _network.Options.PassTokens, _merge, _loss.WholeGroups);
            var (from, count) = (tokens.First[first], merged.TokenIds.Length);
            first += merged.Rows.Count;
            if (count == 0)
                continue;
            using var scope = NewDisposeScope();
            var pass = new Pass(_network, merged);
            var (decisionShares, counts) = OfDecisions(merged, shares.Regulariser.AsSpan(from, count), scale);
            Tensor? reference = null;
            if (Reference is not null)
            {
                using var quiet = no_grad();
                reference = pass.Decisions(Reference.Weights.Views, pass.States(Reference.Weights.Views));
            }
            var (teacher, taught) = _loss.Taught ? Teach(rows, tokens, merged.Rows) : default;
            var (leaf, views) = _weights.Differentiable();
            var states = pass.States(views);
            var decisions = pass.Decisions(views, states);
            var taken = pass.Taken(decisions);
            var policyShares = shares.Policy.AsSpan(from, count).ToArray();
            if (scale != 1)
                for (var t = 0; t < count; t++)
                    policyShares[t] *= scale;
            var recorded = Vector(tokens.Recorded.AsSpan(from, count));
            // What was demonstrated was never sampled: it counts as drawn from the policy as it is.
            if (tokens.Demonstrated)
                recorded = where(recorded.isnan(), taken.detach(), recorded);
            var terms = _loss.Compute(
                new LossInputs(
                    taken,
                    recorded,
                    Vector(tokens.Weights.AsSpan(from, count)),
                    Vector(policyShares),
                    decisions,
                    Vector(decisionShares),
                    reference,
                    tokens.Batch.Progress,
                    tensor(Array.ConvertAll(tokens.Row[from..(from + count)], r => (long)(r - merged.Rows.First)))
                        .to(_network.Device),
                    pass.Decided,
                    reference is null ? null : pass.Taken(reference),
                    tokens,
                    merged.Rows
                )
                {
                    Teacher = teacher,
                    Taught = taught,
                }
            );
            if (_network.Options.ValueHead && tokens.Targets is { } targets)
            {
                var error = Squared(
                    pass.AtTokens(Transformer.Values(views, states)) - Vector(targets.AsSpan(from, count))
                );
                terms = terms with { Loss = terms.Loss.Plus(error.dot(Vector(policyShares)).Times(_loss.Value / 2)) };
                if (record)
                    tally.Values(Numbers(error));
            }
            var gradient = autograd.grad([terms.Loss], [leaf])[0];
            if (sum is null)
                sum = gradient.MoveToOuterDisposeScope();
            else
                sum.Plus_(gradient);
            if (record)
                tally.Add(merged, from, counts, Numbers(taken), terms);
        }
        return sum!;

        Tensor Vector(ReadOnlySpan<float> values) => tensor(values.ToArray()).to(_network.Type).to(_network.Device);
    }

    // The share of each decision, and how many tokens stand for it.
    private static (float[] Shares, int[] Counts) OfDecisions(
        MergedRows merged,
        ReadOnlySpan<float> shares,
        float scale
    )
    {
        var of = new float[merged.Decisions.Length];
        var counts = new int[merged.Decisions.Length];
        for (var t = 0; t < shares.Length; t++)
        {
            of[merged.TokenDecisions[t]] += shares[t] * scale;
            counts[merged.TokenDecisions[t]]++;
        }
        return (of, counts);
    }

    // An error that is no number, where there was nothing to foresee, counts as none.
    private static Tensor Squared(Tensor error)
    {
        var known = where(error.isnan(), zeros_like(error), error);
        return known * known;
    }

    // What those who were told more would have said at each token of the rows that have a teacher: [taught tokens,
    // vocabulary], and which tokens these are.
    private (Tensor? Teacher, Tensor? Taught) Teach(
        ImmutableArray<TrainingRow> rows,
        TokenTable tokens,
        (int First, int Count) part
    )
    {
        using var quiet = no_grad();
        var weights = Reference?.Weights.Views ?? _weights.Views;
        var own = Enumerable
            .Range(part.First, part.Count)
            .Where(r => !rows[r].Privileged.IsDefaultOrEmpty && !rows[r].Tokens.IsEmpty)
            .ToArray();
        if (own.Length == 0)
            return default;
        ImmutableArray<TrainingRow> told = [.. own.Select(r => rows[r] with { Prompt = rows[r].Privileged })];
        var all = new List<Tensor>();
        for (var first = 0; first < told.Length; )
        {
            var merged = PrefixPacker.Merge(told, first, _network.Options.PassTokens, _merge);
            first += merged.Rows.Count;
            var pass = new Pass(_network, merged);
            all.Add(pass.AtTokens(pass.Decisions(weights, pass.States(weights))));
        }
        var places = own.SelectMany(r =>
                Enumerable.Range(tokens.First[r] - tokens.First[part.First], rows[r].Tokens.Length)
            )
            .Select(t => (long)t)
            .ToArray();
        return (cat(all), tensor(places).to(_network.Device));
    }

    private static float[] Numbers(Tensor values)
    {
        var flat = values.detach().to(ScalarType.Float32).cpu().contiguous();
        return MemoryMarshal.Cast<byte, float>(flat.bytes).ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Optimiser.Dispose();
        Reference?.Dispose();
    }

    // One pass: the tensors that say what is computed, kept for policy and reference alike.
    internal sealed class Pass
    {
        private readonly Transformer _network;
        private readonly TokenBatch _batch;
        private readonly PackedAttention _attention;
        private readonly Tensor _mask,
            _taken,
            _decided;
        private readonly Tensor? _cooling;

        public Pass(Transformer network, MergedRows merged)
        {
            _network = network;
            var (device, vocabulary) = (network.Device, network.Vocabulary);
            _batch = new TokenBatch(
                tensor(merged.Ids).to(device),
                tensor(merged.Places).to(device),
                tensor(Array.ConvertAll(merged.Decisions, d => (long)d.Position)).to(device)
            );
            _attention = new PackedAttention(network, merged);
            var mask = new float[merged.Decisions.Length * vocabulary];
            float[]? free = null;
            for (var d = 0; d < merged.Decisions.Length; d++)
            {
                var row = mask.AsSpan(d * vocabulary, vocabulary);
                if (merged.Decisions[d].Allowed.IsDefault)
                {
                    // Free replies draw anything but special ids, the ends excepted.
                    free ??= FreeMask(network);
                    free.CopyTo(row);
                    continue;
                }
                row.Fill(Forbidden);
                foreach (var id in merged.Decisions[d].Allowed)
                    row[id] = 0;
            }
            _mask = tensor(mask, [merged.Decisions.Length, vocabulary]).to(network.Type).to(device);
            _taken = tensor(merged.TokenDecisions.Select((d, t) => (long)d * vocabulary + merged.TokenIds[t]).ToArray())
                .to(device);
            _decided = tensor(Array.ConvertAll(merged.TokenDecisions, d => (long)d)).to(device);
            if (Array.Exists(merged.Decisions, d => d.Temperature != 1))
                _cooling = tensor(
                        Array.ConvertAll(merged.Decisions, d => 1 / d.Temperature),
                        [merged.Decisions.Length, 1]
                    )
                    .to(network.Type)
                    .to(device);
        }

        private static float[] FreeMask(Transformer network)
        {
            var row = new float[network.Vocabulary];
            if (network.Free.IsDefault)
                return row;
            row.AsSpan().Fill(Forbidden);
            foreach (var id in network.Free)
                row[id] = 0;
            return row;
        }

        // States the decisions were made in, [decisions, width].
        public Tensor States(Tensor[] weights) => _network.States(weights, _batch, _attention);

        // The decision of each sampled token.
        public Tensor Decided => _decided;

        // What belongs to decisions, for each sampled token.
        public Tensor AtTokens(Tensor decisions) => decisions.index_select(0, _decided);

        // Log-probabilities [decisions, vocabulary].
        public Tensor Decisions(Tensor[] weights, Tensor states)
        {
            var logits = Transformer.Logits(weights, states);
            if (_cooling is not null)
                logits = logits * _cooling;
            return logits.Plus(_mask).log_softmax(-1);
        }

        // Log-probabilities of the sampled tokens.
        public Tensor Taken(Tensor decisions) => decisions.view(-1).index_select(0, _taken);
    }
}
