// What proposers are paid for a solve rate, by the published functions and constants.
using AgentArena.Learning.Rewards;
using static AgentArena.Core.Tests.Rewards.Rewarding;

namespace AgentArena.Core.Tests.Rewards;

public class DifficultyTests
{
    private const double NaN = double.NaN;

    [Theory]
    [InlineData("one-minus", 1, 0.75, 0.5, 0.25, 0)]
    [InlineData("one-minus-zeroed", 0, 0.75, 0.5, 0.25, 0)]
    [InlineData("parabola", 0, 0.75, 1, 0.75, 0)]
    [InlineData("bell", 0, 0.708066, 1, 0.708066, 0)]
    [InlineData("triangle", 0, 0.25, 0.5, 0.25, 0)]
    [InlineData("tent", 0, 0.5, 1, 0.5, 0)]
    [InlineData("window", 0, 1, 1, 0, 0)]
    [InlineData("barely", 0, 0, 0, 0, 0)]
    public void Each_form_at_the_quarters(
        string form,
        double none,
        double quarter,
        double half,
        double most,
        double all
    )
    {
        var reward = Make("difficulty", $$"""{ "form": "{{form}}" }""");
        double[] worth = [none, quarter, half, most, all];
        for (var i = 0; i < worth.Length; i++)
            reward.ShouldScore(Proposed(i / 4.0).Ends(), worth[i], NaN);
    }

    [Fact]
    public void Windows_are_closed_and_barely_provable_is_open()
    {
        Difficulty svs = Window(Difficulty.Kind.Window, null, null),
            rZero = Window(Difficulty.Kind.Window, 0.3, 0.8),
            stp = Window(Difficulty.Kind.Barely, null, null);
        (svs.Of(0.125), svs.Of(0.625), svs.Of(0.124), svs.Of(0.626)).ShouldBe((1, 1, 0, 0));
        (rZero.Of(0.3), rZero.Of(0.8), rZero.Of(0.29), rZero.Of(0.81)).ShouldBe((1, 1, 0, 0));
        (stp.Of(0), stp.Of(0.01), stp.Of(0.24), stp.Of(0.25)).ShouldBe((0, 1, 1, 0));
        Should.Throw<ArgumentException>(() => Window(Difficulty.Kind.Window, 0.8, 0.3)).Message.ShouldContain("low");
    }

    [Fact]
    public void The_two_triangles_are_one_but_for_their_height()
    {
        for (var s = 0.0; s <= 1; s += 0.05)
            Window(Difficulty.Kind.Tent, null, null)
                .Of(s)
                .ShouldBe(2 * Window(Difficulty.Kind.Triangle, null, null).Of(s), 1e-12);
    }

    [Fact]
    public void A_task_that_is_not_valid_has_a_price_of_its_own()
    {
        Make("difficulty").ShouldScore(Proposed(0.5).Measures("valid", 0).Ends(), -1, NaN);
        Make("difficulty", """{ "invalid": -0.5 }""").ShouldScore(Proposed(0.5).Measures("valid", 0).Ends(), -0.5, NaN);
        Make("difficulty").ShouldScore(Proposed(0.5).Measures("valid", 1).Ends(), 1, NaN);
    }

    [Fact]
    public void Solve_rates_may_be_graded_or_a_seats_own_and_novelty_scales_them()
    {
        Make("difficulty", """{ "measure": "graded" }""")
            .ShouldScore(Proposed(0).Measures("graded", 0.25).Ends(), 0.75, NaN);
        Make("difficulty").ShouldScore(Proposed(0).Measures("solved/0", 0.5).Ends(), 1, NaN);
        Make("difficulty", """{ "form": "bell", "novelty": "novelty" }""")
            .ShouldScore(Proposed(0.5).Measures("novelty", 0.3).Ends(), 0.3, NaN);
        Make("difficulty", """{ "measure": "unheard" }""").ShouldScore(Proposed(0.5).Ends(), NaN, NaN);
    }

    [Fact]
    public void A_proposer_that_chance_stood_in_for_is_not_spoken_of() =>
        Make("difficulty")
            .ShouldScore(new Table("proposer", "solver").Says(1, "4").Measures("solved", 0.5).Ends(), NaN, NaN);

    private static Table Proposed(double solved) =>
        new Table("proposer", "solver").Says(0, "2 + 2").Says(1, "4").Measures("solved", solved);

    private static Difficulty Window(Difficulty.Kind form, double? low, double? high) =>
        new(
            new()
            {
                Form = form,
                Low = low,
                High = high,
            }
        );
}
