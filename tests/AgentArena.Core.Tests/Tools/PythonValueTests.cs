// Python literals are read as Python reads them and compared as Python compares them; blocks of replies; hostile text.
using AgentArena.Games.Python;

namespace AgentArena.Core.Tests.Tools;

public class PythonValueTests
{
    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1", "True")]
    [InlineData("0", "-0.0")]
    [InlineData("0x10", "16")]
    [InlineData("1_000", "1000")]
    [InlineData("0.1", "0.10")]
    [InlineData("1e3", "1000")]
    [InlineData("2j", "0+2j")]
    [InlineData("(1+0j)", "1")]
    [InlineData("(1)", "1")]
    [InlineData("'a\\n\\x41\\u00e9'", "\"a\\nAé\"")]
    [InlineData("'a' 'b'", "'ab'")]
    [InlineData("r'\\n'", "'\\\\n'")]
    [InlineData("'''a\nb'''", "'a\\nb'")]
    [InlineData("b'a'", "b'\\x61'")]
    [InlineData("[1, 2,]", "[1,2]")]
    [InlineData("(1,)", "( 1 , )")]
    [InlineData("{1, 2}", "{2, 1, 1}")]
    [InlineData("{'a': 1, 'b': [2]}", "{'b': [2.0], 'a': True}")]
    [InlineData("{1: 'a', True: 'b'}", "{1: 'b'}")]
    [InlineData("set()", "frozenset()")]
    [InlineData("frozenset({1})", "{1}")]
    [InlineData("dict_keys([1, 2])", "{2, 1}")]
    [InlineData("deque([1])", "deque([1])")]
    [InlineData("Counter({'a': 1})", "{'a': 1}")]
    [InlineData("range(0, 3)", "range(0, 3, 1)")]
    [InlineData("range(0, 0)", "range(5, 2)")]
    [InlineData("range(0, 3, 2)", "range(0, 4, 2)")]
    [InlineData("inf", "float('inf')")]
    [InlineData("Fraction(1, 2)", "0.5")]
    [InlineData("Decimal('0.50')", "Fraction(2, 4)")]
    [InlineData("{(1, 2): {3}}", "{(1, 2.0): {3.0}}")]
    public void Equal_values(string a, string b)
    {
        var (x, y) = (PythonValue.Read(a).ShouldNotBeNull(a), PythonValue.Read(b).ShouldNotBeNull(b));
        x.ShouldBe(y);
        x.GetHashCode().ShouldBe(y.GetHashCode());
    }

    [Theory]
    [InlineData("1", "'1'")]
    [InlineData("[1]", "(1,)")]
    [InlineData("[1]", "deque([1])")]
    [InlineData("b'a'", "'a'")]
    [InlineData("0.1", "Decimal('0.1')")]
    [InlineData("9007199254740993", "9007199254740992.0")]
    [InlineData("{}", "set()")]
    [InlineData("None", "0")]
    [InlineData("[1, 2]", "[2, 1]")]
    [InlineData("{1: 2}", "{1: 3}")]
    [InlineData("inf", "-inf")]
    [InlineData("range(3)", "[0, 1, 2]")]
    [InlineData("'a '", "'a'")]
    public void Different_values(string a, string b) =>
        PythonValue.Read(a).ShouldNotBeNull(a).ShouldNotBe(PythonValue.Read(b).ShouldNotBeNull(b));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1 2")]
    [InlineData("[1")]
    [InlineData("[1]]")]
    [InlineData("[,]")]
    [InlineData("{[1]: 2}")]
    [InlineData("{{}: 2}")]
    [InlineData("'a")]
    [InlineData("'a\nb'")]
    [InlineData("012")]
    [InlineData("1__import__")]
    [InlineData("0x")]
    [InlineData("--1")]
    [InlineData("f(1)")]
    [InlineData("1 + 1")]
    [InlineData("'\\N{DASH}'")]
    [InlineData("range(1, 2, 0)")]
    [InlineData("Decimal('1e999999999')")]
    public void No_values(string text) => PythonValue.Read(text).ShouldBeNull();

    [Fact]
    public void A_nan_is_not_equal_to_itself()
    {
        PythonValue.Read("[1, {'a': (nan,)}]")!.EqualsItself.ShouldBeFalse();
        PythonValue.Read("[1, {'a': (inf,)}]")!.EqualsItself.ShouldBeTrue();
    }

    [Fact]
    public void Hostile_text_is_read_in_bounded_time_and_never_throws()
    {
        string[] pieces =
        [
            "[",
            "(",
            "{",
            "'",
            "\"",
            "\\",
            "b'",
            "1",
            "-",
            ",",
            ":",
            "{1:",
            "deque(",
            "1e",
            "0x",
            "'\\",
            "set(",
            "\0",
            "\ud800",
            "''",
            "'''",
        ];
        foreach (var piece in pieces)
        foreach (var times in (int[])[1, 100, 30_000])
            PythonValue.Read(string.Concat(Enumerable.Repeat(piece, times)));
        var chance = new RandomStream(3);
        for (var i = 0; i < 50_000; i++)
        {
            var text = "";
            for (var n = 1 + chance.Next(10); n > 0; n--)
                text += pieces[chance.Next(pieces.Length)];
            PythonValue.Read(text);
        }
    }

    [Fact]
    public void Blocks_of_a_reply()
    {
        const string reply =
            "Thinking…\n```python\ndef f(x):\n    return 1\n```\nBetter:\n```Python\ndef f(x):\n    return 2\n```\n```input\n[1]\n```\n```input\n'x'\n```\n```message\nlook\n```\n```python\nunfinished";
        ProgramProposal.Last(reply, "python").ShouldBe("def f(x):\n    return 2");
        ProgramProposal.ReadSingle(reply).ShouldBe(new("def f(x):\n    return 2", "'x'", null));
        ProgramProposal.ReadMany(reply, 2).Inputs!.Value.ShouldBe(["[1]", "'x'"]);
        ProgramProposal.ReadMany(reply, 3).Fault.ShouldNotBeNull().ShouldContain("exactly 3");
        ProgramProposal.ReadSingle("nothing").Fault.ShouldNotBeNull();
        ProgramProposal.ReadSingle("```python\nx\n```").Fault.ShouldNotBeNull().ShouldContain("input");
        Linear.ShouldRead(text => ProgramProposal.All(text, "python"), "```", "```python\n", "```\n", "\n", "`");
    }
}
