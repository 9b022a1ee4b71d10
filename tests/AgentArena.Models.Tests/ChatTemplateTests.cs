// Chat templates write what Jinja writes, refuse what it refuses, and are stopped where they spend too much.
using System.Text.Json.Nodes;
using AgentArena.Models.Tokens.HuggingFace;
using AgentArena.Models.Tokens.Templates;

namespace AgentArena.Models.Tests;

public class ChatTemplateTests
{
    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2025, 3, 7, 15, 4, 5, TimeSpan.Zero);

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
    }

    private static IEnumerable<JsonObject> Rows(string name) =>
        File.ReadLines(TokenizerFiles.Data($"templates/{name}.jsonl")).Select(l => JsonNode.Parse(l)!.AsObject());

    private static string Source(string name) =>
        name.EndsWith(".json", StringComparison.Ordinal)
            ? (string)JsonNode.Parse(File.ReadAllText(TokenizerFiles.Data($"tokenizers/{name}")))!["chat_template"]!
            : File.ReadAllText(TokenizerFiles.Data($"templates/{name}"));

    // What is written; null where it is refused.
    private static string? Written(string source, JsonNode values, bool dated)
    {
        try
        {
            return new ChatTemplate(source, "a").Render(
                values.AsObject().ToDictionary(p => p.Key, p => (object?)p.Value),
                dated ? new Clock() : null
            );
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            e.Message.ShouldStartWith("a: ");
            return null;
        }
    }

    [Theory]
    [InlineData("qwen3.tokenizer_config.json")]
    [InlineData("deepseek_v3.tokenizer_config.json")]
    [InlineData("llama-like.jinja")]
    [InlineData("mistral-like.jinja")]
    [InlineData("mistral-dated-like.jinja")]
    [InlineData("chatml-tools-like.jinja")]
    [InlineData("chatml-like.jinja")]
    [InlineData("blocks-like.jinja")]
    public void Conversations_are_written_as_Jinja_writes_them(string name)
    {
        var rows = Rows("conversations").Where(r => (string)r["template"]! == name).ToList();
        rows.Count.ShouldBeGreaterThan(30);
        rows.Count(r => r["written"] is not null).ShouldBeGreaterThan(10);
        foreach (var row in rows)
            Written(Source(name), row["values"]!, (bool)row["dated"]!)
                .ShouldBe((string?)row["written"], $"{row["title"]}: {row["values"]!.ToJsonString()}");
    }

    [Fact]
    public void Every_construct_means_what_it_means_to_Jinja()
    {
        var faults = new List<string>();
        foreach (var row in Rows("language"))
            if (
                Written((string)row["template"]!, row["values"]!, dated: true) is var said
                && said != (string?)row["written"]
            )
                faults.Add(
                    $"{row["template"]}\n  says   {said ?? "(refused)"}\n  should {row["written"] ?? "(refused)"}"
                );
        faults.ShouldBeEmpty(string.Join("\n", faults));
    }

    [Theory]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "steps")]
    [InlineData(
        "{% for a in range(99999) %}{{ 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' * 1000 }}{% endfor %}",
        "writes more"
    )]
    [InlineData("{{ 'x' * 99999999999 }}", "more than")]
    [InlineData("{{ 'x' * 9223372036854775807 }}", "more than")]
    [InlineData(
        "{% set ns = namespace(s='xx') %}{% for a in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "more than"
    )]
    [InlineData(
        "{% set ns = namespace(l=[1, 2]) %}{% for a in range(99) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
        "steps"
    )]
    [InlineData(
        "{% set ns = namespace(l=[]) %}{% for a in range(9999) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
        "deep"
    )]
    [InlineData(
        "{% set n = namespace(l=[]) %}{% for a in range(9999) %}{% set n.l = [n.l] %}{% endfor %}{{ n.l | tojson }}",
        "deep"
    )]
    [InlineData(
        "{% set n = namespace(a=[], b=[]) %}{% for a in range(9999) %}{% set n.a = [n.a] %}{% set n.b = [n.b] %}"
            + "{% endfor %}{{ n.a == n.b }}",
        "deep"
    )]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "deep")]
    [InlineData("{% macro m() %}x{% if t %}{{ m() }}{% endif %}{% endmacro %}{% set t = 1 %}{{ m() }}", "deep")]
    [InlineData("{{ 'a'.replace('', 'bbbbbbbbbb' * 1000000) }}", "more than")]
    [InlineData("{{ 9 ** 99 }}", "too large")]
    [InlineData("{{ 9223372036854775807 + 1 }}", "too large")]
    [InlineData("{{ 99999999999999999999 }}", "too large")]
    [InlineData("{% include 'other' %}", "Unknown")]
    [InlineData("{% for x in y recursive %}{% endfor %}", "recursive")]
    [InlineData("{{ x | tojsn }}", "tojson")]
    public void What_would_not_end_or_is_not_supported_is_refused_in_words(string source, string word)
    {
        var message = Should
            .Throw<Exception>(() =>
                new ChatTemplate(source, "tokenizer_config.json: chat_template").Render(
                    new Dictionary<string, object?>()
                )
            )
            .ShouldBeAssignableTo<SystemException>()!
            .Message;
        message.ShouldStartWith("tokenizer_config.json: chat_template: ");
        message.ShouldContain(word, Case.Insensitive);
    }

    [Fact]
    public void Depth_of_what_is_written_is_bounded()
    {
        foreach (
            var source in (string[])
                [
                    "{{ " + new string('(', 100_000) + "1" + new string(')', 100_000) + " }}",
                    "{{ " + string.Concat(Enumerable.Repeat("-", 100_000)) + "1 }}",
                    "{{ " + string.Concat(Enumerable.Repeat("not ", 100_000)) + "1 }}",
                    "{{ 1" + string.Concat(Enumerable.Repeat(" + 1", 100_000)) + " }}",
                    "{{ x" + string.Concat(Enumerable.Repeat(".a", 100_000)) + " }}",
                    "{{ 1" + string.Concat(Enumerable.Repeat(" | string", 100_000)) + " }}",
                    "{{ " + string.Concat(Enumerable.Repeat("1 if 1 else ", 100_000)) + "1 }}",
                    string.Concat(Enumerable.Repeat("{% if 1 %}", 100_000)),
                    "{{ " + string.Concat(Enumerable.Repeat("{'a': ", 100_000)),
                ]
        )
            Written(source, new JsonObject(), false).ShouldBeNull(source[..20]);
    }

    [Fact]
    public void Any_text_is_a_template_or_is_refused()
    {
        string[] bits =
        [
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "#}",
            "-",
            "+",
            "if",
            "for",
            "in",
            "set",
            "endif",
            "endfor",
            "else",
            "macro",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "'",
            "\"",
            "|",
            "tojson",
            "is",
            "not",
            ".",
            ",",
            ":",
            "=",
            "==",
            "x",
            "m",
            "1",
            "1.5",
            "~",
            "*",
            "**",
            "\n",
            " ",
            "namespace",
            "loop",
            "raw",
            "endraw",
            "\\",
            "trim",
            "map",
            "split",
            "漢",
        ];
        var chance = new Random(17);
        for (var n = 0; n < 20_000; n++)
        {
            var source = string.Concat(
                Enumerable
                    .Range(0, chance.Next(1, 24))
                    .Select(_ => bits[chance.Next(bits.Length)] + (chance.Next(2) == 0 ? " " : ""))
            );
            Written(
                source,
                new JsonObject
                {
                    ["x"] = "a",
                    ["m"] = new JsonObject { ["x"] = 1 },
                },
                false
            );
        }
    }

    [Fact]
    public void Without_a_clock_a_template_cannot_ask_for_the_time() =>
        new ChatTemplate("{{ strftime_now is defined }}", "a")
            .Render(new Dictionary<string, object?>())
            .ShouldBe("False");

    [Theory]
    [InlineData("{{ strftime_now('%d %b %Y') }}", "01 Jan 2025")]
    [InlineData("{{ strftime_now('%Y') if strftime_now is defined else 'no year' }}", "no year")]
    public void A_prompt_does_not_depend_on_the_day(string source, string said) =>
        new ChatFormat(source, "a", new Dictionary<string, string>()).Render([], ask: false).ShouldBe(said);

    [Fact]
    public void One_template_renders_on_several_threads()
    {
        var row = Rows("conversations")
            .First(r => (string)r["template"]! == "llama-like.jinja" && r["written"] is not null);
        var template = new ChatTemplate(Source("llama-like.jinja"), "a");
        var values = row["values"]!.AsObject().ToDictionary(p => p.Key, p => (object?)p.Value);
        Parallel.For(0, 200, _ => template.Render(values, new Clock()).ShouldBe((string?)row["written"]));
    }
}
