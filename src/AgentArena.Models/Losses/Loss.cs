// What a loss is given and what it returns. A loss knows log-probabilities and weights, never a network, a game or a
// row's text.
using System.Collections.Immutable;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Models.Networks;
using AgentArena.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Losses;

/// <summary>
/// All sampled tokens of a batch side by side, rows in order. Weights may be changed before the passes begin.
/// </summary>
public sealed class TokenTable
{
    /// <summary>Lays out a batch.</summary>
    public TokenTable(TrainingBatch batch)
    {
        Batch = batch;
        var count = batch.Rows.Sum(r => r.Tokens.Length);
        (Recorded, Weights, Row, Trajectory, First) = (
            new float[count],
            new float[count],
            new int[count],
            new int[count],
            new int[batch.Rows.Length + 1]
        );
        if (batch.Rows.Any(r => !r.Targets.IsDefault))
            Targets = [.. Enumerable.Repeat(float.NaN, count)];
        var t = 0;
        for (var r = 0; r < batch.Rows.Length; r++)
        {
            var row = batch.Rows[r];
            row.LogProbs.CopyTo(Recorded, t);
            row.Weights.CopyTo(Weights, t);
            if (!row.Targets.IsDefault)
                row.Targets.CopyTo(Targets!, t);
            Row.AsSpan(t, row.Tokens.Length).Fill(r);
            Trajectory.AsSpan(t, row.Tokens.Length).Fill(row.Trajectory);
            First[r + 1] = t += row.Tokens.Length;
        }
    }

    /// <summary>Whether any token was demonstrated, not sampled (its <see cref="Recorded"/> is NaN).</summary>
    public bool Demonstrated => Array.Exists(Recorded, float.IsNaN);

    /// <summary>The batch.</summary>
    public TrainingBatch Batch { get; }

    /// <summary>How many tokens.</summary>
    public int Count => Recorded.Length;

    /// <summary>Log-probability of each token when it was sampled.</summary>
    public float[] Recorded { get; }

    /// <summary>Weight of each token (its advantage).</summary>
    public float[] Weights { get; }

    /// <summary>
    /// What the value head should say before each token, NaN where nothing; null where no value is learned.
    /// </summary>
    public float[]? Targets { get; }

    /// <summary>Row of each token.</summary>
    public int[] Row { get; }

    /// <summary>Trajectory of each token.</summary>
    public int[] Trajectory { get; }

    /// <summary>First token of each row; the last entry is the count.</summary>
    public int[] First { get; }

    /// <summary>Whether a row was demonstrated, not sampled.</summary>
    public bool IsDemonstrated(int row) => First[row + 1] > First[row] && float.IsNaN(Recorded[First[row]]);

    /// <summary>A row's weight: its tokens' mean.</summary>
    public double WeightOf(int row)
    {
        var sum = 0.0;
        for (var t = First[row]; t < First[row + 1]; t++)
            sum += Weights[t];
        return First[row + 1] > First[row] ? sum / (First[row + 1] - First[row]) : 0;
    }
}

/// <summary>
/// Tensors of one pass. A batch may be summed over several passes, so a loss is a sum over tokens and decisions of the
/// shares it gave them.
/// </summary>
/// <param name="LogProbs">Log-probability of each token under the current weights, [t], with gradient.</param>
/// <param name="Recorded">The same when it was sampled, [t].</param>
/// <param name="Weights">Advantages, [t].</param>
/// <param name="Shares">The share of each token in the policy term, [t].</param>
/// <param name="Decisions">
/// Log-probabilities of every id at each distinct decision, [d, vocabulary], with gradient; about -1e30 where the mask
/// forbids.
/// </param>
/// <param name="DecisionShares">
/// The share of each decision in the regularisers, summed over the tokens drawn there, [d].
/// </param>
/// <param name="Reference">The reference's log-probabilities, [d, vocabulary]; null where the loss has none.</param>
/// <param name="Progress">Share of the run's updates already made.</param>
/// <param name="Replies">The reply of each token, counted from 0 within the pass, [t].</param>
/// <param name="Decided">The decision each token was drawn at, [t].</param>
/// <param name="ReferenceLogs">
/// The reference's log-probability of each token, [t]; null where the loss has none.
/// </param>
/// <param name="Table">The whole batch.</param>
/// <param name="Rows">Rows [First, First + Count) of the batch are in this pass.</param>
public sealed record LossInputs(
    Tensor LogProbs,
    Tensor Recorded,
    Tensor Weights,
    Tensor Shares,
    Tensor Decisions,
    Tensor DecisionShares,
    Tensor? Reference,
    double Progress,
    Tensor Replies,
    Tensor Decided,
    Tensor? ReferenceLogs,
    TokenTable Table,
    (int First, int Count) Rows
)
{
    /// <summary>
    /// The teacher's log-probabilities of every id, [taught tokens, vocabulary]; null where no token of the pass has a
    /// teacher.
    /// </summary>
    public Tensor? Teacher { get; init; }

    /// <summary>Which tokens of the pass have one, [taught tokens].</summary>
    public Tensor? Taught { get; init; }

    /// <summary>Sums over each reply of the pass, [replies].</summary>
    public Tensor PerReply(Tensor perToken) =>
        zeros(Rows.Count, dtype: perToken.dtype, device: perToken.device).PlusAt(Replies, perToken);

    /// <summary>A number a row of the pass, as a tensor of the pass's kind, [replies].</summary>
    public Tensor OfRows(Func<int, double> number) =>
        tensor(Enumerable.Range(Rows.First, Rows.Count).Select(r => (float)number(r)).ToArray())
            .to(LogProbs.dtype)
            .to(LogProbs.device);
}

/// <summary>What a loss returns.</summary>
/// <param name="Loss">Scalar with gradient.</param>
/// <param name="Entropy">Entropy of each decision in nats, [d].</param>
/// <param name="Kl">
/// KL from policy to reference of each decision in nats, [d]; null where there is no reference.
/// </param>
/// <param name="Clipped">1 for each token whose ratio left the clip band, [t]; null where nothing is clipped.</param>
public sealed record LossTerms(Tensor Loss, Tensor Entropy, Tensor? Kl = null, Tensor? Clipped = null);

/// <summary>From log-probabilities and weights to a scalar.</summary>
public abstract class Loss
{
    /// <summary>The reference it wants kept, and how often a copy is renewed.</summary>
    public virtual (Following Following, int Every) Reference => (Following.None, 1);

    /// <summary>The share of itself that an average keeps in an update.</summary>
    public virtual double KeepAt(double progress) => 0;

    /// <summary>Whether rows of one group must meet in one pass and one part, since the loss compares them.</summary>
    public virtual bool WholeGroups => false;

    /// <summary>Optimiser steps over one batch.</summary>
    public virtual int Epochs => 1;

    /// <summary>Parts that each epoch is cut into, by rows.</summary>
    public virtual int Parts => 1;

    /// <summary>
    /// Weight of the value head's squared error, halved, where the model has such a head and the batch has targets.
    /// </summary>
    public virtual double Value => 0.5;

    /// <summary>
    /// Whether it wants the distributions of the rows' teacher: the reference, or the policy itself where there is
    /// none, under <see cref="TrainingRow.Privileged"/>.
    /// </summary>
    public virtual bool Taught => false;

    /// <summary>Whether <see cref="Reshape"/> wants the reference's log-probabilities of the tokens.</summary>
    public virtual bool Reshapes => false;

    /// <summary>
    /// Changes the tokens' weights before the first pass; <paramref name="reference"/> is the reference's
    /// log-probability of each token.
    /// </summary>
    public virtual void Reshape(TokenTable tokens, float[] reference) { }

    /// <summary>The share of each token in the policy term and in the regularisers.</summary>
    public abstract (float[] Policy, float[] Regulariser) Shares(TokenTable tokens);

    /// <summary>The loss of one pass.</summary>
    public abstract LossTerms Compute(LossInputs inputs);
}
