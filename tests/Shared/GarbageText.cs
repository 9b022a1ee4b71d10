// Text that no honest model would write, and some that one would: LaTeX grown from a grammar and then damaged, prose,
// marks, any Unicode.
using System.Text;
using AgentArena.Core;

namespace AgentArena.Tests;

/// <summary>Draws hostile replies. The same seed gives the same texts on any machine.</summary>
internal sealed class GarbageText(ulong seed)
{
    private static readonly string[] Pieces =
    [
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        @"\{",
        @"\}",
        @"\left",
        @"\right.",
        @"\frac",
        @"\frac{1}{",
        @"\sqrt",
        @"\sqrt[3]{",
        @"\boxed{",
        @"\Boxed ",
        "^",
        "^{",
        "^2",
        "_",
        "_{",
        "!",
        "1!",
        "-",
        "+",
        "±",
        @"\pm",
        "1,",
        "1,000",
        "1.000,5",
        ",",
        ";",
        "=",
        "<",
        @"\leq",
        "≥",
        @"\cup",
        "∩",
        "|",
        @"\|",
        "9",
        "99999999999",
        "x",
        "f(",
        "abc",
        "e",
        "1e9",
        "1e-4000",
        "i",
        @"\infty",
        @"\pi",
        ":",
        "12:00",
        "pm",
        "%",
        @"\%",
        "°",
        @"^\circ",
        @"\begin{pmatrix}",
        @"\end{pmatrix}",
        @"\begin{cases}",
        @"\begin{array}{cc}",
        "&",
        @"\\",
        @"\text{",
        @"\text{ and }",
        "$",
        "$$",
        @"\(",
        @"\]",
        "¤",
        "€",
        "\ud800",
        "\udfff",
        "\0",
        " ",
        "\n",
        "and ",
        "or ",
        "####",
        "The answer is ",
        "<answer>",
        "</answer>",
        "<think>",
        "</think>",
        "<|im_end|>",
        "/0",
        "/",
        @"\binom",
        @"\log_",
        @"\sin^{-1}",
        "sin ",
        @"\sum_{k=1}^{",
        @"\prod_{k=1}^{400}",
        @"\lfloor",
        @"\rceil",
        @"\vec",
        @"\overline{",
        "0.\\overline{3}",
        "...",
        @"\ldots",
        @"\mathbb{R}",
        @"\setminus",
        @"\in",
        @"\pmod{",
        "mod",
        "million",
        "dozen",
        "cm",
        "m/s",
        "apples",
        "５",
        "٥",
        "𝟓",
        "x²",
        "⅓",
        "３̅",
        "\u0305",
        "\u200b",
        "\ufeff",
        "只",
        "**",
        "`",
        "\"",
        "[\"2\",",
        "999999999!",
        @"\binom{4000}{2000}",
        "9^{9^{9",
        @"\color{red}",
        @"\quad",
        @"\!",
    ];

    private static readonly string[] Names = ["x", "y", "n", "a_1", @"\theta", "f(x)", "AB", "k"];

    private static readonly string[] Numbers =
    [
        "0",
        "1",
        "2",
        "7",
        "12",
        "0.5",
        "3.14159",
        "1,234",
        "1e10",
        "10^{12}",
        @"\pi",
        "-3",
        @"\frac12",
        "0.\\overline{6}",
        @"\infty",
        "i",
        "100!",
        @"2^{1000}",
        "5",
    ];

    private RandomStream _chance = new(RandomStream.Derive(seed, "garbage"));

    /// <summary>The next text, of at most some thousands of characters, most of them short.</summary>
    public string Next() =>
        _chance.Next(10) switch
        {
            0 => Characters(),
            1 => Repeated(),
            < 4 => Shuffled(),
            < 6 => Damaged(Answer(3)),
            < 8 => Reply(_chance.Next(2) == 0 ? Answer(3) : Damaged(Answer(2))),
            _ => Answer(1 + _chance.Next(5)),
        };

    /// <summary>Well-formed LaTeX of a kind of answer.</summary>
    public string Answer(int depth) =>
        _chance.Next(12) switch
        {
            0 => $"{Term(depth)}, {Term(depth)}",
            1 => $"({Term(depth)}, {Term(depth)})",
            2 => $@"\left[{Term(depth)}, \infty\right) \cup ({Term(depth)}, {Term(depth)}]",
            3 => $"{Pick(Names)} = {Term(depth)}",
            4 => $@"{Term(depth)} \le {Pick(Names)} < {Term(depth)}",
            5 => $@"\begin{{pmatrix}} {Term(depth)} & {Term(depth)} \\ {Term(depth)} & {Term(depth)} \end{{pmatrix}}",
            6 => $@"\{{{Term(depth)}, {Term(depth)}\}}",
            7 => $"{Term(depth)} : {Term(depth)}",
            8 => $@"{Pick(Numbers)} \text{{ {Pick(["cm", "apples", "million", "m/s", "% of x", "dollars"])} }}",
            9 => $@"{Term(depth)} \pm {Term(depth)}",
            _ => Term(depth),
        };

    private string Term(int depth)
    {
        if (depth <= 0)
            return _chance.Next(2) == 0 ? Pick(Names) : Pick(Numbers);
        var (a, b) = (Term(depth - 1), Term(depth - 1 - _chance.Next(2)));
        return _chance.Next(15) switch
        {
            0 => $"{a} + {b}",
            1 => $"{a} - {b}",
            2 => $@"{a} \cdot {b}",
            3 => $@"\frac{{{a}}}{{{b}}}",
            4 => $"({a})^{{{b}}}",
            5 => $@"\sqrt[{1 + _chance.Next(7)}]{{{a}}}",
            6 => $@"\{Pick(["sin", "cos", "tan", "ln", "arcsin", "log_2", "sinh", "sec"])} ({a})",
            7 => $"|{a}|",
            8 => $"({a})!",
            9 => $@"\binom{{{a}}}{{{b}}}",
            10 => $@"\lfloor {a} \rfloor",
            11 => $@"\sum_{{k=1}}^{{{b}}} {a}",
            12 => $"f({a})",
            13 => $"({a})({b})",
            _ => $"{a}/{b}",
        };
    }

    private string Reply(string answer) =>
        _chance.Next(8) switch
        {
            0 => $"<think>{Term(2)} so \\boxed{{1}}</think> We get ${answer}$.",
            1 => $"So \\boxed{{{answer}}} and {Shuffled()}",
            2 => $"The answer is {answer}. {Characters()}",
            3 => $"<answer>{answer}</answer>",
            4 => $"{Shuffled()}\n#### {answer}",
            5 => $"It costs $5 and ${answer} in {Pick(Numbers)} days",
            6 => $"**Final Answer**: \\[ {answer} \\]",
            _ => $"Hence {answer} for all {Pick(Names)}.",
        };

    private string Shuffled()
    {
        var text = new StringBuilder();
        for (var n = 1 + _chance.Next(_chance.Next(20) == 0 ? 300 : 14); n > 0; n--)
            text.Append(Pick(Pieces));
        return text.ToString();
    }

    private string Repeated()
    {
        var (piece, other) = (Pick(Pieces), Pick(Pieces));
        var times = _chance.Next(30) switch
        {
            0 => 3000,
            < 4 => 500,
            _ => 40,
        };
        return string.Concat(Enumerable.Repeat(_chance.Next(2) == 0 ? piece : piece + other, times));
    }

    // Cut, doubled, swapped: one to four places of a text.
    private string Damaged(string text)
    {
        for (var n = 1 + _chance.Next(4); n > 0 && text.Length > 2; n--)
        {
            var (at, length) = (_chance.Next(text.Length), 1 + _chance.Next(6));
            text = _chance.Next(4) switch
            {
                0 => text.Remove(at, Math.Min(length, text.Length - at)),
                1 => text.Insert(at, Pick(Pieces)),
                2 => text.Insert(at, text.Substring(at, Math.Min(length, text.Length - at))),
                _ => text[..at],
            };
        }
        return text;
    }

    // Any UTF-16, lone surrogates included; half of it digits and letters of all scripts.
    private string Characters()
    {
        var text = new char[1 + _chance.Next(40)];
        for (var i = 0; i < text.Length; i++)
            text[i] = (char)
                _chance.Next(
                    _chance.Next(3) == 0 ? 0x10000
                    : _chance.Next(2) == 0 ? 0x3000
                    : 0x80
                );
        return new string(text);
    }

    private string Pick(string[] from) => from[_chance.Next(from.Length)];
}
