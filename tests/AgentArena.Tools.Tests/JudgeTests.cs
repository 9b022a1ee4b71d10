// The judge with the sandbox: what is refused and why, determinism, equality by value, answers that try to cheat.
using AgentArena.Games.Python;

namespace AgentArena.Tools.Tests;

[Collection(nameof(Sandboxed))]
public class JudgeTests(Sandboxed sandbox)
{
    private readonly ProgramJudge _judge = new(sandbox.Executor, limits: Sandboxed.Short);

    [Theory]
    [InlineData("def f(x):\n    return x * 2", "21", "42")]
    [InlineData("def f(a, b=1):\n    return {'s': a + b, 't': (a,)}", "1, b=2", "{'s': 3, 't': (1,)}")]
    [InlineData("def f(x):\n    return {x, 'b', 'a'}", "'c'", "{'a', 'b', 'c'}")]
    [InlineData("from collections import Counter\ndef f(x):\n    return Counter(x)", "'aab'", "{'a': 2, 'b': 1}")]
    [InlineData("def f(x):\n    return sorted(x, key=lambda y: -y)", "[n ** 2 for n in range(3)]", "[4, 1, 0]")]
    [InlineData("def f(g):\n    return g(3)", "lambda x: x + 1", "4")]
    [InlineData(
        "def f(x):\n    return float('inf'), -0.0, 1e300, True, None, b'\\x00', 2j",
        "0",
        "(inf, -0.0, 1e+300, True, None, b'\\x00', 2j)"
    )]
    [InlineData("def g(x):\n    return x\ndef f(x):\n    print(x)\n    return g(x)", "f(1)", "1")]
    public async Task A_good_proposal_gets_its_outputs(string program, string input, string output)
    {
        var proposal = await _judge.ProposeAsync(program, [input]);
        proposal.Fault.ShouldBeNull();
        proposal.Outputs.ShouldBe([output]);
    }

    [Theory]
    [InlineData("def f(x):\n    return x[3]", "[1]", "IndexError")]
    [InlineData("def f(x):\n    return x['a']", "{}", "KeyError")]
    [InlineData("def f(x):\n    return x", "21", "NoError")]
    [InlineData("def f(x):\n    return x", "", "TypeError")]
    [InlineData("def f(x):\n    return f(x)", "1", "RecursionError")]
    [InlineData("class Odd(Exception):\n    pass\ndef f(x):\n    raise Odd(id(x))", "1", "Odd")] // the message may differ
    [InlineData("def f(x):\n    return x\n1 / 0", "1", "ZeroDivisionError")]
    public async Task A_failure_is_named_by_the_class_of_its_exception(string program, string input, string error)
    {
        var proposal = await _judge.ProposeFailureAsync(program, input);
        proposal.Fault.ShouldBeNull();
        proposal.Outputs.ShouldBe([error]);
    }

    [Theory]
    [InlineData("def f(x):\n    return hash(x)", "'a'", "not deterministic")]
    [InlineData("import random\ndef f(x):\n    return x", "1", "'random' is not allowed")]
    [InlineData("def f(x)\n    return x", "1", "not Python")]
    [InlineData("def f(x):\n    return object()", "1", "cannot be compared by value")]
    [InlineData("def f(x):\n    while True: pass", "1", "past")]
    [InlineData("class NoError(Exception):\n    pass\ndef f(x):\n    raise NoError", "1", "no proper name")]
    [InlineData("def f(x):\n    raise type('a b', (Exception,), {})", "1", "no proper name")]
    [InlineData("def f(x):\n    raise type('A' + str(id(x)), (Exception,), {})", "'a' * 50", "not deterministic")]
    public async Task A_failure_that_is_none_or_has_no_name_is_refused(string program, string input, string reason) =>
        (await _judge.ProposeFailureAsync(program, input)).Fault.ShouldNotBeNull().ShouldContain(reason);

    [Theory]
    [InlineData("import random\ndef f(x):\n    return x", "1", "'random' is not allowed")]
    [InlineData("from datetime import date\ndef f(x):\n    return x", "1", "'datetime' is not allowed")]
    [InlineData("def f(x):\n    import time as t\n    return x", "1", "'time' is not allowed")]
    [InlineData("import os\ndef f(x):\n    return os.environ['x']", "1", "'os.environ' is not allowed")]
    [InlineData("import os.path\ndef f(x):\n    return 1", "1", "'os.path' is not allowed")]
    [InlineData("from os import path\ndef f(x):\n    return 1", "1", "'os.path' is not allowed")]
    [InlineData("def f(x)\n    return x", "1", "not Python")]
    [InlineData("def g(x):\n    return x", "1", "no function 'f'")]
    [InlineData("def f(x):\n    return x.y", "1", "AttributeError")]
    [InlineData("def f(x):\n    return object()", "1", "cannot be compared by value")]
    [InlineData("def f(x):\n    return (i for i in [x])", "1", "'generator'")]
    [InlineData("def f(x):\n    return float('nan')", "1", "not equal to itself")]
    [InlineData("def f(x):\n    return id(x)", "'a' * 50", "not deterministic")]
    [InlineData("def f(x):\n    return hash(x)", "'a'", "not deterministic")]
    [InlineData("def f(x):\n    return list({'a', 'b', 'c', 'd', 'e', x})", "'f'", "not deterministic")]
    [InlineData("def f(x):\n    return __import__('ran' + 'dom').random()", "1", "not deterministic")]
    [InlineData("def f(x):\n    return x", "1) or f(2", "not a list of arguments")]
    [InlineData("def f(x):\n    return x", "1)(2", "not a list of arguments")]
    [InlineData("def f(x):\n    return x", "1 #", "1")]
    [InlineData("def f(x):\n    return x", "", "TypeError")]
    [InlineData("def f(x):\n    return x", "open('/etc/passwd')", "names 'open'")]
    [InlineData("def f(x):\n    return x", "().__class__", "'.__class__'")]
    [InlineData("def f(x):\n    return x", "(i for i in [1]).gi_frame", "'.gi_frame'")]
    [InlineData("def f(x):\n    return x", "'{0.__class__}'.format(1)", "'.format'")]
    [InlineData("def f(x):\n    return x", "(y := 1)", "NamedExpr")]
    public async Task A_bad_proposal_is_refused_with_its_reason(string program, string input, string reason)
    {
        var proposal = await _judge.ProposeAsync(program, [input]);
        if (input == "1 #")
            proposal.Outputs.ShouldBe([reason]); // a comment closes with its line
        else
            proposal.Fault.ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public async Task What_remembers_earlier_calls_is_no_function_of_its_input()
    {
        var proposal = await _judge.ProposeAsync(
            "seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)",
            ["1", "2", "3"]
        );
        proposal.Fault.ShouldNotBeNull().ShouldContain("not deterministic");
        (await _judge.ProposeAsync("def f(x):\n    return 1 / x", ["1", "0"]))
            .Fault.ShouldNotBeNull()
            .ShouldContain("Input 2");
    }

    [Fact]
    public async Task Rules_can_forbid_raise_and_second_functions()
    {
        var strict = new ProgramJudge(
            sandbox.Executor,
            new ProgramRules { AllowRaise = false, SingleFunction = true },
            Sandboxed.Short
        );
        (await strict.ProposeAsync("def f(x):\n    raise ValueError", ["1"]))
            .Fault.ShouldNotBeNull()
            .ShouldContain("'raise'");
        (await strict.ProposeAsync("def g(x): return 1\ndef f(x): return g(x)", ["1"]))
            .Fault.ShouldNotBeNull()
            .ShouldContain("one is allowed");
    }

    [Theory]
    [InlineData("[1, 2]", "[1,2]", true, true)]
    [InlineData("1", "1.0", true, true)]
    [InlineData("True", "1", true, true)]
    [InlineData("'a'", "\"a\"", true, true)]
    [InlineData("{'a': 1, 'b': 2}", "dict(b=2, a=1)", true, true)]
    [InlineData("1024", "2 ** 10", true, true)]
    [InlineData("[1, 2]", "(1, 2)", false, true)]
    [InlineData("1", "'1'", false, true)]
    [InlineData("1", "", false, false)]
    [InlineData("1", "one", false, false)]
    [InlineData("1", "__import__('os')", false, false)]
    public async Task Deduction_compares_values(string gold, string answer, bool correct, bool wellFormed)
    {
        var verdict = await _judge.DeduceAsync(gold, answer);
        (verdict.Correct, verdict.WellFormed).ShouldBe((correct, wellFormed), verdict.Reason);
        if (!correct)
            verdict.Reason.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("[3, 1]", true, true)]
    [InlineData("(1, 3)", true, true)]
    [InlineData("[1, 2]", false, true)]
    [InlineData("5", false, true)]
    [InlineData("type('E', (), {'__eq__': lambda s, o: True})()", false, false)]
    [InlineData("f.__globals__", false, false)]
    [InlineData("globals()", false, false)]
    public async Task Abduction_takes_any_input_that_gives_the_value_and_no_trick(
        string answer,
        bool correct,
        bool wellFormed
    )
    {
        var verdict = await _judge.AbduceAsync("def f(x):\n    return sorted(x)", "[1, 3]", answer);
        (verdict.Correct, verdict.WellFormed).ShouldBe((correct, wellFormed), verdict.Reason);
    }

    [Fact]
    public async Task Induction_counts_hidden_pairs()
    {
        (string, string)[] pairs = [("1", "2"), ("2", "4"), ("3", "9"), ("4", "8")];
        var verdict = await _judge.InduceAsync("def f(x):\n    return x * 2", [.. pairs]);
        (verdict.Correct, verdict.Share, verdict.WellFormed).ShouldBe((false, 0.75, true));
        verdict.Reason.ShouldNotBeNull().ShouldContain("Pair 3");
        (await _judge.InduceAsync("import random", [.. pairs])).WellFormed.ShouldBeFalse();
        (
            await _judge.InduceAsync("def f(x):\n    if x > 1:\n        while True: pass\n    return 2", [.. pairs])
        ).Share.ShouldBe(0.25);
    }
}
