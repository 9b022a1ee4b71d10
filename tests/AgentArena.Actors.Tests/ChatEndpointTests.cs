// What endpoints do, and what comes of it: a reply at the first try, a reply after a retry, or a failure that says what
// to set.
using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using AgentArena.Actors.Remote;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Players;
using AgentArena.Testing;

namespace AgentArena.Actors.Tests;

public sealed class ChatEndpointTests : IAsyncLifetime
{
    private Habits _habits = null!;

    public async Task InitializeAsync() => _habits = await Habits.StartAsync();

    public async Task DisposeAsync() => await _habits.DisposeAsync();

    private static readonly SequenceRequest Asked = new()
    {
        Id = 1,
        Seed = 7ul << 33,
        Budget = 64,
        Sampling = new Sampling { Temperature = 0.5f, Stop = ["END"] },
        Messages = [new(Speaker.System, "rules"), new(Speaker.User, "board"), new(Speaker.User, "refused")],
    };

    private async Task<(ChatReply? Reply, ChatException? Failure, int Tries)> AskAsync(
        string habit,
        Func<RemoteSpec, RemoteSpec>? change = null,
        SequenceRequest? request = null
    )
    {
        var spec = new RemoteSpec
        {
            Url = _habits.Url(habit),
            Model = "default",
            Retries = 2,
            Wait = TimeSpan.FromMilliseconds(5),
            LongestWait = TimeSpan.FromSeconds(2),
            Timeout = TimeSpan.FromSeconds(30),
        };
        using var endpoint = new ChatEndpoint(
            change?.Invoke(spec) ?? spec,
            RemoteKey.Of("p", spec),
            TimeProvider.System
        );
        var tries = 0;
        try
        {
            return (await endpoint.AskAsync(request ?? Asked, () => tries++, CancellationToken.None), null, tries);
        }
        catch (ChatException e)
        {
            return (null, e, tries);
        }
    }

    [Theory]
    [InlineData("good")]
    [InlineData("usage-float")]
    [InlineData("usage-text")]
    [InlineData("finish-null")]
    [InlineData("finish-missing")]
    [InlineData("finish-number")]
    [InlineData("trailing-nl")]
    [InlineData("leading-blanks")]
    [InlineData("bom")]
    [InlineData("charset-bad")]
    [InlineData("charset-quoted")]
    [InlineData("charset-latin")]
    [InlineData("text-plain")]
    [InlineData("no-content-type")]
    [InlineData("duplicate-usage")]
    [InlineData("duplicate-content")]
    [InlineData("chunked")]
    [InlineData("reasoning-beside")]
    [InlineData("refusal")]
    [InlineData("parts")]
    [InlineData("parts-output-text")]
    [InlineData("parts-refusal")]
    [InlineData("part-alone")]
    [InlineData("no-usage", @"\boxed{5}", 0, 0)]
    [InlineData("usage-string", @"\boxed{5}", 0, 0)]
    [InlineData("usage-number", @"\boxed{5}", 0, 0)]
    [InlineData("usage-list", @"\boxed{5}", 0, 0)]
    [InlineData("usage-null", @"\boxed{5}", 0, 0)]
    [InlineData("usage-nested", @"\boxed{5}", 0, 0)]
    [InlineData("nan", @"\boxed{5}", 0, 0)]
    [InlineData("parts-two", @"So: \boxed{5}")]
    [InlineData("parts-bare", @"So: \boxed{5}")]
    [InlineData("think-inline", "<think>\nfirst \\boxed{4}? no\n</think>\n\n\\boxed{5}")]
    [InlineData("lone-surrogate", "\ufffd \\boxed{5}")]
    [InlineData("raw-newline", "a\nb \\boxed{5}")]
    [InlineData("invalid-utf8", "\ufffd\ufffd \\boxed{5}")]
    [InlineData("nul-char", "a\0b \\boxed{5}")]
    [InlineData("special-tokens", @"\boxed{5}<|im_end|>")]
    [InlineData("n-choices", "no")]
    [InlineData("finish-content-filter", "")]
    [InlineData("content-null", "")]
    [InlineData("content-empty", "")]
    [InlineData("content-missing", "")]
    [InlineData("tool-calls", "")]
    [InlineData("reasoning-only", "", 10, 5, true)]
    [InlineData("reasoning-only-2", "", 10, 5, true)]
    [InlineData("reasoning-only-empty", "", 10, 5, true)]
    [InlineData("parts-thinking-only", "", 10, 5, true)]
    [InlineData("cut", @"\boxed{5}", 10, 5, true)]
    [InlineData("cut-google", @"\boxed{5}", 10, 5, true)]
    [InlineData("cut-mistral", @"\boxed{5}", 10, 5, true)]
    public async Task A_reply_is_taken_at_the_first_try(
        string habit,
        string text = @"\boxed{5}",
        int prompt = 10,
        int reply = 5,
        bool cut = false
    )
    {
        var (said, failure, tries) = await AskAsync(habit);
        failure?.Message.ShouldBeNull();
        (said!.Text, said.Truncated, said.PromptTokens, said.ReplyTokens, tries).ShouldBe(
            (text, cut, prompt, reply, 1)
        );
    }

    [Theory]
    [InlineData("reasoning-only", "hm, let me see", "length")]
    [InlineData("reasoning-beside", "hm", "stop")]
    [InlineData("parts", @"\boxed{4}?", "stop")]
    [InlineData("good", null, "stop")]
    public async Task Thoughts_and_the_reason_of_the_end_are_kept_apart(string habit, string? reasoning, string finish)
    {
        var (said, _, _) = await AskAsync(habit);
        (said!.Reasoning, said.FinishReason).ShouldBe((reasoning, finish));
    }

    [Theory]
    [InlineData("r429-seconds")]
    [InlineData("r429-float")]
    [InlineData("r429-ms")]
    [InlineData("r429-zero")]
    [InlineData("r429-garbage")]
    [InlineData("r429-date")]
    [InlineData("r503-once")]
    [InlineData("r500-html")]
    [InlineData("r408")]
    [InlineData("error-200-once")]
    [InlineData("closes")]
    [InlineData("closes-midway")]
    [InlineData("silent")]
    public async Task What_passes_is_tried_again(string habit)
    {
        var (said, failure, tries) = await AskAsync(habit, s =>
            habit == "silent" ? s with { Timeout = TimeSpan.FromSeconds(2) } : s
        );
        failure?.Message.ShouldBeNull();
        (said!.Text, tries).ShouldBe((@"\boxed{5}", 2));
    }

    [Theory]
    [InlineData("text-choice", 3, "no choices[0].message.content")]
    [InlineData("empty-choices", 3, "no choices[0].message.content")]
    [InlineData("message-null", 3, "no choices[0].message.content")]
    [InlineData("message-empty", 3, "no choices[0].message.content")]
    [InlineData("choices-object", 3, "no choices[0].message.content")]
    [InlineData("choice-null", 3, "no choices[0].message.content")]
    [InlineData("content-number", 3, "no choices[0].message.content")]
    [InlineData("string-root", 3, "no JSON of a chat completion")]
    [InlineData("null-root", 3, "no JSON of a chat completion")]
    [InlineData("nothing", 3, "no JSON of a chat completion")]
    [InlineData("cut-short", 3, "no JSON of a chat completion")]
    [InlineData("deep", 3, "no JSON of a chat completion")]
    [InlineData("sse", 3, "no JSON of a chat completion")]
    [InlineData("error-200", 3, "model is loading")]
    [InlineData("error-200-text", 3, "model is loading")]
    [InlineData("error-200-final", 1, "no credits")]
    [InlineData("r429-quota", 1, "no quota left")]
    [InlineData("r302", 1, "player.url")]
    [InlineData("r401", 1, "player.key-env")]
    [InlineData("r402", 1, "Insufficient credits")]
    [InlineData("r404-model", 1, "player.model")]
    [InlineData("r413", 1, "tokens-per-turn")]
    [InlineData("r400-context", 1, "tokens-per-turn")]
    [InlineData("huge-5mb", 1, "more than 4 MiB")]
    [InlineData("r400-max-tokens", 1, "player.fields.max-tokens = none")]
    [InlineData("r400-temperature", 1, "player.fields.temperature = none")]
    [InlineData("r400-top-p", 1, "player.fields.top-p = none")]
    [InlineData("r400-seed", 1, "player.fields.seed = none")]
    [InlineData("r422-seed", 1, "player.fields.seed = none")]
    [InlineData("r400-any-field", 1, "player.family")]
    [InlineData("r400-system", 1, "player.system = first-user")]
    [InlineData("r400-alternate", 1, "player.alternate = on")]
    public async Task What_does_not_pass_names_the_address_and_what_to_do(string habit, int tries, string says)
    {
        var (_, failure, tried) = await AskAsync(habit);
        failure.ShouldNotBeNull().Message.ShouldContain(says);
        failure.Message.ShouldContain(_habits.Url(habit));
        tried.ShouldBe(tries);
    }

    [Theory]
    [InlineData("r400-max-tokens", "openai")]
    [InlineData("r400-reasoning", "openai-reasoning")]
    [InlineData("r422-seed", "mistral")]
    [InlineData("r400-alternate", "mistral")]
    [InlineData("r400-system", "gemma")]
    [InlineData("r400-alternate", "gemma")]
    [InlineData("r400-any-field", "plain")]
    [InlineData("good", "vllm")]
    [InlineData("good", "sglang")]
    [InlineData("good", "llama-cpp")]
    [InlineData("good", "ollama")]
    public async Task A_familys_shape_is_what_its_servers_take(string habit, string family)
    {
        var (said, failure, _) = await AskAsync(habit, s =>
            s with
            {
                Family = Enum.GetValues<RemoteFamily>().Single(f => OptionsBinder.Kebab(f.ToString()) == family),
            }
        );
        failure?.Message.ShouldBeNull();
        said!.Text.ShouldBe(@"\boxed{5}");
    }

    [Fact]
    public async Task Fields_are_named_left_out_and_added_by_the_scenario()
    {
        await AskAsync("good", s => s with { Fields = new RequestFields
                {
                    MaxTokens = "max_completion_tokens",
                    Temperature = "none",
                    Seed = "random_seed",
                }, System = SystemPlace.Developer, Extra = JsonNode.Parse("""{ "reasoning_effort": "low", "chat_template_kwargs": { "enable_thinking": "false" }, "min_p": "0.05", "n": "1" }""")!.AsObject() });
        var (_, body) = _habits.Requests.Single();
        body.ToJsonString()
            .ShouldBe(
                """{"model":"default","messages":[{"role":"developer","content":"rules"},{"role":"user","content":"board"},{"role":"user","content":"refused"}],"max_completion_tokens":64,"top_p":1,"random_seed":7,"stop":["END"],"reasoning_effort":"low","chat_template_kwargs":{"enable_thinking":false},"min_p":0.05,"n":1}"""
            );
    }

    [Fact]
    public async Task Strict_templates_get_the_rules_first_and_speakers_in_turn()
    {
        var talk = Asked with
        {
            Messages =
            [
                new(Speaker.System, "rules"),
                new(Speaker.User, "board"),
                new(Speaker.Assistant, "hm"),
                new(Speaker.Assistant, "ha"),
                new(Speaker.User, "refused"),
                new(Speaker.Tool, "found"),
            ],
        };
        await AskAsync("good", s => s with { Family = RemoteFamily.Gemma }, talk);
        var (_, body) = _habits.Requests.Single();
        body["messages"]!
            .ToJsonString()
            .ShouldBe(
                """[{"role":"user","content":"rules\n\nboard"},{"role":"assistant","content":"hm\n\nha"},{"role":"user","content":"refused\n\nfound"}]"""
            );
    }

    [Fact]
    public async Task Half_a_sign_is_not_sent()
    {
        await AskAsync("good", request: Asked with { Messages = [new(Speaker.User, "a\ud83d b \ud83d\ude00")] });
        _habits.Requests.Single().Body["messages"]![0]!["content"]!.ToString().ShouldBe("a\ufffd b \ud83d\ude00");
    }

    [Fact]
    public async Task A_wait_that_one_request_is_told_holds_for_all()
    {
        var clock = new Clock();
        var spec = new RemoteSpec
        {
            Url = _habits.Url("r429-seconds"),
            Model = "m",
            Retries = 0,
            Wait = TimeSpan.Zero,
        };
        using var endpoint = new ChatEndpoint(spec, RemoteKey.Of("p", spec), clock);
        (
            await Should.ThrowAsync<ChatException>(endpoint.AskAsync(Asked, () => { }, CancellationToken.None))
        ).RetryAfter.ShouldBe(TimeSpan.FromSeconds(1));
        var next = endpoint.AskAsync(Asked, () => { }, CancellationToken.None);
        clock.Waits.ShouldBe([TimeSpan.FromSeconds(1)]);
        clock.Pass();
        (await next).Text.ShouldBe(@"\boxed{5}");
    }

    [Fact]
    public void What_a_family_does_not_take_may_not_be_set()
    {
        var mistakes = new Mistakes();
        new RemoteSpec
        {
            Url = "http://127.0.0.1/v1",
            Model = "m",
            Family = RemoteFamily.OpenaiReasoning,
            Fields = new() { Seed = "x", Stop = "x" },
            Extra = new() { ["model"] = "y" },
        }.Check(new Sampling { Temperature = 0.7f, TopK = 5 }, "policies.p.player", mistakes);
        mistakes
            .All.Select(m => m.Path)
            .Order()
            .ShouldBe([
                "policies.p.player.extra.model",
                "policies.p.player.fields.stop",
                "policies.p.temperature",
                "policies.p.top-k",
            ]);
    }

    [Fact]
    public async Task Nothing_that_a_server_sends_is_an_exception_that_nobody_expects()
    {
        var random = new Random(20260101);
        for (var i = 0; i < 20_000; i++)
        {
            var body = Mangled(random);
            var text = ChatReading.Decoded(
                body,
                random.Next(4) switch
                {
                    0 => "utf-8",
                    1 => "x-" + random.Next(),
                    2 => null,
                    _ => "utf-16",
                }
            );
            var (reply, fault, _) = ChatReading.Read(text);
            (reply is null).ShouldBe(fault is not null);
            if (reply is not null)
                (reply.PromptTokens >= 0 && reply.ReplyTokens >= 0 && reply.Text is not null).ShouldBeTrue();
        }
        await Task.CompletedTask;
    }

    // A body of some habit with pieces of it doubled, dropped or replaced.
    private static byte[] Mangled(Random random)
    {
        string[] pieces =
        [
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "null",
            "NaN",
            "1e999",
            "\\ud83d",
            "\\u12",
            "\"content\"",
            "\"choices\"",
            "\0",
            "\ud800",
            "\"usage\"",
            "-",
            "  ",
            "\"type\": \"thinking\",",
        ];
        var text = new StringBuilder(
            """{"choices": [{"message": {"content": [{"type": "text", "text": "a"}, "b"], "reasoning": {"text": ["c"]}}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 1}, "error": {"code": 1}}"""
        );
        for (var n = random.Next(6); n > 0; n--)
        {
            var at = random.Next(text.Length);
            if (random.Next(2) == 0)
                text.Remove(at, Math.Min(random.Next(12), text.Length - at));
            text.Insert(Math.Min(at, text.Length), pieces[random.Next(pieces.Length)]);
        }
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (random.Next(3) == 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    // A clock that stands still until it is told to pass what is waited for.
    private sealed class Clock : TimeProvider
    {
        private readonly List<(TimerCallback Callback, object? State)> _timers = [];
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public List<TimeSpan> Waits { get; } = [];

        public override DateTimeOffset GetUtcNow() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan due, TimeSpan period)
        {
            if (due > TimeSpan.FromMilliseconds(0) && due < TimeSpan.FromSeconds(50))
            {
                Waits.Add(due);
                _timers.Add((callback, state));
            }
            return new Idle();
        }

        public void Pass()
        {
            _now += Waits[^1];
            foreach (var (callback, state) in _timers)
                callback(state);
        }

        private sealed class Idle : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() { }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
