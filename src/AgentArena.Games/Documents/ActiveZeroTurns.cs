// What the seats of Active-Zero are asked and shown, and the sample answers of their turns. Decides nothing.
using System.Collections.Immutable;
using AgentArena.Core.Play;
using static AgentArena.Games.Documents.ActiveZeroReplies;

namespace AgentArena.Games.Documents;

internal sealed class ActiveZeroTurns(ActiveZero.Options options, World world)
{
    /// <summary>Chance draws one of these, all alike.</summary>
    public static Turn Draw(IEnumerable<string> what)
    {
        ImmutableArray<string> legal = [.. what];
        return new()
        {
            Id = -1,
            Seat = Turn.Chance,
            Legal = legal,
            Probabilities = [.. legal.Select(_ => 1.0 / legal.Length)],
        };
    }

    /// <summary>
    /// The searcher's turn. Of a world, things of the category's kind are looked for; of a folder nobody knows what is
    /// in it.
    /// </summary>
    public Turn AskSearcher(string category)
    {
        var names = options.Folder
            ? [category]
            : world
                .Things.Where(t => t.Kind.ToString().Equals(category, StringComparison.OrdinalIgnoreCase))
                .DefaultIfEmpty(world.Things[0])
                .Select(t => t.Name);
        return new()
        {
            Id = ActiveZero.SearcherTurn,
            Seat = 0,
            Role = "searcher",
            Observation =
            [
                new(
                    ObservationKind.Task,
                    "Write a query that finds a document worth asking about, in the category given, and unlike those that were looked for before: <type>the category</type><query>a few words</query>. You earn most where those who answer the question are divided, half and half."
                ),
                new(ObservationKind.Board, category),
            ],
            Suggestions =
            [
                .. names
                    .Take(6)
                    .Select(
                        (name, i) =>
                            i % 3 == 2 ? $"<query>{name}</query>" : $"<type>{category}</type><query>{name}</query>"
                    )
                    .Distinct(),
            ],
        };
    }

    /// <summary>The questioner's turn.</summary>
    public Turn AskQuestioner(ActiveZeroState state)
    {
        var (document, category) = (state.Document!, state.Category!);
        var known = options.Folder ? null : world.Questions(1).FirstOrDefault(q => q.Path[0].Id == document.Id);
        var asked =
            $"<type>{category}</type><question>{known?.Text ?? "What is this about?"}</question><answer>{known?.Answer ?? category}</answer>";
        return new()
        {
            Id = ActiveZero.QuestionerTurn,
            Seat = 1,
            Role = "questioner",
            Observation =
            [
                new(
                    ObservationKind.Task,
                    (
                        options.Open
                            ? "Write a question that needs this document and some thought."
                            : "Write a question whose answer this document holds. Those who answer do not see it, so the question must make sense without it."
                    )
                        + " It has one short answer. Give <think>your thoughts</think><type>the category</type><question>the question</question><answer>its answer</answer>. You earn most where those who answer are divided, half and half."
                ),
                new(ObservationKind.Board, $"{category}\n{document.Text}"),
            ],
            Suggestions = [$"<think>The document says it.</think>{asked}", asked],
        };
    }

    /// <summary>The turns of all solvers that have not answered yet.</summary>
    public ImmutableArray<Turn> AskSolvers(ActiveZeroState state)
    {
        ImmutableArray<ObservationPart> told =
        [
            new(
                ObservationKind.Task,
                options.Open ? "Answer the question from this document." : "Answer the question."
            ),
            new(ObservationKind.Board, ForSolvers(state)),
        ];
        var stated = Tag(state.Questioned!, "answer")!;
        ImmutableArray<string> suggestions = stated == "nobody knows" ? [stated, "7"] : [stated, "nobody knows"];
        return
        [
            .. Enumerable
                .Range(0, options.Solvers)
                .Where(i => state.Answers[i] is null)
                .Select(i => new Turn
                {
                    Id = ActiveZero.FirstAnswer + i,
                    Seat = ActiveZero.FirstSolver + i,
                    Role = "solver",
                    Observation = told,
                    Suggestions = suggestions,
                }),
        ];
    }

    /// <summary>All that a solver is shown.</summary>
    public string ForSolvers(ActiveZeroState state)
    {
        var question = Tag(state.Questioned!, "question")!;
        return options.Open ? $"{state.Document!.Text}\n{question}" : question;
    }
}
