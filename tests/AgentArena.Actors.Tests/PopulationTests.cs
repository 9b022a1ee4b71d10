using System.Text.Json.Nodes;
using AgentArena.Core.Models;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;

namespace AgentArena.Actors.Tests;

/// <summary>
/// A population in a run: who does worse takes over the other's weights, the journal says so, and a resumed run goes on
/// with what was taken.
/// </summary>
public sealed class PopulationTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    // Seat 0's bot passes; ann always bets as she can, ben never: their rewards differ for good.
    private static Scenario Two(int updates) => Runs.Kuhn(updates, batch: 16, change: s =>
        {
            s["policies"] = JsonNode.Parse(
                """{ "ann": { "model": "scripted", "train": true }, "ben": { "model": "scripted", "train": true }, "caller": { "player": "always-bet" } }"""
            );
            s["seats"] = JsonNode.Parse("""{ "player-0": "ann", "player-1": "caller" }""");
            s["matchmaker"] = "population";
            s["population"] = JsonNode.Parse(
                """{ "members": ["ann", "ben"], "score": "reward/kuhn-poker/player-0", "every": 4, "share": 0.5 }"""
            );
        });

    private sealed class Knowing(string policy, List<(string, string)> adopted) : Watched(policy)
    {
        public override void Adopt(ILanguageModel other)
        {
            lock (adopted)
                adopted.Add((Policy, other.Policy));
            base.Adopt(other);
        }
    }

    [Fact]
    public async Task The_worse_member_takes_over_and_the_journal_says_from_whom_and_with_what()
    {
        var adopted = new List<(string Child, string Parent)>();
        var result = await Runs.Play(Two(16), _temp.In("r"), policy => new Knowing(policy, adopted));
        result.Reason.ShouldBe("done");
        Runs.Audit(_temp.In("r")).Faults.ShouldBeEmpty();
        using var reader = JournalReader.Open(RunFolder.Open(_temp.In("r")));
        var events = reader.ReadRun().OfType<WeightsAdopted>().ToArray();
        events.Length.ShouldBeGreaterThan(0);
        events.Select(e => (e.Policy, e.Parent)).Order().ShouldBe(adopted.Order());
        events.ShouldAllBe(e => e.Version % 4 == 0 && e.Policy != e.Parent && e.ParentScore > e.Score);
        // What it learns with from then on is what it was told.
        var lines = File.ReadLines(Path.Combine(_temp.In("r"), "metrics.jsonl"))
            .Select(l => JsonNode.Parse(l)!)
            .Where(l => l["setting/rate"] is not null)
            .ToArray();
        foreach (var e in events)
            lines.First(l =>
                l["policy"]!.GetValue<string>() == e.Policy && l["update"]!.GetValue<int>() == e.Version + 1
            )["setting/rate"]!
                .GetValue<double>()
                .ShouldBe(e.Settings.Rate, 1e-9);
    }

    [Fact]
    public async Task A_resumed_member_goes_on_with_the_settings_it_had()
    {
        using (var stop = new CancellationTokenSource())
            await Runs.Play(Two(40), _temp.In("r"), policy => new Noticing(policy, version =>
                {
                    if (version == 18)
                        stop.Cancel();
                }), stop: stop.Token);
        var result = await Runs.Play(Two(40), _temp.In("r"), resume: true);
        result.Reason.ShouldBe("done");
        Runs.Audit(_temp.In("r")).Faults.ShouldBeEmpty();
        using var reader = JournalReader.Open(RunFolder.Open(_temp.In("r")));
        var events = reader.ReadRun().OfType<WeightsAdopted>().ToLookup(e => e.Policy);
        foreach (var policy in new[] { "ann", "ben" })
        {
            var settings = File.ReadLines(Path.Combine(_temp.In("r"), "metrics.jsonl"))
                .Select(l => JsonNode.Parse(l)!)
                .Where(l => l["policy"]!.GetValue<string>() == policy && l["setting/rate"] is not null)
                .ToDictionary(l => l["update"]!.GetValue<int>(), l => l["setting/rate"]!.GetValue<double>());
            settings.Count.ShouldBe(40);
            // Settings change at steps where something was taken over, and nowhere else.
            for (var update = 2; update <= 40; update++)
                if (settings[update] != settings[update - 1])
                    events[policy].ShouldContain(e => e.Version == update - 1);
        }
    }
}
