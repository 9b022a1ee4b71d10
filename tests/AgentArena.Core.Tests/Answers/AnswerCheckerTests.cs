// Same mathematics in other clothes is the same; other mathematics is not. By hand-made pairs, by public reference
// answers.
using AgentArena.Games.Answers;
using Xunit.Abstractions;

namespace AgentArena.Core.Tests.Answers;

public class AnswerCheckerTests(ITestOutputHelper report)
{
    // One pair a line: a, == or !=, b.
    private const string Pairs = """
        18 == 18.0
        18 == $18
        18 == \$18
        18 == 18 dollars
        18 == $18.00
        $18.90 == 18.9
        $18 != 18 euros
        1000 == 1,000
        10,\!080 == 10080
        11,\! 111,\! 111,\! 100 == 11111111100
        \$32,\!348 == 32348 dollars
        1,000 != 1
        1,000,000 == 1000000
        123456789012345678901234567890 == 123,456,789,012,345,678,901,234,567,890
        123456789012345678901234567890 != 123456789012345678901234567891
        -5 == −5
        5 != -5
        0.5 == 1/2
        0.5 == \frac{1}{2}
        \frac12 == \dfrac{1}{2}
        \frac 59 == 5/9
        \frac9{19} == 9/19
        \frac{270}7\text{ degrees} == \frac{270}{7}
        \frac{270}7\text{ degrees} == \frac{270}{7}^\circ
        2/4 == 1/2
        -\frac{1}{2} == \frac{-1}{2}
        \frac{1}{3} == 0.333
        \frac{1}{3} == 0.33333333
        \frac{1}{3} != 0.33
        \frac{1}{3} != 0.334
        0.333 != 0.3333
        3.142 == \pi
        3.14 != \pi
        1\frac{4}{5} == 9/5
        1 4/5 == 1.8
        137 \frac{1}{2} == 137.5
        2\frac{1}{2} != 1
        3\frac{\sqrt{3}}{4} == \frac{3\sqrt{3}}{4}
        50% == 50
        50\% == 50 percent
        50\% == 0.5
        50\% == \frac{1}{2}
        50\% != 5
        50\% != 0.05
        90^\circ == 90
        90^\circ == 90 degrees
        90^{\circ} == 90°
        90^\circ != 91^\circ
        12 cm == 12
        12 cm == 12 \text{ centimeters}
        12 cm != 12 m
        15\mbox{ cm}^2 == 15
        15\mbox{ cm}^2 == 15 square centimeters
        15\mbox{ cm}^2 != 15 cm
        864 \mbox{ inches}^2 == 864 \text{ square inches}
        5.4 \text{ cents} == 5.4
        5.4 cents != 5.4 dollars
        18 eggs == 18
        60 miles per hour == 60 mph
        3 \times 10^{5} == 300000
        3e5 == 300000
        3 \times 10^{-2} == 0.03
        2 \cdot 3 == 6
        2^{10} == 1024
        2**10 == 1024
        5! == 120
        \boxed{42} == 42
        $\boxed{42}$ == 42
        $42$ == 42
        \(42\) == 42
        \text{Evelyn} == Evelyn
        \text{Evelyn} == evelyn
        \text{Evelyn} != Angela
        \text{even} != odd
        \text{(C)} == C
        \text{(C)} == (C)
        \text{(C)} == C.
        (C) == option C
        (C) == (C) 15
        \text{(C)} != (B)
        \text{(C)} != B
        x=5 == 5
        x = 5 == x=5
        x=5 != x=6
        x \in [-2,7] == [-2,7]
        y = 2x + 3 == y = 3 + 2x
        y = 2x + 3 == 2x+3
        y = 2x + 3 == 2x - y + 3 = 0
        5x - 7y + 11z + 4 = 0 == 10x - 14y + 22z + 8 = 0
        5x - 7y + 11z + 4 = 0 == -5x + 7y - 11z - 4 = 0
        5x - 7y + 11z + 4 = 0 != 5x - 7y + 11z - 4 = 0
        1,-2 == -2, 1
        1,-2 == -2 and 1
        1,-2 == \{-2, 1\}
        1,-2 != 1, 2
        3, 5, 7 == 7,5,3
        3, 5, 7 != 3, 5
        1, 1, 2 != 1, 2, 2
        \{1\pm\sqrt{5},-2\} == \{-2, 1-\sqrt5, 1+\sqrt5\}
        1 \pm \sqrt{19} == 1+\sqrt{19}, 1-\sqrt{19}
        1 \pm \sqrt{19} != 1+\sqrt{19}
        3 \pm 2 \sqrt{2} == 3 \pm \sqrt{8}
        (3, 4) == (3,4)
        (3, 4) != (4, 3)
        (3, 4) == \left(3, 4\right)
        (3, 4) != \{3, 4, 5\}
        (3,4] != (3,4)
        [3,4) != (3,4]
        \left( 3, \frac{\pi}{2} \right) == (3, \pi/2)
        \left[ \frac{\pi^2}{8}, \frac{5 \pi^2}{4} \right] == [0.125\pi^2, 1.25\pi^2]
        (-\infty, 0] == (-\infty,0]
        (-\infty, 0] != (\infty, 0]
        (2,\infty) == (2, +\infty)
        (0,9) \cup (9,36) == (9,36) \cup (0,9)
        (0,9) \cup (9,36) != (0,36)
        \begin{pmatrix} -1/3 \\ 2/3 \\ 5/3 \end{pmatrix} == \begin{pmatrix} -\frac13 \\ \frac23 \\ \frac53 \end{pmatrix}
        \begin{pmatrix} -1 & 0 \\ 0 & -1 \end{pmatrix} == \begin{bmatrix} -1 & 0 \\ 0 & -1 \end{bmatrix}
        \begin{pmatrix} -1 & 0 \\ 0 & -1 \end{pmatrix} != \begin{pmatrix} -1 & 0 \\ 0 & 1 \end{pmatrix}
        4210_{5} == 4210_5
        4210_{5} != 4210_6
        4210_{5} == 4210
        3\sqrt{13} == \sqrt{117}
        11\sqrt2 == 11 \sqrt{2}
        11\sqrt2 == 15.556
        \frac{\sqrt{3}}{3} == \frac{1}{\sqrt{3}}
        \sqrt{5} != \sqrt{6}
        \sqrt[3]{8} == 2
        6 - 5i == -5i + 6
        6 - 5i != 6 + 5i
        x^3+3x-6 == 3x + x^3 - 6
        x^3+3x-6 != x^3+3x+6
        (a+5)(b+2) == ab + 2a + 5b + 10
        (a+5)(b+2) != ab + 2a + 5b + 11
        \cot x == \frac{\cos x}{\sin x}
        \sin^2 x == 1 - \cos^2 x
        \frac{11+9a}{20} == 0.45a + 0.55
        2k+2 == 2(k+1)
        5r^5 == 5 \cdot r^5
        \log_2 8 == 3
        \ln(e^2) == 2
        \binom{5}{2} == 10
        |{-3}| == 3
        18+2\pi == 2(\pi + 9)
        \frac{20000}{\pi} == 20000/\pi
        p - q == -q + p
        p - q != q - p
        \theta == \theta
        a_1 + a_2 == a_2 + a_1
        undefined != 0
        0 != -1
        1/0 != 1/0 + 1
        """;

    public static TheoryData<string, bool, string> Table()
    {
        var rows = new TheoryData<string, bool, string>();
        foreach (var line in Pairs.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equal = line.Contains(" == ");
            var parts = line.Split(equal ? " == " : " != ");
            rows.Add(parts[0], equal, parts[1]);
        }
        return rows;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Pairs_are_judged_as_a_person_would(string a, bool equal, string b)
    {
        AnswerChecker.Same(a, b).ShouldBe(equal);
        AnswerChecker.Same(b, a).ShouldBe(equal, "the other way round");
    }

    [Theory]
    [InlineData("#### 18", "She makes 9 * 2 = $18.\n#### 18", true)]
    [InlineData("18", "First \\boxed{17}, no: \\boxed{18}", true)]
    [InlineData("18", "First \\boxed{18}, no: \\boxed{17}", false)]
    [InlineData("18", "<answer>18</answer>", true)]
    [InlineData("18", "So the answer is 18. That took 3 steps.", true)]
    [InlineData("18", "**Answer:** 18 eggs", true)]
    [InlineData("18", "There are 3 ducks, so 18 eggs in all.", true)]
    [InlineData("18", "There are 18 ducks, so 3 eggs in all.", false)]
    [InlineData("1234", "In total $1,234", true)]
    [InlineData("18", "", false)]
    [InlineData("18", "I do not know", false)]
    [InlineData("\\frac{1}{2}", "We get \\frac{1}{2}", true)]
    [InlineData("2", "We get \\frac{1}{2}", false)]
    [InlineData("\\frac{1}{2}", "\\frac{1}{2}", true)]
    [InlineData("(3, 4)", "the answer is $(3,4)$.", true)]
    public void The_final_answer_of_a_reply_counts(string reference, string reply, bool right) =>
        AnswerChecker.Check(reference, reply).ShouldBe(right);

    private static string[] Lines(string set) =>
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "math", set + ".answers.txt"));

    [Theory]
    [InlineData("gsm8k-test", 1319)]
    [InlineData("math500", 500)]
    [InlineData("svamp-test", 1000)]
    [InlineData("aime24", 30)]
    public void Every_reference_answer_equals_itself_in_other_clothes_and_not_its_neighbour(string set, int count)
    {
        var answers = Lines(set);
        answers.Length.ShouldBe(count);
        var wrong = new List<string>();
        for (var i = 0; i < answers.Length; i++)
        {
            var answer = answers[i];
            foreach (var worn in Clothes(answer).Prepend(answer))
            {
                if (!AnswerChecker.Same(answer, worn))
                    wrong.Add($"{answer}  should equal  {worn}");
                if (!AnswerChecker.Same(worn, answer))
                    wrong.Add($"{worn}  should equal  {answer}");
            }
            foreach (var reply in Replies(answer))
                if (!AnswerChecker.Check(answer, reply))
                    wrong.Add($"{answer}  should be found in  {reply}");
            var other = answers[(i + 1) % answers.Length];
            if (Bare(other) != Bare(answer) && AnswerChecker.Same(answer, other))
                wrong.Add($"{answer}  should differ from  {other}");
        }
        foreach (var line in wrong)
            report.WriteLine(line);
        wrong.ShouldBeEmpty();
    }

    // As models end their replies.
    private static IEnumerable<string> Replies(string a)
    {
        var bare = a.Trim('$');
        yield return $"Thus we get \\boxed{{{a}}}.";
        yield return $"$$\\boxed{{{bare}}}$$ Therefore the proof is complete.";
        yield return $"<think>First \\boxed{{0}}, no.</think>So <answer>{a}</answer>";
        yield return $"\\boxed{{0}} is wrong. The final answer is **{a}**.";
        yield return $"The answer is ${bare}$, which is what was asked.";
        yield return $"**Final Answer**: \\( {bare} \\)";
        yield return $"#### {a}";
        yield return $"We find that it is ${bare}$.";
        yield return $"```\n2+2\n```\n\\[\n{bare}\n\\]";
    }

    // The same answer, as other people would write it.
    private static IEnumerable<string> Clothes(string a)
    {
        yield return $"\\boxed{{{a}}}";
        yield return a.Contains('$') ? a : $"${a}$";
        yield return $"  {a} .";
        yield return a.Replace("\\frac", "\\dfrac");
        yield return a.Replace("(", "\\left(")
            .Replace(")", "\\right)")
            .Replace("\\left\\left", "\\left")
            .Replace("\\right\\right", "\\right");
        yield return a.Replace(" ", "\\,").Replace("\\,", " \\, ");
        if (!double.TryParse(a, System.Globalization.NumberStyles.Float, null, out var number))
            yield break;
        yield return $"{a} dollars";
        yield return $"\\${a}";
        yield return $"{a}\\text{{ apples}}";
        yield return $"x = {a}";
        if (number != Math.Floor(number) || Math.Abs(number) > 1e15)
            yield break;
        yield return $"{number:#,0}";
        yield return $"{number:0.0}";
        yield return $"\\frac{{{2 * number}}}{{2}}";
        yield return $"{number + 1} - 1";
    }

    private static string Bare(string a) =>
        a.Replace("\\dfrac", "\\frac").Replace(" ", "").Replace("{", "").Replace("}", "").Replace("x=", "");

    // Every pair of the distinct references of MATH-500 (45,150 of them): those that are the same mathematics, and no
    // others.
    [Fact]
    public void No_two_answers_are_taken_for_each_other()
    {
        string[] same =
        [
            @"x=5 ~ 5",
            @"40 ~ 40_9",
            @"120 ~ 120^\circ",
            @"30 ~ 30^\circ",
            @"90 ~ 90^\circ",
            @"36^\circ ~ 36",
            @"10080 ~ 10,\!080",
            @"\frac14 ~ \frac{1}{4}",
            @"2\sqrt{5} ~ 2 \sqrt{5}",
            @"-2,1 ~ 1,-2",
            @"-2,1 ~ (-2,1)",
            @"15\mbox{ cm}^2 ~ 15",
            @"\$36 ~ 36",
        ];
        var answers = Lines("math500").Distinct().ToArray();
        var found =
            from i in Enumerable.Range(0, answers.Length)
            from k in Enumerable.Range(0, i)
            where AnswerChecker.Same(answers[i], answers[k])
            select $"{answers[i]} ~ {answers[k]}";
        found.ShouldBe(same);
    }

    [Fact]
    public void Worked_solutions_end_in_their_reference_answers()
    {
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "math", "math500-100.jsonl")))
        {
            using var json = System.Text.Json.JsonDocument.Parse(line);
            var (solution, answer) = (
                json.RootElement.GetProperty("solution").GetString()!,
                json.RootElement.GetProperty("answer").GetString()!
            );
            AnswerChecker.Check(answer, solution).ShouldBeTrue($"{answer} in {FinalAnswer.Last(solution)}");
        }
        var numbers = Lines("gsm8k-test");
        var i = 0;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "math", "gsm8k-100.jsonl")))
        {
            using var json = System.Text.Json.JsonDocument.Parse(line);
            var worked = json.RootElement.GetProperty("answer").GetString()!;
            AnswerChecker.Check(worked, numbers[i]).ShouldBeTrue();
            AnswerChecker.Check(numbers[i++], worked).ShouldBeTrue();
        }
        i.ShouldBe(100);
    }
}
