// Three bandits that tell estimators apart: plain arms, rare rewards beside easy ones, and gambles beside a sure trap.
// Pure.
using System.Collections.Immutable;

namespace AgentArena.Benchmarks;

/// <summary>What a reply pays: an amount with some chance, else nothing.</summary>
public readonly record struct Pay(double Amount, double Chance)
{
    /// <summary>Its mean.</summary>
    public double Mean => Amount * Chance;
}

/// <summary>A prompt, the replies it allows and what each pays.</summary>
/// <param name="Prompt">One character.</param>
/// <param name="Role">Baselines and groups do not mix roles.</param>
/// <param name="Replies">Every allowed reply.</param>
/// <param name="Pays">The pay of each.</param>
public sealed record BanditQuestion(
    string Prompt,
    string Role,
    ImmutableArray<string> Replies,
    ImmutableArray<Pay> Pays
);

/// <summary>A task: its prompts are asked equally often.</summary>
/// <param name="Name">Its name.</param>
/// <param name="What">One sentence for the page.</param>
/// <param name="Questions">The prompts.</param>
public sealed record BanditTask(string Name, string What, ImmutableArray<BanditQuestion> Questions)
{
    private const string Letters = "abcdefghijklmnop";

    /// <summary>The mean reward of the best policy.</summary>
    public double Best => Questions.Average(q => q.Pays.Max(p => p.Mean));

    /// <summary>The mean reward of replies drawn alike.</summary>
    public double Chance => Questions.Average(q => q.Pays.Average(p => p.Mean));

    /// <summary>The three tasks; which arms pay is drawn once, the same for every estimator and seed.</summary>
    public static ImmutableArray<BanditTask> All { get; } = [Arms(), Rare(), Gamble()];

    private static BanditTask Arms()
    {
        var stream = new RandomStream(RandomStream.Derive(1, "arms"));
        return new(
            "arms",
            "8 prompts, 16 replies of one token each, one of which pays 1: the plain contextual bandit.",
            [
                .. Enumerable
                    .Range(0, 8)
                    .Select(i =>
                        Of(i, "player", [.. Letters.Select(c => $"{c}")], new() { [stream.Next(16)] = new(1, 1) })
                    ),
            ]
        );
    }

    private static BanditTask Rare()
    {
        var stream = new RandomStream(RandomStream.Derive(1, "rare"));
        ImmutableArray<string> pairs = [.. from a in Letters[..8] from b in Letters[..8] select $"{a}{b}"];
        return new(
            "rare",
            "4 prompts of an easy role, where one of 2 replies pays 1, and 12 of a hard role, where one of 64 replies of two tokens does: rewards are rare beside plentiful ones.",
            [
                .. Enumerable
                    .Range(0, 16)
                    .Select(i =>
                        i < 4
                            ? Of(i, "easy", ["a", "b"], new() { [stream.Next(2)] = new(1, 1) })
                            : Of(i, "hard", pairs, new() { [stream.Next(64)] = new(1, 1) })
                    ),
            ]
        );
    }

    private static BanditTask Gamble()
    {
        var stream = new RandomStream(RandomStream.Derive(1, "gamble"));
        return new(
            "gamble",
            "12 prompts, 8 replies: two pay 1 with a chance of 0.7, one pays 0.5 for sure, the rest nothing: keeping both good ones is worth an entropy of 0.69 at no cost, and who reads only whether anything was paid prefers the sure one.",
            [
                .. Enumerable
                    .Range(0, 12)
                    .Select(i =>
                    {
                        int[] arms = [.. Enumerable.Range(0, 8)];
                        stream.Shuffle<int>(arms);
                        return Of(
                            i,
                            "player",
                            [.. Letters[..8].Select(c => $"{c}")],
                            new()
                            {
                                [arms[0]] = new(1, 0.7),
                                [arms[1]] = new(1, 0.7),
                                [arms[2]] = new(0.5, 1),
                            }
                        );
                    }),
            ]
        );
    }

    private static BanditQuestion Of(
        int number,
        string role,
        ImmutableArray<string> replies,
        Dictionary<int, Pay> pays
    ) => new($"{(char)('A' + number)}", role, replies, [.. replies.Select((_, i) => pays.GetValueOrDefault(i))]);
}
