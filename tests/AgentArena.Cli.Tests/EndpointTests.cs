// The scenario against an endpoint, with a server for the endpoint: it plays through each habit there is, or says what
// to set.
using System.Text.Json.Nodes;
using AgentArena.Testing;

namespace AgentArena.Cli.Tests;

public sealed class EndpointTests : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private Habits _habits = null!;

    public async Task InitializeAsync()
    {
        _habits = await Habits.StartAsync();
        _habits.Says = body => $@"\boxed{{{Free(body)}}}";
    }

    public async Task DisposeAsync()
    {
        await _habits.DisposeAsync();
        _temp.Dispose();
    }

    // The first free cell of the board that was shown last.
    private static int Free(JsonObject body)
    {
        var board = body["messages"]!.AsArray().Select(m => m!["content"]!.ToString()).Last(t => t.Contains("board:"));
        return Array.FindIndex(
            board[(board.IndexOf("board:", StringComparison.Ordinal) + 6)..]
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
            c => c == "."
        );
    }

    private Outcome Run(string habit, params string[] set) =>
        Arena.Invoke([
            "run",
            Repository.Path("scenarios/zero-sum/against-endpoint.conf"),
            "--out",
            _temp.In(habit),
            "--updates",
            "1",
            "--json",
            "--set",
            "models.tiny=scripted",
            "--set",
            "learn.batch=2",
            "--set",
            "run.in-flight=2",
            "--set",
            "run.most-failures=1",
            "--set",
            $"policies.endpoint.player.url={_habits.Url(habit)}",
            "--set",
            "policies.endpoint.player.key-env=null",
            "--set",
            "policies.endpoint.player.wait=5ms",
            "--set",
            "policies.endpoint.player.longest-wait=2s",
            "--set",
            "policies.endpoint.player.retries=1",
            .. set.SelectMany(s =>
                new[]
                {
                    "--set",
                    s.StartsWith("policies", StringComparison.Ordinal) ? s : $"policies.endpoint.player.{s}",
                }
            ),
        ]);

    public static TheoryData<string> Played =>
        [
            .. Habits
                .Sent.Except(Broken.Select(b => (string)b[0]!))
                .Except(["n-choices"])
                .Concat([
                    "r429-seconds",
                    "r429-float",
                    "r429-ms",
                    "r429-zero",
                    "r429-garbage",
                    "r503-once",
                    "r500-html",
                    "r408",
                    "error-200-once",
                    "closes",
                    "closes-midway",
                    "charset-bad",
                    "charset-quoted",
                    "charset-latin",
                    "text-plain",
                    "no-content-type",
                    "invalid-utf8",
                    "large-3mb",
                    "chunked",
                ]),
        ];

    [Theory]
    [MemberData(nameof(Played))]
    public void It_plays_through_what_servers_do(string habit)
    {
        var outcome = Run(habit);
        outcome.Code.ShouldBe(0, outcome.Error);
        var result = JsonNode.Parse(outcome.LastLine)!;
        (result["reason"]!.ToString(), result["updates"]!.GetValue<int>()).ShouldBe(("done", 1));
        if (habit is "good" or "lone-surrogate" or "content-null")
            Arena.Invoke("replay", _temp.In(habit), "--check").Code.ShouldBe(0);
    }

    public static TheoryData<string, string, string> Broken =>
        new()
        {
            { "text-choice", "choices[0].message.content", "player.url" },
            { "empty-choices", "choices[0].message.content", "player.url" },
            { "message-null", "choices[0].message.content", "player.url" },
            { "message-empty", "choices[0].message.content", "player.url" },
            { "choices-object", "choices[0].message.content", "player.url" },
            { "choice-null", "choices[0].message.content", "player.url" },
            { "content-number", "choices[0].message.content", "player.url" },
            { "string-root", "no JSON of a chat completion", "player.url" },
            { "null-root", "no JSON of a chat completion", "player.url" },
            { "nothing", "no JSON of a chat completion", "player.url" },
            { "cut-short", "no JSON of a chat completion", "player.url" },
            { "sse", "no JSON of a chat completion", "player.url" },
            { "error-200", "model is loading", "player.url" },
            { "error-200-text", "model is loading", "player.url" },
            { "error-200-final", "no credits", "player.url" },
            { "huge-5mb", "4 MiB", "tokens-per-turn" },
            { "r401", "Incorrect API key", "player.key-env" },
            { "r402", "Insufficient credits", "See what it says" },
            { "r404-model", "not found", "player.model" },
            { "r413", "too large", "tokens-per-turn" },
            { "r429-quota", "exceeded your current quota", "Fill it up" },
            { "r400-max-tokens", "max_completion_tokens", "player.fields.max-tokens" },
            { "r400-temperature", "temperature", "player.fields.temperature" },
            { "r400-seed", "seed", "player.fields.seed" },
            { "r422-seed", "seed", "player.fields.seed" },
            { "r400-system", "System role not supported", "player.system = first-user" },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Where_it_cannot_play_it_says_what_was_said_and_what_to_set(string habit, string said, string remedy)
    {
        var outcome = Run(habit);
        outcome.Code.ShouldBe(1, outcome.Out);
        outcome.Error.ShouldContain(said);
        outcome.Error.ShouldContain(remedy);
    }

    [Theory]
    [InlineData("r400-max-tokens", "fields.max-tokens=max_completion_tokens")]
    [InlineData("r400-max-tokens", "family=openai")]
    [InlineData("r400-reasoning", "family=openai-reasoning", "policies.endpoint.temperature=1")]
    [InlineData("r400-seed", "fields.seed=none")]
    [InlineData("r422-seed", "family=mistral")]
    [InlineData("r400-system", "family=gemma")]
    [InlineData("r400-alternate", "alternate=on")]
    public void What_it_says_to_set_is_what_helps(string habit, params string[] set)
    {
        var asked = 0;
        // each turn is asked twice
        _habits.Says = body => Interlocked.Increment(ref asked) % 2 == 1 ? "hm" : $@"\boxed{{{Free(body)}}}";
        Run(habit, set)
            .ShouldSatisfyAllConditions(
                o => o.Code.ShouldBe(0, o.Error),
                o => JsonNode.Parse(o.LastLine)!["reason"]!.ToString().ShouldBe("done")
            );
    }

    [Fact]
    public void What_a_family_does_not_take_is_a_mistake_of_the_scenario() =>
        Run("good", "family=openai-reasoning")
            .ShouldSatisfyAllConditions(
                o => o.Code.ShouldBe(2),
                o => o.Error.ShouldContain("policies.endpoint.temperature")
            );
}
