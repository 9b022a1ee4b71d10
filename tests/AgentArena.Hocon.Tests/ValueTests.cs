namespace AgentArena.Hocon.Tests;

/// <summary>What HOCON text means: values, keys, layers, joins, substitutions.</summary>
public sealed class ValueTests
{
    [Theory]
    [InlineData("a = b c  d", "b c  d")]
    [InlineData("a : \"b  \"  // why", "b  ")]
    [InlineData("a = b # why", "b")]
    [InlineData("a = /user/x", "/user/x")]
    [InlineData("a = 1e+5", "1e+5")]
    [InlineData("a = 10e3e3", "10e3e3")]
    [InlineData("a = 1.0.0", "1.0.0")]
    [InlineData("a = 1-e3", "1-e3")]
    [InlineData("a = -", "-")]
    [InlineData("a = null bar 42 \"baz\" true", "null bar 42 baz true")]
    [InlineData("a = \"x\\ty\\u00e9\\\"\\\\\\/\"", "x\ty\u00e9\"\\/")]
    [InlineData("a = \"\\ud83d\\ude00\"", "\U0001F600")]
    [InlineData("a = \"\"\"x\\n\n\"y\" \"\"\"", "x\\n\n\"y\" ")]
    [InlineData("a = \"\"\"x\"\"\"\"", "x\"")]
    [InlineData("a = \"\"\"x\"\"\"y", "xy")]
    [InlineData("{ \"a\" : \"json\" , }", "json")]
    [InlineData("a = \"\"", "")]
    [InlineData("a = \"\" \"\"", " ")]
    [InlineData("a = \"null\"", "null")]
    [InlineData("\uFEFFa = 1", "1")]
    [InlineData("a = 1\r\nb = 2\r\n", "1")]
    [InlineData("a\u00A0=\u2003x\u2028y\u3000", "x\u2028y")]
    [InlineData("a =\n\n  # why\n 1", "1")]
    [InlineData("a = include", "include")]
    public void A_text_reads_as_written(string text, string expected) =>
        Hocon.Tree(text)["a"]!.ToString().ShouldBe(expected);

    [Theory]
    [InlineData("a.b.c = 1")]
    [InlineData("a { b { c = 1 } }")]
    [InlineData("a { b.c = 1 }")]
    [InlineData("a\n{\n  b =\n {\n c = 1 } }")]
    [InlineData("a.b = { c = 7 }\na.b.c = 1")]
    [InlineData("\"a\".b.\"c\" = 1")]
    [InlineData("a = 5\na { b.c = 1 }")]
    [InlineData("a { x = 1 }\na = null\na { b.c = 1 }")]
    [InlineData("{a:{b:{c:1}}}")]
    [InlineData("a = {b {}} {b.c = 1}")]
    public void Dotted_keys_and_braces_are_the_same(string text) => Hocon.A(text).ShouldBe("""{"b":{"c":"1"}}""");

    [Theory]
    [InlineData("a { x = 1, y = 2 }\na { y = 3, z = 4 }", """{"x":"1","y":"3","z":"4"}""")]
    [InlineData("a = {x=1}\na = text", "\"text\"")]
    [InlineData("a = text\na { x = 1 }", """{"x":"1"}""")]
    [InlineData("a { b c = 1, \"x.y\" = 2, \"\" = 3, true = 4 }", """{"b c":"1","x.y":"2","":"3","true":"4"}""")]
    [InlineData("a { b { x = 1 } }\na { b = null, b { y = 2 } }", """{"b":{"y":"2"}}""")]
    [InlineData("c { b { x = 1 } }\na = ${c}\na { b = null, b { y = 2 } }", """{"b":{"y":"2"}}""")]
    [InlineData("c { b { x = 1 } }\na = ${c} { b = null, b { y = 2 } }", """{"b":{"y":"2"}}""")]
    [InlineData("c { b = null, b { y = 2 } }\na { b { x = 1 } }\na = ${c}", """{"b":{"y":"2"}}""")]
    public void Later_fields_win_and_blocks_merge(string text, string expected) => Hocon.A(text).ShouldBe(expected);

    [Theory]
    [InlineData("a = [1, 2,]\na += 3", """["1","2","3"]""")]
    [InlineData("a = [x\n y z\n# no\n]", """["x","y z"]""")]
    [InlineData("a = [[1, 2] [3]\n[4]]", """[["1","2","3"],["4"]]""")]
    [InlineData("b = [2]\na = [1] ${b} [3]", """["1","2","3"]""")]
    [InlineData("a += one", """["one"]""")]
    [InlineData("a = [{k=1}, [2]]", """[{"k":"1"},["2"]]""")]
    [InlineData("a = []", "[]")]
    [InlineData("a = [{ b += 1, b += 2 }]", """[{"b":["1","2"]}]""")]
    [InlineData("b = [1]\na = ${b}\na += 2\na = ${a} [3]\na += 4", """["1","2","3","4"]""")]
    [InlineData("a = [1, ${?nope}, 2]", """["1","2"]""")]
    [InlineData("a += ${?nope}", "[]")]
    [InlineData("a = [null, \"null\", true]", """[null,"null","true"]""")]
    public void Lists_join_append_and_take_new_lines_for_commas(string text, string expected) =>
        Hocon.A(text).ShouldBe(expected);

    [Theory]
    [InlineData("a = ${x}\nx = 1", "\"1\"")]
    [InlineData("x = b\na = a${x}c ${x}", "\"abc b\"")]
    [InlineData("x = b\na = \"a \"${x}", "\"a b\"")]
    [InlineData("x = b, y = c\na = ${x} ${y}", "\"b c\"")]
    [InlineData("a = x${?nope}y", "\"xy\"")]
    [InlineData("a = x ${?nope}", "\"x \"")]
    [InlineData("x = null\na = ${x}", "null")]
    [InlineData("x = null\na = b${x}", "\"bnull\"")]
    [InlineData("HOCON_X = null\na = ${HOCON_X}", "null")]
    [InlineData("a = 1\na = ${?nope}", "\"1\"")]
    [InlineData("a = 1\na = ${a}2\na = ${a}3", "\"123\"")]
    [InlineData("a = ${?a}foo", "\"foo\"")]
    [InlineData("a = ${nope}\na = 42", "\"42\"")]
    [InlineData("a = ${a}\na = 42", "\"42\"")]
    [InlineData("a = { x = 1 }\na = ${a}", """{"x":"1"}""")]
    [InlineData("o { x = 1 }\no { x = ${o.x}2 }\na = ${o.x}", "\"12\"")]
    [InlineData("a { foo = 42, baz = ${a.foo} }\na { foo = 43 }", """{"foo":"43","baz":"43"}""")]
    [InlineData("a { a { c = 1 } }\na = ${a.a}\na { a = 2 }", """{"a":"2","c":"1"}""")]
    [InlineData(
        "bar { a = ${foo.d}, b = 1 }\nbar.b = 3\nfoo { c = ${bar.b}, d = 2 }\nfoo.d = 4\na = ${bar.a}${foo.c}",
        "\"43\""
    )]
    [InlineData("x = {b = 1}\na = ${x} {c = 2}", """{"b":"1","c":"2"}""")]
    [InlineData("x = {b = 1, c = ${x.b}}\na = ${x} {b = 2, d = ${a.c}${a.b}}", """{"b":"2","c":"1","d":"12"}""")]
    [InlineData("a = {b = 1}\nq = ${a}\nq.b = 5", """{"b":"1"}""")]
    [InlineData("b = ${c}\nb.x = 2\nc { x = 1, y = ${b.x} }\na = ${b}", """{"x":"2","y":"2"}""")]
    [InlineData("a = ${x} ${y}\nx = [1]\ny = [2]", """["1","2"]""")]
    [InlineData("a = ${?x} ${?y}\na = ${?x}[]", "[]")]
    [InlineData("l = 1\na = ${l}\nl = 2", "\"2\"")]
    [InlineData(
        "base { x = 1, child = ${?other} }\na = ${base} { child = ${base} }",
        """{"x":"1","child":{"x":"1"}}"""
    )]
    [InlineData("a = ${HOCON_X}", "\"envval\"")]
    [InlineData("a = one\na = ${?HOCON_X}", "\"envval\"")]
    [InlineData("HOCON_X = inside\na = ${HOCON_X}", "\"inside\"")]
    [InlineData("HOCON_X = ${HOCON_X}2\na = ${HOCON_X}", "\"envval2\"")]
    public void Substitutions_see_the_last_value_or_what_was_before_themselves(string text, string expected) =>
        Hocon.A(text).ShouldBe(expected);

    [Fact]
    public void Two_fields_made_of_each_other_come_to_the_same()
    {
        var tree = Hocon.Tree("a = 1\nb = 2\na = ${b}\nb = ${a}");
        tree["a"]!.ToString().ShouldBe(tree["b"]!.ToString());
    }

    [Fact]
    public void An_optional_substitution_that_finds_nothing_leaves_no_field() =>
        Hocon
            .Json(Hocon.Tree("a = ${?nope}, b = ${?a}, c = ${?c}, d = ${?nope}${?nope}, e = 1"))
            .ShouldBe("""{"e":"1"}""");

    [Fact]
    public void A_copy_of_a_block_is_its_own() =>
        Hocon
            .Json(Hocon.Tree("base { in { y = 2 } }\none = ${base} { in.y = 3 }\ntwo = ${base}"))
            .ShouldBe("""{"base":{"in":{"y":"2"}},"one":{"in":{"y":"3"}},"two":{"in":{"y":"2"}}}""");

    [Fact]
    public void Fields_keep_the_order_in_which_they_were_first_named() =>
        Hocon
            .Json(Hocon.Tree("c = 1\nb { y = 1, x = 2 }\na = 3\nb { w = 4 }\nc = 5"))
            .ShouldBe("""{"c":"5","b":{"y":"1","x":"2","w":"4"},"a":"3"}""");

    [Fact]
    public void Every_value_knows_where_it_stands()
    {
        var document = Hocon.Read("a {\n  b = [1,\n    { c = 2 }]\n}\na.d =\n  3");
        document.PlaceOf("a.b").ShouldBe(new Place("x.conf", 2, 7));
        document.PlaceOf("a.b[1].c").ShouldBe(new Place("x.conf", 3, 11));
        document.PlaceOf("a.b[1].none.at.all").ShouldBe(new Place("x.conf", 3, 5));
        document.PlaceOf("a.d").ShouldBe(new Place("x.conf", 6, 3));
        document.PlaceOf("z").ShouldBeNull();
    }

    [Fact]
    public void A_value_alone_is_read()
    {
        var document = HoconReader.ReadValue(" { x = 1 } { y = ${HOCON_X} }\n", "--set", Hocon.Environment);
        Hocon.Json(Hocon.Sound(document)["value"]).ShouldBe("""{"x":"1","y":"envval"}""");
        HoconReader
            .ReadValue("1\nb = 2")
            .Faults.ShouldHaveSingleItem()
            .ToString()
            .ShouldStartWith("value: line 2, column 1: expected the end of the value, found 'b'");
        HoconReader.ReadValue(" ").Faults.ShouldHaveSingleItem().Text.ShouldStartWith("has no value");
    }
}
