// A document of the text that the arena writes itself: what a seat is asked in a game, and the reply that a teacher
// would give. Knows messages; no token and no file.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Models;

namespace AgentArena.Games.Corpus;

/// <summary>Which problems are written about: a fixed tenth of them, by what they say, is kept for measuring.</summary>
public enum CorpusSplit
{
    /// <summary>All but the kept ones.</summary>
    Train,

    /// <summary>The kept ones alone.</summary>
    HeldOut,
}

/// <summary>A question of a game in its role's own words, and a reply that the game takes for right.</summary>
/// <param name="Kind">
/// What is asked, within its family: <c>steps-2</c>, <c>deduction</c>; figures are told by it.
/// </param>
/// <param name="Prompt">What the seat is told.</param>
/// <param name="Reply">What it would do well to say.</param>
/// <param name="Problem">
/// What decides whether the lesson is held out. Lessons about one problem share it, whatever is asked about it.
/// </param>
public sealed record Lesson(string Kind, ImmutableArray<Message> Prompt, string Reply, string Problem)
{
    /// <summary>
    /// Whether the game, or the checker it grades by, takes a reply for right. Total: any text may come.
    /// </summary>
    public required Func<string, bool> IsRight { get; init; }

    /// <summary>Replies of the same form that are wrong, where the lesson's family makes such.</summary>
    public ImmutableArray<string> Wrong { get; init; } = [];

    /// <summary>Whether the problem is one of the kept tenth.</summary>
    public bool HeldOut => IsHeldOut(Problem);

    /// <summary>Whether a problem is one of the kept tenth, by its text.</summary>
    public static bool IsHeldOut(string problem) => RandomStream.Derive(0, problem) % 10 == 0;
}

/// <summary>A kind of document, drawn without end.</summary>
/// <param name="name">Its name in a mixture, kebab-case.</param>
/// <param name="summary">One line for people.</param>
public abstract class LessonFamily(string name, string summary)
{
    private const int MostDraws = 10_000;

    /// <summary>Its name in a mixture, kebab-case.</summary>
    public string Name { get; } = name;

    /// <summary>One line for people.</summary>
    public string Summary { get; } = summary;

    /// <summary>A lesson about a problem of this split. The same stream gives the same lesson.</summary>
    public Lesson Draw(ref RandomStream chance, CorpusSplit split)
    {
        for (var draw = 0; draw < MostDraws; draw++)
            if (TryDraw(ref chance, split) is { } lesson && lesson.HeldOut == (split == CorpusSplit.HeldOut))
                return lesson;
        throw new InvalidOperationException(
            $"corpus family {Name}: {MostDraws} draws gave no problem of split {split}. Give the family more problems."
        );
    }

    /// <summary>A lesson about any problem; null where what was drawn makes none.</summary>
    protected abstract Lesson? TryDraw(ref RandomStream chance, CorpusSplit split);
}
