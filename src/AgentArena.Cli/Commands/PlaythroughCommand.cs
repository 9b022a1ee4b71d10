// arena playthrough: one game without any model, state by state.
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Cli.Scenarios;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;

namespace AgentArena.Cli.Commands;

internal static class PlaythroughCommand
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Make(Door door)
    {
        var game = new Argument<string>("GAME") { Description = "A game's name, or { name = …, its options }." };
        var seed = Given.Number<long>("--seed", "Seed of the moves that are drawn (default 0).", 0);
        var moves = new Option<string?>("--moves")
        {
            Description =
                "Moves in order, chance included, e.g. deal:K,deal:Q,check,bet,call. "
                + "Without it a random game is played.",
            HelpName = "a,b,c",
        };
        var json = Given.Json("Print JSON.");
        var plugins = Given.Plugins();
        var command = new Command("playthrough", "Play one game without any model and show every state.")
        {
            game,
            plugins,
            seed,
            moves,
            json,
        };
        command.SetAction(parsed =>
        {
            var mistakes = new Mistakes();
            var rules = Plugins.Create(Given.Catalog(parsed.GetValue(plugins)!).Games, parsed.GetValue(game)!, "game");
            var list = parsed
                .GetValue(moves)
                ?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var played = Playthrough.Run(rules, (ulong)(parsed.GetValue(seed) ?? 0), list);
            if (parsed.GetValue(json))
                door.Out.WriteLine(played.ToJson().ToJsonString(Readable));
            else
                door.Out.Write(played.ToText());
            return Exit.Done;
        });
        return command;
    }
}

/// <summary>Plug-ins named on the command line.</summary>
internal static class Plugins
{
    /// <summary>A bare name, or a block with options.</summary>
    /// <exception cref="ScenarioException">Unknown, or its options do not bind.</exception>
    public static Plugin Read(string text, string path)
    {
        var mistakes = new Mistakes();
        var value = HoconInput.Value(text, path, mistakes);
        mistakes.ThrowIfAny();
        var named = OptionsBinder.Bind<Named>(new JsonObject { ["it"] = value }, "", mistakes)!;
        foreach (var (_, fault) in mistakes.All)
            throw new ScenarioException([new Mistake(path, fault)]);
        return named.It!;
    }

    /// <summary>The plug-in that a text names.</summary>
    public static T Create<T>(Registry<T> registry, string text, string path)
        where T : class => registry.Create(Read(text, path), path);

    private sealed record Named
    {
        public Plugin? It { get; init; }
    }
}
