// What proposers and solvers of questions are asked and shown, and the sample answers of their turns. Decides nothing.
using System.Collections.Immutable;
using AgentArena.Core.Play;
using AgentArena.Games.Answers;

namespace AgentArena.Games.Questions;

internal sealed class QuestionTurns(ProposedQuestions.Options options)
{
    /// <summary>Stands around a proposed question.</summary>
    public const string QuestionTag = "question";

    /// <summary>Stands around the proposer's own answer.</summary>
    public const string ResultTag = "result";

    /// <summary>The proposer's turn.</summary>
    public Turn AskProposer(ProposedQuestionsState state)
    {
        var stated =
            options.Label == ProposedQuestions.Labelling.Gold
                ? $"<{ResultTag}>{state.Source.Answer}</{ResultTag}>"
                : "";
        return new()
        {
            Id = 0,
            Seat = 0,
            Role = "proposer",
            Observation = [new(ObservationKind.Task, Instruction()), new(ObservationKind.Board, Shown(state))],
            Suggestions =
            [
                $"<{QuestionTag}>Put otherwise: {state.Source.Question}</{QuestionTag}>{stated}",
                $"<{QuestionTag}>How many are 3 and 4?</{QuestionTag}>{stated}",
            ],
        };
    }

    /// <summary>The turns of these solvers that have not answered yet.</summary>
    public ImmutableArray<Turn> AskSolvers(
        ImmutableArray<string?> answers,
        PosedQuestion asked,
        string? known,
        string role,
        int first
    )
    {
        ImmutableArray<ObservationPart> told =
        [
            new(
                ObservationKind.Task,
                options.Recycle
                    ? @"Solve the problem. Say how, and give the final answer as \boxed{…}."
                    : "Solve the problem."
            ),
            new(ObservationKind.Board, asked.Question),
        ];
        ImmutableArray<string> gold =
            known is null ? []
            : known == asked.Answer ? [known, .. asked.Alternatives ?? []]
            : [known];
        var right = known is null ? "7" : FinalAnswer.Marked(known) ?? known;
        ImmutableArray<string> suggestions = right == "0" ? ["0", "1"] : [right, "0"];
        return
        [
            .. Enumerable
                .Range(0, answers.Length)
                .Where(i => answers[i] is null)
                .Select(i => new Turn
                {
                    Id = first + i,
                    Seat = first + i,
                    Role = role,
                    Observation = told,
                    Gold = gold,
                    Suggestions = suggestions,
                }),
        ];
    }

    private string Instruction() =>
        options.Source switch
        {
            ProposedQuestions.Sourcing.None => "Write a new and demanding problem with one answer that can be checked",
            ProposedQuestions.Sourcing.Problem => options.Label == ProposedQuestions.Labelling.Preserved
                ? "Write a variant of this problem whose answer stays the same"
                : "Write a variant of this problem, at the edge of what the solvers can do",
            _ =>
                "Here is a solution. Write a problem that it could be the solution of, so that the answer stays the same",
        }
        + $", within <{QuestionTag}>…</{QuestionTag}>{(options.Label == ProposedQuestions.Labelling.Gold ? $", and its answer within <{ResultTag}>…</{ResultTag}>" : "")}.";

    private string Shown(ProposedQuestionsState state) =>
        options.Source switch
        {
            ProposedQuestions.Sourcing.None => "",
            ProposedQuestions.Sourcing.Problem => state.Source.Question,
            _ => state.Originals.First(a => QuestionMarks.OriginalRight(state, a) > 0)!,
        };
}
