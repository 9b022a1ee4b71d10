// Replies as rows of data, read as moves of a game: what a scenario's player would make of them. Plays what was played
// before, judges nothing.
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Core.Data;
using AgentArena.Core.Play;

namespace AgentArena.Core.Roles;

/// <summary>
/// Reads rows of <c>reply</c>, optionally with <c>moves</c> that were played before it (chance moves where they are
/// given, else drawn from <c>seed</c>), <c>truncated</c>, the <c>seat</c> that answers where several are asked at once,
/// and <c>format</c>.
/// </summary>
/// <param name="game">The rules.</param>
/// <param name="format">
/// How answers are marked where a row does not say; unset: by a box, else by a tag, else on the last line, or, where
/// any words may be an answer, by nothing.
/// </param>
/// <param name="tag">The tag.</param>
public sealed class ReplyReader(Game game, AnswerFormat? format = null, string tag = Answer.Tag)
{
    private readonly Dictionary<AnswerFormat, PlayerRole> _players = [];

    /// <summary>The move that a row's reply is or why it is none; or what is wrong with the row itself.</summary>
    public (Reading Reading, string? Fault) Read(JsonObject row)
    {
        if (row["reply"] is { } said && !(said is JsonValue value && value.TryGetValue<string>(out _)))
            return Bad("reply is no text. Give what the model said as a text, or null where it said nothing.");
        if (!row.ContainsKey("reply"))
            return Bad($"lacks reply. It has {DataField.Named(row)}. Give what the model said as reply.");
        if (!Whole(row["seed"], 0, out var seed))
            return Bad("seed is no whole number.");
        if (!Whole(row["seat"], -1, out var seat))
            return Bad("seat is no whole number.");
        if (!Switch(row["truncated"], out var truncated))
            return Bad("truncated is neither true nor false.");
        if (row["format"] is { } named && !Enum.TryParse<AnswerFormat>(named.ToString(), ignoreCase: true, out _))
            return Bad("format is none of plain, boxed, tag, whole.");
        if (row["moves"] is not (null or JsonArray))
            return Bad("moves is no list. Give the moves before the reply as [\"…\", …].");
        if (Position(row["moves"] as JsonArray ?? [], (ulong)seed, out var state) is { } illegal)
            return Bad(illegal);
        var open = game.Turns(state!);
        if (open.IsEmpty)
            return Bad("The game is over after these moves, so that nobody is asked for a reply.");
        if ((seat < 0 ? open[0] : open.FirstOrDefault(t => t.Seat == seat)) is not { } turn)
            return Bad(
                $"seat {seat} is not asked here; asked are {string.Join(", ", open.Select(t => t.Seat).Distinct())}."
            );
        var reply = row["reply"]?.ToString() ?? "";
        var marked = row["format"] is { } by
            ? Enum.Parse<AnswerFormat>(by.ToString(), ignoreCase: true)
            : format ?? Marked(reply, turn);
        var reading = PlayerOf(marked).Read(game, turn, reply, truncated);
        return (
            reading.Move is { } move && game.Check(state!, turn, move) is { } fault ? Reading.None(fault) : reading,
            null
        );
    }

    // The state before the reply; null where all moves could be played.
    private string? Position(JsonArray moves, ulong seed, out GameState? state)
    {
        state = game.Start(new GameSetup(seed));
        var stream = new RandomStream(RandomStream.Derive(seed, "chance"));
        for (var i = 0; i < moves.Count; i++)
        {
            var text = moves[i]?.ToString() ?? "";
            if (game.Turns(state) is [{ IsChance: true } chance])
            {
                if (chance.Legal.Contains(text))
                {
                    state = game.Play(state, chance, new Move(text));
                    continue;
                }
                game.Settle(ref state, ref stream);
            }
            if (game.Turns(state) is not [var turn, ..])
                return $"moves[{i}]: '{Short(text)}' comes after the game's end. Leave it out.";
            if (game.Read(turn, text) is not { } move)
                return $"moves[{i}]: '{Short(text)}' is no move here.{(turn.HasLegal ? $" Legal: {turn.LegalText}." : "")}";
            if (game.Check(state, turn, move) is { } fault)
                return $"moves[{i}]: {fault}";
            state = game.Play(state, turn, move);
        }
        game.Settle(ref state, ref stream);
        return null;
    }

    private AnswerFormat Marked(string reply, Turn turn) =>
        ReplyText.Answer(AnswerFormat.Boxed, reply, !turn.HasLegal, tag) is not null ? AnswerFormat.Boxed
        : ReplyText.Answer(AnswerFormat.Tag, reply, !turn.HasLegal, tag) is not null ? AnswerFormat.Tag
        : turn.HasLegal ? AnswerFormat.Plain
        : AnswerFormat.Whole;

    private PlayerRole PlayerOf(AnswerFormat marked) =>
        _players.TryGetValue(marked, out var player)
            ? player
            : _players[marked] = new PlayerRole(
                new()
                {
                    Format = marked,
                    Tag = tag,
                    Constrained = false,
                }
            );

    private static (Reading, string?) Bad(string fault) => (default, fault);

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static bool Whole(JsonNode? node, int otherwise, out int number)
    {
        number = otherwise;
        return node is null
            || node is JsonValue
                && int.TryParse(node.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static bool Switch(JsonNode? node, out bool on)
    {
        on = node?.ToString() is "true" or "True" or "1";
        return node is null || on || node.ToString() is "false" or "False" or "0";
    }
}
