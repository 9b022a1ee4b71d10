// A right answer is worth less where a reply is full of answers. Knows replies, not how the answer was found.
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Games.Documents;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// R = 1 where the measure <c>right/seat</c> is above 0, a quarter of it where the seat's last reply holds more than
/// ten <c>&lt;answer&gt;</c> tags (Search Self-Play, arXiv 2510.18821), else 0; nothing to say of seats that have no
/// such measure.
/// </summary>
public sealed class AnswerTags : Reward
{
    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var right = new MeasureReward(new() { Measure = "right" }).Score(episode);
        for (var seat = 0; seat < right.Length; seat++)
            if (!double.IsNaN(right[seat]))
                right[seat] = QuestionRules.Pay(
                    right[seat] > 0,
                    Reply.Of(episode, seat) is [.., var last] ? Count(last.Text) : 0
                );
        return right;
    }

    private static int Count(string reply)
    {
        var count = 0;
        for (
            var at = reply.IndexOf("<answer>", StringComparison.Ordinal);
            at >= 0;
            at = reply.IndexOf("<answer>", at + 8, StringComparison.Ordinal)
        )
            count++;
        return count;
    }
}
