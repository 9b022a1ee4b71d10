// Teachers of judges and critics: what they say of a question, a worked answer, an examination. Knows stories and their
// slips.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core;
using AgentArena.Games.Answers;
using AgentArena.Games.Questions;

namespace AgentArena.Games.Corpus;

/// <summary>
/// Judges of Multi-Agent Evolve: a question that may lack what it needs, and an answer that may be wrong.
/// </summary>
internal sealed class EvolvingJudge : Teacher
{
    private readonly WorkedProblem _problem;
    private readonly WrongChain? _wrong;
    private readonly string _question;
    private readonly bool _flawed;

    public EvolvingJudge(WorkedProblem problem, WrongChain wrong, bool flawed, ref RandomStream chance)
    {
        (_problem, _flawed) = (problem, flawed);
        _wrong = chance.Next(2) == 0 ? wrong : null;
        _question = flawed ? Blurred(problem.Question, ref chance) : problem.Question;
    }

    // A question that does not say how many.
    private static string Blurred(string question, ref RandomStream chance)
    {
        var words = question.Split(' ');
        int[] numbers = [.. Enumerable.Range(0, words.Length).Where(i => words[i].All(char.IsAsciiDigit))];
        if (numbers.Length == 0)
            return question;
        words[numbers[chance.Next(numbers.Length)]] = "some";
        return string.Join(' ', words);
    }

    public override Taught? Teach(Asked asked, ref RandomStream chance)
    {
        var state = (MultiAgentEvolveState)asked.State;
        if (state.Answers.All(a => a is null))
            return _flawed
                ? Verdict("quality", "A number is missing: it says some.", good: false)
                : Verdict("quality", "All numbers are given and one answer follows.", good: true);
        var steps = _wrong?.Steps ?? _problem.Steps;
        return Verdict("answer", _problem.Review(steps), _wrong is null);
    }

    private static Taught Verdict(string kind, string reason, bool good)
    {
        return new Taught(Scored(good), r => Reads(r) == good) { Kind = kind, Wrong = [Scored(!good)] };

        string Scored(bool well) => $"{reason}\n<score>{(well ? 9 : 2)}</score>";

        static bool? Reads(string reply) =>
            ScoreText.Scores(reply, "score") is [.., var score]
                ? score >= 8
                    ? true
                    : score <= 3
                        ? false
                        : null
                : null;
    }

    public override string Play(Asked asked, ref RandomStream chance) =>
        asked.Turn.Role switch
        {
            "proposer" => _question,
            "solver" => WorkedProblem.Told(_wrong?.Steps ?? _problem.Steps),
            _ => "<score>9</score>",
        };

    public override string Problem(Asked asked) => _problem.Question;
}

/// <summary>A discussion of one question (CoMAS): a solution that may be wrong, its examination, the score.</summary>
internal sealed class Discussion : Teacher
{
    private readonly WorkedProblem _problem;
    private readonly WrongChain?[] _wrong = new WrongChain?[2];

    public Discussion(WorkedProblem problem, ref RandomStream chance)
    {
        _problem = problem;
        for (var i = 0; i < _wrong.Length; i++)
            if (chance.Next(2) == 0)
                _wrong[i] = Stories.Spoil(problem, ref chance);
    }

    private ImmutableArray<ChainStep> Steps(int round) => _wrong[round]?.Steps ?? _problem.Steps;

    public override Taught? Teach(Asked asked, ref RandomStream chance)
    {
        var round = asked.Turn.Seat % 2;
        var right = _wrong[round] is null;
        switch (asked.Turn.Role)
        {
            case "solver":
                var posed = QuestionLessons.Posed(_problem);
                return new Taught(WorkedProblem.Told(_problem.Steps), r =>
                    asked.Read(r) is { } said && posed.IsRight(said.Text) == true
                )
                {
                    Wrong = [WorkedProblem.Told(Stories.Spoil(_problem, ref chance).Steps)],
                };
            case "evaluator":
                return new Taught(_problem.Review(Steps(round)), r =>
                    asked.Read(r) is { } said
                    && said.Text.EndsWith("Every step holds.", StringComparison.Ordinal) == right
                )
                {
                    Wrong = [right ? "The last step is wrong." : "Every step holds."],
                };
            default:
                var score = right ? 3 : 1;
                return new Taught($"The solution is {(right ? "right" : "wrong")}.\n{Mark(score)}", r =>
                    asked.Read(r) is { } said && said.Text == score.ToString(CultureInfo.InvariantCulture)
                )
                {
                    Wrong = [Mark(4 - score)],
                };
        }

        string Mark(int score) => asked.Print(score.ToString(CultureInfo.InvariantCulture));
    }

    public override string Play(Asked asked, ref RandomStream chance)
    {
        var round = asked.Turn.Seat % 2;
        return asked.Turn.Role switch
        {
            "solver" => WorkedProblem.Told(Steps(round)),
            "evaluator" => _problem.Review(Steps(round)),
            _ => _wrong[round] is null ? "3" : "1",
        };
    }

    public override string Problem(Asked asked) => _problem.Question;
}
