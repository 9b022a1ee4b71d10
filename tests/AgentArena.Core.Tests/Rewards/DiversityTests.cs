// Likeness of texts by BLEU, their clusters, and the price of saying what others say.
using AgentArena.Games.Answers;
using static AgentArena.Core.Tests.Rewards.Rewarding;

namespace AgentArena.Core.Tests.Rewards;

public class DiversityTests
{
    [Fact]
    public void Bleu_by_hand()
    {
        // Precisions 5/5, 3/4, 2/3, 1/2, brevity exp(1 - 6/5).
        Bleu.Score("the cat sat on the mat", "the cat sat on mat")
            .ShouldBe(Math.Exp(-0.2) * Math.Pow(0.25, 0.25), 1e-9);
        Bleu.Score("a b c d e", "a b c d e").ShouldBe(1, 1e-12);
        Bleu.Score("a b c d", "e f g h").ShouldBe(0);
        // No run of four words is shared: counted as 0.1 of 1; and no run of three: 0.1 of 2.
        Bleu.Score("a b x c", "a b y c").ShouldBe(Math.Pow(3.0 / 4 * (1.0 / 3) * (0.1 / 2) * 0.1, 0.25), 1e-9);
        // The same word said often is worth what the reference holds of it.
        Bleu.Score("a a b c d", "a a a a a")
            .ShouldBe(Math.Pow(2.0 / 5 * (1.0 / 4) * (0.1 / 3) * (0.1 / 2), 0.25), 1e-9);
        Bleu.Score("", "a").ShouldBe(0);
    }

    [Fact]
    public void Clusters_join_by_mean_distance_up_to_the_threshold()
    {
        string[] texts =
        [
            "how many eggs are in the box",
            "how many eggs are in the bag",
            "name the capital city of France please",
            "how many eggs are in the box",
        ];
        Bleu.ClusterShares(texts, 0.5).ShouldBe([0.75, 0.75, 0.25, 0.75]);
        Bleu.ClusterShares(texts, 0.001).ShouldBe([0.5, 0.25, 0.25, 0.5]);
        Bleu.ClusterShares(texts, 1.1).ShouldBe([1, 1, 1, 1]);
        Bleu.ClusterShares([], 0.5).ShouldBeEmpty();
    }

    [Fact]
    public void Proposers_that_say_the_same_pay_for_it()
    {
        var episode = new Table("proposer", "proposer", "proposer", "proposer", "solver")
            .Says(0, "how many eggs are in the box")
            .Says(1, "how many eggs are in the box")
            .Says(2, "name the capital city of France please")
            .Mumbles(3, "name the capital city of France please")
            .Says(4, "6")
            .Measures("solved", 0.5)
            .Ends();
        Make("diversity").ShouldScore(episode, -0.5, -0.5, -0.5, -0.5, double.NaN);
        // R-Zero: min(s, 1 - s) less the share; Active-Zero weighs the first term 0.9.
        Make("diversity", """{ "from": { "name": "difficulty", "form": "triangle" } }""")
            .ShouldScore(episode, 0, 0, 0, 0, double.NaN);
        Make("diversity", """{ "min": -0.1 }""").ShouldScore(episode, -0.1, -0.1, -0.1, -0.1, double.NaN);
    }

    [Fact]
    public void Dealt_references_are_company()
    {
        Table Asks() =>
            new Table("proposer", "solver")
            {
                Task =
                    """{"references":[{"question":"how many eggs are in the box"},{"question":"name the capital city of France please"},{"answer":"1"}]}""",
            }
                .Says(0, "how many eggs are in the box")
                .Measures("solved", 0.5);
        Make("diversity").ShouldScore(Asks().Ends(), -2.0 / 3, double.NaN);
        Make("diversity", """{ "field": "" }""").ShouldScore(Asks().Ends(), -1, double.NaN);
        // R-Zero's price of a question that cannot be read: -1 - share.
        Make("diversity", """{ "from": "difficulty" }""")
            .ShouldScore(Asks().Measures("valid", 0).Ends(), -1 - 2.0 / 3, double.NaN);
    }
}
