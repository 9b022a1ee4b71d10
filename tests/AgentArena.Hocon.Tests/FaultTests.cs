namespace AgentArena.Hocon.Tests;

/// <summary>What is wrong is named by file, line, column and path, with what would be right.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("a {\n  b = 1\n", "line 1, column 3: the '{' opened here is never closed")]
    [InlineData("a { b { c = 1 }\nd = 2", "line 1, column 3: the '{' opened here is never closed")]
    [InlineData(
        "a {\n  b {\n    c = 1\n}\nd = 2",
        "line 1, column 3: the '{' opened here is never closed. Each '{' needs its '}'. "
            + "By the indentation it is missing after line 2, column 5."
    )]
    [InlineData("a = 1\n}\nb = 2", "line 2, column 1: this '}' closes nothing")]
    [InlineData("a = 1 ]", "line 1, column 7: this ']' closes nothing")]
    [InlineData("a { b = 1 ]", "line 1, column 11: this ']' closes nothing; open is the '{' of line 1. Write '}'")]
    [InlineData(
        "a = [1\n { b = 2 ]",
        "line 2, column 2: the '{' opened here is never closed before the ']' of line 2. Add the missing '}'."
    )]
    [InlineData("o { a = [1, 2 }", "line 1, column 9: the '[' opened here is never closed before the '}' of line 1")]
    [InlineData("a = [1, 2", "line 1, column 5: the '[' opened here is never closed")]
    [InlineData("{ a = 1 }\nb = 2", "line 2, column 1: 'b' stands after the '}'")]
    [InlineData("x = 1\na = \"open\nb = 2", "line 2, column 5: a: the text opened here by '\"' is never closed")]
    [InlineData("a = \"\"\"open\nb", "line 1, column 5: the \"\"\" text opened here is never closed")]
    [InlineData("a { b = \"\\q\" }", "line 1, column 10: a.b: '\\q' is not an escape")]
    [InlineData("a = \"\\u00g0\"", "line 1, column 6: a: '\\u' is not an escape")]
    [InlineData("a = \"x\\ud83dy\"", "line 1, column 5: a: this text holds half of a character")]
    [InlineData(
        "a = \"x\u0001\"",
        "line 1, column 7: a: the character U+0001 cannot stand in a quoted text. Write it as \\u0001."
    )]
    [InlineData("a = [1, 2\nb = 3", "line 2, column 3: a: '=' cannot stand in an unquoted value")]
    [InlineData("a = [1,,2]", "line 1, column 8: a: two commas in a row")]
    [InlineData("a = [1,2,,]", "line 1, column 10: a: two commas in a row")]
    [InlineData("a = [,1]", "line 1, column 6: a: an item of the list has no value")]
    [InlineData("a = [1 = 2]", "line 1, column 8: a: '=' cannot stand in an unquoted value")]
    [InlineData("{ , }", "line 1, column 3: expected a key, found ','")]
    [InlineData("a = 1,, b = 2", "line 1, column 7: a: two commas in a row")]
    [InlineData("a\nb = 1", "line 1, column 1: a: has no value")]
    [InlineData("a =\nb = 1", "line 1, column 1: a: has no value")]
    [InlineData("a = \n b { c = 1 }", "line 1, column 1: a: has no value")]
    [InlineData("a {\n b =\n}", "line 2, column 2: a.b: has no value")]
    [InlineData("a = ", "line 1, column 1: a: has no value")]
    [InlineData(
        "x = 1\na",
        "line 2, column 2: a: expected '=', ':', '+=' or '{' after the key, found the end of the text"
    )]
    [InlineData(
        "a 1",
        "line 1, column 4: a 1: expected '=', ':', '+=' or '{' after the key, found the end of the text"
    )]
    [InlineData("a..b = 1", "line 1, column 3: expected a key, found '.'")]
    [InlineData("a. = 1", "line 1, column 4: expected a key, found '='")]
    [InlineData("= 1", "line 1, column 1: expected a key, found '='")]
    [InlineData("${a} = 1", "line 1, column 1: expected a key, found '$'")]
    [InlineData("a = http://x", "line 1, column 9: a: ':' cannot stand in an unquoted value")]
    [InlineData("a = b = c", "line 1, column 7: a: '=' cannot stand in an unquoted value")]
    [InlineData("a = x+y", "line 1, column 6: a: '+' cannot stand in an unquoted value")]
    [InlineData("a = 10e+3e", "line 1, column 8: a: '+' cannot stand in an unquoted value")]
    [InlineData("a = \U0001F600*", "line 1, column 7: a: '*' cannot stand in an unquoted value")]
    [InlineData("a = {x=1} b", "line 1, column 11: a: text follows a block within one value")]
    [InlineData("a = [1] {}", "line 1, column 9: a: a block follows a list within one value")]
    [InlineData("a = {x=1} b {y=2}", "line 1, column 11: a: text follows a block within one value")]
    [InlineData("b = [1]\na = x ${b}", "line 2, column 7: a: ${b} is a list and follows text within one value")]
    [InlineData("b = 1\na = {} ${b}", "line 2, column 8: a: ${b} is text and follows a block within one value")]
    [InlineData(
        "a = 1\na += 2",
        "line 2, column 6: a: '+=' adds to a list, but the value before it is text. Begin with a list: a = [ … ]."
    )]
    [InlineData("[1]", "line 1, column 1: the text begins with '['")]
    [InlineData("a = ${x", "line 1, column 5: a: the '${' opened here is never closed")]
    [InlineData("a = ${}", "line 1, column 7: a: expected a path, found '}'")]
    [InlineData("a = ${ ?x}", "line 1, column 8: a: expected a path, found '?'")]
    [InlineData("a = ${${b}}", "line 1, column 7: a: expected a path, found '$'")]
    [InlineData("a = $", "line 1, column 5: a: '$' cannot stand in an unquoted value")]
    [InlineData("a = ${x}", "line 1, column 5: a: unresolved substitution ${x}")]
    [InlineData("a = 1\nb = ${a.c}", "line 2, column 5: b: unresolved substitution ${a.c}")]
    [InlineData("a = ${a}", "line 1, column 5: a: circular substitution: a -> a.")]
    [InlineData("a = ${a}\na { x = 1 }", "line 1, column 5: a: circular substitution: a -> a.")]
    [InlineData("a = ${b}\nb = ${c}\nc = ${a}", "line 3, column 5: c: circular substitution: a -> b -> c -> a.")]
    [InlineData(
        "a { x = ${b.y} }\nb { y = ${a.x} }",
        "line 2, column 9: b.y: circular substitution: a.x -> b.y -> a.x."
    )]
    [InlineData("a { b = ${a} }", "line 1, column 9: a.b: circular substitution: a.b is made of a, which holds it")]
    [InlineData("a = [${a}]", "line 1, column 6: a: circular substitution: a is made of a, which holds it")]
    [InlineData(
        "a { b = ${c} }\nc { d = ${a} }",
        "line 1, column 9: a.b: circular substitution: a.b is made of c, which holds it"
    )]
    [InlineData("include foo", "line 1, column 1: an include names a file in quotes")]
    [InlineData("include url(\"http://x\")", "line 1, column 1: an include names a file in quotes")]
    [InlineData("include required(\"inc.conf\"", "line 1, column 1: include \"inc.conf\": a '(' is not closed")]
    public void Each_fault_is_named_where_it_is(string text, string expected) =>
        Hocon.Faults(text)[0].ShouldStartWith("x.conf: " + expected);

    [Fact]
    public void Every_fault_of_a_text_is_told()
    {
        var faults = Hocon.Faults(
            """
            a = x*y
            b { c = "open
              d = [1, \, 3]
              e
            }
            f = { g = 1 } h
            i = ok }
            j..k = 2
            """
        );
        faults
            .Select(f => f[8..f.IndexOf(':', 8)])
            .ShouldBe([
                "line 1, column 6",
                "line 2, column 9",
                "line 3, column 11",
                "line 4, column 3",
                "line 6, column 15",
                "line 7, column 8",
                "line 8, column 3",
            ]);
    }

    [Fact]
    public void A_fault_has_no_consequences()
    {
        Hocon.Faults("a = { b = \"x }\nc = 1").Length.ShouldBe(1);
        Hocon.Faults("a = ${b}, b = ${c}, c = ${a}, d = ${a}, e = x${b}").Length.ShouldBe(1);
        Hocon.Faults("a = 1, a += 2, b = ${a}, c = ${a}, d = {} ${a}").Length.ShouldBe(1);
        Hocon.Faults("a = ${no}, b = ${a}, c = {d = ${a}}").Length.ShouldBe(1);
        Hocon.Faults("include \"no.conf\"\na = ${from.there}").Length.ShouldBe(1);
    }

    [Fact]
    public void What_is_sound_beside_a_fault_is_still_there()
    {
        var document = Hocon.Read("a = ${no}, b = 1\nc { d = ${c}, e = 2 }");
        document.Faults.Count.ShouldBe(2);
        Hocon.Json(document.Root).ShouldBe("""{"b":"1","c":{"d":{"e":"2"},"e":"2"}}""");
        Hocon.Read("a = [").Root.ShouldBeNull();
    }

    [Fact]
    public void A_text_with_more_faults_than_anyone_reads_is_left()
    {
        var faults = Hocon.Faults(string.Concat(Enumerable.Repeat("a = *\n", 1000)));
        faults.Length.ShouldBe(51);
        faults[^1]
            .ShouldBe("x.conf: line 50, column 5: these are 50 mistakes; what follows is not read. Mend them first.");
    }
}
