// From ledger entries to a training batch. A pure function of the journal's games, the rewards and the advantage's state.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Roles;
using AgentArena.Core.Runs;

namespace AgentArena.Actors;

/// <summary>The rows of one update, and what became of every ledger entry it covers.</summary>
public sealed class LearnerBatch
{
    private readonly ImmutableSortedDictionary<string, double>.Builder _figures = ImmutableSortedDictionary.CreateBuilder<string, double>();

    private LearnerBatch(TrainingBatch training, ImmutableSortedDictionary<string, int> dropped) => (Training, Dropped) = (training, dropped);

    /// <summary>What the model is given.</summary>
    public TrainingBatch Training { get; }

    /// <summary>Reasons why ledger entries gave no row, with counts.</summary>
    public ImmutableSortedDictionary<string, int> Dropped { get; }

    /// <summary>
    /// Reads the entries' games, scores them and weighs their tokens. Games are taken in the order of their numbers, so
    /// that the batch does not depend on which of its games happened to end first. Games of <paramref name="rehearsed"/> entries are
    /// learned from as well; the batch's figures and counts are of the new ones alone.
    /// </summary>
    public static LearnerBatch Form(Playground ground, string policy, List<LedgerEntry> entries, IGameReader reader, Advantage advantage, double progress, ImmutableArray<LedgerEntry> rehearsed = default)
    {
        var dropped = ImmutableSortedDictionary.CreateBuilder<string, int>();
        void Drop(string reason) => dropped[reason] = dropped.GetValueOrDefault(reason) + 1;

        var trajectories = new List<Trajectory>(entries.Count * 2);
        var games = 0;
        HashSet<long> old = rehearsed.IsDefaultOrEmpty ? [] : [.. rehearsed.Select(e => e.Game)];
        var scored = entries.Where(e => e.Kind is OutcomeKind.Finished or OutcomeKind.Forfeited or OutcomeKind.Truncated).Select(e => e.Game).Concat(old).Order().ToArray();
        foreach (var entry in entries)
            if (entry.Kind is OutcomeKind.Aborted or OutcomeKind.Cancelled) Drop(entry.Kind == OutcomeKind.Aborted ? "aborted" : "cancelled");
        var kinds = new int[5];
        var played = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var imitation = ground.Scenario.LearnOf(policy).Imitation;
        var lessons = new List<Lesson>();
        var measures = new SortedDictionary<string, (double Sum, int Count)>(StringComparer.Ordinal);
        foreach (var (number, events) in reader.ReadGames(scored))
        {
            var game = ground.Games[((GameStarted)events[0]).Game];
            var episode = new Episode(number, game, events);
            double[]? rewards = null;
            var (before, unscored) = (trajectories.Count + lessons.Count, 0);
            foreach (var trajectory in Trajectory.Of(episode, policy))
            {
                if (trajectory.Steps.IsEmpty) continue;
                rewards ??= ground.Score(episode);
                if (double.IsNaN(rewards[trajectory.Seat])) unscored++;
                else trajectories.Add(trajectory with { Reward = rewards[trajectory.Seat], Credits = ground.Credits(episode, trajectory.Seat) });
            }
            if (imitation is not null) lessons.AddRange(Lesson.Of(ground, episode, imitation, rewards));
            if (old.Contains(number)) continue;
            kinds[(int)episode.Outcome!.Kind]++;
            played[episode.Started.Game] = played.GetValueOrDefault(episode.Started.Game) + 1;
            foreach (var (name, value) in episode.Outcome.Measures)
            {
                var key = $"measure/{episode.Started.Game}/{name}";
                var (sum, count) = measures.GetValueOrDefault(key);
                measures[key] = (sum + value, count + 1);
            }
            if (trajectories.Count + lessons.Count > before) games++;
            else Drop(unscored > 0 ? "unscored" : "no-reply-of-this-policy");
        }

        var shares = ground.Scenario.AllGames;
        var weights = advantage.Weigh(trajectories);
        var targets = advantage.Targets(trajectories);
        var rows = ImmutableArray.CreateBuilder<TrainingRow>(trajectories.Count * 2);
        var groups = new Dictionary<(long, string, string), int>();
        for (var i = 0; i < trajectories.Count; i++)
        for (var s = 0; s < trajectories[i].Steps.Length; s++)
        {
            var said = trajectories[i].Steps[s].Said;
            if (said.Tokens.IsEmpty) continue;
            var trained = shares[trajectories[i].Game].Train;
            if (trained != TrainedReplies.All && said.Allowed.IsDefault != (trained == TrainedReplies.Free)) continue;
            var key = (trajectories[i].Group, trajectories[i].Game, trajectories[i].Role);
            if (!groups.TryGetValue(key, out var group)) groups.Add(key, group = groups.Count);
            rows.Add(new TrainingRow
            {
                Prompt = said.Prompt, Tokens = said.Tokens, LogProbs = said.LogProbs, Allowed = said.Allowed, Temperature = said.Temperature,
                Weights = System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(weights[i][s]), Version = said.Version, Trajectory = i, Group = group, Truncated = said.Truncated,
                Targets = targets is null ? default : System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(targets[i][s]),
            });
        }
        var batch = new LearnerBatch(new TrainingBatch(rows.ToImmutable(), trajectories.Count + lessons.Count, games, progress)
        {
            Demonstrations = [.. lessons.SelectMany((lesson, i) => lesson.Demonstrations(trajectories.Count + i))],
        }, dropped.ToImmutable());
        batch.Measure(old.Count == 0 ? trajectories : [.. trajectories.Where(t => !old.Contains(t.GameNumber))], kinds, entries.Count);
        if (!rehearsed.IsDefault) batch._figures["rehearsed"] = trajectories.Where(t => old.Contains(t.GameNumber)).DistinctBy(t => t.GameNumber).Count();
        if (ground.Games.Count > 1)
            foreach (var (game, count) in played) batch._figures[$"share/{game}"] = (double)count / kinds.Sum();
        foreach (var (name, (sum, count)) in measures) batch._figures[name] = sum / count;
        return batch;
    }

    /// <summary>All figures of the update: the trainer's and the batch's own.</summary>
    public ImmutableSortedDictionary<string, double> Stats(UpdateReport r)
    {
        var all = _figures;
        all["loss"] = r.Loss;
        all["entropy"] = r.Entropy;
        all["kl"] = r.Kl;
        if (r.ValueError != 0) all["value-error"] = r.ValueError;
        all["gradient-norm"] = r.GradientNorm;
        all["clip-share"] = r.ClipShare;
        all["gap-mean"] = r.GapMean;
        all["gap-p95"] = r.GapP95;
        all["gap-max"] = r.GapMax;
        all["learning-rate"] = r.LearningRate;
        all["tokens"] = r.Tokens;
        all["computed-tokens"] = r.ComputedTokens;
        all["update-seconds"] = r.Seconds;
        return all.ToImmutable();
    }

    private void Measure(List<Trajectory> trajectories, int[] kinds, int entries)
    {
        foreach (var group in trajectories.GroupBy(t => t.Game + "/" + t.Role + "-" + t.Seat)) _figures["reward/" + group.Key] = group.Average(t => t.Reward);
        long tokens = 0, steps = 0, refused = 0, free = 0;
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var t in trajectories)
        foreach (var step in t.Steps)
        {
            if (step.Said.Allowed.IsDefault)
            {
                free++;
                texts.Add(step.Said.Text);
            }
            tokens += step.Said.Tokens.Length;
            steps++;
            if (step.Refused) refused++;
        }
        _figures["reply-length"] = steps == 0 ? 0 : (double)tokens / steps;
        _figures["invalid-rate"] = steps == 0 ? 0 : (double)refused / steps;
        if (free > 0) _figures["distinct-replies"] = (double)texts.Count / free;
        var groups = trajectories.GroupBy(t => (t.Group, t.Game, t.Role)).Where(g => g.Skip(1).Any()).ToArray();
        if (groups.Length > 0) _figures["zero-variance-groups"] = (double)groups.Count(g => g.All(t => t.Reward == g.First().Reward)) / groups.Length;
        _figures["forfeit-rate"] = (double)kinds[(int)OutcomeKind.Forfeited] / entries;
        _figures["truncated-rate"] = (double)kinds[(int)OutcomeKind.Truncated] / entries;
        _figures["aborted-rate"] = (double)Dropped.GetValueOrDefault("aborted") / entries;
        _figures["zero-weight-rate"] = Training.Rows.Length == 0 ? 0 : (double)Training.Rows.Count(r => r.Weights.All(w => w == 0)) / Training.Rows.Length;
    }
}
