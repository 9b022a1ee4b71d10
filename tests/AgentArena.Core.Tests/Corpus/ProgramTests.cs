// The small interpreter gives what Python gives, and takes any text without an exception.
using AgentArena.Games.Corpus;

namespace AgentArena.Core.Tests.Corpus;

public class ProgramTests
{
    [Theory]
    [InlineData("return a * 3 + 2", "4", "14")]
    [InlineData("return a // 3 - a % 3", "-7", "-5")]
    [InlineData("return -a // 2", "5", "-3")]
    [InlineData("return a[::-1]", "[1, 2, 3]", "[3, 2, 1]")]
    [InlineData("return a[1:-1]", "'plums'", "'lum'")]
    [InlineData("return a[-9:2]", "[1, 2, 3]", "[1, 2]")]
    [InlineData("return a[5:0:-2]", "[1, 2, 3, 4]", "[4, 2]")]
    [InlineData("return [x * x for x in a if x % 2 == 1]", "[1, 2, 3]", "[1, 9]")]
    [InlineData("return max(a) - min(a), len(a)", "[4, 9, 2]", "(7, 3)")]
    [InlineData("return (a,)", "1", "(1,)")]
    [InlineData("return sorted(a)[::-1]", "['b', 'a']", "['b', 'a']")]
    [InlineData("return 'x' if a > 2 and not a == 5 else 'y'", "5", "'y'")]
    [InlineData("return a == True", "1", "True")]
    [InlineData("return a.count('aa') + len(a.replace('a', ''))", "'aaab'", "2")]
    [InlineData("return 3 in a or a", "[1]", "[1]")]
    [InlineData("return '-'.join([str(x) for x in a])", "[1, 2]", "'1-2'")]
    [InlineData("return sum(range(1, a, 2))", "8", "16")]
    [InlineData("pass_ = a", "1", "None")]
    [InlineData("b = a\n    b.append(4)\n    return b, a.index(4)", "[1]", "([1, 4], 1)")]
    [InlineData(
        "if a > 3:\n        return 1\n    elif a > 2:\n        return 2\n    else:\n        return 3",
        "3",
        "2"
    )]
    [InlineData("t = 0\n    for x in a:\n        if x < 3:\n            t += x\n    return t", "[1, 5, 2]", "3")]
    public void A_program_gives_what_Python_gives(string body, string input, string value) =>
        Run($"def f(a):\n    {body}", input).ShouldBe(value);

    [Theory]
    [InlineData("return a // 0", "1")]
    [InlineData("return a[3]", "[1]")]
    [InlineData("return b", "1")]
    [InlineData("return a + 'x'", "1")]
    [InlineData("return max(a)", "[]")]
    [InlineData("for x in range(100000):\n        a = a + x\n    return a", "1")]
    [InlineData("return a * a * a * a * a", "100000")]
    [InlineData("return open(a)", "'x'")]
    [InlineData("return a.shout()", "'x'")]
    [InlineData("return 'xxxxxxxxxx' * a", "100")]
    public void What_fails_or_goes_too_far_is_no_run(string body, string input) =>
        Run($"def f(a):\n    {body}", input).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("def g(a):\n    return a")]
    [InlineData("def f(a):")]
    [InlineData("def f(a):\nreturn a")]
    [InlineData("def f(a):\n    return a\n      return a")]
    [InlineData("def f(a):\n    return (a")]
    [InlineData("def f(a):\n    return 'a")]
    [InlineData("import os\ndef f(a):\n    return a")]
    [InlineData("def f(a):\n    while a:\n        a = 1\n    return a")]
    public void What_is_not_of_this_part_of_Python_is_no_program(string text) =>
        ProgramReader.Program(text).ShouldBeNull();

    [Fact]
    public void Any_text_is_read_and_run_without_an_exception()
    {
        var nested = "def f(a):\n    return " + new string('(', 5000) + "a" + new string(')', 5000);
        ProgramReader.Program(nested).ShouldBeNull();
        var random = new Random(7);
        const string signs = "def f(a):\n    return a[x]+-*/%'\"<>=! forinif,.0123";
        for (var i = 0; i < 3000; i++)
        {
            var text = string.Concat(
                Enumerable.Range(0, 1 + random.Next(60)).Select(_ => signs[random.Next(signs.Length)])
            );
            Run($"def f(a):\n    {text}", "[1, 2]");
            Run(text, text);
        }
    }

    [Fact]
    public void The_trace_says_what_was_calculated() =>
        ProgramRun
            .Of(
                ProgramReader.Program("def f(a):\n    c = a * 3\n    return sum([c, 1])")!,
                ProgramReader.Arguments("4")!.Value
            )!
            .Value.Trace.ShouldBe(["4*3=12", "c=12", "12+1=13", "sum([12, 1])=13"]);

    private static string? Run(string program, string input) =>
        ProgramReader.Program(program) is { } function && ProgramReader.Arguments(input) is { } arguments
            ? ProgramRun.Of(function, arguments)?.Value
            : null;
}
