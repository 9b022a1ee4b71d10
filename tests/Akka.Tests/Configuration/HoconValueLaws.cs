// What HOCON text means: values, keys, merging, joining, substitution, inclusion.
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Akka.Tests.Configuration;

public sealed class HoconValueLaws
{
    [Theory]
    [InlineData("a = b c  d", "b c  d")]
    [InlineData("a : \"b  \"  // why", "b  ")]
    [InlineData("a = b # why", "b")]
    [InlineData("a = /user/x", "/user/x")]
    [InlineData("a = 1e+5", "1e+5")]
    [InlineData("a = \"x\\ty\\u00e9\\\"\\\\\"", "x\tyé\"\\")]
    [InlineData("a = \"\"\"x\\n\n\"y\" \"\"\"", "x\\n\n\"y\" ")]
    [InlineData("a = \"\"\"x\"\"\"\"", "x\"")]
    [InlineData("{ \"a\" : \"json\" , }", "json")]
    [InlineData("a = \"\"", "")]
    [InlineData("a = \"null\"", "null")]
    [InlineData("a = null", null)]
    [InlineData("\uFEFFa = 1", "1")]
    [InlineData("a = 1\r\nb = 2\r\n", "1")]
    public void Text_reads_as_written(string hocon, string? expected) => ConfigurationFactory.ParseString(hocon).GetString("a").ShouldBe(expected);

    [Theory]
    [InlineData("a.b.c = 1")]
    [InlineData("a { b { c = 1 } }")]
    [InlineData("a { b.c = 1, d = 2 }")]
    [InlineData("a\n{\n  b =\n {\n c = 1 } }")]
    [InlineData("a.b = { c = 7 }\na.b.c = 1")]
    [InlineData("\"a\".b.\"c\" = 1")]
    [InlineData("a = 5\na { b.c = 1 }")]
    [InlineData("{a:{b:{c:1}}}")]
    public void Dotted_keys_and_braces_are_the_same(string hocon) => ConfigurationFactory.ParseString(hocon).GetInt("a.b.c").ShouldBe(1);

    [Fact]
    public void Later_fields_win_and_objects_merge()
    {
        var c = ConfigurationFactory.ParseString("a { x = 1, y = 2 }\na { y = 3, z = 4 }\nb = {x = 1}\nb = text\nc = text\nc { x = 1 }");
        (c.GetInt("a.x"), c.GetInt("a.y"), c.GetInt("a.z")).ShouldBe((1, 3, 4));
        c.GetString("b").ShouldBe("text");
        c.HasPath("b.x").ShouldBeFalse();
        c.GetInt("c.x").ShouldBe(1);
    }

    [Fact]
    public void Quoted_keys_keep_their_dots()
    {
        var c = ConfigurationFactory.ParseString("a.\"x.y\" = 1\n\"/user/*\" { b = 2 }");
        c.GetInt("a.\"x.y\"").ShouldBe(1);
        c.GetInt("\"/user/*\".b").ShouldBe(2);
        c.HasPath("a.x.y").ShouldBeFalse();
    }

    [Fact]
    public void Lists_join_append_and_take_new_lines_for_commas()
    {
        var c = ConfigurationFactory.ParseString("a = [1, 2,]\na += 3\nb = [x\n y z\n# no\n]\nc = ${a} [4] ${b}\nd += one\ne = [{k=1}, [2]]\nf = []");
        c.GetIntList("a").ShouldBe([1, 2, 3]);
        c.GetStringList("b").ShouldBe(["x", "y z"]);
        c.GetStringList("c").ShouldBe(["1", "2", "3", "4", "x", "y z"]);
        c.GetStringList("d").ShouldBe(["one"]);
        c.GetValue("e")!.GetArray()[0].GetObject()!.GetKey("k")!.GetInt().ShouldBe(1);
        c.GetValue("e")!.GetArray()[1].GetIntList().ShouldBe([2]);
        c.GetValue("f")!.IsArray().ShouldBeTrue();
        c.GetStringList("f").ShouldBeEmpty();
        c.GetStringList("missing").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("x = 1\na = ${x}", "1")]
    [InlineData("a = ${x}\nx = 1", "1")]
    [InlineData("x = b\na = a${x}c ${x}", "abc b")]
    [InlineData("x = b\na = \"a \"${x}", "a b")]
    [InlineData("a = x${?nope}y", "xy")]
    [InlineData("a = x ${?nope}", "x")]
    [InlineData("a = 1\na = ${?nope}", "1")]
    [InlineData("a = 1\na = ${a}2\na = ${a}3", "123")]
    [InlineData("o { x = 1 }\no { x = ${o.x}2 }\na = ${o.x}", "12")]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }\nbar { foo = 43 }\na = ${bar.baz}", "43")]
    [InlineData("foo { a { c = 1 } }\nfoo = ${foo.a}\nfoo { b = 2 }\na = ${foo.c}${foo.b}", "12")]
    [InlineData("x = {b = 1}\ny = ${x} {c = 2}\na = ${y.b}${y.c}", "12")]
    [InlineData("p = {b = 1}\nq = ${p}\nq.b = 5\na = ${p.b}${q.b}", "15")]
    [InlineData("l = 1\nm = ${l}\nl = 2\na = ${m}", "2")]
    [InlineData("a = ${AGENTARENA_LAW_VARIABLE}", "from outside")]
    [InlineData("a = one\na = ${?AGENTARENA_LAW_VARIABLE}", "from outside")]
    [InlineData("AGENTARENA_LAW_VARIABLE = inside\na = ${AGENTARENA_LAW_VARIABLE}", "inside")]
    public void Substitutions(string hocon, string expected)
    {
        Environment.SetEnvironmentVariable("AGENTARENA_LAW_VARIABLE", "from outside");
        ConfigurationFactory.ParseString(hocon).GetString("a").ShouldBe(expected);
    }

    [Fact]
    public void An_optional_substitution_that_finds_nothing_leaves_no_field()
    {
        var c = ConfigurationFactory.ParseString("a = ${?nope}\nb = [1, ${?nope}, 2]");
        c.HasPath("a").ShouldBeFalse();
        c.GetIntList("b").ShouldBe([1, 2]);
    }

    [Fact]
    public void A_copy_of_an_object_is_its_own()
    {
        var c = ConfigurationFactory.ParseString("base { x = 1, in { y = 2 } }\none = ${base} { in.y = 3 }\ntwo = ${base}");
        (c.GetInt("one.in.y"), c.GetInt("two.in.y"), c.GetInt("base.in.y"), c.GetInt("one.x")).ShouldBe((3, 2, 2, 1));
    }

    [Fact]
    public void Includes_merge_where_they_stand_and_see_later_overrides()
    {
        var files = new Dictionary<string, string>
        {
            ["base.conf"] = "lr = 1\nschedule.lr = ${lr}\nname = base",
            ["deep.conf"] = "include \"base.conf\"\nname = deep",
        };
        HoconRoot Load(string name) => Parser.Parse(files[name], Load);
        var c = ConfigurationFactory.ParseString("include \"base.conf\"\nlr = 2\nin { include required(file(\"deep.conf\")) }\nincludes = 3\ninclude.x = 4", Load);
        c.GetInt("schedule.lr").ShouldBe(2);
        c.GetString("name").ShouldBe("base");
        c.GetString("in.name").ShouldBe("deep");
        c.GetInt("in.schedule.lr").ShouldBe(1);
        (c.GetInt("includes"), c.GetInt("include.x")).ShouldBe((3, 4));
    }

    [Fact]
    public void Included_lists_keep_appending()
    {
        HoconRoot Load(string name) => Parser.Parse("l += b", null);
        ConfigurationFactory.ParseString("in { l = [a]\n include \"x\" }\nin.l += c", Load).GetStringList("in.l").ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void Printing_parses_back()
    {
        var c = ConfigurationFactory.ParseString("a { \"x.y\" = \"q\\\" \\n\", n = null, s = \"null\", e = \"\", l = [1, [two words], {k = v}] }\no {}\nu = \"é ${x}\"");
        var again = ConfigurationFactory.ParseString(c.ToString());
        again.ToString().ShouldBe(c.ToString());
        again.GetString("a.\"x.y\"").ShouldBe("q\" \n");
        again.GetString("a.n").ShouldBeNull();
        again.GetString("a.s").ShouldBe("null");
        again.GetString("u").ShouldBe("é ${x}");
        again.GetValue("o")!.IsObject().ShouldBeTrue();
    }
}
