// All families of documents by name: the one place where a new one is entered.
using System.Collections.Immutable;
using AgentArena.Core.Data;

namespace AgentArena.Games.Corpus;

/// <summary>The families of documents.</summary>
public static class Families
{
    /// <summary>Those that need no file.</summary>
    public static ImmutableArray<LessonFamily> Own { get; } =
    [
        QuestionLessons.Solving,
        QuestionLessons.Long,
        QuestionLessons.Proposing,
        QuestionLessons.Judging,
        QuestionLessons.Mending,
        QuestionLessons.Critique,
        ProgramLessons.Solving,
        ProgramLessons.Proposing,
        ChainLessons.Steps,
        ChainLessons.Critics,
        ChainLessons.Reviews,
        SearchLessons.Searching,
        SearchLessons.Asking,
        TalkLessons.Negotiation,
        TalkLessons.Clues,
        TalkLessons.Debates,
        TalkLessons.Secrets,
        CountingLessons.Countdowns,
        CountingLessons.Sums,
    ];

    /// <summary>The family of a file of problems with worked answers (GSM8K's form).</summary>
    /// <param name="files">Opens it.</param>
    /// <param name="file">The file as a scenario names it.</param>
    /// <exception cref="DataException">It cannot be read, or holds no problem.</exception>
    public static LessonFamily FromFile(DataFiles files, string file) => new FileLessons(files, file);
}
