// Lessons out of a file of problems with worked answers, asked as the game of word problems asks. Knows rows and
// fields; who opens the file, it does not.
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AgentArena.Core;
using AgentArena.Core.Data;
using AgentArena.Core.Play;
using AgentArena.Games.Questions;

namespace AgentArena.Games.Corpus;

/// <summary>
/// Problems of GSM8K's form: <c>question</c>, and <c>answer</c> with a chain that ends in <c>#### n</c>. The marks of a
/// calculator (<c>&lt;&lt;48/2=24&gt;&gt;</c>) are left out.
/// </summary>
internal sealed partial class FileLessons : LessonFamily
{
    private readonly ImmutableArray<(string Question, string Chain, string Answer)> _problems;

    public FileLessons(DataFiles files, string file)
        : base("file", "problems with worked answers out of a file")
    {
        var problems = ImmutableArray.CreateBuilder<(string, string, string)>();
        foreach (var row in files.Rows(file))
            if (
                row.Fields is { } fields
                && DataField.Words(DataField.At(fields, "question")) is { } question
                && DataField.Words(DataField.At(fields, "answer")) is { } answer
                && answer.LastIndexOf("####", StringComparison.Ordinal) is >= 0 and var mark
            )
                problems.Add((question, Marks().Replace(answer[..mark], "").Trim(), answer[(mark + 4)..].Trim()));
        if (problems.Count == 0)
            throw new DataException(
                $"file: '{file}' holds no problem with fields question and answer, the answer ending in #### n."
            );
        _problems = problems.ToImmutable();
    }

    protected override Lesson? TryDraw(ref RandomStream chance, CorpusSplit split)
    {
        var (question, chain, answer) = _problems[chance.Next(_problems.Length)];
        var game = new ProposedQuestions.WordProblemOptions
        {
            Solvers = 1,
            Problems = [new() { Question = question, Answer = answer }],
        }.Build(DataFiles.None);
        var state = game.Start(new GameSetup(0));
        var asked = new Asked(game, state, game.Turns(state)[0], Speaking.Boxed);
        var posed = new PosedQuestion(question) { Answer = answer };
        return new Lesson(
            "file",
            asked.Role.Render(asked.Turn, first: true),
            $"{chain}\n{asked.Print(answer)}",
            question
        )
        {
            IsRight = r => asked.Read(r) is { } move && posed.IsRight(move.Text) == true,
        };
    }

    [GeneratedRegex("<<[^<>]*>>", RegexOptions.NonBacktracking)]
    private static partial Regex Marks();
}
