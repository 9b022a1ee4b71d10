// An OpenAI-compatible chat endpoint over HTTP: one request a reply, tried again where the fault may pass. Knows no actor and no game.
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Core;
using AgentArena.Core.Models;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace AgentArena.Actors;

/// <summary>A reply and what it cost in tokens, as the endpoint counts them (0 where it does not say).</summary>
public sealed record ChatReply(string Text, bool Truncated, long PromptTokens, long ReplyTokens);

/// <summary>The endpoint failed a request for good. The message never holds the key.</summary>
public sealed class ChatException(string message, bool passing = false, TimeSpan? retryAfter = null) : Exception(message)
{
    /// <summary>Whether the same request may succeed later.</summary>
    public bool Passing => passing;

    /// <summary>How long the endpoint asked to wait.</summary>
    public TimeSpan? RetryAfter => retryAfter;
}

/// <summary>A key of an endpoint. Lives in memory alone: it prints as nothing and no record holds it.</summary>
public sealed class RemoteKey
{
    private readonly string? _value;

    private RemoteKey(string? value) => _value = value;

    /// <summary>The key that a policy's environment variable holds.</summary>
    /// <exception cref="UserException">The variable is not set.</exception>
    public static RemoteKey Of(string policy, RemoteSpec spec)
    {
        if (spec.KeyEnv is not { } name) return new RemoteKey(null);
        return Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? new RemoteKey(value)
            : throw new UserException($"policies.{policy}.remote.key-env: the environment variable {name} is not set. It should hold the endpoint's key. Set it, or leave key-env out where no key is needed.");
    }

    /// <summary>Adds the key to a request.</summary>
    public void Sign(HttpRequestMessage request)
    {
        if (_value is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _value);
    }

    /// <summary>A text without the key in it.</summary>
    public string Hide(string text) => _value is null ? text : text.Replace(_value, "…", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => "a key";
}

/// <summary>One endpoint.</summary>
public sealed class ChatEndpoint : IDisposable
{
    private const int LongestBody = 4 << 20, LongestExcerpt = 200;
    private readonly RemoteSpec _spec;
    private readonly RemoteKey _key;
    private readonly Uri _address;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline<ChatReply> _pipeline;

    /// <param name="spec">Where it is, and its bounds.</param>
    /// <param name="key">Its key.</param>
    /// <param name="time">The clock that waits and time-outs are kept by.</param>
    public ChatEndpoint(RemoteSpec spec, RemoteKey key, TimeProvider time)
    {
        (_spec, _key, _address) = (spec, key, new Uri(spec.Url.TrimEnd('/') + "/chat/completions"));
        // A redirect would take the key elsewhere.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = spec.Concurrency }) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestBody };
        var builder = new ResiliencePipelineBuilder<ChatReply> { TimeProvider = time };
        if (spec.Retries > 0) builder.AddRetry(new RetryStrategyOptions<ChatReply>
        {
            MaxRetryAttempts = spec.Retries, BackoffType = DelayBackoffType.Exponential, UseJitter = true, Delay = spec.Wait, MaxDelay = spec.LongestWait,
            ShouldHandle = new PredicateBuilder<ChatReply>().Handle<TimeoutRejectedException>().Handle<HttpRequestException>().Handle<ChatException>(e => e.Passing),
            DelayGenerator = failed => ValueTask.FromResult((failed.Outcome.Exception as ChatException)?.RetryAfter is { } asked ? TimeSpan.FromTicks(Math.Min(asked.Ticks, spec.LongestWait.Ticks)) : (TimeSpan?)null),
        });
        _pipeline = builder.AddTimeout(spec.Timeout).Build();
    }

    /// <summary>A reply to a conversation.</summary>
    /// <param name="request">Its messages, sampling and budget; ids and masks mean nothing there.</param>
    /// <param name="attempt">Told of every attempt.</param>
    /// <param name="stop">Nobody waits any longer.</param>
    /// <exception cref="ChatException">No attempt succeeded.</exception>
    public async Task<ChatReply> AskAsync(SequenceRequest request, Action attempt, CancellationToken stop)
    {
        var body = BodyOf(request);
        try
        {
            return await _pipeline.ExecuteAsync(async token =>
            {
                attempt();
                return await OnceAsync(body, token).ConfigureAwait(false);
            }, stop).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException)
        {
            throw new ChatException($"{_address} had no answer within {_spec.Timeout}, {_spec.Retries} retries included. Raise remote.timeout, or see whether the endpoint is up.");
        }
        catch (HttpRequestException e)
        {
            throw new ChatException(_key.Hide($"{_address} could not be reached: {e.Message} See whether the endpoint is up and remote.url is right."));
        }
    }

    private string BodyOf(SequenceRequest request)
    {
        var messages = new JsonArray([.. request.Messages.Select(m => (JsonNode)new JsonObject
        {
            ["role"] = m.Speaker switch { Speaker.System => "system", Speaker.Assistant => "assistant", _ => "user" }, ["content"] = m.Text,
        })]);
        var body = new JsonObject
        {
            ["model"] = _spec.Model, ["messages"] = messages, ["max_tokens"] = request.Budget,
            ["temperature"] = request.Sampling.Temperature, ["top_p"] = request.Sampling.TopP, ["seed"] = (long)(request.Seed >> 33),
        };
        if (!request.Sampling.Stop.IsDefaultOrEmpty) body["stop"] = new JsonArray([.. request.Sampling.Stop.Select(s => (JsonNode)s)]);
        return body.ToJsonString();
    }

    private async Task<ChatReply> OnceAsync(string body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        _key.Sign(request);
        using var response = await _http.SendAsync(request, stop).ConfigureAwait(false);
        var text = await response.Content.ReadAsStringAsync(stop).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.OK ? Read(text) : throw Refused(response, text);
    }

    private ChatException Refused(HttpResponseMessage response, string text)
    {
        var code = (int)response.StatusCode;
        var passing = code is 408 or 409 or 429 or >= 500;
        var after = response.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date is { } date && response.Headers.Date is { } now && date > now ? date - now : null) : null;
        var todo = code switch
        {
            401 or 403 => "Set the environment variable of remote.key-env to a key that is good there.",
            404 => "See whether remote.url ends with the version and remote.model is known there.",
            429 => "Lower remote.concurrency, or raise remote.retries and remote.longest-wait.",
            >= 500 => "Try again later, or raise remote.retries.",
            _ => "See what it says, and mend the scenario.",
        };
        return new ChatException($"{_address} answered {code}: {Excerpt(text)} {todo}", passing, after);
    }

    // A reply that was cut short on its way may come whole the next time.
    private ChatReply Read(string text)
    {
        try
        {
            var root = JsonNode.Parse(text);
            if (root?["choices"] is not JsonArray { Count: > 0 } choices || choices[0]?["message"]?["content"] is not JsonValue content || content.GetValueKind() != JsonValueKind.String)
                throw new ChatException($"{_address} sent no choices[0].message.content: {Excerpt(text)} It should speak the chat-completions protocol. See remote.url.", passing: true);
            var usage = root["usage"];
            return new ChatReply(content.GetValue<string>(), choices[0]!["finish_reason"]?.ToString() == "length", Count(usage?["prompt_tokens"]), Count(usage?["completion_tokens"]));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ChatException($"{_address} sent what is no JSON of a chat completion: {Excerpt(text)} See whether remote.url is right.", passing: true);
        }
    }

    private static long Count(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var count) && count >= 0 ? count : 0;

    private string Excerpt(string text)
    {
        var line = _key.Hide(text).ReplaceLineEndings(" ").Trim();
        return line.Length == 0 ? "(nothing)." : line.Length <= LongestExcerpt ? $"'{line}'." : $"'{line[..LongestExcerpt]}…'.";
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
