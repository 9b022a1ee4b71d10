// Malformed HOCON is named by line and column, with what would be right; it never yields a half-read configuration.
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Akka.Tests.Configuration;

public sealed class HoconErrorLaws
{
    [Theory]
    [InlineData("a {\n  b = 1\n", "line 1, column 3: the '{' opened here is never closed")]
    [InlineData("a { b { c = 1 }\nd = 2", "line 1, column 3: the '{' opened here is never closed")]
    [InlineData("a = 1\n}\nb = 2", "line 2, column 1: this '}' closes nothing")]
    [InlineData("{ a = 1 }\nb = 2", "line 2, column 1: 'b' stands after the '}'")]
    [InlineData("x = 1\na = \"open\nb = 2", "line 2, column 5: the string opened here is never closed")]
    [InlineData("a = \"\"\"open\nb", "line 1, column 5: the \"\"\" string opened here is never closed")]
    [InlineData("a = \"\\q\"", "line 1, column 6: '\\q' is not an escape")]
    [InlineData("a = [1, 2\nb = 3", "line 2, column 3: '=' cannot stand in an unquoted value")]
    [InlineData("a = [1, 2", "line 1, column 5: the '[' opened here is never closed")]
    [InlineData("o { a = [1, 2 }", "line 1, column 9: the '[' opened here is never closed")]
    [InlineData("a = [1,,2]", "line 1, column 8: two commas in a row")]
    [InlineData("a\nb = 1", "line 1, column 1: 'a' has no value")]
    [InlineData("a =\nb = 1", "line 1, column 1: 'a' has no value")]
    [InlineData("x = 1\na", "line 2, column 2: expected '=', ':', '+=' or '{' after the key 'a', found the end of the text")]
    [InlineData("a..b = 1", "line 1, column 3: expected a key, found '.'")]
    [InlineData("a. = 1", "line 1, column 4: expected a key, found '='")]
    [InlineData("= 1", "line 1, column 1: expected a key, found '='")]
    [InlineData("a = http://x", "line 1, column 9: ':' cannot stand in an unquoted value")]
    [InlineData("a = b = c", "line 1, column 7: '=' cannot stand in an unquoted value")]
    [InlineData("a = {x=1} b", "line 1, column 11: text follows an object within one value")]
    [InlineData("a = [1] {}", "line 1, column 9: an object follows a list within one value")]
    [InlineData("[1]", "line 1, column 1: the text begins with '['")]
    [InlineData("a = ${x", "line 1, column 5: the '${' opened here is never closed")]
    [InlineData("a = ${x}", "line 1, column 5: unresolved substitution ${x}")]
    [InlineData("a = 1\nb = ${a.c}", "line 2, column 5: unresolved substitution ${a.c}")]
    [InlineData("a = ${a}", "line 1, column 5: circular substitution: a -> a")]
    [InlineData("a = ${b}\nb = ${c}\nc = ${a}", "line 3, column 5: circular substitution: a -> b -> c -> a")]
    [InlineData("a { b = ${a} }", "circular substitution: a -> a")]
    [InlineData("include \"x.conf\"", "line 1, column 1: include \"x.conf\": this text is parsed without a way to include others")]
    public void Each_fault_is_named_where_it_is(string hocon, string expected)
    {
        var error = Should.Throw<HoconParserException>(() => ConfigurationFactory.ParseString(hocon));
        error.Message.ShouldContain(expected);
    }

    [Fact]
    public void A_missing_include_is_named()
    {
        Should.Throw<HoconParserException>(() => ConfigurationFactory.ParseString("a = 1\n  include \"no.conf\"", _ => null!))
            .Message.ShouldStartWith("line 2, column 3: include \"no.conf\": not found");
        Should.Throw<HoconParserException>(() => ConfigurationFactory.ParseString("include \"no.conf\"", n => throw new FileNotFoundException("nowhere", n)))
            .Message.ShouldContain("not found (nowhere)");
        Should.Throw<HoconParserException>(() => ConfigurationFactory.ParseString("include url(\"http://x\")", _ => null!))
            .Message.ShouldContain("an include names a file in quotes");
    }

    [Fact]
    public void An_error_inside_an_include_comes_through()
    {
        Should.Throw<HoconParserException>(() => ConfigurationFactory.ParseString("a = 1\ninclude \"x\"", _ => Parser.Parse("b {", null)))
            .Message.ShouldStartWith("line 1, column 3: the '{' opened here is never closed");
    }

    [Theory]
    [InlineData('{', "a={")]
    [InlineData('[', "[")]
    public void Bottomless_nesting_is_refused(char open, string step)
    {
        var text = "a = " + string.Concat(Enumerable.Repeat(step, 5000)).TrimStart('a', '=');
        Should.Throw<HoconParserException>(() => ConfigurationFactory.ParseString(text)).Message.ShouldContain("nested more than 256 deep");
        open.ShouldBe(step[^1]);
    }

    [Fact]
    public void Any_cut_of_a_text_either_parses_or_names_a_place()
    {
        const string whole = "a { b = \"x\\n\" [1, 2]\n c = ${?d.e} { f = \"\"\"raw\"\"\" } } # end\n\"q.r\" += [1, {x : 2}]\ni.j : ${a.c} {z = 1}";
        var parsed = 0;
        for (var cut = 0; cut <= whole.Length; cut++)
        {
            for (var gone = 0; gone < 2 && cut + gone <= whole.Length; gone++)
            {
                var text = gone == 0 ? whole[..cut] : whole.Remove(cut, 1);
                try
                {
                    ConfigurationFactory.ParseString(text);
                    parsed++;
                }
                catch (HoconParserException e)
                {
                    e.Message.ShouldMatch("^line \\d+, column \\d+: ");
                }
            }
        }

        parsed.ShouldBeGreaterThan(0);
    }
}
