// Rewards without truth: how far a seat agrees with others who answered the same task. Knows answers, never the right
// one.
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Games.Answers;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// The answers of the role's seats fall into clusters of equal ones, c(i) the size of seat i's, n their number.
/// Majority (TTRL, PRIME-RL/TTRL): R = 1 where the seat's cluster is the largest, else 0; of equal ones the first named
/// counts. Share (EMPO): R = c/n. Cross (Co-Reward): R = 1 where the answer is the majority answer of the other role,
/// whose seats were given a paraphrase of the same question; 0 where nobody there answered. Nothing is said of anybody
/// where the clusters' entropy H = −Σ p ln p lies outside [low, high] nats. A seat without an answer gets 0 and votes
/// for nothing.
/// </summary>
public sealed class Agreement(Agreement.Options options) : Reward
{
    /// <summary>How agreement becomes a reward.</summary>
    public enum Kind
    {
        /// <summary>1 for the largest cluster.</summary>
        Majority,

        /// <summary>The share of the seat's own cluster.</summary>
        Share,

        /// <summary>1 for the largest cluster of the other role.</summary>
        Cross,
    }

    /// <summary>Options of <see cref="Agreement"/>.</summary>
    public sealed record Options
    {
        /// <summary>The role that answers.</summary>
        public string Of { get; init; } = "solver";

        /// <summary>Cross: the role that answers the paraphrase.</summary>
        public string Other { get; init; } = "";

        /// <summary>How agreement becomes a reward.</summary>
        public Kind Form { get; init; } = Kind.Majority;

        /// <summary>
        /// Whether answers are compared by value, or else letter by letter (as Co-Reward's release does).
        /// </summary>
        public bool ByValue { get; init; } = true;

        /// <summary>The least entropy of the answers (nats) at which the group is worth learning from.</summary>
        public double Low { get; init; }

        /// <summary>The greatest.</summary>
        public double High { get; init; } = double.MaxValue;

        /// <summary>
        /// How many seats of the role are rewarded, the others only vote (TTRL: 32 of 64); 0 rewards all.
        /// </summary>
        public int Rewarded { get; init; }
    }

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var scores = SeatsOf.Silent(episode);
        Reward(episode, scores, options.Of, options.Form == Kind.Cross ? options.Other : options.Of);
        if (options.Form == Kind.Cross)
            Reward(episode, scores, options.Other, options.Of);
        return scores;
    }

    private void Reward(Episode episode, double[] scores, string role, string labels)
    {
        var seats = SeatsOf.Role(episode, role);
        var answers = seats.Select(seat => Answer(episode, seat)).ToArray();
        var label =
            role == labels
                ? new Clusters(answers, Same)
                : new Clusters([.. SeatsOf.Role(episode, labels).Select(seat => Answer(episode, seat))], Same);
        if (label.Entropy < options.Low || label.Entropy > options.High)
            return;
        for (var i = 0; i < seats.Length && (options.Rewarded == 0 || i < options.Rewarded); i++)
        {
            if (Reply.Of(episode, seats[i]).IsEmpty)
                continue; // it was never asked
            scores[seats[i]] =
                answers[i] is not { } answer ? 0
                : options.Form == Kind.Share ? label.Share(i)
                : label.Largest is { } largest && Same(largest, answer) ? 1
                : 0;
        }
    }

    private static string? Answer(Episode episode, int seat) =>
        Reply.Of(episode, seat) is [.., { Move: { } move }] ? FinalAnswer.Marked(move) ?? move.Trim() : null;

    private bool Same(string a, string b) => a == b || options.ByValue && AnswerChecker.Same(a, b);

    private sealed class Clusters
    {
        private readonly int[] _of;
        private readonly List<(string Answer, int Size)> _all = [];

        public Clusters(string?[] answers, Func<string, string, bool> same)
        {
            _of = new int[answers.Length];
            for (var i = 0; i < answers.Length; i++)
            {
                _of[i] = answers[i] is { } answer ? _all.FindIndex(c => same(c.Answer, answer)) : -1;
                if (answers[i] is null)
                    continue;
                if (_of[i] >= 0)
                    _all[_of[i]] = (_all[_of[i]].Answer, _all[_of[i]].Size + 1);
                else
                {
                    _of[i] = _all.Count;
                    _all.Add((answers[i]!, 1));
                }
            }
            double voted = _all.Sum(c => c.Size);
            foreach (var (_, size) in _all)
                Entropy -= size / voted * Math.Log(size / voted);
        }

        public double Entropy { get; }

        public string? Largest => _all.Count == 0 ? null : _all.MaxBy(c => c.Size).Answer;

        public double Share(int i) => (double)_all[_of[i]].Size / _of.Length;
    }
}
