// arena export: a run's games as rows for other programs. A fold of the journal; needs no model.
using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Actors;
using AgentArena.Actors.Journal;
using AgentArena.Cli.Play;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Play;

namespace AgentArena.Cli.Commands;

internal static class ExportCommand
{
    private static readonly string[] Formats = ["jsonl", "chat", "preferences", "sft"];

    public static Command Make(Door door)
    {
        var (run, config) = (Given.Run(), Given.Config());
        var format = new Option<string>("--format")
        {
            Description =
                "jsonl (one game a line, all events), chat (one seat's conversation a line), sft (chat of the seats that won), preferences (the better and the worse answer to one question).",
            HelpName = "FORMAT",
            Required = true,
        };
        var file = new Option<string?>("--out")
        {
            Description = "A file to write (default: standard output).",
            HelpName = "FILE",
        };
        var command = new Command("export", "Write a run's games as JSON lines.") { run, format, file, config };
        command.SetAction(parsed =>
        {
            var asked = parsed.GetValue(format)!;
            if (!Formats.Contains(asked))
                throw new UserException($"--format: {DidYouMean.Unknown("format", asked, Formats)}");
            var reading = RunReading.Open(parsed.GetValue(run)!, parsed.GetValue(config));
            if (parsed.GetValue(file) is not { } path)
                Write(reading, asked, door.Out);
            else
                AtomicFile.Write(path, to => door.Error.WriteLine($"{Write(reading, asked, to)} lines in {path}"));
            return Exit.Done;
        });
        return command;
    }

    private static long Write(RunReading reading, string format, TextWriter to)
    {
        var lines = 0L;
        using var journal = reading.Games();
        var pairs = new Preferences(reading.Ground);
        foreach (var (number, events) in journal.ReadGames())
        {
            var episode = new Episode(number, reading.RulesOf(number, events[0]), events);
            Put(
                format switch
                {
                    "jsonl" => [Whole(episode)],
                    "preferences" => pairs.Take(episode),
                    _ => Chats(reading, episode, winnersOnly: format == "sft"),
                }
            );
        }
        Put(pairs.Rest());
        return lines;

        void Put(IEnumerable<JsonObject> rows)
        {
            foreach (var row in rows)
            {
                to.WriteLine(row.ToJsonString(EventJson.Options));
                lines++;
            }
        }
    }

    private static JsonObject Whole(Episode episode) =>
        new() { ["number"] = episode.Number, ["events"] = new JsonArray([.. episode.Events.Select(EventJson.ToJson)]) };

    private static IEnumerable<JsonObject> Chats(RunReading reading, Episode episode, bool winnersOnly)
    {
        if (episode.Outcome is not { IsScored: true } outcome)
            yield break;
        for (var seat = 0; seat < episode.Game.Facts.Seats; seat++)
        {
            if (winnersOnly && outcome.Payoffs[seat] <= 0)
                continue;
            var role = reading.Ground.RoleOf(episode.Started.Seats[seat], episode.Game.Facts.Roles[seat]);
            var messages = new JsonArray();
            foreach (var step in episode.Steps.Where(s => s.Turn.Seat == seat && s.Said is not null))
            {
                ImmutableArray<Message> asked = role.Render(step.Turn, first: messages.Count == 0);
                // A role that forgets begins each turn anew; its turns are conversations of their own.
                if (!role.Remembers && messages.Count > 0)
                {
                    yield return Row(episode, seat, messages);
                    messages = [];
                }
                foreach (var (speaker, text) in asked)
                    messages.Add(Message(OptionsBinder.Kebab(speaker.ToString()), text));
                messages.Add(Message("assistant", step.Said!.Text));
            }
            if (messages.Count > 0)
                yield return Row(episode, seat, messages);
        }
    }

    private static JsonObject Message(string role, string text) => new() { ["role"] = role, ["content"] = text };

    private static JsonObject Row(Episode episode, int seat, JsonArray messages) =>
        new()
        {
            ["game"] = episode.Number,
            ["seat"] = seat,
            ["policy"] = episode.Started.Seats[seat],
            ["payoff"] = episode.Outcome!.Payoffs[seat],
            ["messages"] = messages,
        };
}
