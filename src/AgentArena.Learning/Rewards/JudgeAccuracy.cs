// A judge's reward once the truth is known. Knows verdicts and measured truths, never how they were found.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Games.Answers;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// R of a judge = mean over its verdicts s' of the agreement with the truth s that the rules measured later. Match:
/// right where |s' − s| ≤ tolerance, else wrong. Distance: 1 − |s' − s| (DeepSeekMath-V2, arXiv 2511.22570). A verdict
/// is a word of <c>yes</c> (1) or <c>no</c> (0), or a number on [low, high]. <c>wrong = -0.5, missing = -1, shortest =
/// 800</c> are RISE's values (xyliu-cs/RISE), where a verdict without a number, or explained in fewer characters,
/// counts as missing. Nothing is said where no truth is known.
/// </summary>
public sealed class JudgeAccuracy(JudgeAccuracy.Options options) : Reward
{
    /// <summary>How a verdict is held against the truth.</summary>
    public enum Kind
    {
        /// <summary>Right or wrong.</summary>
        Match,

        /// <summary>1 − |s' − s|.</summary>
        Distance,
    }

    /// <summary>Options of <see cref="JudgeAccuracy"/>.</summary>
    public sealed record Options
    {
        /// <summary>The role that judges.</summary>
        public string Judge { get; init; } = "judge";

        /// <summary>The role that is judged; verdicts in order go round its seats.</summary>
        public string Of { get; init; } = "solver";

        /// <summary>
        /// The measure that is the truth: <c>name/seat</c> of the judged seat, or <c>name</c> of the whole game.
        /// </summary>
        public string Truth { get; init; } = "correct";

        /// <summary>How a verdict is held against it.</summary>
        public Kind Form { get; init; } = Kind.Match;

        /// <summary>The tag around a verdict; the whole move where it is absent.</summary>
        public string Tag { get; init; } = "score";

        /// <summary>Words for 1.</summary>
        public ImmutableArray<string> Yes { get; init; } = ["correct", "yes", "true"];

        /// <summary>Words for 0.</summary>
        public ImmutableArray<string> No { get; init; } = ["incorrect", "no", "false"];

        /// <summary>The number worth 0.</summary>
        public double Low { get; init; }

        /// <summary>The number worth 1.</summary>
        public double High { get; init; } = 1;

        /// <summary>The largest difference that is still a match.</summary>
        public double Tolerance { get; init; } = 1e-6;

        /// <summary>For a true verdict.</summary>
        public double Right { get; init; } = 1;

        /// <summary>For a false one.</summary>
        public double Wrong { get; init; }

        /// <summary>For none that can be read.</summary>
        public double Missing { get; init; }

        /// <summary>Replies with fewer characters count as missing.</summary>
        public int Shortest { get; init; }
    }

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var scores = SeatsOf.Silent(episode);
        var judged = SeatsOf.Role(episode, options.Of);
        var verdicts = SeatsOf
            .Role(episode, options.Judge)
            .SelectMany(seat => Reply.Of(episode, seat).GroupBy(r => r.Turn).Select(r => (Seat: seat, Reply: r.Last())))
            .OrderBy(v => v.Reply.Turn)
            .ToArray();
        var given = new Dictionary<int, List<double>>();
        for (var i = 0; i < verdicts.Length && judged.Length > 0; i++)
            if (Truth(episode, judged[i % judged.Length]) is { } truth)
            {
                if (!given.TryGetValue(verdicts[i].Seat, out var all))
                    given.Add(verdicts[i].Seat, all = []);
                all.Add(Of(verdicts[i].Reply, truth));
            }
        foreach (var (seat, all) in given)
            scores[seat] = all.Average();
        return scores;
    }

    private double Of(Reply reply, double truth)
    {
        if (reply.Move is null || reply.Text.Length < options.Shortest || Verdict(reply.Move) is not { } verdict)
            return options.Missing;
        if (options.Form == Kind.Distance)
            return 1 - Math.Abs(verdict - truth);
        return Math.Abs(verdict - truth) <= options.Tolerance ? options.Right : options.Wrong;
    }

    private double? Verdict(string move)
    {
        var text = (ScoreText.Tagged(move, options.Tag).LastOrDefault() ?? move).Trim();
        if (options.Yes.Contains(text, StringComparer.OrdinalIgnoreCase))
            return 1;
        if (options.No.Contains(text, StringComparer.OrdinalIgnoreCase))
            return 0;
        return ScoreText.Numbers(text) is [.., var score] ? (score - options.Low) / (options.High - options.Low) : null;
    }

    private double? Truth(Episode episode, int seat)
    {
        var measures = episode.Outcome!.Measures;
        return
            measures.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"{options.Truth}/{seat}"), out var own)
            || measures.TryGetValue(options.Truth, out own)
            ? own
            : null;
    }
}
