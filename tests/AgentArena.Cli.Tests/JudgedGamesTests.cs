using System.Text.Json.Nodes;

namespace AgentArena.Cli.Tests;

/// <summary>What the scenarios of judged games pay, added up from their own figures.</summary>
public sealed class JudgedGamesTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    // Every reply of the model without weights has the form that is asked for, save verdicts without a score; all three
    // formulas are linear.
    [Fact]
    public void Multi_agent_evolve_pays_by_the_papers_three_formulas()
    {
        foreach (var update in Updates("multi-agent-evolve.conf"))
        {
            double Of(string name) => update[$"measure/multi-agent-evolve/{name}"]?.GetValue<double>() ?? 0;
            double Paid(string seat) => update[$"reward/multi-agent-evolve/{seat}"]!.GetValue<double>();
            Paid("proposer-0").ShouldBe((Of("quality") + (1 - Of("rejected")) * Of("difficulty") + 1) / 3, 1e-6);
            for (var solver = 2; solver < 7; solver++)
                if (Of("rejected") < 1)
                    Paid($"solver-{solver}").ShouldBe((Of($"judged/{solver}") + 1) / 2, 1e-6);
            // A game has one verdict on the question and, where it is asked, five on answers.
            var judged =
                Paid("judge-1")
                + (1 - Of("rejected")) * (Of("rejected") < 1 ? Enumerable.Range(7, 5).Sum(j => Paid($"judge-{j}")) : 0);
            judged.ShouldBe(1 + 5 * (1 - Of("rejected")) - Of("fallbacks"), 1e-6);
        }
    }

    [Fact]
    public void Comas_shares_each_score_between_solution_and_evaluation()
    {
        foreach (var update in Updates("comas.conf"))
            for (var round = 0; round < 6; round++)
            {
                double Earned(int seat) => update[$"measure/comas/earned/{seat}"]!.GetValue<double>();
                (Earned(round) + Earned(6 + round)).ShouldBe(1, 1e-9);
                Earned(12 + round).ShouldBe(0);
            }
    }

    [Fact]
    public void A_game_with_a_tool_is_branched_by_tool_and_policies_that_never_learned()
    {
        var run = _temp.In("zero");
        Arena
            .Invoke(
                RunTests.Arguments("absolute-zero.conf", run, updates: 2, "--set", "matchmaker.seeding.products=1000")
            )
            .Code.ShouldBe(0);
        var branched = Arena.Invoke("replay", run, "2", "--branch", "0", "--seed", "3");
        branched.Code.ShouldBe(0, branched.Error);
        branched.Out.ShouldStartWith("branched at turn 0: played on by seeder@0, python with --seed 3");
        branched.Out.ShouldContain("turn 1, seat 1 (executor)");
        var measured = Arena.Invoke("eval", run, "--checkpoints");
        measured.Code.ShouldBe(0, measured.Error);
        measured.Out.ShouldContain("update 2  abduction:");
    }

    private List<JsonNode> Updates(string scenario)
    {
        var run = _temp.In(scenario);
        var outcome = Arena.Invoke(RunTests.Arguments(scenario, run, updates: 3));
        outcome.Code.ShouldBe(0, outcome.Error);
        var updates = File.ReadLines(Path.Combine(run, "metrics.jsonl"))
            .Select(l => JsonNode.Parse(l)!)
            .Where(r => r["update"]?.GetValue<int>() > 0)
            .ToList();
        updates.Count.ShouldBeGreaterThanOrEqualTo(3);
        return updates;
    }
}
