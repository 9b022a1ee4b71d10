// arena run and arena resume: compose a run, watch it, sum it up. What a run is, the actors room knows.
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Actors;
using AgentArena.Cli.Scenarios;
using AgentArena.Cli.Views;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Scenarios;

namespace AgentArena.Cli.Commands;

internal static class RunCommand
{
    public static Command Make(Door door)
    {
        var (file, set, config, time) = (Given.Scenario(), Given.Set(), Given.Config(), Given.Time());
        var folder = new Option<string?>("--out")
        {
            Description = "The run's folder (default: runs/NAME-SEED, numbered where it exists).",
            HelpName = "DIR",
        };
        var seed = Given.Number<long>("--seed", "The run's seed.", 0);
        var updates = Given.Number<int>("--updates", "Updates of every learning policy.", 1);
        var json = Given.Json("End with one JSON object on the last line; progress goes to the error stream.");
        var preset = new Option<string?>("--preset")
        {
            Description = "paper or release, where a scenario's source has both and they differ (hocon/presets).",
            HelpName = "NAME",
        };
        var command = new Command("run", "Play and learn a scenario.")
        {
            file,
            preset,
            set,
            folder,
            seed,
            updates,
            time,
            config,
            json,
        };
        command.SetAction(
            (parsed, _) =>
            {
                var mistakes = new Mistakes();
                var path = ScenarioReader.Find(parsed.GetValue(file)!);
                var ground = ScenarioReader.Read(
                    path,
                    new Overrides(
                        parsed.GetValue(set)!,
                        parsed.GetValue(seed),
                        parsed.GetValue(updates),
                        mistakes,
                        parsed.GetValue(preset) is { } named ? Presets.Read(path, named, mistakes) : null
                    ),
                    mistakes
                );
                var machine = Machine.Read(parsed.GetValue(config));
                var run = RunFolder.Create(
                    parsed.GetValue(folder)
                        ?? RunFolder.Free(
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"runs/{ground.Scenario.Name}-{ground.Scenario.Seed}"
                            )
                        )
                );
                AtomicFile.Write(run.ScenarioFile, ScenarioReader.Write(ground.Scenario, path));
                Machine.Remember(run, parsed.GetValue(config));
                return Play(door, ground, run, machine, parsed.GetValue(time), parsed.GetValue(json), resume: false);
            }
        );
        return command;
    }

    public static Command MakeResume(Door door)
    {
        var (folder, config, time) = (Given.Run(), Given.Config(), Given.Time());
        var json = Given.Json("End with one JSON object on the last line; progress goes to the error stream.");
        var command = new Command("resume", "Go on with a run that was stopped or killed.")
        {
            folder,
            time,
            config,
            json,
        };
        command.SetAction(
            (parsed, _) =>
            {
                var run = RunFolder.Open(parsed.GetValue(folder)!);
                var ground = ScenarioReader.Read(run.ScenarioFile, Overrides.None);
                return Play(
                    door,
                    ground,
                    run,
                    Machine.Read(parsed.GetValue(config), run),
                    parsed.GetValue(time),
                    parsed.GetValue(json),
                    resume: true
                );
            }
        );
        return command;
    }

    private static async Task<int> Play(
        Door door,
        BoundScenario ground,
        RunFolder folder,
        Akka.Configuration.Config machine,
        TimeSpan? limit,
        bool json,
        bool resume
    )
    {
        var (scenario, models) = (ground.Scenario, new PolicyModels(ground));
        using var interrupts = new Interrupts(door.Error, folder.Path);
        var progress = json ? door.Error : door.Out;
        progress.WriteLine(
            $"{(resume ? "resuming" : "running")} {scenario.Name}, seed {scenario.Seed}, in {folder.Path}"
        );
        var history = new RunHistory();
        RunResult result;
        await using (var view = RunView.Of(history, progress, door.Terminal && !json))
        {
            result = await ArenaSystem
                .Run(
                    new ArenaOptions
                    {
                        Ground = ground,
                        Folder = folder,
                        CreateModel = models.Create,
                        Resume = resume,
                        TimeLimit = limit,
                        OnProgress = history.Note,
                        Config = machine,
                    },
                    interrupts.Stop
                )
                .ConfigureAwait(false);
        }
        var stopped = interrupts.Stop.IsCancellationRequested;
        Summary.Write(progress, result, history, folder.Path, goesOn: stopped || result.Reason == "time limit");
        if (json)
            door.Out.WriteLine(ToJson(result, folder.Path).ToJsonString());
        return stopped ? Exit.Stopped : Exit.Done;
    }

    private static JsonObject ToJson(RunResult result, string folder)
    {
        var seconds = result.Elapsed.TotalSeconds;
        var all = new JsonObject { ["run"] = folder, ["reason"] = result.Reason };
        if (result.Metrics.TryGetValue("exploitability", out var exploitability))
            all["exploitability"] = exploitability;
        (all["games"], all["updates"], all["seconds"]) = (result.Games, result.Updates, Math.Round(seconds, 3));
        all["games-per-second"] = seconds > 0 ? Math.Round(result.Games / seconds, 1) : 0;
        var metrics = new JsonObject();
        foreach (var (name, value) in result.Metrics)
            if (double.IsFinite(value))
                metrics[name] = value;
        all["metrics"] = metrics;
        return all;
    }
}
