using AgentArena.Benchmarks;
using AgentArena.Core;
using AgentArena.Models;

namespace AgentArena.Cli.Tests;

/// <summary>The suite of estimators leaves nobody out unsaid: each loss is under a rule, each advantage is played, each name exists.</summary>
public class PairingTests
{
    [Fact]
    public void Every_loss_and_every_advantage_of_the_catalog_is_under_the_rule()
    {
        var all = Pairings.All.ToArray();
        ModelCatalog.Losses.Names.Except(all.Select(p => p.Loss)).ShouldBe(Pairings.LeftOut.Select(l => l.Loss).Where(l => !Pairings.Of(l).Any()), ignoreOrder: true);
        Catalog.Advantages.Names.Except(all.Select(p => p.Advantage)).ShouldBeEmpty();
        all.Select(p => p.Advantage).Except(Catalog.Advantages.Names).ShouldBeEmpty();
        Pairings.LeftOut.Select(l => l.Loss).Except(ModelCatalog.Losses.Names).ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => Pairings.Of("a-new-loss")).Message.ShouldContain("Pairings");
    }
}
