using System.Text;
using System.Text.Json.Nodes;

namespace AgentArena.Hocon.Tests;

/// <summary>No text throws, and none costs more than its bounds allow.</summary>
public sealed class HostileTests
{
    private static readonly string[] Pieces =
    [
        "a",
        "b",
        "c",
        "x.y",
        "\"q.r\"",
        "\"\"",
        "1",
        "-1.5e+3",
        "null",
        "true",
        " ",
        " ",
        "\t",
        "\n",
        "\n",
        "=",
        "=",
        ":",
        "+=",
        "{",
        "{",
        "}",
        "}",
        "[",
        "]",
        ",",
        "${a}",
        "${?b}",
        "${a.b}",
        "${?c.a}",
        "${",
        "}",
        "$",
        "\"",
        "\"\"\"",
        "\"\"\"raw\n\"\"\"",
        "\\",
        "\\u0041",
        "#",
        "// no",
        "include ",
        "include \"inc\"",
        "required(",
        ")",
        ".",
        "\u00e9",
        "\U0001F600",
        "\uFEFF",
        "\u2028",
        "\0",
        "+",
        "*",
        "@",
        "\r\n",
        "a = 1\n",
        "b = ${a}\n",
        "a { b = 2 }\n",
        "c = ${a} { x = ${b} }\n",
        "b = [${?b}, 3] [4]\n",
        "a += 1\n",
    ];

    [Fact]
    public void Any_row_of_pieces_is_read_or_its_faults_are_told()
    {
        var random = new Random(1);
        var sound = 0;
        for (var i = 0; i < 40_000; i++)
        {
            var text = new StringBuilder();
            for (var n = random.Next(1, 40); n > 0; n--)
                text.Append(Pieces[random.Next(Pieces.Length)]);
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
            for (var k = 0; k < text.Length; k++)
                text[k] = (char)random.Next(random.Next(2) == 0 ? 128 : 65_536);
            Check(new string(text));
        }
    }

    [Fact]
    public void Any_change_of_a_sound_text_is_read_or_its_faults_are_told()
    {
        var random = new Random(3);
        var sound = 0;
        var files = Directory.EnumerateFiles(Hocon.Data(""), "*", SearchOption.AllDirectories);
        foreach (var whole in files.Order(StringComparer.Ordinal).Select(File.ReadAllText))
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
        if (document.Faults.Count > 0)
            return 0;
        var written = HoconWriter.Write(document.Root!);
        var again = Hocon.Tree(written);
        JsonNode.DeepEquals(again, document.Root).ShouldBeTrue(text);
        HoconWriter.Write(again).ShouldBe(written);
        return 1;
    }

    private const string Deep = "more than 256 deep",
        Many = "more values than are read";
    private const string Chained = "more than 128 substitutions";

    private static readonly Dictionary<string, (string Expected, Func<string> Text)> Boundless = new()
    {
        ["braces"] = (Deep, () => Rows(100_000, _ => "a{")),
        ["brackets"] = (Deep, () => "a = " + Rows(100_000, _ => "[")),
        ["a long path"] = (Deep, () => "a" + Rows(100_000, _ => ".a") + " = 1"),
        ["nested long paths"] = (Deep, () => Rows(20, _ => "a" + Rows(100, _ => ".a") + "{")),
        ["a deep value"] = (Deep, () => "x0 = 1\n" + Rows(5000, i => $"x{i + 1} {{ k = ${{x{i}}} }}\n")),
        ["a deep list"] = (Deep, () => "x0 = 1\n" + Rows(5000, i => $"x{i + 1} = [${{x{i}}}]\n")),
        ["a long chain"] = (Chained, () => Rows(20_000, i => $"x{i} = ${{x{i + 1}}}\n") + "x20000 = 1"),
        ["a row of itself"] = (Chained, () => "x = 1\n" + Rows(1000, _ => "x = ${x}\n")),
        ["appends between nothings"] = (Chained, () => Rows(1000, _ => "x += 1\nx = ${?no}\n")),
        ["doubled texts"] = (Many, () => "x0 = lol\n" + Rows(60, i => $"x{i + 1} = ${{x{i}}}${{x{i}}}\n")),
        ["doubled lists"] = (Many, () => "x0 = [1]\n" + Rows(60, i => $"x{i + 1} = ${{x{i}}} ${{x{i}}}\n")),
        ["doubled blocks"] = (Many, () => "x0 = 1\n" + Rows(60, i => $"x{i + 1} {{ a = ${{x{i}}}, b = ${{x{i}}} }}\n")),
        ["doubled layers"] = (Many, () => "x0 { a = 1 }\n" + Rows(60, i => $"x{i + 1} = ${{x{i}}} ${{x{i}}}\n")),
        ["a row of unknowns"] = (Many, () =>
            Rows(20_000, _ => "x = ${?no.such}\n") + Rows(20_000, i => $"y{i} = ${{?x}}\n")
        ),
        ["a row of lists"] = (Many, () => "a = " + Rows(300_000, _ => "[1]")),
        ["a long key"] = ("longer than 4096", () =>
            new string('k', 100_000) + " { " + Rows(100_000, _ => "a = ${b}, ") + "}"
        ),
        ["closers"] = ("these are 50 mistakes", () => new string('}', 100_000)),
        ["commas"] = ("expected a key", () => new string(',', 100_000)),
        ["a long text"] = ("longer than 8 MiB", () => new string('a', 9 << 20)),
    };

    public static TheoryData<string> Names => new(Boundless.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void What_has_no_bounds_is_refused_within_ours(string name)
    {
        var (expected, text) = Boundless[name];
        var document = OnASmallStack(text());
        document.Root.ShouldBeNull();
        document.Faults[^1].Text.ShouldContain(expected, Case.Sensitive);
    }

    private static string Rows(int count, Func<int, string> row) =>
        string.Concat(Enumerable.Range(0, count).Select(row));

    [Fact]
    public void What_lies_as_deep_as_it_may_is_read()
    {
        var chain = Rows(120, i => $"x{i} = ${{x{i + 1}}} [{i}]\n") + "x120 = []\n";
        foreach (var (open, close, most) in new[] { ("a{", "}", 255), ("a=[{", "}]", 127) })
        {
            var deep = Rows(most - 2, _ => open) + "a=${x0}" + Rows(most - 2, _ => close) + "\n";
            Hocon.Sound(OnASmallStack(deep + chain))["x0"]!.AsArray().Count.ShouldBe(120);
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
        var keys = Rows(20_000, i => $"block.key-{i} = [{i}, ${{base}}]\nlist += {i}\n");
        var tree = Hocon.Tree("base = b\n" + keys);
        tree["block"]!.AsObject().Count.ShouldBe(20_000);
        Hocon.Json(tree["block"]!["key-19999"]).ShouldBe("""["19999","b"]""");
        tree["list"]!.AsArray().Count.ShouldBe(20_000);
        Hocon.Tree($"a = \"{new string('x', 1 << 20)}\"")["a"]!.ToString().Length.ShouldBe(1 << 20);
        Hocon.Tree("a = " + Rows(200_000, _ => "word "))["a"]!.ToString().Length.ShouldBe(999_999);
    }
}
