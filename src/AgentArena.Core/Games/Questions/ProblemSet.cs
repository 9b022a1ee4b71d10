// Problems with answers, out of a file of JSON lines or out of the scenario. Knows fields, never what a problem is about.
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentArena.Core.Games.Questions;

/// <summary>A problem as a scenario writes it.</summary>
public sealed record GivenProblem
{
    /// <summary>What is asked.</summary>
    public required string Question { get; init; }

    /// <summary>The right answer.</summary>
    public required string Answer { get; init; }
}

/// <summary>Problems to draw from. Field names are the file's: GSM8K has question and answer, MATH problem and answer, SVAMP Body,Question and Answer.</summary>
public sealed class ProblemSet
{
    private static readonly ImmutableArray<PosedQuestion> Few =
    [
        new("A box holds 12 eggs. Ana buys 3 boxes and breaks 4 eggs on the way home. How many whole eggs does she have?") { Answer = "32" },
        new("Ben reads 15 pages a day. How many days does he need for a book of 210 pages?") { Answer = "14" },
        new("A shirt of 40 euros is sold for three quarters of its price. How many euros does it cost now?") { Answer = "30" },
        new("Two trains leave one station in opposite directions at 60 and 80 kilometres an hour. How many kilometres apart are they after 2 hours?") { Answer = "280" },
        new("Cleo has 5 coins of 20 cents and 3 coins of 50 cents. How many cents does she have?") { Answer = "250" },
        new("A garden of 6 by 9 metres is fenced all around. How many metres of fence are needed?") { Answer = "30" },
    ];

    private readonly ImmutableArray<PosedQuestion> _problems;

    /// <summary>The problems of a file, or those given, or else a few of our own.</summary>
    /// <param name="file">JSON lines, sought from the working folder, then from the program's own folder upwards; none where empty.</param>
    /// <param name="questionFields">Names of the fields that make up the question, with commas between them.</param>
    /// <param name="answerField">Name of the field of the answer.</param>
    /// <param name="given">Problems in place of a file.</param>
    /// <exception cref="ArgumentException">The file cannot be read, or a line lacks a field.</exception>
    public ProblemSet(string file, string questionFields, string answerField, ImmutableArray<GivenProblem> given)
    {
        if (file.Length > 0 && !given.IsEmpty) throw new ArgumentException("file and problems are both given; keep one of them.");
        _problems = file.Length > 0 ? Read(file, questionFields.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), answerField) : given.IsEmpty ? Few : [.. given.Select(g => new PosedQuestion(g.Question) { Answer = g.Answer })];
    }

    /// <summary>How many there are.</summary>
    public int Count => _problems.Length;

    /// <summary>A problem, all alike.</summary>
    public PosedQuestion Draw(ref RandomStream stream) => _problems[stream.Next(_problems.Length)];

    private static ImmutableArray<PosedQuestion> Read(string file, string[] questionFields, string answerField)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(Found(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"file: '{file}' cannot be read ({e.Message}). It should be a file of JSON lines, one problem a line. Give its path from where the program is started or from the folder of the project, or leave it out.", e);
        }
        var problems = ImmutableArray.CreateBuilder<PosedQuestion>(lines.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i])) continue;
            var problem = Fields(lines[i]);
            string[] parts = [.. questionFields.Select(f => problem?[f]?.ToString() ?? "").Where(p => p.Length > 0)];
            if (parts.Length < questionFields.Length || problem![answerField]?.ToString() is not { Length: > 0 } answer)
                throw new ArgumentException($"file: line {i + 1} of '{file}' lacks {string.Join(", ", questionFields)} or {answerField}. It has {(problem is null ? "no JSON object" : string.Join(", ", problem.Select(p => p.Key)))}. Name its fields in question-field and answer-field.");
            problems.Add(new PosedQuestion(string.Join(' ', parts)) { Answer = answer });
        }
        return problems.Count > 0 ? problems.ToImmutable() : throw new ArgumentException($"file: '{file}' holds no problem.");
    }

    private static string Found(string file)
    {
        if (Path.IsPathRooted(file) || File.Exists(file)) return file;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, file))) return Path.Combine(folder.FullName, file);
        return file;
    }

    private static JsonObject? Fields(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // reported with the line's number
        }
    }
}
