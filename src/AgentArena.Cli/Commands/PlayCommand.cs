// arena play: a person takes a seat. The game is a run of its own, recorded and resumable as any other.
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Actors;
using AgentArena.Cli.Play;
using AgentArena.Cli.Scenarios;
using AgentArena.Core;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;

namespace AgentArena.Cli.Commands;

internal static class PlayCommand
{
    public static Command Make(Door door)
    {
        var config = Given.Config();
        var from = new Argument<string>("SCENARIO|RUN")
        {
            Description =
                "A scenario file, a run's folder (its newest weights play), or the folder of a game you left.",
        };
        var seat = Given.Number<int>("--seat", "Where you sit (default 0).", 0);
        var game = new Option<string?>("--game")
        {
            Description = "Which of the scenario's games (default: the first).",
            HelpName = "KEY",
        };
        var games = Given.Number<int>("--games", "How many games, one after another (default 1).", 1);
        var seed = Given.Number<long>(
            "--seed",
            "Seed of chance and of the others' replies (default: another each time).",
            0
        );
        var folder = new Option<string?>("--out")
        {
            Description = "The folder the game is kept in (default: runs/play-NAME, numbered where it exists).",
            HelpName = "DIR",
        };
        var command = new Command(
            "play",
            "Take a seat in a game: type moves; 'moves' lists what is legal, 'quit' leaves."
        )
        {
            from,
            seat,
            game,
            games,
            seed,
            folder,
            config,
        };
        command.SetAction(
            (parsed, _) =>
            {
                var path = parsed.GetValue(from)!;
                var source = Directory.Exists(path) ? RunFolder.Open(path) : null;
                var ground = ScenarioReader.Read(source?.ScenarioFile ?? ScenarioReader.Find(path), Overrides.None);
                if (source is not null && ground.Players.Values.Any(p => p is PersonPlayer))
                    return Sit(door, ground, source, Machine.Read(parsed.GetValue(config), source), resume: true);
                var tree = PlayScenario.Of(
                    ground,
                    parsed.GetValue(game),
                    parsed.GetValue(seat) ?? 0,
                    parsed.GetValue(games) ?? 1,
                    parsed.GetValue(seed) ?? Drawn(),
                    policy => source is null ? null : CheckpointFolder.Newest(source.CheckpointsOf(policy))
                );
                var run = RunFolder.Create(
                    parsed.GetValue(folder) ?? RunFolder.Free($"runs/play-{ground.Scenario.Name}")
                );
                AtomicFile.Write(run.ScenarioFile, ScenarioReader.Write(tree, path));
                Machine.Remember(run, parsed.GetValue(config));
                return Sit(
                    door,
                    ScenarioReader.Read(run.ScenarioFile, Overrides.None),
                    run,
                    Machine.Read(parsed.GetValue(config)),
                    resume: false
                );
            }
        );
        return command;
    }

    private static async Task<int> Sit(
        Door door,
        BoundScenario ground,
        RunFolder folder,
        Akka.Configuration.Config machine,
        bool resume
    )
    {
        var scenario = ground.Scenario;
        using var interrupts = new Interrupts(door.Error, folder.Path);
        door.Out.WriteLine(
            $"{scenario.Name}: you are {string.Join(" and ", scenario.Seats.Where(s => s.Value == PlayScenario.Person).Select(s => s.Key))} against {string.Join(", ", scenario.Seats.Where(s => s.Value != PlayScenario.Person).Select(s => $"{s.Value} ({s.Key})"))}. 'moves' lists what is legal, 'quit' leaves."
        );
        var result = await ArenaSystem
            .Run(
                new ArenaOptions
                {
                    Ground = ground,
                    Folder = folder,
                    CreateModel = new PolicyModels(ground).Create,
                    Resume = resume,
                    Config = machine,
                    Person = new TerminalPerson(door.In, door.Out),
                },
                interrupts.Stop
            )
            .ConfigureAwait(false);
        var (over, open) = Ends(RunReading.Open(folder.Path, null), door.Out);
        if (result.Reason != "done" && open)
            door.Out.WriteLine($"the game is kept as it stands. Go on with: ./arena play {folder.Path}");
        else if (over > 0)
            door.Out.WriteLine($"replay: ./arena replay {folder.Path} {over - 1}");
        return interrupts.Stop.IsCancellationRequested ? Exit.Stopped : Exit.Done;
    }

    // What became of the games; how many are over, and whether one is not.
    private static (int Over, bool Open) Ends(RunReading run, TextWriter to)
    {
        var (over, open) = (0, false);
        using var journal = run.Journal();
        foreach (var (number, events) in journal.ReadGames())
        {
            var episode = new Episode(number, run.RulesOf(number, events[0]), events);
            if (episode.Outcome is not { } outcome)
            {
                open |= events[^1] is not GameFailed;
                if (events[^1] is GameFailed failed)
                    to.WriteLine($"game {number} failed ({failed.Boundary}): {failed.Error}");
                continue;
            }
            over++;
            var payoffs = string.Join(
                ", ",
                outcome.Payoffs.Select(
                    (p, s) =>
                        string.Create(CultureInfo.InvariantCulture, $"{episode.Started.Seats[s]} {p:+0.##;-0.##;0}")
                )
            );
            to.WriteLine(
                $"game {number} {OptionsBinder.Kebab(outcome.Kind.ToString())}{(outcome.Note is { } note ? $": {note}" : "")}; {payoffs}"
            );
        }
        return (over, open);
    }

    private static long Drawn() =>
        (long)(RandomStream.Derive((ulong)Stopwatch.GetTimestamp(), "play", Environment.ProcessId) >> 33);
}
