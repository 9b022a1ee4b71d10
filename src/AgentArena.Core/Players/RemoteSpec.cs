// A chat model behind an address, as a scenario describes it: where it is, its bounds, and how its kind of server wants
// to be asked.
using System.Text.Json.Nodes;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;

namespace AgentArena.Core.Players;

/// <summary>Families of servers, by what they take in a request; see <see cref="RequestShape.Of"/>.</summary>
public enum RemoteFamily
{
    /// <summary>Anything that speaks the protocol as it once was: max_tokens, temperature, top_p, seed, stop.</summary>
    OpenaiCompatible,

    /// <summary>OpenAI's chat models: max_completion_tokens.</summary>
    Openai,

    /// <summary>
    /// OpenAI's reasoning models (o-series, gpt-5): max_completion_tokens; no temperature, top_p or stop.
    /// </summary>
    OpenaiReasoning,

    /// <summary>vLLM: top_k besides.</summary>
    Vllm,

    /// <summary>SGLang: top_k besides.</summary>
    Sglang,

    /// <summary>llama.cpp's server: top_k besides.</summary>
    LlamaCpp,

    /// <summary>Ollama's compatible door.</summary>
    Ollama,

    /// <summary>Mistral's service and templates: random_seed for seed, user and assistant in turn.</summary>
    Mistral,

    /// <summary>Gemma behind vLLM, SGLang or llama.cpp: no system role, user and assistant in turn.</summary>
    Gemma,

    /// <summary>Model and messages alone.</summary>
    Plain,
}

/// <summary>Where the rules go that a role gives as a system message.</summary>
public enum SystemPlace
{
    /// <summary>A message of role system.</summary>
    System,

    /// <summary>A message of role developer.</summary>
    Developer,

    /// <summary>The beginning of the first user message, for templates without a system role.</summary>
    FirstUser,
}

/// <summary>
/// What a server calls each field of a request; <c>none</c> leaves it out. What is unset is as the family has it.
/// </summary>
public sealed record RequestFields
{
    /// <summary>A field that is not sent.</summary>
    public const string None = "none";

    /// <summary>The most tokens of a reply: max_tokens, max_completion_tokens.</summary>
    public string? MaxTokens { get; init; }

    /// <summary>The temperature.</summary>
    public string? Temperature { get; init; }

    /// <summary>The mass that sampling keeps.</summary>
    public string? TopP { get; init; }

    /// <summary>The number of tokens that sampling keeps.</summary>
    public string? TopK { get; init; }

    /// <summary>The seed of the reply: seed, random_seed.</summary>
    public string? Seed { get; init; }

    /// <summary>Texts that end the reply.</summary>
    public string? Stop { get; init; }

    /// <summary>These, and where they say nothing, others.</summary>
    public RequestFields Over(RequestFields others) =>
        new()
        {
            MaxTokens = MaxTokens ?? others.MaxTokens,
            Temperature = Temperature ?? others.Temperature,
            TopP = TopP ?? others.TopP,
            TopK = TopK ?? others.TopK,
            Seed = Seed ?? others.Seed,
            Stop = Stop ?? others.Stop,
        };

    /// <summary>Key in a scenario and name on the wire of each field that is sent.</summary>
    public IEnumerable<(string Key, string Name)> Sent =>
        new (string Key, string? Name)[]
        {
            ("max-tokens", MaxTokens),
            ("temperature", Temperature),
            ("top-p", TopP),
            ("top-k", TopK),
            ("seed", Seed),
            ("stop", Stop),
        }
            .Where(f => f.Name is not (null or None))
            .Select(f => (f.Key, f.Name!));
}

/// <summary>The shape of a request.</summary>
/// <param name="Fields">Names of its fields.</param>
/// <param name="System">Where the rules go.</param>
/// <param name="Alternate">
/// Whether messages of one speaker in a row are sent as one, for templates that want user and assistant in turn.
/// </param>
public sealed record RequestShape(RequestFields Fields, SystemPlace System, bool Alternate)
{
    private static readonly RequestFields Usual = new()
    {
        MaxTokens = "max_tokens",
        Temperature = "temperature",
        TopP = "top_p",
        TopK = RequestFields.None,
        Seed = "seed",
        Stop = "stop",
    };

    /// <summary>What a family takes.</summary>
    public static RequestShape Of(RemoteFamily family) =>
        family switch
        {
            RemoteFamily.Openai => new(Usual with { MaxTokens = "max_completion_tokens" }, SystemPlace.System, false),
            RemoteFamily.OpenaiReasoning => new(
                Usual with
                {
                    MaxTokens = "max_completion_tokens",
                    Temperature = RequestFields.None,
                    TopP = RequestFields.None,
                    Stop = RequestFields.None,
                },
                SystemPlace.System,
                false
            ),
            RemoteFamily.Vllm or RemoteFamily.Sglang or RemoteFamily.LlamaCpp => new(
                Usual with
                {
                    TopK = "top_k",
                },
                SystemPlace.System,
                false
            ),
            RemoteFamily.Mistral => new(Usual with { Seed = "random_seed" }, SystemPlace.System, true),
            RemoteFamily.Gemma => new(Usual with { TopK = "top_k" }, SystemPlace.FirstUser, true),
            RemoteFamily.Plain => new(
                new RequestFields
                {
                    MaxTokens = RequestFields.None,
                    Temperature = RequestFields.None,
                    TopP = RequestFields.None,
                    TopK = RequestFields.None,
                    Seed = RequestFields.None,
                    Stop = RequestFields.None,
                },
                SystemPlace.System,
                false
            ),
            _ => new(Usual, SystemPlace.System, false),
        };
}

/// <summary>An OpenAI-compatible chat endpoint. Its key is read from the environment and written nowhere.</summary>
public sealed record RemoteSpec
{
    /// <summary>Where it listens, up to and with the version: <c>http://127.0.0.1:8080/v1</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The model's name there.</summary>
    public required string Model { get; init; }

    /// <summary>The environment variable that holds the key; no key is sent where unset.</summary>
    public string? KeyEnv { get; init; }

    /// <summary>What kind of server it is: which fields a request has, and which roles its messages.</summary>
    public RemoteFamily Family { get; init; } = RemoteFamily.OpenaiCompatible;

    /// <summary>
    /// Names of the request's fields, where they differ from the family's; <c>none</c> leaves one out.
    /// </summary>
    public RequestFields Fields { get; init; } = new();

    /// <summary>Where the rules go, where that differs from the family's.</summary>
    public SystemPlace? System { get; init; }

    /// <summary>
    /// Whether messages of one speaker in a row are sent as one, where that differs from the family's.
    /// </summary>
    public bool? Alternate { get; init; }

    /// <summary>
    /// Further fields of each request, as they are: <c>reasoning_effort = low</c>, <c>chat_template_kwargs {
    /// enable_thinking = false }</c>.
    /// </summary>
    public JsonObject? Extra { get; init; }

    /// <summary>
    /// How it speaks, where it differs from the scenario's roles: a chat model wants the rules that a tiny one is
    /// spared.
    /// </summary>
    public Plugin? Role { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Further attempts after one that failed in passing (429, 408, 5xx, no connection, no answer in time, an answer
    /// cut short).
    /// </summary>
    public int Retries { get; init; } = 4;

    /// <summary>
    /// The wait before the first retry; it doubles, with jitter, and an answer's Retry-After goes before it.
    /// </summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait before a retry, a Retry-After included.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Requests at once.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Price of a million prompt tokens, in any currency.</summary>
    public double PromptPrice { get; init; }

    /// <summary>Price of a million tokens of replies, in the same currency.</summary>
    public double ReplyPrice { get; init; }

    /// <summary>The shape of its requests: the family's, and what is said beside it.</summary>
    public RequestShape Shape
    {
        get
        {
            var family = RequestShape.Of(Family);
            return new(Fields.Over(family.Fields), System ?? family.System, Alternate ?? family.Alternate);
        }
    }

    /// <summary>Collects what is wrong with it.</summary>
    /// <param name="sampling">How the policy it sits for is to be sampled: that must be among what is sent.</param>
    /// <param name="path">Where it stands in the scenario.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    public void Check(Sampling sampling, string path, Mistakes mistakes)
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            mistakes.Add($"{path}.url", $"'{Url}' is no address. Give it as https://HOST/v1.");
        else if (url.UserInfo.Length > 0)
            mistakes.Add(
                $"{path}.url",
                "holds a name or a key, which the journal would keep. Name an environment variable in key-env instead."
            );
        if (Concurrency < 1)
            mistakes.Add($"{path}.concurrency", $"is {Concurrency}; it should be 1 or more.");
        if (Retries < 0)
            mistakes.Add($"{path}.retries", $"is {Retries}; it should be 0 or more.");
        if (Timeout <= TimeSpan.Zero)
            mistakes.Add($"{path}.timeout", $"is {Timeout}; it should be above 0.");
        if (Wait < TimeSpan.Zero || LongestWait < Wait)
            mistakes.Add(
                $"{path}.wait",
                $"wait is {Wait} and longest-wait {LongestWait}; they should be 0 or more and in this order."
            );
        if (PromptPrice < 0 || ReplyPrice < 0)
            mistakes.Add($"{path}.prompt-price", "a price should be 0 or more.");
        if (KeyEnv is { } name && !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            mistakes.Add(
                $"{path}.key-env",
                "is no name of an environment variable. Give the variable's name; the key itself belongs into the environment alone."
            );
        foreach (var reserved in (ReadOnlySpan<string>)["model", "messages", "stream"])
            if (Extra?.ContainsKey(reserved) == true)
                mistakes.Add(
                    $"{path}.extra.{reserved}",
                    $"'{reserved}' is set by the product itself. Leave it out; the model's name belongs into {path}.model."
                );
        var fields = Shape.Fields;
        foreach (var twice in fields.Sent.GroupBy(f => f.Name).Where(g => g.Count() > 1))
            mistakes.Add(
                $"{path}.fields.{twice.Last().Key}",
                $"'{twice.Key}' is the name of two fields, {string.Join(" and ", twice.Select(f => f.Key))}. Name each by itself, or none."
            );
        Unsent(sampling.Temperature != 1, "temperature", fields.Temperature);
        Unsent(sampling.TopP != 1, "top-p", fields.TopP);
        Unsent(sampling.TopK != 0, "top-k", fields.TopK);

        // What a scenario sets is applied or refused, never forgotten.
        void Unsent(bool isSet, string key, string? name)
        {
            var family = OptionsBinder.Kebab(Family.ToString());
            if (isSet && (name is null or RequestFields.None))
                mistakes.Add(
                    $"{path[..path.LastIndexOf('.')]}.{key}",
                    $"is set, but requests of family {family} have no such field. Take it back, or name the field in {path}.fields.{key}."
                );
        }
    }
}
