// Absolute Zero from scenario to journal on the real sandbox: scripted proposals, good, bad and hostile, solved by
// scripted solvers; paid, pooled, replayed.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentArena.Actors;
using AgentArena.Actors.Journal;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Scenarios;
using AgentArena.Games.Python;
using AgentArena.Tests;

namespace AgentArena.Tools.Tests;

public sealed partial class AbsoluteZeroRuns : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("arena-zero-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Program(string source, string input) =>
        $"<answer>\n```python\n{source}\n```\n```input\n{input}\n```\n</answer>";

    // By game number: what the proposer says, what the first three and the last of four solvers say, and what all of it
    // is worth.
    private static readonly (
        string Proposal,
        string Right,
        string Other,
        double[] Payoffs,
        string? Fault
    )[] Deductions =
    [
        (
            Program("def f(x):\n    return sorted(set(x))", "'banana'"),
            "<answer>\n```output\n['a', 'b', 'n']\n```\n</answer>",
            "<answer>\n```output\n['b', 'a', 'n']\n```\n</answer>",
            [0.25, 0, 1, 1, 1, -0.5],
            null
        ),
        (
            Program("def f(x):\n    return x ** 100", "7"),
            "<answer>\n```output\n7 ** 100\n```\n</answer>",
            "<answer>\n```output\nopen('/etc/passwd')\n```\n</answer>",
            [0.25, 0, 1, 1, 1, -1],
            null
        ),
        (
            Program("def f(x):\n    return {x: 1.5}", "2"),
            "<answer>\n```output\n{2: 1.50}\n```\n</answer>",
            "I would rather not.",
            [0.25, 0, 1, 1, 1, -1],
            null
        ),
        (
            Program("import random\ndef f(x):\n    return random.random()", "1"),
            "",
            "",
            [-1, 0, 0, 0, 0, 0],
            "'random' is not allowed"
        ),
        (Program("def f(x):\n    return id(x) + hash('x')", "1"), "", "", [-1, 0, 0, 0, 0, 0], "not deterministic"),
        (Program("def f(x):\n    while True:\n        x += 1", "1"), "", "", [-1, 0, 0, 0, 0, 0], "It ran past"),
        (Program("import os\ndef f(x):\n    os.kill(1, 9)\n    os._exit(3)", "1"), "", "", [-1, 0, 0, 0, 0, 0], "It"),
        ("<answer>my program is f</answer>", "", "", [-1, 0, 0, 0, 0, 0], "No program was found"),
    ];

    private static string Speak(SequenceRequest request)
    {
        var (game, seat) = ((int)(request.Id >> 32), (int)(request.Id >> 26) & 63);
        var (proposal, right, other, _, _) = Deductions[game % Deductions.Length];
        return seat == 0 ? proposal
            : seat < 5 ? right
            : other;
    }

    [Fact]
    public async Task Proposals_good_bad_and_hostile_are_paid_by_the_table_and_replay_alike()
    {
        var scenario = Scenario(
            """{ "zero": { "rules": { "name": "absolute-zero", "type": "deduction", "solvers": 4 } } }""",
            games: 2 * Deductions.Length
        );
        await Play(scenario, "one", Speak);
        var logs = Logs("one");
        logs.Count.ShouldBe(2 * Deductions.Length);
        foreach (var (number, log) in logs)
        {
            var (_, _, _, payoffs, fault) = Deductions[number % Deductions.Length];
            var outcome = ((GameEnded)log[^1]).Outcome;
            outcome.Kind.ShouldBe(OutcomeKind.Finished, $"game {number}: {outcome.Note}");
            outcome.Payoffs.ShouldBe(payoffs, 1e-12, $"game {number}: {outcome.Note}");
            if (fault is not null)
                outcome.Note!.ShouldContain(fault);
            (outcome.Product is not null).ShouldBe(fault is null);
            // The fold of the log alone, without sandbox or model, comes to the same end.
            var rules = Standard.Catalog.Games.Create(
                new Plugin("absolute-zero", new JsonObject { ["type"] = "deduction", ["solvers"] = 4 })
            );
            var replayed = rules.Outcome(new Episode(number, rules, log).State)!;
            (replayed.Note, replayed.Product).ShouldBe((outcome.Note, outcome.Product));
            replayed.Payoffs.ShouldBe(outcome.Payoffs);
            replayed.Measures.ShouldBe(outcome.Measures);
        }
        using (var reader = JournalReader.Open(RunFolder.Open(Path.Combine(_folder, "one"))))
            RunAudit.Check(reader, _ => Standard.Catalog).Faults.ShouldBeEmpty();
        // What was valid is dealt to the second batch, and only that.
        var dealt = logs.Where(g => g.Number >= Deductions.Length)
            .Select(g => TaskJson.Dealt<ProgramTask>(((GameStarted)g.Log[0]).Setup.Task, "test"))
            .ToArray();
        dealt.ShouldAllBe(references =>
            references.Length == 3 && references.All(r => r.Outputs.Length == 1 && !r.Program.Contains("random"))
        );

        await Play(scenario, "two", Speak);
        Written(Logs("two")).ShouldBe(Written(logs));
    }

    [Fact]
    public async Task Abduction_takes_any_input_and_induction_is_tested_by_hidden_pairs()
    {
        const string games = """
            { "abduction": { "rules": { "name": "absolute-zero", "type": "abduction", "solvers": 4 } },
              "induction": { "rules": { "name": "absolute-zero", "type": "induction", "solvers": 4, "inputs": 4, "induction": "share" } } }
            """;
        await Play(Scenario(games, games: 24), "run", request =>
        {
            var seat = (int)(request.Id >> 26) & 63;
            var asked = string.Concat(request.Messages.Select(m => m.Text));
            if (asked.Contains("Write a Python program and one input", StringComparison.Ordinal))
                return Program("def f(a):\n    return abs(a)", "-3");
            if (asked.Contains("You are given a Python program", StringComparison.Ordinal))
                return "<answer>\n"
                    + string.Concat(new[] { "1", "-2", "3", "-4" }.Select(i => $"```input\n{i}\n```\n"))
                    + "```message\nNo minus.\n```\n</answer>";
            var answer = asked.Contains("any such input is right", StringComparison.Ordinal)
                ? "```input\n"
                    + seat switch
                    {
                        2 => "-3",
                        3 => "3",
                        4 => "30",
                        _ => "f(3)",
                    }
                    + "\n```"
                : "```python\n"
                    + seat switch
                    {
                        2 => "def f(a):\n    return a if a > 0 else -a",
                        3 => "def f(a):\n    return a", // right of the hidden 3, wrong of -4
                        4 => "def f(a):\n    return type('E', (), {'__eq__': lambda s, o: True})()",
                        _ => "def f(a): return (",
                    }
                    + "\n```";
            return $"<answer>\n{answer}\n</answer>";
        });
        var logs = Logs("run")
            .Select(g =>
                (((GameStarted)g.Log[0]).Game, ((GameEnded)g.Log[^1]).Outcome, Task: ((GameStarted)g.Log[0]).Setup.Task)
            )
            .ToArray();
        var abductions = logs.Where(g => g.Game == "abduction").ToArray();
        var inductions = logs.Where(g => g.Game == "induction").ToArray();
        abductions.ShouldNotBeEmpty();
        inductions.ShouldNotBeEmpty();
        abductions.ShouldAllBe(
            g => g.Outcome.Payoffs.SequenceEqual(new[] { 0.25, 0, 1, 1, -0.5, 1 }),
            string.Join("; ", abductions[0].Outcome.Payoffs)
        ); // f(3) is an expression like any other
        // Of the identity (nothing was dealt yet) seat 3 is right throughout and seat 2 of 3 alone; of abs it is the
        // other way round.
        var (first, later) = (
            inductions.Where(g => g.Task is null).ToArray(),
            inductions.Where(g => g.Task is not null).ToArray()
        );
        first.ShouldAllBe(
            g => g.Outcome.Payoffs.SequenceEqual(new[] { 1 - 1.5 / 4, 0, 0.5, 1, -1, -1 }),
            string.Join("; ", inductions[0].Outcome.Payoffs)
        );
        later.ShouldNotBeEmpty();
        later.ShouldAllBe(
            g => g.Outcome.Payoffs.SequenceEqual(new[] { 1 - 1.5 / 4, 0, 1, 0.5, -1, -1 }),
            string.Join("; ", inductions[^1].Outcome.Payoffs)
        );
        using var reader = JournalReader.Open(RunFolder.Open(Path.Combine(_folder, "run")));
        RunAudit.Check(reader, _ => Standard.Catalog).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_sandbox_the_run_does_not_start()
    {
        var scenario = Scenario(
            """{ "zero": { "rules": "absolute-zero" } }""",
            games: 4,
            python: """{ "name": "python", "bubblewrap": "/nowhere/bwrap" }"""
        );
        var fault = await Should.ThrowAsync<UserException>(() => Play(scenario, "none", Speak));
        fault.Message.ShouldBe(
            "code executor: bubblewrap ('/nowhere/bwrap') was not found. Programs are never run unconfined. Install it: apt-get install bubblewrap."
        );
    }

    private static Scenario Scenario(
        string rules,
        int games,
        string python = """{ "name": "python", "workers": 2, "timeout": "1s" }"""
    )
    {
        var played = (JsonObject)JsonNode.Parse(rules)!;
        var deal = string.Join(
            ", ",
            played.Select(g => $$"""  "{{g.Key}}": { "from": ["{{played.First().Key}}"], "count": 6 }""")
        );
        var source = (JsonObject)
            JsonNode.Parse(
                $$"""
                {
                  "name": "zero", "seed": 7, "models": { "base": { "name": "scripted" } },
                  "matchmaker": { "name": "task-pool", "deal": { {{deal}} } },
                  "policies": { "student": { "model": "base", "train": true }, "python": { "player": { "name": "tool", "tool": {{python}} } } },
                  "seats": { "proposer": "student", "solver": "student", "executor": "python" },
                  "roles": { "proposer": { "name": "player", "format": "tag", "constrained": "off" }, "solver": { "name": "player", "format": "tag", "constrained": "off" } },
                  "learn": { "batch": {{games / 2}}, "updates": 2 },
                  "run": { "in-flight": {{games}}, "tokens-per-turn": 4000, "evaluate-every": 0, "reasks": 0 }
                }
                """
            )!;
        source["games"] = played;
        var mistakes = new Mistakes();
        var scenario = Core.Scenarios.Scenario.Bind(source, "scenario", mistakes);
        mistakes.ThrowIfAny();
        return scenario;
    }

    private Task<RunResult> Play(Scenario scenario, string name, Func<SequenceRequest, string> speak)
    {
        var folder = RunFolder.Create(Path.Combine(_folder, name));
        File.WriteAllText(
            folder.ScenarioFile,
            new JsonObject { ["scenario"] = scenario.Source.DeepClone() }.ToJsonString()
        );
        return ArenaSystem
            .Run(
                new ArenaOptions
                {
                    Ground = BoundScenario.Bind(scenario, Standard.Catalog),
                    Folder = folder,
                    CreateModel = policy => new ScriptedModel(policy, speak),
                },
                CancellationToken.None
            )
            .WaitAsync(TimeSpan.FromMinutes(3));
    }

    private List<(long Number, ImmutableArray<GameEvent> Log)> Logs(string name)
    {
        using var reader = JournalReader.Open(RunFolder.Open(Path.Combine(_folder, name)));
        return [.. reader.ReadGames()];
    }

    // Solvers' answers come in any order, and which of two clocks an endless program runs out of is the machine's
    // affair; all else is the same from run to run.
    private static string Written(IEnumerable<(long Number, ImmutableArray<GameEvent> Log)> logs) =>
        Clocks()
            .Replace(
                string.Join(
                    '\n',
                    logs.Select(g =>
                        $"{g.Number} {((GameStarted)g.Log[0]).Setup} {string.Join(' ', g.Log.OfType<MoveMade>().OrderBy(m => m.Turn).Select(m => m.Move))} {((GameEnded)g.Log[^1]).Outcome.Note}"
                    )
                ),
                "It ran past its time."
            );

    [GeneratedRegex(@"It ran past [^.]*\.")]
    private static partial Regex Clocks();
}
