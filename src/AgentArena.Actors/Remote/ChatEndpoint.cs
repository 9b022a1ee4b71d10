// An OpenAI-compatible chat endpoint over HTTP: one request a reply, tried again where the fault may pass. Knows no
// actor and no game.
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AgentArena.Core.Data;
using AgentArena.Core.Models;
using AgentArena.Core.Players;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace AgentArena.Actors.Remote;

/// <summary>The endpoint failed a request for good. The message never holds the key.</summary>
public sealed class ChatException(string message, bool passing = false, TimeSpan? retryAfter = null)
    : Exception(message)
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
        if (spec.KeyEnv is not { } name)
            return new RemoteKey(null);
        return Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? new RemoteKey(value.Trim())
            : throw new UserException(
                $"policies.{policy}.player.key-env: the environment variable {name} is not set. It should hold the endpoint's key. Set it, or leave key-env out where no key is needed."
            );
    }

    /// <summary>Adds the key to a request.</summary>
    public void Sign(HttpRequestMessage request)
    {
        if (_value is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _value);
    }

    /// <summary>A text without the key in it.</summary>
    public string Hide(string text) => _value is null ? text : text.Replace(_value, "…", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => "a key";
}

/// <summary>
/// One endpoint. A client of our own in place of Microsoft.Extensions.AI over the OpenAI client: that one refuses a
/// good half of what compatible servers send and cannot leave out or rename a field; see docs/remote.md for what was
/// measured.
/// </summary>
public sealed class ChatEndpoint : IDisposable
{
    private const int LongestBody = 4 << 20,
        LongestExcerpt = 200;
    private readonly RemoteSpec _spec;
    private readonly RemoteKey _key;
    private readonly TimeProvider _time;
    private readonly Uri _address;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline<ChatReply> _pipeline;
    private long _pausedUntil; // UTC ticks: what one request was told to wait, all wait

    /// <param name="spec">Where it is, and its bounds.</param>
    /// <param name="key">Its key.</param>
    /// <param name="time">The clock that waits and time-outs are kept by.</param>
    public ChatEndpoint(RemoteSpec spec, RemoteKey key, TimeProvider time)
    {
        (_spec, _key, _time, _address) = (spec, key, time, new Uri(spec.Url.TrimEnd('/') + "/chat/completions"));
        // A redirect would take the key elsewhere.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            MaxConnectionsPerServer = spec.Concurrency,
            AutomaticDecompression = DecompressionMethods.All,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var builder = new ResiliencePipelineBuilder<ChatReply> { TimeProvider = time };
        if (spec.Retries > 0)
            builder.AddRetry(
                new RetryStrategyOptions<ChatReply>
                {
                    MaxRetryAttempts = spec.Retries,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = spec.Wait,
                    MaxDelay = spec.LongestWait,
                    ShouldHandle = new PredicateBuilder<ChatReply>()
                        .Handle<TimeoutRejectedException>()
                        .Handle<ChatException>(e => e.Passing),
                    DelayGenerator = failed =>
                        ValueTask.FromResult((failed.Outcome.Exception as ChatException)?.RetryAfter),
                }
            );
        _pipeline = builder.AddTimeout(spec.Timeout).Build();
    }

    /// <summary>A reply to a conversation.</summary>
    /// <param name="request">Its messages, sampling and budget; ids and masks mean nothing there.</param>
    /// <param name="attempt">Told of every attempt.</param>
    /// <param name="stop">Nobody waits any longer.</param>
    /// <exception cref="ChatException">
    /// No attempt succeeded. Whatever went wrong, the message names the address and what to do.
    /// </exception>
    public async Task<ChatReply> AskAsync(SequenceRequest request, Action attempt, CancellationToken stop)
    {
        try
        {
            var body = ChatRequest.Body(_spec, request);
            await PauseAsync(stop).ConfigureAwait(false);
            return await _pipeline
                .ExecuteAsync(
                    async token =>
                    {
                        attempt();
                        return await OnceAsync(body, token).ConfigureAwait(false);
                    },
                    stop
                )
                .ConfigureAwait(false);
        }
        catch (TimeoutRejectedException)
        {
            throw new ChatException(
                $"{_address} had no answer within {_spec.Timeout}, {_spec.Retries} retries included. Raise player.timeout, or see whether the endpoint is up."
            );
        }
        catch (Exception e) when (e is not ChatException && !stop.IsCancellationRequested)
        {
            throw new ChatException(_key.Hide($"{_address} could not be asked ({e.GetType().Name}: {e.Message})."));
        }
    }

    private async Task PauseAsync(CancellationToken stop)
    {
        var left = TimeSpan.FromTicks(Interlocked.Read(ref _pausedUntil) - _time.GetUtcNow().UtcTicks);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, _time, stop).ConfigureAwait(false);
    }

    private async Task<ChatReply> OnceAsync(string body, CancellationToken stop)
    {
        try
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = content };
            _key.Sign(request);
            using var response = await _http
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop)
                .ConfigureAwait(false);
            var text = ChatReading.Decoded(
                await BodyAsync(response, stop).ConfigureAwait(false),
                response.Content.Headers.ContentType?.CharSet
            );
            if (response.StatusCode != HttpStatusCode.OK)
                throw Refused(response, text);
            var (reply, fault, passing) = ChatReading.Read(text);
            return reply
                ?? throw new ChatException(
                    $"{_address} {fault}: {Excerpt(text)} It should speak the chat-completions protocol. See player.url.",
                    passing
                );
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new ChatException(
                _key.Hide(
                    $"{_address} could not be reached: {e.Message} See whether the endpoint is up and player.url is right."
                ),
                passing: true
            );
        }
    }

    private async Task<byte[]> BodyAsync(HttpResponseMessage response, CancellationToken stop)
    {
        using var body = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        var buffer = new byte[16384];
        for (int read; (read = await stream.ReadAsync(buffer, stop).ConfigureAwait(false)) > 0; )
        {
            body.Write(buffer, 0, read);
            if (body.Length > LongestBody)
                throw new ChatException(
                    $"{_address} answered with a body of more than {LongestBody >> 20} MiB, which is too large for a reply. See whether it is a chat endpoint, and bound its replies (run.tokens-per-turn, player.fields.max-tokens)."
                );
        }
        return body.ToArray();
    }

    private ChatException Refused(HttpResponseMessage response, string text)
    {
        var code = (int)response.StatusCode;
        var spent = code == 429 && text.Contains("insufficient_quota", StringComparison.OrdinalIgnoreCase);
        var todo = code switch
        {
            >= 300 and < 400 =>
                $"It sends on to {response.Headers.Location}, where the key is not taken. Give that address in player.url.",
            401 or 403 => "Set the environment variable of player.key-env to a key that is good there.",
            404 => "See whether player.url ends with the version and player.model is known there.",
            429 when spent => "The account has no quota left. Fill it up.",
            429 => "Lower player.concurrency, or raise player.retries and remote.longest-wait.",
            >= 500 => "Try again later, or raise player.retries.",
            _ => Advice(text),
        };
        var wait = code is 429 or 503 ? RetryAfter(response) : null;
        if (wait is { } asked)
            Interlocked.Exchange(ref _pausedUntil, (_time.GetUtcNow() + asked).UtcTicks);
        return new ChatException(
            $"{_address} answered {code}: {Excerpt(text)} {todo}",
            !spent && code is 408 or 409 or 429 or >= 500,
            wait
        );
    }

    // What to set where a server does not take a request as it is.
    private string Advice(string text)
    {
        bool Has(string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
        if (Has("alternat"))
            return "Set player.alternate = on, or player.family to the model's (mistral, gemma).";
        if (
            Has("system role")
            || Has("system message")
            || Has("role 'system'")
            || Has("role system")
            || Has("\"system\"")
        )
            return "Set player.system = first-user, or player.family = gemma.";
        if (Has("context length") || Has("context_length") || Has("too large") || Has("too long"))
            return "Show the model less (role.show, remember = off), or lower run.tokens-per-turn.";
        foreach (var (key, name) in _spec.Shape.Fields.Sent)
            if (Has(name))
                return $"Set player.fields.{key} = none, or the name it takes{(key == "max-tokens" ? " (max_completion_tokens)" : "")}; player.family = openai-reasoning, mistral, gemma … sets what a family takes.";
        return "See what it says, and mend the scenario: player.family, fields, extra, system and alternate say how it is asked.";
    }

    // Seconds, whole or not, or milliseconds, or a date; what is none of that is no wish.
    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked =
            Number("retry-after-ms") is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds)
            : Number("Retry-After") is { } seconds ? TimeSpan.FromSeconds(seconds)
            : response.Headers.RetryAfter?.Date is { } date ? date - (response.Headers.Date ?? _time.GetUtcNow())
            : (TimeSpan?)null;
        return asked is { } wait && wait >= TimeSpan.Zero
            ? wait < _spec.LongestWait
                ? wait
                : _spec.LongestWait
            : null;

        double? Number(string header) =>
            response.Headers.NonValidated.TryGetValues(header, out var values)
            && double.TryParse(values.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number is >= 0 and < 1e6
                ? number
                : null;
    }

    private string Excerpt(string text)
    {
        if (ChatReading.Error(LenientJson.TryRead(text)) is var (error, _))
            text = error;
        var line = _key.Hide(text).ReplaceLineEndings(" ").Trim();
        return line.Length == 0 ? "(nothing)."
            : line.Length <= LongestExcerpt ? $"'{line}'."
            : $"'{line[..LongestExcerpt]}…'.";
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
