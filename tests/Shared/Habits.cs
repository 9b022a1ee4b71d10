// A server that imitates the endpoints there are: one path a habit. For specifications of remote models and of what is
// told of them.
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace AgentArena.Testing;

/// <summary>Answers <c>/HABIT/v1/chat/completions</c> until disposed.</summary>
public sealed class Habits : IAsyncDisposable
{
    /// <summary>
    /// Refusals of requests that are asked in another way than this: what must hold, status, what is said.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, (Func<JsonObject, bool> Takes, int Status, string Says)> Wants =
        new Dictionary<string, (Func<JsonObject, bool>, int, string)>
        {
            ["r400-max-tokens"] = (
                b => !b.ContainsKey("max_tokens"),
                400,
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
            ),
            ["r400-temperature"] = (
                b => !b.ContainsKey("temperature"),
                400,
                "Unsupported value: 'temperature' does not support 0.7 with this model. Only the default (1) value is supported."
            ),
            ["r400-top-p"] = (b => !b.ContainsKey("top_p"), 400, "Unsupported parameter: 'top_p'"),
            ["r400-seed"] = (b => !b.ContainsKey("seed"), 400, "unknown field seed"),
            ["r422-seed"] = (
                b => !b.ContainsKey("seed"),
                422,
                "body.seed: Extra inputs are not permitted (extra_forbidden)"
            ),
            ["r400-reasoning"] = (
                b =>
                    !b.ContainsKey("max_tokens")
                    && !b.ContainsKey("temperature")
                    && !b.ContainsKey("top_p")
                    && !b.ContainsKey("stop"),
                400,
                "Unsupported parameter: 'max_tokens'"
            ),
            ["r400-any-field"] = (b => b.Count == 2, 400, "one of the fields is not permitted"),
            ["r400-system"] = (b => Roles(b).All(r => r != "system"), 400, "System role not supported"),
            ["r400-alternate"] = (
                b => Alternates(Roles(b)),
                400,
                "Conversation roles must alternate user/assistant/user/assistant/..."
            ),
            ["r400-context"] = (_ => false, 400, "This model's maximum context length is 4096 tokens."),
            ["r413"] = (_ => false, 413, "Request too large"),
            ["r401"] = (_ => false, 401, "Incorrect API key provided: sk-test"),
            ["r402"] = (_ => false, 402, "Insufficient credits"),
            ["r404-model"] = (_ => false, 404, "model 'default' not found, try pulling it first"),
        };

    /// <summary>Bodies that are sent whole, by habit; SAID stands for what is said.</summary>
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["good"] = Body("""{"role": "assistant", "content": SAID}"""),
        ["no-usage"] = """{"choices": [{"message": {"content": SAID}, "finish_reason": "stop"}]}""",
        ["usage-float"] = Body("""{"content": SAID}""", usage: """{"prompt_tokens": 10.0, "completion_tokens": 5.0}"""),
        ["usage-text"] = Body("""{"content": SAID}""", usage: """{"prompt_tokens": "10", "completion_tokens": "5"}"""),
        ["usage-string"] = Body("""{"content": SAID}""", usage: "\"none\""),
        ["usage-number"] = Body("""{"content": SAID}""", usage: "15"),
        ["usage-list"] = Body("""{"content": SAID}""", usage: "[10, 5]"),
        ["usage-null"] = Body("""{"content": SAID}""", usage: "null"),
        ["usage-nested"] = Body(
            """{"content": SAID}""",
            usage: """{"prompt_tokens": {"text": 10}, "completion_tokens": -5}"""
        ),
        ["finish-null"] = Body("""{"content": SAID}""", "null"),
        ["finish-missing"] =
            """{"choices": [{"message": {"content": SAID}}], "usage": {"prompt_tokens": 10, "completion_tokens": 5}}""",
        ["finish-number"] = Body("""{"content": SAID}""", "2"),
        ["finish-content-filter"] = Body("""{"content": ""}""", "\"content_filter\""),
        ["content-null"] = Body("""{"role": "assistant", "content": null}"""),
        ["content-empty"] = Body("""{"content": ""}"""),
        ["content-missing"] = Body("""{"role": "assistant", "tool_calls": []}"""),
        ["reasoning-only"] = Body(
            """{"role": "assistant", "content": null, "reasoning_content": "hm, let me see"}""",
            "\"length\""
        ),
        ["reasoning-only-2"] = Body(
            """{"role": "assistant", "content": null, "reasoning": "hm, let me see", "refusal": null}""",
            "\"length\""
        ),
        ["reasoning-only-empty"] = Body("""{"content": "", "reasoning_content": "hm"}""", "\"length\""),
        ["reasoning-beside"] = Body(
            """{"content": SAID, "reasoning_content": "hm", "reasoning": "hm", "reasoning_details": [{"type": "reasoning.text", "text": "hm"}]}"""
        ),
        ["tool-calls"] = Body(
            """{"content": null, "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}""",
            "\"tool_calls\""
        ),
        ["refusal"] = Body("""{"content": null, "refusal": SAID}"""),
        ["parts"] = Body(
            """{"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "\\boxed{4}?"}]}, {"type": "text", "text": SAID}]}"""
        ),
        ["parts-two"] = Body("""{"content": [{"type": "text", "text": "So: "}, {"type": "text", "text": SAID}]}"""),
        ["parts-bare"] = Body("""{"content": ["So: ", SAID]}"""),
        ["parts-output-text"] = Body(
            """{"content": [{"type": "reasoning", "text": "hm"}, {"type": "output_text", "text": SAID, "annotations": []}]}"""
        ),
        ["parts-thinking-only"] = Body("""{"content": [{"type": "thinking", "thinking": "hm"}]}""", "\"length\""),
        ["parts-refusal"] = Body("""{"content": [{"type": "refusal", "refusal": SAID}]}"""),
        ["part-alone"] = Body("""{"content": {"type": "text", "text": SAID}}"""),
        ["think-inline"] = Body("""{"content": "<think>\nfirst \\boxed{4}? no\n</think>\n\n" + SAID}"""),
        ["think-unclosed"] = Body("""{"content": "<think>\n\\boxed{5}? hmm, no, \\boxed{4}? wait"}""", "\"length\""),
        ["cut"] = Body("""{"content": SAID}""", "\"length\""),
        ["cut-google"] = Body("""{"content": SAID}""", "\"MAX_TOKENS\""),
        ["cut-mistral"] = Body("""{"content": SAID}""", "\"model_length\""),
        ["duplicate-usage"] =
            """{"choices": [{"message": {"content": SAID}}], "usage": 3, "usage": {"prompt_tokens": 10, "completion_tokens": 5}}""",
        ["duplicate-content"] = Body("""{"content": "no", "content": SAID}"""),
        ["lone-surrogate"] = Body("""{"content": "\ud83d " + SAID}"""),
        ["nan"] =
            """{"choices": [{"message": {"content": SAID}, "logprobs": {"content": [{"token": "a", "logprob": -Infinity}]}}], "usage": {"prompt_tokens": NaN}}""",
        ["raw-newline"] = Body("{\"content\": \"a\nb \" + SAID}"),
        ["nul-char"] = Body("""{"content": "a\u0000b " + SAID}"""),
        ["special-tokens"] = Body("""{"content": SAID + "<|im_end|>"}"""),
        ["n-choices"] =
            """{"choices": [{"index": 0, "message": {"content": "no"}}, {"index": 1, "message": {"content": SAID}}], "usage": {"prompt_tokens": 10, "completion_tokens": 5}}""",
        ["trailing-nl"] = Body("""{"content": SAID}""") + "\r\n\r\n",
        ["leading-blanks"] = "\n\n   " + Body("""{"content": SAID}"""),
        ["bom"] = "\ufeff" + Body("""{"content": SAID}"""),
        // What is no chat completion.
        ["text-choice"] =
            """{"object": "text_completion", "choices": [{"index": 0, "text": SAID, "finish_reason": "stop"}]}""",
        ["empty-choices"] = """{"id": "x", "choices": [], "usage": {}}""",
        ["error-200"] = """{"error": {"message": "model is loading", "code": 503}}""",
        ["error-200-final"] = """{"error": {"message": "no credits", "code": 402}}""",
        ["error-200-text"] = """{"error": "model is loading"}""",
        ["message-null"] = Body("null"),
        ["message-empty"] = Body("{}"),
        ["choices-object"] = """{"choices": {"message": {"content": SAID}}}""",
        ["choice-null"] = """{"choices": [null]}""",
        ["string-root"] = "\"ok\"",
        ["null-root"] = "null",
        ["content-number"] = Body("""{"content": 5}"""),
        ["nothing"] = "",
        ["cut-short"] = """{"choices":[{"message":{"cont""",
        ["sse"] =
            ": OPENROUTER PROCESSING\n\ndata: {\"choices\": [{\"delta\": {\"content\": SAID}, \"index\": 0}]}\n\ndata: [DONE]\n\n",
    };

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _asked = new();

    private Habits(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public string Root { get; private set; } = "";

    /// <summary>What it says to a request: the reply that its habit wraps.</summary>
    public Func<JsonObject, string> Says { get; set; } = _ => @"\boxed{5}";

    /// <summary>Habit and body of each request in the order they came.</summary>
    public ConcurrentQueue<(string Habit, JsonObject Body)> Requests { get; } = new();

    /// <summary>Names of the habits whose bodies are sent whole.</summary>
    public static IEnumerable<string> Sent => Bodies.Keys;

    /// <summary>Up to and with the version.</summary>
    public string Url(string habit) => $"{Root}/{habit}/v1";

    public static async Task<Habits> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var habits = new Habits(app);
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/{habit}/v1/chat/completions", habits.AnswerAsync);
        await app.StartAsync();
        habits.Root = app.Urls.Single();
        return habits;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(string habit, HttpContext http)
    {
        var body = (await JsonNode.ParseAsync(http.Request.Body))!.AsObject();
        Requests.Enqueue((habit, body));
        var count = _asked.AddOrUpdate(habit, 1, (_, n) => n + 1);
        var to = http.Response;
        var good = Encoding.UTF8.GetBytes(Filled(Bodies["good"], Says(body)));
        to.ContentType = "application/json";
        if (Wants.TryGetValue(habit, out var want))
        {
            if (want.Takes(body))
                await to.Body.WriteAsync(good);
            else
                await ErrorAsync(to, want.Status, want.Says);
            return;
        }
        switch (habit)
        {
            case "r429-seconds"
            or "r429-float"
            or "r429-ms"
            or "r429-zero"
            or "r429-garbage"
            or "r429-date"
            or "r503-once"
            or "r500-html"
            or "r408"
            or "error-200-once" when count == 1:
                to.StatusCode = habit switch
                {
                    "r503-once" => 503,
                    "r500-html" => 500,
                    "r408" => 408,
                    "error-200-once" => 200,
                    _ => 429,
                };
                if (habit is "r429-seconds" or "r503-once")
                    to.Headers.RetryAfter = "1";
                if (habit == "r429-float")
                    to.Headers.RetryAfter = "0.5";
                if (habit == "r429-ms")
                    to.Headers["retry-after-ms"] = "250";
                if (habit == "r429-zero")
                    to.Headers.RetryAfter = "0";
                if (habit == "r429-garbage")
                    to.Headers.RetryAfter = "soon";
                if (habit == "r429-date")
                    to.Headers.RetryAfter = DateTimeOffset.UtcNow.AddSeconds(2).ToString("R");
                await to.WriteAsync(habit == "r500-html" ? "<html>oops</html>" : """{"error": {"message": "later"}}""");
                return;
            case "r429-quota":
                to.StatusCode = 429;
                await to.WriteAsync(
                    """{"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}"""
                );
                return;
            case "r302":
                to.StatusCode = 302;
                to.Headers.Location = "http://127.0.0.1:1/elsewhere";
                return;
            case "charset-bad" or "charset-quoted" or "charset-latin":
                to.ContentType = habit switch
                {
                    "charset-bad" => "application/json; charset=utf8mb4",
                    "charset-quoted" => "application/json; charset=\"UTF-8\"",
                    _ => "application/json; charset=iso-8859-1",
                };
                await to.Body.WriteAsync(good);
                return;
            case "text-plain":
                to.ContentType = "text/plain";
                await to.Body.WriteAsync(good);
                return;
            case "no-content-type":
                to.ContentType = null;
                await to.Body.WriteAsync(good);
                return;
            case "invalid-utf8":
                await to.Body.WriteAsync(
                    Encoding.Latin1.GetBytes(Filled(Body("""{"content": "éé " + SAID}"""), Says(body)))
                );
                return;
            case "huge-5mb":
                await to.WriteAsync(Filled(Body("""{"content": SAID}"""), new string('x', 5 << 20)));
                return;
            case "large-3mb":
                await to.WriteAsync(Filled(Body("""{"content": SAID}"""), Says(body) + new string(' ', 3 << 20)));
                return;
            case "closes" when count == 1:
                http.Abort();
                return;
            case "closes-midway" when count == 1:
                to.ContentLength = good.Length;
                await to.Body.WriteAsync(good.AsMemory(0, good.Length / 2));
                await to.Body.FlushAsync();
                http.Abort();
                return;
            case "chunked":
                foreach (var part in good.Chunk(7))
                {
                    await to.Body.WriteAsync(part);
                    await to.Body.FlushAsync();
                }
                return;
            case "silent" when count == 1:
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { });
                return;
            case "deep":
                await to.WriteAsync(string.Concat(Enumerable.Repeat("[", 100_000)));
                return;
            default:
                if (Bodies.TryGetValue(habit, out var whole))
                    await to.Body.WriteAsync(Encoding.UTF8.GetBytes(Filled(whole, Says(body))));
                else
                    await to.Body.WriteAsync(good);
                return;
        }
    }

    private static Task ErrorAsync(HttpResponse to, int status, string message)
    {
        to.StatusCode = status;
        return to.WriteAsync(new JsonObject { ["error"] = new JsonObject { ["message"] = message } }.ToJsonString());
    }

    private static string Body(
        string message,
        string finish = "\"stop\"",
        string usage = """{"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}"""
    ) =>
        $$"""{"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0, "message": {{message}}, "finish_reason": {{finish}}}], "usage": {{usage}}}""";

    // SAID is the reply as JSON text; "…" + SAID is a text with the reply after it.
    private static string Filled(string body, string says)
    {
        var quoted = JsonValue.Create(says)!.ToJsonString();
        return body.Replace("\" + SAID + \"", quoted[1..^1])
            .Replace("\" + SAID", quoted[1..])
            .Replace("SAID + \"", quoted[..^1])
            .Replace("SAID", quoted);
    }

    private static string[] Roles(JsonObject body) =>
        [.. body["messages"]!.AsArray().Select(m => m!["role"]!.ToString())];

    private static bool Alternates(string[] roles)
    {
        var rest = roles is ["system", ..] ? roles[1..] : roles;
        return rest.Select((role, i) => role == (i % 2 == 0 ? "user" : "assistant")).All(ok => ok);
    }
}
