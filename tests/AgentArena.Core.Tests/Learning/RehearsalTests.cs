// Which games are rehearsed: how many, from how far back, how often by age, and always the same ones.
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;

namespace AgentArena.Core.Tests.Learning;

public class RehearsalTests
{
    private static readonly LedgerEntry[] Past =
    [
        .. Enumerable
            .Range(0, 100)
            .Select(n => new LedgerEntry(n, n % 10 == 3 ? OutcomeKind.Aborted : OutcomeKind.Finished, [1, -1])),
    ];

    [Fact]
    public void A_share_of_a_batch_is_drawn_from_the_batches_in_reach()
    {
        var rehearsal = new ExperienceReplay { Share = 0.25, Within = 5 };
        var picked = rehearsal.Pick(Past, 8, 1).Select(e => e.Game).ToArray();
        picked.Length.ShouldBe(2);
        var seen = Enumerable
            .Range(0, 500)
            .SelectMany(seed => rehearsal.Pick(Past, 8, (ulong)seed).Select(e => e.Game))
            .ToHashSet();
        seen.Order()
            .ShouldBe(
                Enumerable.Range(60, 40).Where(n => n % 10 != 3).Select(n => (long)n),
                "five batches of eight, and nothing that was aborted"
            );
        rehearsal.Pick(Past, 8, 1).Select(e => e.Game).ShouldBe(picked);
        new ExperienceReplay { Share = 1, Within = 1 }
            .Pick(Past[..4], 8, 1)
            .Select(e => e.Game)
            .ShouldBe([0, 1, 2], "there are no more yet");
        rehearsal.Pick([], 8, 1).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 4)]
    [InlineData(2, 16)]
    public void Older_games_come_as_seldom_as_the_power_says(double power, double ratio)
    {
        // One of each draw: the chance of the newest batch against the one four batches back is 4^power.
        var rehearsal = new ExperienceReplay
        {
            Share = 0.1,
            Within = 4,
            Power = power,
        };
        var drawn = Enumerable
            .Range(0, 8000)
            .Select(seed => rehearsal.Pick(Past, 10, (ulong)seed).Single().Game)
            .ToArray();
        ((double)drawn.Count(n => n >= 90) / drawn.Count(n => n is >= 60 and < 70)).ShouldBeInRange(
            0.87 * ratio,
            1.15 * ratio
        );
    }
}
