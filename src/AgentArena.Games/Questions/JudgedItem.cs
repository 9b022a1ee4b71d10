// A group of graded answers, and the item to judge or to mend that is made of it. Knows how one is drawn, no table.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Games.Answers;

namespace AgentArena.Games.Questions;

/// <summary>A reply and whether it was right.</summary>
public sealed record GradedAnswer(string Reply, bool Right)
{
    /// <summary>Its final answer, or all of it where none is marked.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Final => FinalAnswer.Marked(Reply) ?? Reply;
}

/// <summary>A question, its right answer, and what a group answered.</summary>
public sealed record GradedGroup(string Question, string Answer, ImmutableArray<GradedAnswer> Answers);

/// <summary>What an item asks.</summary>
public enum ItemKind
{
    /// <summary>Is this answer right?</summary>
    Pointwise,

    /// <summary>Which of two answers is right?</summary>
    Pairwise,

    /// <summary>This answer is wrong: mend it.</summary>
    Reflection,
}

/// <summary>An item: the question, what is shown beside it, and the right verdict or answer.</summary>
public sealed record JudgedItem(ItemKind Kind, string Question, ImmutableArray<string> Shown, string Label)
{
    /// <summary>The words of a verdict, the first one of the right answer and of the first of two.</summary>
    public static ImmutableArray<string> Verdicts { get; } = ["correct", "incorrect"];

    /// <inheritdoc cref="Verdicts"/>
    public static ImmutableArray<string> Sides { get; } = ["first", "second"];

    /// <summary>
    /// An item to judge, as SPARK (InternLM/Spark) draws them, by final answers alone. All right: the first is shown.
    /// All wrong: any. Mixed: with probability <paramref name="pointwise"/> one, right or wrong alike, else one of
    /// each, in random order.
    /// </summary>
    public static JudgedItem ToJudge(GradedGroup group, double pointwise, ref RandomStream stream)
    {
        GradedAnswer[] right = [.. group.Answers.Where(a => a.Right)],
            wrong = [.. group.Answers.Where(a => !a.Right)];
        if (wrong.Length == 0)
            return Point(right[0]);
        if (right.Length == 0)
            return Point(wrong[stream.Next(wrong.Length)]);
        if (stream.NextDouble() < pointwise)
        {
            var some = stream.Next(2) == 0 ? right : wrong;
            return Point(some[stream.Next(some.Length)]);
        }
        var (one, other) = (right[stream.Next(right.Length)].Final, wrong[stream.Next(wrong.Length)].Final);
        return stream.Next(2) == 0
            ? new(ItemKind.Pairwise, group.Question, [one, other], Sides[0])
            : new(ItemKind.Pairwise, group.Question, [other, one], Sides[1]);

        JudgedItem Point(GradedAnswer shown) =>
            new(ItemKind.Pointwise, group.Question, [shown.Final], Verdicts[shown.Right ? 0 : 1]);
    }

    /// <summary>
    /// A wrong answer to mend: with probability <paramref name="whole"/> the whole reply, else its final answer alone.
    /// Null where no answer is wrong.
    /// </summary>
    public static JudgedItem? ToMend(GradedGroup group, double whole, ref RandomStream stream)
    {
        GradedAnswer[] wrong = [.. group.Answers.Where(a => !a.Right)];
        if (wrong.Length == 0)
            return null;
        var shown = wrong[stream.Next(wrong.Length)];
        return new(
            ItemKind.Reflection,
            group.Question,
            [stream.NextDouble() < whole ? shown.Reply : shown.Final],
            group.Answer
        );
    }
}
