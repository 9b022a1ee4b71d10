// Conversations as a model's own text: its chat template, asked for beginnings, continuations and what asks for a
// reply. Knows no ids.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Models;
using AgentArena.Models.Tokens.Templates;

namespace AgentArena.Models.Tokens.HuggingFace;

/// <summary>
/// Renders conversations. A template says whole conversations only; what follows a reply is found by rendering one
/// around a mark that stands where the reply would, and taking what comes after it.
/// </summary>
public sealed class ChatFormat
{
    // Non-characters: no text for interchange holds them, and none that is rendered here does.
    private const string Mark = "\uFDEE\uFDEF\uFDEE";
    private readonly ChatTemplate _template;
    private readonly TimeProvider? _clock;
    private readonly string _place;
    private readonly IReadOnlyDictionary<string, string> _named;
    private readonly Lazy<string> _closing,
        _asking;

    /// <summary>Reads a template.</summary>
    /// <param name="source">The template.</param>
    /// <param name="place">Where it stands, for faults.</param>
    /// <param name="named">Special tokens by role, as <c>bos_token</c>.</param>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public ChatFormat(string source, string place, IReadOnlyDictionary<string, string> named)
    {
        (_template, _place, _named) = (new ChatTemplate(source, place), place, named);
        // A template that can say a date of its own does; one that cannot gets the same day every day.
        var asks = source.Contains("strftime_now", StringComparison.Ordinal);
        _clock = asks && !source.Contains("strftime_now is defined", StringComparison.Ordinal) ? new OneDay() : null;
        _closing = new(() => After(Render([Said("user", "."), Said("assistant", Mark)], ask: false)));
        _asking = new(() =>
        {
            var (open, asked) = (Render([Said("user", ".")], ask: false), Render([Said("user", ".")], ask: true));
            return asked.StartsWith(open, StringComparison.Ordinal) ? asked[open.Length..] : "";
        });
    }

    /// <summary>What stands behind a reply.</summary>
    public string Closing => _closing.Value;

    /// <summary>What asks for a reply; empty where a template asks by the user's message alone.</summary>
    public string Asking => _asking.Value;

    /// <summary>The text of a conversation.</summary>
    /// <param name="messages">Messages in the form of the template: at least <c>role</c> and <c>content</c>.</param>
    /// <param name="ask">Whether a reply is asked for.</param>
    /// <param name="more">Further names and values for the template.</param>
    /// <exception cref="ArgumentException">The template refuses these messages.</exception>
    public string Render(JsonArray messages, bool ask, IReadOnlyDictionary<string, object?>? more = null)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["messages"] = messages,
            ["add_generation_prompt"] = ask,
            ["tools"] = null,
            ["documents"] = null,
        };
        foreach (var (role, token) in _named)
            values[role] = token;
        foreach (var (name, value) in more ?? ImmutableDictionary<string, object?>.Empty)
            values[name] = value;
        return _template.Render(values, _clock);
    }

    /// <summary>The text of a conversation from its start.</summary>
    /// <param name="messages">What is said.</param>
    /// <param name="ask">Whether a reply is asked for.</param>
    /// <param name="guarded">What becomes of a message's text; given whether the assistant says it.</param>
    public string Render(ImmutableArray<Message> messages, bool ask, Func<string, bool, string> guarded) =>
        Render([.. messages.Select(m => Said(m, guarded))], ask);

    /// <summary>How a conversation begins before anything is said; with what asks for a reply.</summary>
    public string Beginning(bool ask)
    {
        var start =
            _named.GetValueOrDefault("bos_token") is { } bos
            && Render([Said("user", ".")], ask: false).StartsWith(bos, StringComparison.Ordinal)
                ? bos
                : "";
        return ask ? start + Asking : start;
    }

    /// <summary>What follows a reply: what closes it, then these messages.</summary>
    public (string Closing, string Text) Continue(
        ImmutableArray<Message> messages,
        bool ask,
        Func<string, bool, string> guarded
    )
    {
        if (messages.IsEmpty)
            return (Closing, ask ? Asking : "");
        var whole = After(
            Render([Said("user", "."), Said("assistant", Mark), .. messages.Select(m => Said(m, guarded))], ask)
        );
        return whole.StartsWith(Closing, StringComparison.Ordinal) ? (Closing, whole[Closing.Length..]) : ("", whole);
    }

    /// <summary>What follows a message of the user's that is closed: these messages, what asks for a reply.</summary>
    public string AfterUser(ImmutableArray<Message> messages, Func<string, bool, string> guarded)
    {
        var closed = After(Render([Said("user", Mark)], ask: false));
        var whole = After(Render([Said("user", Mark), .. messages.Select(m => Said(m, guarded))], ask: true));
        return whole.StartsWith(closed, StringComparison.Ordinal)
            ? whole[closed.Length..]
            : throw new ArgumentException(
                $"{_place}: says a message after the user's otherwise than by appending it. "
                    + "Put the words into the user's message."
            );
    }

    /// <summary>A text without the non-characters that are used as marks here; each becomes U+FFFD.</summary>
    public static string WithoutNonCharacters(string text) =>
        text.AsSpan().IndexOfAnyInRange(HuggingFaceTokenizer.Guard, '\uFDEF') < 0
            ? text
            : text.Replace(HuggingFaceTokenizer.Guard, '\uFFFD')
                .Replace('\uFDEE', '\uFFFD')
                .Replace('\uFDEF', '\uFFFD');

    private static JsonObject Said(Message message, Func<string, bool, string> guarded) =>
        Said(
            message.Speaker.ToString().ToLowerInvariant(),
            guarded(message.Text, message.Speaker == Speaker.Assistant)
        );

    private static JsonObject Said(string role, string content) => new() { ["role"] = role, ["content"] = content };

    private sealed class OneDay : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }

    private string After(string rendered)
    {
        var at = rendered.LastIndexOf(Mark, StringComparison.Ordinal);
        return at >= 0
            ? rendered[(at + Mark.Length)..]
            : throw new ArgumentException(
                $"{_place}: leaves out what was said, so a conversation cannot be continued. "
                    + "Use a template that says every message."
            );
    }
}
