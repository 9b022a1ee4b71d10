// Which advantage goes with which loss, and why the rest is left out: decided by what each loss reads of a weight.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;

namespace AgentArena.Benchmarks;

/// <summary>What a loss reads of the weights it is given.</summary>
public enum Reads
{
    /// <summary>Sign and size: any advantage will do.</summary>
    Size,

    /// <summary>Whether a weight is above 0: advantages of equal signs are one.</summary>
    Sign,

    /// <summary>Which replies are right; the group's share of them does the rest.</summary>
    Verdict,

    /// <summary>The order and the distance of a group's rewards.</summary>
    Order,

    /// <summary>A teacher that is told more, beside the weights.</summary>
    Teacher,
}

/// <summary>
/// The rule of pairs over all of the catalogue. A plug-in it does not know is an error, so that none is forgotten.
/// </summary>
public static class Pairings
{
    /// <summary>Passes over a batch, each an optimiser step.</summary>
    public const int Passes = 2;

    /// <summary>Every loss by what it reads.</summary>
    public static readonly ImmutableSortedDictionary<string, Reads> Losses = new Dictionary<string, Reads>
    {
        ["cispo"] = Reads.Size,
        ["dapo"] = Reads.Size,
        ["dno"] = Reads.Order,
        ["dpo"] = Reads.Order,
        ["grpo"] = Reads.Size,
        ["gspo"] = Reads.Size,
        ["imitation"] = Reads.Sign,
        ["likelihood"] = Reads.Size,
        ["nft"] = Reads.Verdict,
        ["policy-gradient"] = Reads.Size,
        ["ppo"] = Reads.Size,
        ["sdpo"] = Reads.Teacher,
        ["spc"] = Reads.Size,
        ["srpo"] = Reads.Teacher,
        ["topr"] = Reads.Size,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>
    /// Every advantage, and the one whose signs its weights share where rewards lie in [0, 1] and replies of a role are
    /// equally long.
    /// </summary>
    public static readonly ImmutableSortedDictionary<string, string?> Advantages = new Dictionary<string, string?>
    {
        ["bnpo"] = "dr-grpo",
        ["brpo"] = null,
        ["dr-grpo"] = null,
        ["gae"] = null,
        ["grpo"] = "dr-grpo",
        ["nsr"] = null,
        ["prompt-baseline"] = null,
        ["psr"] = "raw",
        ["rae"] = null,
        ["raw"] = null,
        ["reinforce"] = null,
        ["reinforce-ada"] = null,
        ["reinforce-plus-plus"] = null,
        ["reinforce-plus-plus-baseline"] = null,
        ["rloo"] = "dr-grpo",
        ["trr-plus-plus"] = null,
        ["w-reinforce"] = "raw",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>All pairs in order of loss and advantage, with the reason where one is left out.</summary>
    public static IEnumerable<(string Advantage, string Loss, string? LeftOut)> All =>
        from loss in Standard.Catalog.Losses.Names
        from advantage in Standard.Catalog.Advantages.Names
        select (advantage, loss, LeftOut(advantage, loss));

    /// <summary>Why a pair is left out; null where it makes sense.</summary>
    /// <exception cref="ArgumentException">The rule does not know one of them.</exception>
    public static string? LeftOut(string advantage, string loss)
    {
        if (!Advantages.TryGetValue(advantage, out var signs))
            throw new ArgumentException(
                $"Pairings.Advantages: does not know {advantage}. Add a line, with the advantage whose signs it shares if there is one."
            );
        if (!Losses.TryGetValue(loss, out var reads))
            throw new ArgumentException(
                $"Pairings.Losses: does not know {loss}. Add a line that says what it reads of a weight."
            );
        return (reads, advantage) switch
        {
            (Reads.Size, _) => null,
            (Reads.Teacher, _) =>
                "a teacher that is told more is distilled, and on a bandit there is nothing to tell but the answer",
            (Reads.Sign or Reads.Verdict, "nsr") => "no weight is above 0, so no reply would count as right",
            (Reads.Sign, _) => signs is null ? null : $"only signs are read, and these are {signs}'s",
            (_, "raw") => null,
            (Reads.Verdict, _) => signs == "raw"
                ? "only verdicts are read, and these are raw's"
                : "a weight is read as a verdict, and this one compares with a baseline: a right reply among right ones would count as wrong",
            (Reads.Order, _) =>
                "replies of a group are paired by their rewards, which raw gives as they are; in a pair a baseline cancels, and other weighing rescales or blurs it",
            _ => throw new ArgumentOutOfRangeException(nameof(loss)),
        };
    }

    /// <summary>
    /// The advantage as it is run: by its defaults, save that reinforce, which then is raw, is given the batch's mean.
    /// </summary>
    public static Plugin Advantage(string name) =>
        name == "reinforce" ? new(name, new JsonObject { ["baseline"] = "batch-mean" }) : new(name);

    /// <summary>
    /// The loss as it is run: by its defaults, with <see cref="Passes"/> passes over a batch, so that ratios leave 1
    /// and clips bite.
    /// </summary>
    public static Plugin Loss(string name) => new(name, new JsonObject { ["epochs"] = $"{Passes}" });
}
