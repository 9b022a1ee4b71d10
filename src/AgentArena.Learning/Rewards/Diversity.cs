// A price on saying what others say too. Knows texts and their clusters, never what they ask.
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Games.Answers;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// R = max(min, r(from) − weight · share), share the part of all compared texts that lies in the seat's cluster (BLEU
/// distance, average linkage, threshold ½; see <see cref="Bleu"/>). Compared are the last texts of the role's seats,
/// and a field of the references that the game was dealt, such as the questions of a task pool, as R-Zero compares the
/// questions of a batch. R-Zero and Active-Zero: from = difficulty, form triangle. TTCS (max(0, bell · novelty −
/// share)): form bell with a novelty, min = 0. Without <c>from</c> r is 0.
/// </summary>
public sealed class Diversity(Diversity.Options options, Catalog catalog) : Reward
{
    /// <summary>Options of <see cref="Diversity"/>.</summary>
    public sealed record Options
    {
        /// <summary>What the price is taken from.</summary>
        public Plugin? From { get; init; }

        /// <summary>The role whose texts are compared.</summary>
        public string Of { get; init; } = "proposer";

        /// <summary>The field of a dealt reference that is compared with them; none where empty.</summary>
        public string Field { get; init; } = "question";

        /// <summary>Mean distance below which two clusters are one.</summary>
        public double Threshold { get; init; } = 0.5;

        /// <summary>Multiplies the share.</summary>
        public double Weight { get; init; } = 1;

        /// <summary>The least reward.</summary>
        public double Min { get; init; } = double.MinValue;
    }

    private readonly Reward? _from = options.From is null ? null : catalog.Rewards.Create(options.From, "from");

    /// <inheritdoc/>
    protected override IEnumerable<Reward> Parts => _from is null ? [] : [_from];

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var (scores, from) = (SeatsOf.Silent(episode), _from?.Score(episode));
        int[] seats = [.. SeatsOf.Role(episode, options.Of).Where(seat => !Reply.Of(episode, seat).IsEmpty)];
        if (seats.Length == 0)
            return scores;
        string[] texts =
        [
            .. seats.Select(seat => Reply.Of(episode, seat)[^1]).Select(r => r.Move ?? r.Text),
            .. Dealt(episode.Started.Setup.Task),
        ];
        var shares = Bleu.ClusterShares(texts, options.Threshold);
        for (var i = 0; i < seats.Length; i++)
            if ((from?[seats[i]] ?? 0) is var worth && !double.IsNaN(worth))
                scores[seats[i]] = Math.Max(options.Min, worth - options.Weight * shares[i]);
        return scores;
    }

    private IEnumerable<string> Dealt(string? task)
    {
        if (options.Field.Length == 0 || task is null)
            yield break;
        JsonArray? references = null;
        try
        {
            references = (JsonNode.Parse(task) as JsonObject)?["references"] as JsonArray;
        }
        catch (JsonException)
        {
            // the task is the game's own text; where it is no JSON nothing was dealt
        }
        foreach (var reference in references ?? [])
            if ((reference as JsonObject)?[options.Field]?.ToString() is { } text)
                yield return text;
    }
}
