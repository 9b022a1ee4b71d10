// arena eval: how good is what a run has learned? By games in every seat, and exactly where the tree can be walked.
using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Actors;
using AgentArena.Cli.Play;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Core.Scenarios;
using AgentArena.Games.Solving;

namespace AgentArena.Cli.Commands;

internal static class EvalCommand
{
    private const int DefaultGames = 1000;
    private static readonly JsonSerializerOptions Rows = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private sealed record Asked(
        string? Policy,
        string? Game,
        double? Temperature,
        string? With,
        int Games,
        ulong Seed,
        string[] Against,
        string? TableFile,
        bool Checkpoints,
        bool Json
    );

    public static Command Make(Door door)
    {
        var (run, config) = (Given.Run(), Given.Config());
        var policy = new Option<string?>("--policy")
        {
            Description = "The policy to measure, e.g. student or student@200 (default: the one that learns).",
            HelpName = "POLICY",
        };
        var game = new Option<string?>("--game")
        {
            Description = "Measure in this one of the scenario's games alone.",
            HelpName = "KEY",
        };
        var temperature = new Option<double?>("--temperature")
        {
            Description = "How its tokens are drawn; 0 takes the likeliest (default: as the scenario says).",
            HelpName = "T",
        };
        var with = new Option<string?>("--with")
        {
            Description = "Let it search before each move: mcts:200, or '{ name = mcts, simulations = 200 }'.",
            HelpName = "SEARCH",
        };
        var games = Given.Number<int>(
            "--games",
            $"Games against each opponent, shared evenly among the seats (default {DefaultGames}).",
            1
        );
        var seed = Given.Number<long>("--seed", "Seed of the games (default 1).", 0);
        var against = new Option<string[]>("--against")
        {
            Description =
                "A bot (random, '{ name = kuhn-nash, alpha = 0 }'), policy@version, or self. May be repeated (default: random).",
            HelpName = "OPPONENT",
            DefaultValueFactory = _ => [],
        };
        var table = new Option<string?>("--policy-table")
        {
            Description = "Write the policy as JSON, one row an information state.",
            HelpName = "FILE",
        };
        var checkpoints = new Option<bool>("--checkpoints")
        {
            Description =
                "Play the scenario's evaluation blocks with every kept checkpoint, and nothing else: a curve.",
        };
        var json = Given.Json("End with one JSON object on the last line.");
        var command = new Command(
            "eval",
            "Measure the newest checkpoint: games in every seat, exact values where the game allows them."
        )
        {
            run,
            policy,
            game,
            temperature,
            with,
            games,
            seed,
            against,
            table,
            checkpoints,
            config,
            json,
        };
        command.SetAction(parsed =>
        {
            var asked = new Asked(
                parsed.GetValue(policy),
                parsed.GetValue(game),
                parsed.GetValue(temperature),
                parsed.GetValue(with),
                parsed.GetValue(games) ?? DefaultGames,
                (ulong)(parsed.GetValue(seed) ?? 1),
                parsed.GetValue(against)!,
                parsed.GetValue(table),
                parsed.GetValue(checkpoints),
                parsed.GetValue(json)
            );
            Measure(RunReading.Open(parsed.GetValue(run)!, parsed.GetValue(config)), asked, door);
            return Exit.Done;
        });
        return command;
    }

    private static void Measure(RunReading run, Asked asked, Door door)
    {
        var say = asked.Json ? door.Error : door.Out;
        var name = asked.Policy
            ?? run.Ground.Learners.Concat(run.Ground.Modelled).FirstOrDefault()
            ?? throw new UserException(
                $"{run.Folder.Path}: no policy of this run has weights. Name one to measure with --policy."
            );
        var all = new JsonObject { ["run"] = run.Folder.Path };
        if (asked.Checkpoints && run.Ground.Scenario.Evaluation.IsEmpty)
            throw new UserException(
                $"--checkpoints: {run.Folder.ScenarioFile} has no evaluation blocks to play. Add evaluation {{ NAME {{ games = 256, temperature = 0 }} }} to the scenario before the run, or leave the option out."
            );
        if (EvaluationSuite.Play(run, name.Split('@')[0], asked.Checkpoints, say) is { Count: > 0 } rows)
            all["evaluation"] = rows;
        if (asked.Game is { } only && !run.Ground.Games.ContainsKey(only))
            throw new UserException($"--game: {DidYouMean.Unknown("game", only, run.Ground.Games.Keys)}");
        if (asked.Temperature is < 0)
            throw new UserException($"--temperature: is {asked.Temperature}; it should be 0 or more.");
        foreach (
            var (key, game) in asked.Checkpoints
                ? []
                : run.Ground.Games.Where(g =>
                    (asked.Game is null || g.Key == asked.Game) && Duel(run, g.Value, name.Split('@')[0])
                )
        )
        {
            var us = Ours(run, asked, name, key);
            say.WriteLine($"{us.Name} in {key}");
            var values = new JsonObject { ["policy"] = us.Name };
            var tables = game.Facts.Enumerable && !us.Searches ? new PolicyTable(run.Ground, GameTree.Of(game)) : null;
            var ours = tables?.Of(us);
            if (tables is not null)
                Exact(tables, ours!, values, say);
            else if (asked.TableFile is not null)
                throw new UserException(
                    $"--policy-table: {key} has too many information states to list. Leave the option out, or evaluate an enumerable game."
                );
            if (game.Facts.Enumerable && !us.Searches && us is { Model: not null, Spec.Temperature: 0 })
                Holes(run, game, us, values, say);
            if (asked.TableFile is { } file)
                File.WriteAllText(file, Listed(tables!.ToJson(ours!)));
            var results = new JsonArray();
            foreach (var opponent in asked.Against.Length > 0 ? asked.Against : ["random"])
                results.Add(
                    Against(
                        run,
                        key,
                        us,
                        opponent == "self" ? us : run.Contestant(opponent, key),
                        asked,
                        tables,
                        ours,
                        say
                    )
                );
            values["against"] = results;
            if (run.Ground.Games.Count == 1)
                foreach (var (k, v) in values.ToArray())
                    all[k] = v?.DeepClone();
            else
                ((JsonObject)(all["games"] ??= new JsonObject()))[key] = values;
        }
        if (
            !asked.Checkpoints
            && !all.ContainsKey("evaluation")
            && run.Ground.Games.Values.All(g => !Duel(run, g, name.Split('@')[0]))
        )
            say.WriteLine(
                $"nothing to measure: in every game of this run others than {name} have roles of their own, so it cannot take all seats. Give the scenario evaluation blocks: evaluation {{ NAME {{ games = 256 }} }}."
            );
        if (asked.TableFile is not null)
            say.WriteLine($"policy table: {asked.TableFile}");
        if (asked.Json)
            door.Out.WriteLine(all.ToJsonString(Rows));
    }

    private static Contestant Ours(RunReading run, Asked asked, string name, string key)
    {
        var us = run.Contestant(name, key);
        if (asked.Temperature is { } temperature)
            us = us with { Spec = us.Spec with { Temperature = temperature } };
        if (asked.With is not { } with)
            return us;
        if (us.Model is null)
            throw new UserException(
                $"--with: {us.Name} has no weights to search with. Name a policy that has a model."
            );
        var plain = with.Split(':');
        var plugin =
            plain is [var searcher, var number]
            && int.TryParse(number, CultureInfo.InvariantCulture, out var simulations)
                ? new Plugin(searcher, new JsonObject { ["simulations"] = simulations })
                : Plugins.Read(with, "--with");
        if (run.Ground.Catalog.Players.Create(plugin, "--with") is not Searcher looking)
            throw new UserException(
                $"--with: {plugin.Name} does not look ahead. Name a player that does: {string.Join(", ", run.Ground.Catalog.Players.Names)}."
            );
        us = us with { Name = $"{us.Name} with {with}", Player = looking };
        return looking.Misfit(run.Ground.Games[key]) is { } misfit ? throw new UserException($"--with: {misfit}") : us;
    }

    // Whoever moves the same way each time: the lines of play in which anybody at all could beat it, counted. A search
    // draws, so that its moves at one seed say nothing of the next.
    private static void Holes(RunReading run, Game game, Contestant us, JsonObject into, TextWriter say)
    {
        var perSeat = new JsonArray();
        for (var seat = 0; seat < game.Facts.Seats; seat++)
        {
            var lines = Lines.Against(game, seat, turns =>
                [.. us.Weights!.Of(run.Ground, turns).Select(p => Array.IndexOf(p, p.Max()))]
            );
            say.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  seat {seat}: loses {lines.Lost:#,0} of the {lines.All:#,0} lines any opponents could play against it (exhaustive)"
                )
            );
            perSeat.Add(
                new JsonObject
                {
                    ["seat"] = seat,
                    ["lines"] = lines.All,
                    ["lost"] = lines.Lost,
                }
            );
        }
        into["holes"] = perSeat;
    }

    // Games in which any policy can sit anywhere: one role, no tools.
    private static bool Duel(RunReading run, Game game, string policy) =>
        game.Facts.Roles.Distinct().Count() == 1
        || Enumerable
            .Range(0, game.Facts.Seats)
            .All(s => run.Ground.Scenario.PolicyAt(game.Facts.Roles[s], s) == policy);

    // Exact values of the policy at every seat against itself.
    private static void Exact(PolicyTable tables, double[][] ours, JsonObject into, TextWriter say)
    {
        var (tree, invariant) = (tables.Tree, CultureInfo.InvariantCulture);
        var value = tree.Values(ours);
        var best = Enumerable.Range(0, tree.Seats).Select(seat => tree.BestResponse(ours, seat).Value).ToArray();
        var conv = tree.NashConv(ours);
        (into["exploitability"], into["nash-conv"]) = (tree.Exploitability(ours), conv);
        into["value"] = new JsonArray([.. value.Select(v => JsonValue.Create(v))]);
        into["best-response"] = new JsonArray([.. best.Select(v => JsonValue.Create(v))]);
        say.WriteLine(
            string.Create(
                invariant,
                $"  exploitability {tree.Exploitability(ours):0.000000}   NashConv {conv:0.000000}   (exact, {tree.InformationStates.Length} information states)"
            )
        );
        for (var seat = 0; seat < tree.Seats; seat++)
            say.WriteLine(
                string.Create(
                    invariant,
                    $"  seat {seat}: value against itself {value[seat]:+0.0000;-0.0000;0}, a best response in its place wins {best[seat]:+0.0000;-0.0000;0}"
                )
            );
    }

    private static JsonObject Against(
        RunReading run,
        string key,
        Contestant us,
        Contestant them,
        Asked asked,
        PolicyTable? tables,
        double[][]? ours,
        TextWriter say
    )
    {
        var (game, invariant) = (run.Ground.Games[key], CultureInfo.InvariantCulture);
        var seats = game.Facts.Seats;
        var tallies = Enumerable.Range(0, seats).Select(_ => new Tally()).ToArray();
        var whole = new Tally();
        var games = Enumerable
            .Range(0, asked.Games)
            .Select(i => new RolloutGame(
                i,
                key,
                [.. Enumerable.Range(0, seats).Select(s => s == i % seats ? us : them)],
                []
            ));
        foreach (var episode in new Rollouts(run.Ground, asked.Seed).Play(games))
        {
            if (!episode.Outcome!.IsScored)
                throw new InvalidOperationException(
                    $"game {episode.Number} against {them.Name} failed: {episode.Outcome.Note}"
                );
            var (seat, payoffs) = ((int)(episode.Number % seats), episode.Outcome.Payoffs);
            var others = payoffs.Where((_, s) => s != seat).DefaultIfEmpty(0).Max();
            tallies[seat].Add(payoffs[seat], others);
            whole.Add(payoffs[seat], others);
        }
        var exact = tables is null || !Tabular(us) || !Tabular(them) ? null : Expected(tables, ours!, them);
        say.WriteLine($"  against {them.Name}:");
        var perSeat = new JsonArray();
        for (var seat = 0; seat < seats; seat++)
        {
            say.WriteLine(
                $"    seat {seat}: {Words(tallies[seat])}{(exact is null ? "" : string.Create(invariant, $"   exact {exact[seat]:+0.0000;-0.0000;0}"))}"
            );
            var row = ToJson(tallies[seat]);
            row["seat"] = seat;
            if (exact is not null)
                row["exact"] = exact[seat];
            perSeat.Add(row);
        }
        say.WriteLine(
            $"    all:    {Words(whole)}{(exact is null ? "" : string.Create(invariant, $"   exact {exact.Average():+0.0000;-0.0000;0}"))}"
        );
        var result = ToJson(whole);
        result["opponent"] = them.Name;
        if (exact is not null)
            result["exact"] = exact.Average();
        result["seats"] = perSeat;
        return result;
    }

    // Exact expected payoff of ours at each seat with the opponent at all others.
    private static double[] Expected(PolicyTable tables, double[][] ours, Contestant them)
    {
        var theirs = tables.Of(them);
        return
        [
            .. Enumerable
                .Range(0, tables.Tree.Seats)
                .Select(seat => tables.Tree.Values(tables.Tree.Join(ours, seat, theirs))[seat]),
        ];
    }

    // The played policy is the table's only where tokens are drawn as they are, or the likeliest is taken.
    private static bool Tabular(Contestant who) =>
        !who.Searches && who.Spec is { Temperature: 0 or 1, TopK: 0, TopP: 1 };

    private static string Words(Tally t) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{t.Games} games, {t.Wins} won, {t.Draws} drawn, {t.Losses} lost, mean {t.Mean:+0.0000;-0.0000;0} ± {t.Margin:0.0000} (95 %)"
        );

    private static JsonObject ToJson(Tally t) =>
        new()
        {
            ["games"] = t.Games,
            ["wins"] = t.Wins,
            ["draws"] = t.Draws,
            ["losses"] = t.Losses,
            ["mean"] = t.Mean,
            ["confidence-95"] = double.IsNaN(t.Margin) ? null : new JsonArray(t.Mean - t.Margin, t.Mean + t.Margin),
        };

    private static string Listed(JsonArray rows) =>
        "[\n" + string.Join(",\n", rows.Select(r => "  " + r!.ToJsonString(Rows))) + "\n]\n";
}
