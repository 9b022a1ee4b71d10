// What a scenario says that contradicts itself is found before anything starts.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Scenarios;

namespace AgentArena.Actors.Tests;

public sealed class BoundScenarioTests
{
    [Fact]
    public void A_learner_needs_a_seat()
    {
        var scenario = Runs.Kuhn();
        Faults(scenario).ShouldBeEmpty();
        var spare = scenario with { Policies = scenario.Policies.Add("spare", scenario.Policies["student"]) };
        Faults(spare)
            .ShouldHaveSingleItem()
            .ShouldStartWith("scenario.policies.spare.train: is on, but the policy sits at no seat");
        Faults(spare with { Seats = spare.Seats.SetItem("player-1", "spare") }).ShouldBeEmpty();
    }

    private static string[] Faults(Scenario scenario)
    {
        var mistakes = new Mistakes();
        BoundScenario.Bind(scenario, Standard.Catalog, mistakes);
        return [.. mistakes.All.Select(m => m.ToString())];
    }
}
