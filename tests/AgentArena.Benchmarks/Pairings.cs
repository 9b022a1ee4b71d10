// Which advantages go with which losses, and why the others do not. A rule that every plug-in of the catalog must be under.
using AgentArena.Core;
using AgentArena.Models;

namespace AgentArena.Benchmarks;

/// <summary>Pairs of a loss and an advantage.</summary>
public static class Pairings
{
    // Losses whose policy term is linear in the weights: any estimate of an advantage will do.
    private static readonly string[] Linear = ["policy-gradient", "ppo", "dapo", "grpo", "cispo", "gspo", "spc", "topr"];

    // Losses that read a verdict out of the weights: which advantages leave it readable.
    private static readonly Dictionary<string, (string[] Advantages, string Why)> Special = new(StringComparer.Ordinal)
    {
        ["imitation"] = (["raw", "psr", "grpo"], "imitates what weighs above 0: any advantage centred on the group picks the same replies as grpo does, any uncentred one the same as raw"),
        ["likelihood"] = (["raw", "w-reinforce"], "reads right from wrong out of the sign"),
        ["nft"] = (["raw"], "reads right from wrong out of the reward itself"),
        ["dpo"] = (["raw"], "compares rewards within a group itself"),
        ["dno"] = (["raw"], "compares rewards within a group itself"),
        ["sdpo"] = ([], "needs a teacher that is told more; on a bandit there is nothing to tell but the answer"),
        ["srpo"] = ([], "as sdpo"),
    };

    /// <summary>All pairs, losses and advantages in the catalog's order.</summary>
    public static IEnumerable<(string Loss, string Advantage)> All => ModelCatalog.Losses.Names.SelectMany(loss => Of(loss).Select(advantage => (loss, advantage)));

    /// <summary>Why some advantages are left out, by loss.</summary>
    public static IEnumerable<(string Loss, string Why)> LeftOut => Special.Select(s => (s.Key, s.Value.Why));

    /// <summary>The advantages that go with a loss.</summary>
    /// <exception cref="ArgumentException">No rule names the loss.</exception>
    public static IEnumerable<string> Of(string loss) => Linear.Contains(loss) ? Catalog.Advantages.Names
        : Special.TryGetValue(loss, out var special) ? special.Advantages : throw new ArgumentException($"loss {loss} is under no rule. Say in Pairings which advantages go with it.");
}
