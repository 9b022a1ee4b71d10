using System.Text;
using System.Text.Json.Nodes;

namespace AgentArena.Hocon.Tests;

/// <summary>No text throws, and none costs more than its bounds allow.</summary>
public sealed class HostileTests
{
    private static readonly string[] Pieces =
    [
        "a", "b", "c", "x.y", "\"q.r\"", "\"\"", "1", "-1.5e+3", "null", "true", " ", " ", "\t", "\n", "\n", "=", "=", ":", "+=", "{", "{", "}", "}", "[", "]", ",",
        "${a}", "${?b}", "${a.b}", "${?c.a}", "${", "}", "$", "\"", "\"\"\"", "\"\"\"raw\n\"\"\"", "\\", "\\u0041", "#", "// no", "include ", "include \"inc\"", "required(", ")", ".",
        "\u00e9", "\U0001F600", "\uFEFF", "\u2028", "\0", "+", "*", "@", "\r\n", "a = 1\n", "b = ${a}\n", "a { b = 2 }\n", "c = ${a} { x = ${b} }\n", "b = [${?b}, 3] [4]\n", "a += 1\n",
    ];

    [Fact]
    public void Any_row_of_pieces_is_read_or_its_faults_are_told()
    {
        var random = new Random(1);
        var sound = 0;
        for (var i = 0; i < 40_000; i++)
        {
            var text = new StringBuilder();
            for (var n = random.Next(1, 40); n > 0; n--) text.Append(Pieces[random.Next(Pieces.Length)]);
            sound += Check(text.ToString());
        }
        sound.ShouldBeGreaterThan(200);
    }

    [Fact]
    public void Any_text_is_read_or_its_faults_are_told()
    {
        var random = new Random(2);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new char[random.Next(1, 60)];
            for (var k = 0; k < text.Length; k++) text[k] = (char)random.Next(random.Next(2) == 0 ? 128 : 65_536);
            Check(new string(text));
        }
    }

    [Fact]
    public void Any_change_of_a_sound_text_is_read_or_its_faults_are_told()
    {
        var random = new Random(3);
        var sound = 0;
        foreach (var whole in Directory.EnumerateFiles(Hocon.Data(""), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText))
            for (var i = 0; i < 200; i++)
            {
                var at = random.Next(whole.Length + 1);
                var piece = Pieces[random.Next(Pieces.Length)];
                var gone = Math.Min(random.Next(3), whole.Length - at);
                sound += Check(random.Next(8) == 0 ? whole[..at] : whole.Remove(at, gone).Insert(at, piece));
            }
        sound.ShouldBeGreaterThan(200);
    }

    // 1 where the text is sound: then it also reads back from its print.
    private static int Check(string text)
    {
        var document = HoconReader.ReadText(text, Hocon.Data("x.conf"), Hocon.Environment);
        foreach (var fault in document.Faults)
        {
            fault.Text.ShouldMatch(@"\.( |\z)");
            fault.At.File.ShouldNotBeNullOrEmpty();
        }
        if (document.Faults.Count > 0) return 0;
        var written = HoconWriter.Write(document.Root!);
        var again = Hocon.Tree(written);
        JsonNode.DeepEquals(again, document.Root).ShouldBeTrue(text);
        HoconWriter.Write(again).ShouldBe(written);
        return 1;
    }

    public static TheoryData<string, string, string> Bounded
    {
        get
        {
            static string Rows(int count, Func<int, string> row) => string.Concat(Enumerable.Range(0, count).Select(row));
            return new()
            {
                { "braces", Rows(100_000, _ => "a{"), "more than 256 deep" },
                { "brackets", "a = " + Rows(100_000, _ => "["), "more than 256 deep" },
                { "a long path", "a" + Rows(100_000, _ => ".a") + " = 1", "more than 256 deep" },
                { "nested long paths", Rows(20, _ => "a" + Rows(100, _ => ".a") + "{"), "more than 256 deep" },
                { "a deep value", "x0 = 1\n" + Rows(5000, i => $"x{i + 1} {{ k = ${{x{i}}} }}\n"), "more than 256 deep" },
                { "a deep list", "x0 = 1\n" + Rows(5000, i => $"x{i + 1} = [${{x{i}}}]\n"), "more than 256 deep" },
                { "a long chain", Rows(20_000, i => $"x{i} = ${{x{i + 1}}}\n") + "x20000 = 1", "more than 128 deep" },
                { "a long row of itself", "x = 1\n" + Rows(1000, _ => "x = ${x}\n"), "more than 128 deep" },
                { "appends between nothings", Rows(1000, _ => "x += 1\nx = ${?no}\n"), "more than 128 deep" },
                { "doubled texts", "x0 = lol\n" + Rows(60, i => $"x{i + 1} = ${{x{i}}}${{x{i}}}\n"), "more values than are read" },
                { "doubled lists", "x0 = [1]\n" + Rows(60, i => $"x{i + 1} = ${{x{i}}} ${{x{i}}}\n"), "more values than are read" },
                { "doubled blocks", "x0 = 1\n" + Rows(60, i => $"x{i + 1} {{ a = ${{x{i}}}, b = ${{x{i}}} }}\n"), "more values than are read" },
                { "doubled layers", "x0 { a = 1 }\n" + Rows(60, i => $"x{i + 1} = ${{x{i}}} ${{x{i}}}\n"), "more values than are read" },
                { "a row of unknowns", Rows(20_000, _ => "x = ${?no.such}\n") + Rows(20_000, i => $"y{i} = ${{?x}}\n"), "more values than are read" },
                { "closers", new string('}', 100_000), "these are 50 mistakes" },
                { "commas", new string(',', 100_000), "expected a key" },
                { "a long text", new string('a', 9 << 20), "longer than 8 MiB" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Bounded))]
    public void What_has_no_bounds_is_refused_within_ours(string name, string text, string expected)
    {
        var document = OnASmallStack(text);
        document.Root.ShouldBeNull(name);
        document.Faults[^1].Text.ShouldContain(expected, Case.Sensitive, name);
    }

    [Fact]
    public void What_lies_as_deep_as_it_may_is_read()
    {
        var chain = string.Concat(Enumerable.Range(0, 120).Select(i => $"x{i} = ${{x{i + 1}}} [{i}]\n")) + "x120 = []\n";
        foreach (var (open, close, most) in new[] { ("a{", "}", 255), ("a=[{", "}]", 127) })
        {
            var document = OnASmallStack(chain.Insert(0, string.Concat(Enumerable.Repeat(open, most - 2)) + "a=${x0}" + string.Concat(Enumerable.Repeat(close, most - 2)) + "\n"));
            Hocon.Sound(document)["x0"]!.AsArray().Count.ShouldBe(120);
        }
    }

    // Half a megabyte is the smallest stack that any platform gives a thread.
    private static HoconDocument OnASmallStack(string text)
    {
        HoconDocument? document = null;
        var thread = new Thread(() => document = Hocon.Read(text), 512 << 10);
        thread.Start();
        thread.Join();
        return document.ShouldNotBeNull();
    }

    [Fact]
    public void Large_files_are_read()
    {
        var keys = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"block.key-{i} = [{i}, ${{base}}]\nlist += {i}\n"));
        var tree = Hocon.Tree("base = b\n" + keys);
        tree["block"]!.AsObject().Count.ShouldBe(20_000);
        Hocon.Json(tree["block"]!["key-19999"]).ShouldBe("""["19999","b"]""");
        tree["list"]!.AsArray().Count.ShouldBe(20_000);
        Hocon.Tree($"a = \"{new string('x', 1 << 20)}\"")["a"]!.ToString().Length.ShouldBe(1 << 20);
        Hocon.Tree("a = " + string.Join(' ', Enumerable.Repeat("word", 200_000)))["a"]!.ToString().Length.ShouldBe(999_999);
    }
}
