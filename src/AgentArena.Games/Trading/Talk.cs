// What a negotiator's message asks for: tokens in brackets among free words. Reads in one pass, guesses nothing, knows
// no state of the game.
using System.Collections.Immutable;
using System.Globalization;

namespace AgentArena.Games.Trading;

/// <summary>A proposed trade: amounts per resource, given by the one who offers, and wanted in return.</summary>
public sealed record Offer(int From, ImmutableArray<int> Gives, ImmutableArray<int> Wants);

/// <summary>The tokens of a message. <see cref="Fault"/> says what is wrong with them, worded for the player.</summary>
/// <param name="Accepts">Holds <c>[Accept]</c>.</param>
/// <param name="Denies">Holds <c>[Deny]</c>.</param>
/// <param name="Gives">Amounts given by its last offer; default where it makes none.</param>
/// <param name="Wants">Amounts wanted.</param>
/// <param name="Fault">Null where the tokens can be read.</param>
internal readonly record struct Talk(
    bool Accepts,
    bool Denies,
    ImmutableArray<int> Gives,
    ImmutableArray<int> Wants,
    string? Fault
)
{
    private const int LongestAmount = 6;
    private static readonly string[] Prefixes = ["i give", "i offer", "you give"],
        Connectives = ["and", "plus"];
    private const string Shape =
        "Write it as [Offer: 3 Wood, 2 Gold -> 5 Wood], with whole amounts of at least 1 on both sides.";

    public bool Offers => !Gives.IsDefault;

    public static Talk Of(string message, ImmutableArray<string> resources)
    {
        var (accepts, denies) = (false, false);
        string? last = null;
        for (var open = message.IndexOf('['); open >= 0; )
        {
            var close = message.AsSpan(open + 1).IndexOfAny('[', ']');
            var next = close < 0 ? message.Length : open + 1 + close;
            var token = message[(open + 1)..next].Trim();
            var whole = close >= 0 && message[next] == ']';
            if (whole && token.Equals("accept", StringComparison.OrdinalIgnoreCase))
                accepts = true;
            else if (whole && token.Equals("deny", StringComparison.OrdinalIgnoreCase))
                denies = true;
            else if (token.StartsWith("offer", StringComparison.OrdinalIgnoreCase))
                last = whole ? token : "";
            open =
                next >= message.Length ? -1
                : message[next] == '[' ? next
                : message.IndexOf('[', next);
        }
        if (accepts && denies)
            return Bad("The message both accepts and denies. Choose one.");
        if (last is null)
            return new Talk(accepts, denies, default, default, null);
        var offer = last.AsSpan(Math.Min(last.Length, "offer".Length));
        if (offer.IsEmpty || offer[0] != ':' && !char.IsWhiteSpace(offer[0]))
            return Bad($"The offer could not be read. {Shape}");
        var sides = offer.TrimStart().TrimStart(':').ToString().Split("->");
        if (sides.Length != 2)
            return Bad($"The offer needs one arrow between what you give and what you want. {Shape}");
        var gives = Side(sides[0], resources);
        var wants = Side(sides[1], resources);
        return gives.IsDefault || wants.IsDefault
            ? Bad($"The offer could not be read. {Shape} The resources are {string.Join(", ", resources)}.")
            : new Talk(accepts, denies, gives, wants, null);

        static Talk Bad(string fault) => new(false, false, default, default, fault);
    }

    /// <summary>An offer in the shape that is read back.</summary>
    public static string Print(ImmutableArray<int> gives, ImmutableArray<int> wants, ImmutableArray<string> resources)
    {
        return $"[Offer: {Side(gives)} -> {Side(wants)}]";

        string Side(ImmutableArray<int> amounts) =>
            string.Join(
                ", ",
                resources
                    .Select((name, r) => (name, amount: amounts[r]))
                    .Where(x => x.amount > 0)
                    .Select(x => string.Create(CultureInfo.InvariantCulture, $"{x.amount} {x.name}"))
            );
    }

    // Pairs of an amount and a resource with nothing between them but what may stand in a list. Anything else could
    // change what is offered.
    private static ImmutableArray<int> Side(string text, ImmutableArray<string> resources)
    {
        var amounts = new int[resources.Length];
        foreach (var prefix in Prefixes)
            if (text.TrimStart().StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                text = text.TrimStart()[prefix.Length..];
        foreach (var mark in ",;+&")
            text = text.Replace(mark, ' ');
        var words = text.TrimEnd('.', ',', '!', '?', ' ')
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(w => !Connectives.Contains(w, StringComparer.OrdinalIgnoreCase))
            .ToArray();
        if (words.Length == 0 || words.Length % 2 != 0)
            return default;
        for (var i = 0; i < words.Length; i += 2)
        {
            var (number, name) = (words[i], words[i + 1]);
            if (
                number.Length > LongestAmount
                || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
                || amount < 1
            )
                return default;
            var resource = -1;
            for (var r = 0; r < resources.Length; r++)
                if (
                    name.Equals(resources[r], StringComparison.OrdinalIgnoreCase)
                    || name.Equals(resources[r] + "s", StringComparison.OrdinalIgnoreCase)
                )
                    resource = r;
            if (resource < 0 || (amounts[resource] += amount) > 10_000_000)
                return default;
        }
        return [.. amounts];
    }
}
