// arena validate: is this scenario sound? Starts nothing.
using System.CommandLine;
using AgentArena.Cli.Scenarios;
using AgentArena.Core.Configuration;

namespace AgentArena.Cli.Commands;

internal static class ValidateCommand
{
    public static Command Make(Door door)
    {
        var (file, set) = (Given.Scenario(), Given.Set());
        var command = new Command("validate", "Check a scenario file and report every mistake at once.") { file, set };
        command.SetAction(parsed =>
        {
            var mistakes = new Mistakes();
            var path = ScenarioReader.Find(parsed.GetValue(file)!);
            var ground = ScenarioReader.Read(
                path,
                new Overrides(parsed.GetValue(set)!, null, null, mistakes),
                mistakes
            );
            var scenario = ground.Scenario;
            var games = string.Join(", ", scenario.AllGames.Keys);
            var policies = string.Join(", ", scenario.Policies.Select(p => p.Key + (p.Value.Train ? " (learns)" : "")));
            door.Out.WriteLine($"{path}: sound. {scenario.Name}: {games}; policies: {policies}.");
            return Exit.Done;
        });
        return command;
    }
}
