// Writes small Python programs and inputs for them. Knows a grammar, no game.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core;

namespace AgentArena.Games.Corpus;

/// <summary>What a program takes.</summary>
internal enum Taking
{
    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A list of whole numbers.</summary>
    Numbers,

    /// <summary>A text.</summary>
    Text,
}

/// <summary>A program, what it takes, and how many steps it is made of.</summary>
internal sealed record WrittenProgram(string Source, ImmutableArray<Taking> Takes, int Level)
{
    /// <summary>The program as a tree.</summary>
    public FunctionNode Function { get; } =
        ProgramReader.Program(Source)
        ?? throw new InvalidOperationException($"the grammar wrote what the reader cannot read:\n{Source}");
}

/// <summary>A grammar of programs.</summary>
internal static class ProgramGrammar
{
    private static readonly string[] Signs = ["+", "-", "*"];
    private static readonly string[] Words = [.. StoryWords.Things, .. StoryWords.Places];

    /// <summary>A program.</summary>
    public static WrittenProgram Draw(ref RandomStream chance)
    {
        var level = 1 + chance.Choose([0.35, 0.35, 0.3]);
        return chance.Next(10) switch
        {
            < 4 => Numeric(ref chance, level),
            < 8 => Lists(ref chance, level),
            _ => Texts(ref chance, level),
        };
    }

    /// <summary>Arguments for a program, as between the parentheses of a call.</summary>
    public static string Input(WrittenProgram program, ref RandomStream chance)
    {
        var all = new string[program.Takes.Length];
        for (var i = 0; i < all.Length; i++)
            all[i] = program.Takes[i] switch
            {
                Taking.Number => Digits(ref chance, 1, 12),
                Taking.Text => $"'{Words[chance.Next(Words.Length)]}'",
                _ => List(ref chance),
            };
        return string.Join(", ", all);
    }

    private static string Digits(ref RandomStream chance, int low, int high) =>
        (low + chance.Next(high - low + 1)).ToString(CultureInfo.InvariantCulture);

    private static string List(ref RandomStream chance)
    {
        var items = new string[3 + chance.Next(3)];
        for (var i = 0; i < items.Length; i++)
            items[i] = Digits(ref chance, 1, 12);
        return $"[{string.Join(", ", items)}]";
    }

    private static string Pick(ref RandomStream chance, params ReadOnlySpan<string> from) =>
        from[chance.Next(from.Length)];

    private static string Sign(ref RandomStream chance) => Signs[chance.Next(Signs.Length)];

    private static WrittenProgram Numeric(ref RandomStream chance, int level)
    {
        var (two, k, m) = (chance.Next(2) == 0, Digits(ref chance, 2, 9), Digits(ref chance, 1, 9));
        string x = two ? "b" : k,
            head = two ? "def f(a, b):\n" : "def f(a):\n";
        ImmutableArray<Taking> takes = two ? [Taking.Number, Taking.Number] : [Taking.Number];
        var (s, t) = (Sign(ref chance), Sign(ref chance));
        var body = (level, chance.Next(3)) switch
        {
            (1, 0) => $"    return a {s} {x}",
            (1, 1) => $"    return a * {k} {Pick(ref chance, "+", "-")} {x}",
            (1, _) => $"    return a {Pick(ref chance, "%", "//")} {k} + {x}",
            (2, 0) => $"    c = a {s} {x}\n    return c {t} {m}",
            (2, 1) => $"    if a > {Digits(ref chance, 4, 14)}:\n        return a {s} {x}\n    return a {t} {m}",
            (2, _) => $"    return a {s} {x} if a % 2 == 0 else a {t} {m}",
            (_, 0) => $"    c = a {s} {x}\n    if c > {Digits(ref chance, 5, 30)}:\n"
                + $"        c = c - {k}\n    return c {t} {m}",
            (_, 1) => $"    t = {m}\n    for i in range({Digits(ref chance, 2, 4)}):\n"
                + $"        t = t + a {Pick(ref chance, "+ i", "- i", "* i")}\n    return t{(two ? " + b" : "")}",
            _ => $"    c = a {s} {x}\n    d = c {Pick(ref chance, "%", "//")} {k}\n    return d {t} a",
        };
        return new(head + body, takes, level);
    }

    private static WrittenProgram Lists(ref RandomStream chance, int level)
    {
        var (k, m) = (Digits(ref chance, 2, 9), Digits(ref chance, 1, 6));
        var fold = Pick(ref chance, "sum", "max", "min", "len");
        var item = Pick(ref chance, $"x * {k}", $"x + {k}", $"x - {k}", "x * x", $"x % {k}");
        var test = Pick(ref chance, $"x > {m}", $"x < {k}", "x % 2 == 0", "x % 2 == 1");
        var order = Pick(ref chance, "a[::-1]", "sorted(a)", "a[1:]", "a[:-1]", "a[:2]", "a[::2]", "sorted(a)[::-1]");
        var body = (level, chance.Next(4)) switch
        {
            (1, 0) => $"    return {fold}(a)",
            (1, 1) => $"    return {order}",
            (1, 2) => $"    return [{item} for x in a]",
            (1, _) => $"    return a[{Pick(ref chance, "0", "1", "-1", "-2")}] {Sign(ref chance)} {k}",
            (2, 0) => $"    return {fold}(a) {Sign(ref chance)} {k}",
            (2, 1) => $"    return [x for x in a if {test}]",
            (2, 2) => $"    b = {order}\n    return b[0] {Sign(ref chance)} b[-1]",
            (2, _) => $"    return {fold}({order})",
            (_, 0) => $"    t = 0\n    for x in a:\n        if {test}:\n            t += x\n    return t",
            (_, 1) => $"    return {fold}([{item} for x in a]) {Pick(ref chance, "+", "-")} {m}",
            (_, 2) => $"    b = []\n    for x in a:\n        b.append({item})\n    return b",
            _ => $"    b = {order}\n    return [{item} for x in b if {test}]",
        };
        return new($"def f(a):\n{body}", [Taking.Numbers], level);
    }

    private static WrittenProgram Texts(ref RandomStream chance, int level)
    {
        var k = Digits(ref chance, 1, 4);
        string letter = $"'{(char)('a' + chance.Next(26))}'",
            vowel = $"'{"aeiou"[chance.Next(5)]}'";
        var part = Pick(ref chance, "a[::-1]", $"a[:{k}]", $"a[{k}:]", "a.upper()", $"a + {letter}", $"{letter} + a");
        var body = (level, chance.Next(3)) switch
        {
            (1, 0) => $"    return {part}",
            (1, 1) => $"    return len(a) + {k}",
            (1, _) => $"    return a.count({vowel})",
            (2, 0) => $"    b = {part}\n    return b + {letter}",
            (2, 1) => $"    return a.replace({vowel}, {letter})",
            (2, _) => $"    return len(a) * {k} + a.count({vowel})",
            (_, 0) => $"    if len(a) > {Digits(ref chance, 4, 7)}:\n        return {part}\n    return a + a[0]",
            (_, 1) => $"    n = 0\n    for c in a:\n        if c == {vowel}:\n            n += {k}\n    return n",
            _ => $"    b = {part}\n    return b[0] + b[-1]",
        };
        return new($"def f(a):\n{body}", [Taking.Text], level);
    }
}
