// A finished or running run as commands read it: scenario, rules, journal, weights. Writes nothing into it.
using System.Globalization;
using AgentArena.Actors;
using AgentArena.Actors.Journal;
using AgentArena.Cli.Scenarios;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using Akka.Configuration;

namespace AgentArena.Cli.Play;

/// <summary>A run's folder, opened for reading.</summary>
internal sealed class RunReading
{
    private readonly Config _machine;
    private readonly PolicyModels _models;

    private RunReading(RunFolder folder, BoundScenario ground, Config machine) =>
        (Folder, Ground, _machine, _models) = (folder, ground, machine, new PolicyModels(ground));

    /// <summary>Where it lies.</summary>
    public RunFolder Folder { get; }

    /// <summary>Its scenario, bound.</summary>
    public BoundScenario Ground { get; }

    /// <summary>Opens a run.</summary>
    /// <exception cref="UserException">It is missing or no run.</exception>
    public static RunReading Open(string path, string? config)
    {
        var folder = RunFolder.Open(path);
        var ground = ScenarioReader.Read(folder.ScenarioFile, Overrides.None);
        return new RunReading(folder, ground, Machine.Read(config, folder));
    }

    /// <summary>Its journal, as it was written.</summary>
    public JournalReader Journal() => JournalReader.Open(Folder, _machine);

    /// <summary>Its journal, each game with what rewards want to know of it.</summary>
    public JournalReader Games() => Ground.NeedsLogProbs ? Journal().WithMeasurements() : Journal();

    /// <summary>One game.</summary>
    /// <exception cref="UserException">The run has no such game.</exception>
    public Episode Episode(long number)
    {
        using var journal = Games();
        var events = journal.ReadGame(number);
        return new Episode(number, RulesOf(number, events[0]), events);
    }

    /// <summary>The rules that a game's first event names.</summary>
    public Game RulesOf(long number, GameEvent first) =>
        first is GameStarted started && Ground.Games.TryGetValue(started.Game, out var game)
            ? game
            : throw new InvalidDataException(
                $"game {number}: its first event names no game of this run's scenario. The journal was altered or belongs to another run."
            );

    /// <summary>
    /// A contestant as the command line names it: a policy of the run (<c>student</c>, its newest weights), one version
    /// of it (<c>student@200</c>), or a bot.
    /// </summary>
    /// <exception cref="UserException">Unknown, or without weights.</exception>
    public Contestant Contestant(string name, string game)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        var policy = at < 0 ? name : name[..at];
        var policies = Ground.Scenario.Policies;
        if (policies.TryGetValue(policy, out var spec))
        {
            var player = Ground.Players[policy];
            if (player is RemotePlayer or PersonPlayer or ToolPlayer)
                throw new UserException(
                    $"{policy}: is no policy that can be measured here. Name one with weights or a bot; a remote model or a person plays in a run."
                );
            if (!player.NeedsWeights)
                return new Contestant(policy, player, spec);
            var weights = Ground.Scenario.WeightsOf(policy);
            var folder = at < 0 ? NewestOrFirst(weights) : Version(weights, name[(at + 1)..]);
            var model = _models.Load(weights, folder);
            return new Contestant(FrozenPolicy.Name(policy, model.Version), player, spec, model);
        }
        var plugin = Commands.Plugins.Read(name, "--against");
        var players = Ground.Catalog.Players;
        if (!players.Knows(plugin.Name))
            throw new UserException(
                $"--against: {DidYouMean.Unknown("opponent", plugin.Name, [.. players.Names, .. policies.Keys, "self"])} A policy's older weights are named policy@version."
            );
        // A bot that solves the game plays this run's game unless told otherwise.
        if (
            players[plugin.Name].OptionsType.GetProperty("Game")?.PropertyType == typeof(Plugin)
            && !plugin.Options.ContainsKey("game")
        )
            plugin.Options["game"] = Block(Ground.Scenario.AllGames[game].Rules);
        return players.Create(plugin, "--against") is Bot bot
            ? new Contestant(plugin.Name, bot, new PolicySpec { Player = plugin })
            : throw new UserException(
                $"--against: {plugin.Name} needs more than a name: weights, a tool, an address or a person. Name a bot, or a policy of the scenario."
            );
    }

    /// <summary>
    /// A policy's model with the weights of one of the run's checkpoint folders; null for those it began with.
    /// </summary>
    public ILanguageModel Load(string policy, string? folder) => _models.Load(policy, folder);

    /// <summary>The model of a policy that does not learn: its weights are those its scenario names.</summary>
    public ILanguageModel Frozen(string policy) => _models.Create(policy);

    /// <summary>The folder of a policy's newest checkpoint.</summary>
    /// <exception cref="UserException">There is none.</exception>
    public string Newest(string policy) =>
        CheckpointFolder.Newest(Folder.CheckpointsOf(policy))
        ?? throw new UserException(
            $"{Folder.CheckpointsOf(policy)}: holds no checkpoint yet. Let the run reach its first (every {Ground.Scenario.Run.CheckpointEvery} updates), or stop it with Ctrl-C, which writes one."
        );

    /// <summary>
    /// The folder of the weights a policy played with last: its newest checkpoint, or null for those it began with,
    /// where it does not learn.
    /// </summary>
    /// <exception cref="UserException">It learns, and there is no checkpoint.</exception>
    public string? NewestOrFirst(string policy) =>
        Ground.Scenario.Policies[policy].Train ? Newest(policy) : CheckpointFolder.Newest(Folder.CheckpointsOf(policy));

    private string Version(string policy, string version)
    {
        var parent = Folder.CheckpointsOf(policy);
        var kept = Directory.Exists(parent)
            ? Directory
                .EnumerateDirectories(parent)
                .Select(d => Path.GetFileName(d)!.TrimStart('v'))
                .Where(d => d.All(char.IsAsciiDigit))
                .Order(StringComparer.Ordinal)
                .ToArray()
            : [];
        return Array.Find(kept, k => k.TrimStart('0') == version.TrimStart('0')) is { } found
            ? Path.Combine(parent, "v" + found)
            : throw new UserException(
                $"{policy}@{version}: no such checkpoint in {parent}. Kept: {string.Join(", ", kept.Select(k => $"{policy}@{(k.TrimStart('0') is { Length: > 0 } n ? n : "0")}"))}."
            );
    }

    private static System.Text.Json.Nodes.JsonObject Block(Plugin plugin)
    {
        var block = (System.Text.Json.Nodes.JsonObject)plugin.Options.DeepClone();
        block["name"] = plugin.Name;
        return block;
    }
}
