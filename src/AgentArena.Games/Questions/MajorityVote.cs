// What most of a group say, by value. Knows answers, never the right one.
using AgentArena.Games.Answers;

namespace AgentArena.Games.Questions;

/// <summary>The largest cluster of equal answers.</summary>
internal static class MajorityVote
{
    /// <summary>
    /// The answer that most give, of equal clusters the one that was named first, and its share of all seats; a seat
    /// without an answer votes for nothing.
    /// </summary>
    /// <param name="answers">One of each seat.</param>
    /// <param name="same">Which answers are equal; by <see cref="AnswerChecker"/> where unset.</param>
    public static (string? Answer, double Share) Of(
        IReadOnlyCollection<string?> answers,
        Func<string, string, bool>? same = null
    )
    {
        same ??= AnswerChecker.Same;
        var clusters = new List<(string Answer, int Size)>();
        foreach (var answer in answers)
        {
            if (answer is not { Length: > 0 })
                continue;
            var given = FinalAnswer.Marked(answer) ?? answer;
            var at = clusters.FindIndex(c => c.Answer == given || same(c.Answer, given));
            if (at < 0)
                clusters.Add((given, 1));
            else
                clusters[at] = (clusters[at].Answer, clusters[at].Size + 1);
        }
        return clusters.Count == 0
            ? (null, 0)
            : (clusters.MaxBy(c => c.Size).Answer, (double)clusters.Max(c => c.Size) / answers.Count);
    }
}
