using System.Text;

namespace AgentArena.Hocon.Tests;

/// <summary>Files that make up one text.</summary>
public sealed class IncludeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hocon-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_include_is_found_beside_its_file_and_lies_where_it_stands()
    {
        Write("parts/more/deep.conf", "x = deep, y = deep, z = deep");
        Write("parts/base.conf", "x = early\ninclude \"more/deep.conf\"\ny = base");
        Tree("include \"parts/base.conf\"\nz = main\nn { include required(file( \"parts/base.conf\" )) }")
            .ShouldBe("""{"x":"deep","y":"base","z":"main","n":{"x":"deep","y":"base","z":"deep"}}""");
    }

    [Fact]
    public void Null_clears_what_an_included_file_said()
    {
        Write("base.conf", "scenario { game { name = poker, hands = 2 }, learn { loss { name = ppo, clip = 1 } } }");
        Tree(
                """
                include "base.conf"
                scenario { game = null, game { name = dice }, learn.loss = null, learn { loss { name = plain } } }
                """
            )
            .ShouldBe("""{"scenario":{"game":{"name":"dice"},"learn":{"loss":{"name":"plain"}}}}""");
        Tree("include \"base.conf\"\nscenario { game = null }").ShouldStartWith("""{"scenario":{"game":null,""");
        Write("clears.conf", "scenario { game = null\n game { name = dice } }");
        Tree("include \"base.conf\"\ninclude \"clears.conf\"")
            .ShouldStartWith("""{"scenario":{"game":{"name":"dice"},"learn""");
        Json(Write("clears.conf", "scenario.learn = null"), before: Path.Combine(_folder, "base.conf"))
            .ShouldBe("""{"scenario":{"game":{"name":"poker","hands":"2"},"learn":null}}""");
    }

    [Fact]
    public void Substitutions_of_an_included_file_look_beside_themselves_first()
    {
        Write("base.conf", "lr = 1\nschedule.lr = ${lr}\nlist += ${lr}\nouter = ${?top}");
        Tree("lr = 5, top = 6\nn { include \"base.conf\" }\nn.lr = 2\nn.list += 3")
            .ShouldBe("""{"lr":"5","top":"6","n":{"lr":"2","schedule":{"lr":"2"},"list":["2","3"],"outer":"6"}}""");
        Write("listed.conf", "x = 1");
        Tree("a = [{ include \"listed.conf\" }]").ShouldBe("""{"a":[{"x":"1"}]}""");
        Faults("a = [{ include \"base.conf\" }]")[0]
            .ShouldStartWith(
                "base.conf: line 2, column 15: schedule.lr: a file that is included within a list cannot hold"
            );
    }

    [Fact]
    public void A_name_without_an_extension_finds_either_format()
    {
        Write("a.json", """{"x": 1, "y": 1}""");
        Write("a.conf", "y = 2");
        Write("b.json", """{"b": 1}""");
        Write("plain", "p = 1");
        Tree("include \"a\"\ninclude \"b\"\ninclude \"plain\"").ShouldBe("""{"x":"1","y":"2","b":"1","p":"1"}""");
        Fault("include \"c\"")
            .ShouldBe(
                "main.conf: line 1, column 1: include \"c\": no such file (c.json, c.conf). Includes are looked up beside "
                    + "the file that names them. Correct the name, or remove the include."
            );
    }

    [Theory]
    [InlineData("include = 1, include.x = 2", """{"include":{"x":"2"}}""")]
    [InlineData("includes = 1, include-x = 2, \"include\" = 3", """{"includes":"1","include-x":"2","include":"3"}""")]
    [InlineData("foo include = 1, a = include", """{"foo include":"1","a":"include"}""")]
    [InlineData("include\n\"x.conf\", include\"x.conf\"", """{"x":"1"}""")]
    public void The_word_is_special_at_the_start_of_a_field_alone(string text, string expected)
    {
        Write("x.conf", "x = 1");
        Tree(text).ShouldBe(expected);
    }

    [Fact]
    public void Nothing_may_follow_an_include_on_its_line()
    {
        Write("x.conf", "x = 1");
        Fault("n { include \"x.conf\" : 10 }")
            .ShouldBe(
                "main.conf: line 1, column 22: n: expected ',' or a new line after the field, found ':'. Begin the next "
                    + "field on a new line, or put text that holds it in quotes."
            );
    }

    [Fact]
    public void Faults_of_every_file_are_told_with_their_file()
    {
        Write("one.conf", "a {\n b = *\n}");
        Write("two.conf", "c = [");
        Write("three.conf", "include \"main.conf\"");
        string[] expected =
        [
            "one.conf: line 2, column 6: a.b: '*' cannot stand in an unquoted value.",
            "two.conf: line 1, column 5: the '[' opened here is never closed.",
            "three.conf: line 1, column 1: include \"main.conf\": includes itself (main.conf -> three.conf",
            "main.conf: line 4, column 1: include \"nul\0\": no such file (nul\0.json, nul\0.conf).",
            "main.conf: line 5, column 5: x: the text opened here by '\"' is never closed.",
        ];
        var faults = Faults(
            """
            include "one.conf"
            include "two.conf"
            include "three.conf"
            include "nul\u0000"
            x = "open
            """
        );
        faults.Length.ShouldBe(expected.Length);
        foreach (var (fault, beginning) in faults.Zip(expected))
            fault.ShouldStartWith(beginning);
    }

    [Fact]
    public void Files_that_are_no_text_are_named()
    {
        File.WriteAllBytes(Path.Combine(_folder, "latin.conf"), Encoding.Latin1.GetBytes("x = 1\na = caf\u00e9"));
        Fault("include \"latin.conf\"")
            .ShouldContain("latin.conf: is not UTF-8 (byte E9 in line 2). Save it as UTF-8.");
        (string, string)[] unreadable =
        [
            (_folder, "cannot be read"),
            ("no.conf", "no such file."),
            ("nul\0", "cannot be read"),
        ];
        foreach (var (path, why) in unreadable)
            HoconReader.Read(path).Faults.ShouldHaveSingleItem().ToString().ShouldStartWith($"{path}: {why}");
        File.WriteAllText(Path.Combine(_folder, "wide.conf"), "a = caf\u00e9", Encoding.Unicode);
        Tree("include \"wide.conf\"").ShouldBe("{\"a\":\"caf\u00e9\"}", StringCompareShould.IgnoreCase);
    }

    [Fact]
    public void Includes_that_multiply_are_stopped()
    {
        for (var i = 0; i < 30; i++)
            Write($"{i}.conf", $"x{i} = 1\ninclude \"{i + 1}.conf\"\ny {{ include \"{i + 1}.conf\" }}");
        Write("30.conf", "end = 1");
        Fault("include \"0.conf\"").ShouldContain("more than 1000 files are included, counting each time");
        for (var i = 0; i < 300; i++)
            Write($"{i}.conf", $"include \"{i + 1}.conf\"");
        Fault("include \"0.conf\"").ShouldContain("more than 256 deep");
        Write("long.conf", new string(' ', 5 << 20));
        Fault("include \"long.conf\"\nn { include \"long.conf\" }")
            .ShouldStartWith("main.conf: line 2, column 5: the files are longer than 8 MiB together");
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private string Tree(string main) => Json(Write("main.conf", main));

    private static string Json(string file, string? before = null) =>
        Hocon
            .Json(Hocon.Sound(before is null ? HoconReader.Read(file) : HoconReader.Read(before, file)))
            .Replace("\\u00E9", "\u00e9", StringComparison.Ordinal);

    private string[] Faults(string main)
    {
        var folder = _folder + Path.DirectorySeparatorChar;
        var faults = HoconReader.Read(Write("main.conf", main)).Faults;
        return [.. faults.Select(f => f.ToString().Replace(folder, "", StringComparison.Ordinal))];
    }

    private string Fault(string main) => Faults(main).ShouldHaveSingleItem();
}
