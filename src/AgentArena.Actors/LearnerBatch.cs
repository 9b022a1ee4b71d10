// From ledger entries to a training batch. A pure function of the journal's games, the rewards and the advantage's
// state.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Actors.Journal;
using AgentArena.Core.Binding;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;

namespace AgentArena.Actors;

/// <summary>The rows of one update, and what became of every ledger entry it covers.</summary>
public sealed class LearnerBatch
{
    private readonly BoundScenario _ground;
    private readonly string _policy;
    private readonly List<Trajectory> _trajectories = []; // of new games and of rehearsed ones
    private readonly List<SeatDemonstrations> _lessons = [];
    private readonly SortedDictionary<string, (double Sum, int Count)> _measures = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _played = new(StringComparer.Ordinal);
    private readonly ImmutableSortedDictionary<string, int>.Builder _dropped = ImmutableSortedDictionary.CreateBuilder<
        string,
        int
    >();
    private readonly ImmutableSortedDictionary<string, double>.Builder _figures =
        ImmutableSortedDictionary.CreateBuilder<string, double>();
    private readonly int[] _kinds = new int[5];
    private int _games;

    private LearnerBatch(BoundScenario ground, string policy) => (_ground, _policy) = (ground, policy);

    /// <summary>What the model is given.</summary>
    public TrainingBatch Training { get; private set; } = null!;

    /// <summary>Reasons why ledger entries gave no row, with counts.</summary>
    public ImmutableSortedDictionary<string, int> Dropped => _dropped.ToImmutable();

    /// <summary>
    /// Reads the entries' games, scores them and weighs their tokens. Games are taken in the order of their numbers, so
    /// that the batch does not depend on which of its games happened to end first. Games of
    /// <paramref name="rehearsed"/> entries are learned from as well; the batch's figures and counts are of the new
    /// ones alone.
    /// </summary>
    public static LearnerBatch Form(
        BoundScenario ground,
        string policy,
        List<LedgerEntry> entries,
        IGameReader reader,
        Advantage advantage,
        double progress,
        ImmutableArray<LedgerEntry> rehearsed = default
    )
    {
        var batch = new LearnerBatch(ground, policy);
        foreach (var entry in entries)
            if (entry.Kind is OutcomeKind.Aborted or OutcomeKind.Cancelled)
                batch.Drop(entry.Kind == OutcomeKind.Aborted ? "aborted" : "cancelled");
        HashSet<long> old = rehearsed.IsDefaultOrEmpty ? [] : [.. rehearsed.Select(e => e.Game)];
        foreach (var (number, events) in reader.ReadGames(Scored(entries, rehearsed)))
            batch.Take(new Episode(number, ground.Games[((GameStarted)events[0]).Game], events), old.Contains(number));
        batch.Training = new TrainingBatch(
            batch.Rows(advantage),
            batch._trajectories.Count + batch._lessons.Count,
            batch._games,
            progress
        )
        {
            Demonstrations =
            [
                .. batch._lessons.SelectMany((lesson, i) => lesson.Demonstrations(batch._trajectories.Count + i)),
            ],
        };
        batch.Measure(
            old.Count == 0 ? batch._trajectories : [.. batch._trajectories.Where(t => !old.Contains(t.GameNumber))],
            entries.Count
        );
        if (!rehearsed.IsDefault)
            batch._figures["rehearsed"] = batch
                ._trajectories.Where(t => old.Contains(t.GameNumber))
                .DistinctBy(t => t.GameNumber)
                .Count();
        return batch;
    }

    /// <summary>
    /// The entries of the games that are read: those that were scored, and the rehearsed ones, by number.
    /// </summary>
    public static LedgerEntry[] Scored(List<LedgerEntry> entries, ImmutableArray<LedgerEntry> rehearsed) =>
        [
            .. entries
                .Where(e => e.IsScored)
                .Concat(rehearsed.IsDefault ? [] : rehearsed)
                .DistinctBy(e => e.Game)
                .OrderBy(e => e.Game),
        ];

    /// <summary>All figures of the update: the trainer's and the batch's own.</summary>
    public ImmutableSortedDictionary<string, double> Stats(UpdateReport r)
    {
        var all = _figures;
        all["loss"] = r.Loss;
        all["entropy"] = r.Entropy;
        all["kl"] = r.Kl;
        if (r.ValueError != 0)
            all["value-error"] = r.ValueError;
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

    private void Take(Episode episode, bool rehearsed)
    {
        double[]? rewards = null;
        var (before, unscored) = (_trajectories.Count + _lessons.Count, 0);
        foreach (var trajectory in Trajectory.Of(episode, _policy))
        {
            if (trajectory.Steps.IsEmpty)
                continue;
            rewards ??= _ground.Score(episode);
            if (double.IsNaN(rewards[trajectory.Seat]))
                unscored++;
            else
                _trajectories.Add(
                    trajectory with
                    {
                        Reward = rewards[trajectory.Seat],
                        Credits = _ground.Credits(episode, trajectory.Seat),
                    }
                );
        }
        if (_ground.Scenario.LearnOf(_policy).Imitation is { } imitation)
            _lessons.AddRange(SeatDemonstrations.Of(_ground, episode, imitation, rewards));
        if (rehearsed)
            return;
        _kinds[(int)episode.Outcome!.Kind]++;
        _played[episode.Started.Game] = _played.GetValueOrDefault(episode.Started.Game) + 1;
        foreach (var (name, value) in episode.Outcome.Measures)
        {
            var key = $"measure/{episode.Started.Game}/{name}";
            var (sum, count) = _measures.GetValueOrDefault(key);
            _measures[key] = (sum + value, count + 1);
        }
        if (_trajectories.Count + _lessons.Count > before)
            _games++;
        else
            Drop(unscored > 0 ? "unscored" : "no-reply-of-this-policy");
    }

    private void Drop(string reason) => _dropped[reason] = _dropped.GetValueOrDefault(reason) + 1;

    private ImmutableArray<TrainingRow> Rows(Advantage advantage)
    {
        var (weights, targets, shares) = (
            advantage.Weigh(_trajectories),
            advantage.Targets(_trajectories),
            _ground.Scenario.AllGames
        );
        var rows = ImmutableArray.CreateBuilder<TrainingRow>(_trajectories.Count * 2);
        var groups = new Dictionary<(long, string, string), int>();
        var hints = _ground.Scenario.LearnOf(_policy).Teacher is { } teacher ? Hints(teacher) : null;
        for (var i = 0; i < _trajectories.Count; i++)
        for (var s = 0; s < _trajectories[i].Steps.Length; s++)
        {
            var said = _trajectories[i].Steps[s].Said;
            if (said.Tokens.IsEmpty)
                continue;
            var trained = shares[_trajectories[i].Game].Train;
            if (trained != TrainedReplies.All && said.Allowed.IsDefault != (trained == TrainedReplies.Free))
                continue;
            if (!groups.TryGetValue(_trajectories[i].Compared, out var group))
                groups.Add(_trajectories[i].Compared, group = groups.Count);
            rows.Add(_trajectories[i].RowOf(s, weights[i][s], targets?[i][s], i, group) with { Hint = hints?[i] });
        }
        return rows.ToImmutable();
    }

    // What the teacher of each trajectory is told; null where it has none.
    private string?[] Hints(TeacherSpec teacher)
    {
        var hints = new string?[_trajectories.Count];
        var needsSibling = teacher.Hint.Contains("{sibling}", StringComparison.Ordinal);
        foreach (var group in Enumerable.Range(0, hints.Length).GroupBy(i => _trajectories[i].Compared))
        {
            var right = group.Where(i => _trajectories[i].Reward >= teacher.Right).ToArray();
            foreach (var i in group)
            {
                if (teacher.Taught == Taught.Wrong && _trajectories[i].Reward >= teacher.Right)
                    continue;
                // The next right one, in a circle: not all are told the same.
                var sibling = right.Where(r => r != i).OrderBy(r => r < i).Select(r => (int?)r).FirstOrDefault();
                if (needsSibling && sibling is null)
                    continue;
                hints[i] = teacher
                    .Hint.Replace("{sibling}", sibling is { } s ? Last(s) : "", StringComparison.Ordinal)
                    .Replace("{reply}", Last(i), StringComparison.Ordinal)
                    .Replace(
                        "{reward}",
                        _trajectories[i].Reward.ToString("0.##", CultureInfo.InvariantCulture),
                        StringComparison.Ordinal
                    );
            }
        }
        _figures["taught-share"] = hints.Length == 0 ? 0 : (double)hints.Count(h => h is not null) / hints.Length;
        return hints;

        string Last(int i) => _trajectories[i].Steps[^1].Said.Text;
    }

    private void Measure(List<Trajectory> trajectories, int entries)
    {
        if (_ground.Games.Count > 1)
            foreach (var (game, count) in _played)
                _figures[$"share/{game}"] = (double)count / _kinds.Sum();
        foreach (var (name, (sum, count)) in _measures)
            _figures[name] = sum / count;
        foreach (var group in trajectories.GroupBy(t => t.Game + "/" + t.Role + "-" + t.Seat))
            _figures["reward/" + group.Key] = group.Average(t => t.Reward);
        long tokens = 0,
            steps = 0,
            refused = 0,
            free = 0;
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
            if (step.Refused)
                refused++;
        }
        _figures["reply-length"] = steps == 0 ? 0 : (double)tokens / steps;
        _figures["invalid-rate"] = steps == 0 ? 0 : (double)refused / steps;
        if (free > 0)
            _figures["distinct-replies"] = (double)texts.Count / free;
        var groups = trajectories.GroupBy(t => t.Compared).Where(g => g.Skip(1).Any()).ToArray();
        if (groups.Length > 0)
            _figures["zero-variance-groups"] =
                (double)groups.Count(g => g.All(t => t.Reward == g.First().Reward)) / groups.Length;
        _figures["forfeit-rate"] = (double)_kinds[(int)OutcomeKind.Forfeited] / entries;
        _figures["truncated-rate"] = (double)_kinds[(int)OutcomeKind.Truncated] / entries;
        _figures["aborted-rate"] = (double)Dropped.GetValueOrDefault("aborted") / entries;
        _figures["zero-weight-rate"] =
            Training.Rows.Length == 0
                ? 0
                : (double)Training.Rows.Count(r => r.Weights.All(w => w == 0)) / Training.Rows.Length;
    }
}
