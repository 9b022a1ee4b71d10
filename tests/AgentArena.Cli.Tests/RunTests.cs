using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Actors.Journal;
using AgentArena.Actors.Tools;
using AgentArena.Cli.Play;
using AgentArena.Cli.Scenarios;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using AgentArena.Hocon;
using Microsoft.Data.Sqlite;

namespace AgentArena.Cli.Tests;

/// <summary>
/// From a scenario file to a run, its replay, its measures, its exports; with the model that has no weights, so in
/// seconds.
/// </summary>
public sealed class RunTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [MemberData(nameof(ScenarioTests.Scenarios), MemberType = typeof(ScenarioTests))]
    public void Every_scenario_runs_replays_and_betrays_an_altered_byte(string file)
    {
        var run = Play(file, updates: 3);
        var check = Arena.Invoke("replay", run, "--check");
        check.Error.ShouldBe("");
        check.Code.ShouldBe(0);
        check.Out.ShouldStartWith("sound: ");
        A_rollout_of_its_first_game_gives_the_same_events(run);

        var evaluation = Arena.Invoke("eval", run, "--checkpoints");
        if (ScenarioReader.Read(Path.Combine(run, "scenario.conf"), Overrides.None).Scenario.Evaluation.Count > 0)
            evaluation.Code.ShouldBe(0, evaluation.Error);
        else
            evaluation.Error.ShouldContain("has no evaluation blocks");

        // A bit of a row: any must be seen, and the games in it named.
        const string table = "table-0";
        using var journal = new SqliteConnection($"Data Source={Path.Combine(run, "journal.db")};Pooling=False");
        journal.Open();
        var seed = Environment.TickCount64;
        var stream = new RandomStream(RandomStream.Derive(1, "bytes", seed));
        var rows = Rows(journal, table);
        rows.ShouldNotBeEmpty();
        foreach (var (sequence, message) in rows.OrderBy(_ => stream.NextUInt64()).Take(4))
        {
            var other = (byte[])message.Clone();
            other[stream.Next(other.Length)] ^= (byte)(1 << stream.Next(8));
            Put(journal, table, sequence, other);
            var seen = Arena.Invoke("replay", run, "--check");
            seen.Code.ShouldBe(1, $"seed {seed}, row {sequence}");
            foreach (
                var game in ((TableRow)EventCodec.Read(message, "table-row.v1"))
                    .Events.Select(e => e.Game)
                    .Distinct()
                    .Take(40)
            )
                seen.Error.ShouldContain($"game-{game}");
            Put(journal, table, sequence, message);
        }
        Arena.Invoke("replay", run, "--check").Code.ShouldBe(0);
    }

    // The run's actors and a loop without any: one referee, the same words, streams and tools, so the same events.
    private static void A_rollout_of_its_first_game_gives_the_same_events(string run)
    {
        var reading = RunReading.Open(run, null);
        var ground = reading.Ground;
        using var journal = reading.Journal();
        var events = journal.ReadGame(0);
        var started = (GameStarted)events[0];
        var specs = started.Seats.Distinct().ToDictionary(s => s, s => ground.Scenario.Policies.GetValueOrDefault(s));
        if (specs.Any(s => s.Value is null || ground.Players[s.Key] is RemotePlayer or PersonPlayer))
            return; // a frozen version, or somebody who does not repeat
        var tools = Waiting.For(Toolbox.StartAsync(ground, CancellationToken.None));
        var models = new Dictionary<string, ILanguageModel>();
        try
        {
            ImmutableArray<Contestant> seats = [.. started.Seats.Select(Sit)];
            var again = new Rollouts(ground, (ulong)ground.Scenario.Seed)
                .Play([new RolloutGame(0, started.Game, seats, [started])])
                .Single();
            InTurn(again.Events).ShouldBe(InTurn(events), "a rollout of game 0 differs from the run's");
        }
        finally
        {
            foreach (var model in models.Values)
                model.Dispose();
            Waiting.For(tools.DisposeAsync());
        }

        // Seats that are asked at once may answer in any order; what they say is the same.
        static IEnumerable<string> InTurn(IEnumerable<GameEvent> events) =>
            events
                .OrderBy(e =>
                    e switch
                    {
                        MoveMade made => made.Turn,
                        MoveRefused refused => refused.Turn,
                        GameStarted => -1,
                        _ => int.MaxValue,
                    }
                )
                .Select(e => EventJson.ToJson(e).ToJsonString());

        Contestant Sit(string policy)
        {
            var player = ground.Players[policy];
            if (!player.NeedsWeights)
                return new Contestant(policy, player, specs[policy]!) { Tool = tools.Tools.GetValueOrDefault(policy) };
            var weights = ground.Scenario.WeightsOf(policy);
            if (!models.TryGetValue(weights, out var model))
                models.Add(weights, model = reading.Load(weights, null));
            return new Contestant(policy, player, specs[policy]!, model);
        }
    }

    [Fact]
    public void A_run_ends_with_one_json_object_and_a_folder_that_explains_itself()
    {
        var outcome = Run("kuhn-poker.conf", "run", updates: 4, "--json");
        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Out.TrimEnd().Split('\n').Length.ShouldBe(1);
        var result = JsonNode.Parse(outcome.LastLine)!;
        (
            result["updates"]!.GetValue<int>(),
            result["games"]!.GetValue<long>(),
            result["reason"]!.GetValue<string>()
        ).ShouldBe((4, 32, "done"));
        result["exploitability"]!.GetValue<double>().ShouldBe(0.458333333, 1e-6);
        var run = result["run"]!.GetValue<string>();
        foreach (var part in new[] { "journal.db", "scenario.conf", "metrics.jsonl", "checkpoints/student" })
            Path.Exists(Path.Combine(run, part)).ShouldBeTrue(part);
        var status = Arena.Invoke("status", run);
        status.Out.ShouldContain("ended: done");
        status.Out.ShouldContain("games: 32 finished, 0 open");
        status.Out.ShouldContain("student@4 of 4 updates");
    }

    [Fact]
    public void Eval_measures_in_every_seat_and_exactly()
    {
        var run = Play("kuhn-poker.conf", updates: 2);
        var table = _temp.In("table.json");
        var outcome = Arena.Invoke(
            "eval",
            run,
            "--games",
            "4000",
            "--against",
            "random",
            "--against",
            "{ name = kuhn-nash, alpha = 0 }",
            "--against",
            "student@2",
            "--against",
            "cfr",
            "--policy-table",
            table,
            "--json"
        );
        outcome.Code.ShouldBe(0, outcome.Error);
        var result = JsonNode.Parse(outcome.LastLine)!;
        result["exploitability"]!.GetValue<double>().ShouldBe(11 / 24.0, 1e-9);
        result["value"]![0]!.GetValue<double>().ShouldBe(0.125, 1e-9);
        foreach (var against in result["against"]!.AsArray())
        foreach (var seat in against!["seats"]!.AsArray())
        {
            seat!["games"]!.GetValue<int>().ShouldBe(2000);
            // Twice the 95 % interval: wrong once in ten thousand, and the seed is fixed.
            var (low, high) = (
                seat["confidence-95"]![0]!.GetValue<double>(),
                seat["confidence-95"]![1]!.GetValue<double>()
            );
            seat["exact"]!.GetValue<double>().ShouldBe((low + high) / 2, high - low);
        }
        var rows = JsonNode.Parse(File.ReadAllText(table))!.AsArray();
        rows.Count.ShouldBe(12);
        rows.Single(r => r!["information-state"]!.GetValue<string>() == "K|check,bet")!["probabilities"]!["call"]!
            .GetValue<double>()
            .ShouldBe(0.5);
        rows.Count(r => r!["seat"]!.GetValue<int>() == 0).ShouldBe(6);
    }

    [Fact]
    public void A_game_is_shown_scored_and_branched_and_the_journal_stays_as_it_is()
    {
        var run = Play("kuhn-poker.conf", updates: 2);
        var before = File.ReadAllBytes(Path.Combine(run, "journal.db"));
        var shown = Arena.Invoke("replay", run, "3", "--reward", "{ name = payoff, scale = 10 }");
        shown.Code.ShouldBe(0, shown.Error);
        shown.Out.ShouldStartWith("game 3: kuhn-poker, seed ");
        shown.Out.ShouldContain("student@0 said: ");
        shown.Out.ShouldContain("[p = 0.5");
        shown.Out.ShouldMatch("seat 0 -?[12]0, seat 1 -?[12]0");
        var branched = Arena.Invoke("replay", run, "3", "--branch", "1", "--seed", "5");
        branched.Code.ShouldBe(0, branched.Error);
        branched.Out.ShouldContain("student@2 said: ");
        branched.Out.ShouldBe(Arena.Invoke("replay", run, "3", "--branch", "1", "--seed", "5").Out);
        Enumerable
            .Range(0, 12)
            .Select(seed =>
                Arena
                    .Invoke("replay", run, "3", "--branch", "0", "--seed", seed.ToString(CultureInfo.InvariantCulture))
                    .Out.Split("--seed")[1][2..]
            )
            .Distinct()
            .Count()
            .ShouldBeGreaterThan(1);
        Arena.Invoke("replay", run, "3", "--branch", "7").Error.ShouldContain("was never at turn 7. Its turns: 0, 1");
        Arena.Invoke("replay", run, "1000").Code.ShouldBe(2);
        File.ReadAllBytes(Path.Combine(run, "journal.db")).ShouldBe(before);
    }

    [Fact]
    public void Games_are_summed_up_and_exported()
    {
        var run = Play("kuhn-poker.conf", updates: 2);
        Arena.Invoke("replay", run).Out.ShouldContain("16 games (16 finished)");
        var whole = Arena
            .Invoke("export", run, "--format", "jsonl")
            .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonNode.Parse(l)!)
            .ToArray();
        whole.Length.ShouldBe(16);
        whole[5]["events"]![0]!["event"]!.GetValue<string>().ShouldBe("game-started.v1");
        Arena.Invoke("export", run, "--format", "chat", "--out", _temp.In("chat.jsonl")).Code.ShouldBe(0);
        var chats = File.ReadLines(_temp.In("chat.jsonl")).Select(l => JsonNode.Parse(l)!).ToArray();
        chats.Length.ShouldBe(
            whole.Sum(g => g["events"]!.AsArray().Count(e => e!["event"]!.GetValue<string>() == "move-made.v1"))
        );
        chats.ShouldAllBe(c => c["messages"]!.AsArray().Last()!["role"]!.GetValue<string>() == "assistant");
        var winners = Arena
            .Invoke("export", run, "--format", "sft")
            .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonNode.Parse(l)!)
            .ToArray();
        winners.ShouldNotBeEmpty();
        winners.ShouldAllBe(c => c["payoff"]!.GetValue<double>() > 0);
    }

    [Fact]
    public void Answers_to_one_question_are_exported_as_preferences()
    {
        var run = Play("rock-paper-scissors.conf", updates: 4);
        var outcome = Arena.Invoke("export", run, "--format", "preferences");
        outcome.Code.ShouldBe(0, outcome.Error);
        var pairs = outcome
            .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonNode.Parse(l)!)
            .ToArray();
        pairs.ShouldNotBeEmpty();
        var beaten = new Dictionary<string, string>
        {
            ["rock"] = "scissors",
            ["scissors"] = "paper",
            ["paper"] = "rock",
        };
        foreach (var pair in pairs)
        {
            // Both seats of a game are asked the same: the winner's throw is the one that beats the other's.
            beaten[pair["chosen"]!.GetValue<string>().Trim()].ShouldBe(pair["rejected"]!.GetValue<string>().Trim());
            pair["margin"]!.GetValue<double>().ShouldBe(2);
            pair["messages"]!.AsArray().Last()!["content"]!.GetValue<string>().ShouldContain("move:");
            pair["chosen-from"]![0]!.GetValue<long>().ShouldBe(pair["rejected-from"]![0]!.GetValue<long>());
        }
    }

    [Fact]
    public void A_run_with_a_time_limit_goes_on_where_it_stopped()
    {
        var run = _temp.In("limited");
        var first = Arena.Invoke(Arguments("kuhn-poker.conf", run, updates: 100_000, "--time", "3s", "--json"));
        first.Code.ShouldBe(0, first.Error);
        var made = JsonNode.Parse(first.LastLine)!["updates"]!.GetValue<int>();
        made.ShouldBeInRange(1, 99_999);
        var second = Arena.Invoke("resume", run, "--time", "3s", "--json");
        second.Code.ShouldBe(0, second.Error);
        JsonNode.Parse(second.LastLine)!["updates"]!.GetValue<int>().ShouldBeGreaterThan(made);
        Arena.Invoke("replay", run, "--check").Code.ShouldBe(0);
    }

    [Fact]
    public void Resuming_a_run_that_ended_changes_nothing()
    {
        var run = Play("kuhn-poker.conf", updates: 2);
        var games = Arena.Invoke("replay", run).Out;
        var again = Arena.Invoke("resume", run, "--json");
        again.Code.ShouldBe(0, again.Error);
        var result = JsonNode.Parse(again.LastLine)!;
        (
            result["updates"]!.GetValue<int>(),
            result["games"]!.GetValue<long>(),
            result["exploitability"]!.GetValue<double>()
        ).ShouldBe((2, 16, result["metrics"]!["exploitability/kuhn-poker"]!.GetValue<double>()));
        result["exploitability"]!.GetValue<double>().ShouldBe(11 / 24.0, 1e-9);
        Arena.Invoke("replay", run).Out.ShouldBe(games);
    }

    private string Play(string file, int updates)
    {
        var outcome = Run(file, "run", updates);
        outcome.Code.ShouldBe(0, outcome.Error);
        return _temp.In("run");
    }

    private Outcome Run(string file, string folder, int updates, params string[] more) =>
        Arena.Invoke(Arguments(file, _temp.In(folder), updates, more));

    [Fact]
    public void The_base_model_that_text_scenarios_seat_plays_and_learns()
    {
        var run = _temp.In("base");
        var outcome = Arena.Invoke(
            "run",
            Repository.Scenario("word-problem.conf"),
            "--out",
            run,
            "--updates",
            "1",
            "--set",
            "learn.batch=4",
            "--set",
            "run.tokens-per-turn=96"
        );
        outcome.Code.ShouldBe(0, outcome.Error);
        var figures = JsonNode.Parse(File.ReadLines(Path.Combine(run, "metrics.jsonl")).Last())!;
        // It has read such problems: nearly every reply ends with an answer where one is looked for.
        figures["measure/word-problem/formed"]!.GetValue<double>().ShouldBeGreaterThan(0.5);
        figures["tokens"]!.GetValue<double>().ShouldBeGreaterThan(0);
        Arena.Invoke("replay", run, "--check").Code.ShouldBe(0);
    }

    /// <summary>
    /// A short rehearsal of a scenario: its own games and roles, every network replaced by the model without weights.
    /// </summary>
    internal static string[] Arguments(string file, string folder, int updates, params string[] more)
    {
        var path = Repository.Scenario(file);
        var scenario = HoconReader.Read(path).Root!["scenario"]!;
        var models = scenario["models"]!.AsObject().Select(m => m.Key);
        // Policies that learn in their own way do so as briefly, and evaluations are a game or two.
        more =
        [
            .. Keys("policies")
                .Where(p => scenario["policies"]![p]?["learn"] is not null)
                .SelectMany(p =>
                    new[] { "--set", $"policies.{p}.learn.batch=8", "--set", $"policies.{p}.learn.updates={updates}" }
                ),
            // No endpoint is at hand here: RemoteTests of the actors' room hold what is said to one.
            .. Keys("policies")
                .Where(p =>
                    scenario["policies"]![p]?["player"] is JsonObject player && player["name"]?.ToString() == "remote"
                )
                .SelectMany(p =>
                    new[] { "--set", $"policies.{p}.player=null", "--set", $"policies.{p}.player=random" }
                ),
            // A checkpoint is a network's.
            .. Keys("policies")
                .Where(p => scenario["policies"]![p]?["checkpoint"] is not null)
                .SelectMany(p => new[] { "--set", $"policies.{p}.checkpoint=null" }),
            .. Keys("evaluation").SelectMany(e => new[] { "--set", $"evaluation.{e}.games=2" }),
            .. more,
        ];
        IEnumerable<string> Keys(string block) => scenario[block] is JsonObject all ? all.Select(p => p.Key) : [];
        return
        [
            "run",
            path,
            "--out",
            folder,
            "--updates",
            updates.ToString(CultureInfo.InvariantCulture),
            "--set",
            "learn.batch=8",
            "--set",
            "run.in-flight=8",
            "--set",
            "run.tokens-per-turn=8000",
            "--set",
            "run.checkpoint-every=2",
            .. models.SelectMany(m => new[] { "--set", $"models.{m}=scripted" }),
            .. more,
        ];
    }

    private static List<(long Sequence, byte[] Message)> Rows(SqliteConnection journal, string id)
    {
        using var command = journal.CreateCommand();
        command.CommandText =
            "SELECT sequence_number, message FROM journal WHERE persistence_id = $id ORDER BY sequence_number";
        command.Parameters.AddWithValue("$id", id);
        using var reader = command.ExecuteReader();
        var rows = new List<(long, byte[])>();
        while (reader.Read())
            rows.Add((reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
        return rows;
    }

    private static void Put(SqliteConnection journal, string id, long sequence, byte[] message)
    {
        using var command = journal.CreateCommand();
        command.CommandText =
            "UPDATE journal SET message = $message WHERE persistence_id = $id AND sequence_number = $sequence";
        command.Parameters.AddWithValue("$message", message);
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$sequence", sequence);
        command.ExecuteNonQuery().ShouldBe(1);
    }
}
