// Problems with answers, out of rows of a data set or out of the scenario. Knows fields, never what a problem is about.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core;
using AgentArena.Core.Data;

namespace AgentArena.Games.Questions;

/// <summary>A problem as a scenario writes it.</summary>
public sealed record GivenProblem
{
    /// <summary>What is asked.</summary>
    public required string Question { get; init; }

    /// <summary>The right answer.</summary>
    public required string Answer { get; init; }
}

/// <summary>
/// Problems to draw from. Field names are the file's: GSM8K has question and answer, MATH problem and answer, SVAMP
/// Body,Question and Answer.
/// </summary>
public sealed class ProblemSet
{
    private const int MostTold = 5;

    private static readonly ImmutableArray<PosedQuestion> Few =
    [
        new(
            "A box holds 12 eggs. Ana buys 3 boxes and breaks 4 eggs on the way home. How many whole eggs does she have?"
        )
        {
            Answer = "32",
        },
        new("Ben reads 15 pages a day. How many days does he need for a book of 210 pages?") { Answer = "14" },
        new("A shirt of 40 euros is sold for three quarters of its price. How many euros does it cost now?")
        {
            Answer = "30",
        },
        new(
            "Two trains leave one station in opposite directions at 60 and 80 kilometres an hour. How many kilometres apart are they after 2 hours?"
        )
        {
            Answer = "280",
        },
        new("Cleo has 5 coins of 20 cents and 3 coins of 50 cents. How many cents does she have?") { Answer = "250" },
        new("A garden of 6 by 9 metres is fenced all around. How many metres of fence are needed?") { Answer = "30" },
    ];

    private readonly ImmutableArray<PosedQuestion> _problems;

    /// <summary>The problems of a file, or those given, or else a few of our own.</summary>
    /// <param name="files">Opens it.</param>
    /// <param name="file">A file of rows, as <see cref="DataFiles"/> finds it; none where empty.</param>
    /// <param name="questionFields">
    /// Paths of the fields that make up the question, with commas between them: <c>question</c>, <c>Body,Question</c>,
    /// <c>extra_info.question</c>.
    /// </param>
    /// <param name="answerField">Path of the field of the answer; of a list any member is a right one.</param>
    /// <param name="given">Problems in place of a file.</param>
    /// <exception cref="ArgumentException">
    /// The file cannot be read, or rows lack a field; the first few are named.
    /// </exception>
    public ProblemSet(
        DataFiles files,
        string file,
        string questionFields,
        string answerField,
        ImmutableArray<GivenProblem> given
    )
    {
        if (file.Length > 0 && !given.IsEmpty)
            throw new ArgumentException("file and problems are both given; keep one of them.");
        const StringSplitOptions names = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        _problems =
            file.Length > 0 ? Read(files, file, questionFields.Split(',', names), answerField)
            : given.IsEmpty ? Few
            : [.. given.Select(g => new PosedQuestion(g.Question) { Answer = g.Answer })];
    }

    /// <summary>How many there are.</summary>
    public int Count => _problems.Length;

    /// <summary>A problem, all alike.</summary>
    public PosedQuestion Draw(ref RandomStream stream) => _problems[stream.Next(_problems.Length)];

    /// <summary>The problem in a place of the file, from 0.</summary>
    public PosedQuestion this[int place] => _problems[place];

    private static ImmutableArray<PosedQuestion> Read(
        DataFiles files,
        string file,
        string[] questionFields,
        string answerField
    )
    {
        var problems = ImmutableArray.CreateBuilder<PosedQuestion>();
        var faults = new List<string>();
        var more = 0;
        try
        {
            foreach (var row in files.Rows(file))
            {
                if (Problem(row, questionFields, answerField, out var fault) is { } problem)
                    problems.Add(problem);
                else if (faults.Count < MostTold)
                    faults.Add($"{row.Place} {fault}");
                else
                    more++;
            }
        }
        catch (DataException e)
        {
            throw new DataException($"file: {e.Message}", e);
        }
        if (faults.Count > 0)
            throw new DataException(
                $"file: '{file}': {string.Join(" ", faults)}{(more > 0 ? $" So do {more} more." : "")}"
            );
        return problems.Count > 0
            ? problems.ToImmutable()
            : throw new DataException($"file: '{file}' holds no problem.");
    }

    private static PosedQuestion? Problem(DataRow row, string[] questionFields, string answerField, out string? fault)
    {
        fault = row.Fault;
        if (row.Fields is not { } fields)
            return null;
        string?[] parts = [.. questionFields.Select(f => DataField.Words(DataField.At(fields, f)))];
        var answer = DataField.At(fields, answerField);
        var answers = DataField.Answers(answer);
        var lacks = questionFields.Where((_, i) => parts[i] is null).ToList();
        if (answers.IsEmpty && answer is not JsonObject)
            lacks.Add(answerField);
        fault =
            lacks.Count > 0
                ? $"lacks {string.Join(" and ", lacks)}, or has nothing there. It has {DataField.Named(fields)}. "
                    + "Name its fields in question-field and answer-field."
            : answers.IsEmpty
                ? $"holds a block in {answerField}. Name the field within it in answer-field: "
                    + $"{string.Join(" or ", ((JsonObject)answer!).Select(p => $"{answerField}.{p.Key}"))}."
            : null;
        if (fault is not null)
            return null;
        var lists = questionFields.Any(f => DataField.At(fields, f) is not JsonValue);
        return new PosedQuestion(string.Join(lists ? '\n' : ' ', parts))
        {
            Answer = answers[0],
            Alternatives = answers.Length > 1 ? answers[1..] : null,
        };
    }
}
