// arena read: what a game makes of replies, without playing it.
using System.CommandLine;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Roles;

namespace AgentArena.Cli.Commands;

internal static class ReadCommand
{
    private const string Moves = "moves",
        Refusals = "refusals";

    public static Command Make(Door door)
    {
        var game = new Argument<string>("GAME") { Description = "A game's name, or { name = …, its options }." };
        var file = RowsOf.File("reply, and optionally moves played before it, truncated, seat, seed, format");
        var format = new Option<string?>("--format")
        {
            Description = "How answers are marked: plain, boxed, tag or whole (default: as each reply marks its own).",
            HelpName = "FORMAT",
        };
        var tag = new Option<string?>("--tag")
        {
            Description = "The tag of format tag (default answer).",
            HelpName = "NAME",
        };
        var plugins = Given.Plugins();
        var command = new Command("read", "Read replies as moves of a game: a line of JSON each, with move or refusal.")
        {
            game,
            plugins,
            file,
            format,
            tag,
        };
        command.SetAction(parsed =>
        {
            var rules = Plugins.Create(Given.Catalog(parsed.GetValue(plugins)!).Games, parsed.GetValue(game)!, "game");
            var reader = new ReplyReader(
                rules,
                Format(parsed.GetValue(format)),
                parsed.GetValue(tag) ?? Core.Roles.Answer.Tag
            );
            return RowsOf.Answer(
                door,
                parsed.GetValue(file)!,
                row =>
                {
                    var (reading, fault) = reader.Read(row);
                    if (fault is not null)
                        return (null, "", fault);
                    return reading.Move is { } move
                        ? (new JsonObject { ["move"] = move.Text }, Moves, null)
                        : (new JsonObject { ["refusal"] = reading.Fault }, Refusals, null);
                },
                Moves,
                Refusals
            );
        });
        return command;
    }

    private static AnswerFormat? Format(string? name) =>
        name is null
            ? null
            : Enum.GetValues<AnswerFormat>()
                .Cast<AnswerFormat?>()
                .FirstOrDefault(f => OptionsBinder.Kebab(f.ToString()!) == name)
                ?? throw new ScenarioException([
                    new Mistake(
                        "--format",
                        DidYouMean.Unknown("format", name, Enum.GetNames<AnswerFormat>().Select(OptionsBinder.Kebab))
                    ),
                ]);
}
