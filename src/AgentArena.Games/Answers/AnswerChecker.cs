// Whether two answers are the same mathematics in other clothes. Knows forms, never problems; total and bounded on
// hostile text.
using System.Text.RegularExpressions;

namespace AgentArena.Games.Answers;

/// <summary>
/// Compares answers by value. Equal are: integers, decimals, fractions and mixed numbers of one value, exactly and of
/// any size (a decimal
/// written with three or more places stands for what rounds to it, unless that is a decimal too); with or without
/// thousands separators,
/// degrees, a unit, a currency or a percent sign on one side (two different units differ; 50% is also 0.5); LaTeX in
/// any dressing; sets
/// and bare lists in any order; tuples, intervals, matrices and unions by their parts or by the numbers they hold; ± as
/// its two values;
/// choices by their letter; equations that differ by a factor; inequalities by their solutions; expressions that agree
/// at seeded points;
/// ratios by proportion; words without regard to case. What is not understood, or too large to compute, is undecided,
/// which is not right.
/// </summary>
public static partial class AnswerChecker
{
    private const int MaxLength = 2000,
        Steps = 40_000;

    /// <summary>
    /// Judges <paramref name="reply"/>'s final answer against <paramref name="reference"/>: a bare answer, a whole
    /// solution with a mark
    /// (####, \boxed), or a JSON list of answers that must all be given. Never throws.
    /// </summary>
    public static Judgement Judge(string reference, string reply)
    {
        var gold = Reference(reference);
        var budget = new Budget(Steps);
        if (FinalAnswer.Read(reply) is var (marked, sentence))
        {
            var verdict = Compare(gold, marked, budget) with { Read = marked };
            // Words that are the answer as a whole: concave up on (0, 1).
            return !verdict.IsRight && sentence is not null && Compare(gold, sentence, budget) is { IsRight: true } same
                ? same with
                {
                    Read = sentence,
                }
                : verdict;
        }
        var whole = reply.Trim();
        var all = whole.Length is > 0 and <= MaxLength
            ? Compare(gold, whole, budget) with
            {
                Read = whole,
            }
            : new(Verdict.Wrong, null, "no answer was found");
        if (all.IsRight || Formulas.IsAnswer(whole))
            return all;
        if (FinalAnswer.Last(reply) is { } last)
            return Compare(gold, last, budget) with { Read = last };
        return whole.Length <= 200 ? all : new(Verdict.Wrong, null, "no answer was found");
    }

    /// <summary>Whether <see cref="Judge"/> says right.</summary>
    public static bool Check(string reference, string reply) => Judge(reference, reply).IsRight;

    /// <summary>Whether two bare answers are the same; symmetric. Never throws.</summary>
    public static bool Same(string a, string b) => Compare(a, b).IsRight;

    /// <summary>Compares two bare answers; symmetric. Never throws.</summary>
    public static Judgement Compare(string a, string b) => Compare(a, b, new Budget(Steps)) with { Read = b };

    private static string Reference(string reference)
    {
        if (AnswerText.Listed(reference) is { } list)
            return string.Join(", ", list);
        return FinalAnswer.Marked(reference) ?? reference;
    }

    private static Judgement Compare(string a, string b, Budget budget)
    {
        if (a.Length > MaxLength || b.Length > MaxLength)
            return Judgement.Undecided($"longer than {MaxLength} characters");
        var (x, y) = (AnswerText.Clean(a), AnswerText.Clean(b));
        if (x.Length == 0 || y.Length == 0)
            return Judgement.Wrong("empty");
        var comparison = new Comparison(budget);
        var verdict = comparison.Same(AnswerParser.Read(x), AnswerParser.Read(y));
        if (verdict.IsRight || !x.Contains(',') && !y.Contains(','))
            return verdict;
        // 100,200,300 may be three numbers; 2,74 may be written where others write 2.74.
        if (
            comparison.Same(AnswerParser.Read(x, grouped: false), AnswerParser.Read(y, grouped: false)) is
            { IsRight: true } listed
        )
            return listed;
        return Comma(x, y, comparison) is { IsRight: true } one ? one
            : Comma(y, x, comparison) is { IsRight: true } other ? other
            : verdict;
    }

    private static Judgement? Comma(string written, string other, Comparison comparison) =>
        DecimalComma().IsMatch(written) && DecimalPoint().IsMatch(other)
            ? comparison.Same(AnswerParser.Read(written.Replace(',', '.')), AnswerParser.Read(other))
            : null;

    // One comma without a blank that parts no thousands, and two digits after it: 1,5 is a list.
    [GeneratedRegex(
        @"^[-+]? ?([0-9]+,([0-9]{2}|[0-9]{4,})|0,[0-9]{2,}|[0-9]{4,},[0-9]{2,})( ?[%¤$€£°]| [A-Za-z]+)?$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex DecimalComma();

    [GeneratedRegex(@"^[-+¤$€£ ]*[0-9]*\.[0-9]+( ?[%¤$€£°]| [A-Za-z]+)?$", RegexOptions.NonBacktracking)]
    private static partial Regex DecimalPoint();
}
