// Proofs, reviews and reviews of reviews (DeepSeekMath-V2): every formula and number of the source.
using AgentArena.Core.Play;
using AgentArena.Games.Critics;

namespace AgentArena.Core.Tests.Games;

public class ProofReviewTests
{
    private const string Task = """{"start":3,"changes":[4,5,-6]}"""; // 07, 12, 06

    private static Outcome Play(string options, params string[] moves)
    {
        var game = Tables.Open("proof-review " + options);
        var state = game.Start(new GameSetup(1, Task));
        foreach (var move in moves)
        {
            var turn = game.Turns(state)[0];
            if (move != "!")
                game.Check(state, turn, new(move)).ShouldBeNull(move);
            state =
                move == "!"
                    ? game.Apply(state, new SeatForfeited(turn.Id, turn.Seat, "babble"))
                    : game.Play(state, turn, new(move));
        }
        return game.Outcome(state)!;
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(1, 0, 1, 0)]
    [InlineData(0.5, 1, 1, 0.5)]
    [InlineData(0.5, 0.5, 0, 0)] // the right score for an invented defect is worth nothing
    [InlineData(0, 0.5, 0.5, 0.25)]
    public void A_verifier_earns_its_nearness_times_its_rating(double said, double truth, double meta, double reward) =>
        ProofReview.VerifierReward(said, truth, meta).ShouldBe(reward, 1e-12);

    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(0.5, 0.5, 0.5, 1, 0.62)] // .76 x .5 + .24: honest about a flawed proof
    [InlineData(0.5, 1, 0.5, 1, 0.5)] // .76 x .5 + .24 x .5: inflated
    [InlineData(1, 1, 1, 0, 0.76)]
    [InlineData(0, 0, 0, 1, 0.24)]
    public void A_prover_earns_three_quarters_for_the_proof_and_a_quarter_for_honesty(
        double verified,
        double self,
        double truth,
        double meta,
        double reward
    ) => ProofReview.ProverReward(verified, self, truth, meta).ShouldBe(reward, 1e-12);

    [Theory]
    [InlineData(1, "", "", 1)] // finds nothing: accepted
    [InlineData(1, "", "2", 1)] // finds nothing where there is something: still accepted
    [InlineData(0.5, "2", "2", 1)]
    [InlineData(0, "1,2", "1,2,3", 1)]
    [InlineData(0, "2", "2", 0.5)] // real, but the score does not go with it
    [InlineData(0.5, "", "2", 0.5)]
    [InlineData(0.5, "1", "2", 0)] // invented
    [InlineData(0, "1,2", "2", 0)]
    public void A_review_is_rated_by_its_claims(double score, string claimed, string wrong, double rating) =>
        ProofReview.MetaScore(score, Steps(claimed), Steps(wrong)).ShouldBe(rating);

    private static int[] Steps(string list) =>
        [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    [Theory]
    [InlineData("1+ 1+", 1, 1.0)]
    [InlineData("0.5- 0-", 1, 1.0)] // defects, none of them confirmed
    [InlineData("0.5+ 0- 1+", 1, 0.5)]
    [InlineData("0.5+ 0+", 1, 0.0)] // the lowest that was confirmed
    [InlineData("0.5+ 0+", 2, null)] // confirmed too rarely: for people to decide
    [InlineData("0+ 0+ 0.5+", 2, 0.0)]
    public void Labels_come_out_of_confirmed_defects(string reviews, int least, double? label) =>
        ProofReview
            .Label(
                reviews
                    .Split(' ')
                    .Select(r =>
                        (double.Parse(r[..^1], System.Globalization.CultureInfo.InvariantCulture), r[^1] == '+')
                    ),
                least
            )
            .ShouldBe(label);

    [Fact]
    public void A_whole_game_pays_by_the_formulas()
    {
        // The second step is wrong (13), the third follows from it. The prover claims perfection; verifier 1 finds the
        // step, verifier 2 invents one.
        var outcome = Play("""{"verifiers":2}""", "07", "13", "07", "1", "0.5 wrong 2", "0.5 wrong 1", "1", "1", "0");
        // Seats: prover, two verifiers, three meta-verifiers (of the prover's own review, of verifier 1, of verifier
        // 2).
        outcome.Payoffs.ShouldBe([0.76 * 0.5 + 0.24 * 0.5, 1, 0, 1, 1, 1], 1e-12);
        outcome.Measures["proof"].ShouldBe(0.5);
        outcome.Measures["self-inflation"].ShouldBe(0.5);
        outcome.Measures["verifier-error"].ShouldBe(0);
        (outcome.Measures["labelled"], outcome.Measures["label-right"]).ShouldBe((1, 1));
        // Without meta-verification the invented defect pays in full.
        Play("""{"verifiers":2,"meta":"off"}""", "07", "13", "07", "1", "0.5 wrong 2", "0.5 wrong 1", "1", "1", "0")
            .Payoffs[2]
            .ShouldBe(1);
    }

    [Fact]
    public void A_missing_answer_earns_nothing_and_harms_nobody_else()
    {
        Play("""{"verifiers":2}""", "07", "12", "06", "1", "!", "1", "1", "1", "!")
            .Payoffs.ShouldBe([0.76 * 0.5 + 0.24, 0, 1, 1, 0, 0], 1e-12);
        Play("""{"verifiers":2}""", "07", "!").Payoffs.ShouldBe([0, 0, 0, 0, 0, 0]);
    }

    [Fact]
    public void The_prover_reviews_before_it_is_reviewed()
    {
        var game = Tables.Open("proof-review");
        var state = game.Start(new GameSetup(1, Task));
        foreach (var move in new[] { "07", "12", "07" })
            state = game.Play(state, game.Turns(state).Single(), new(move));
        var own = game.Turns(state).Single();
        (own.Role, own.Legal.Length, own.Suggestions[0]).ShouldBe(("prover", 24, "0.5 wrong 3"));
        state = game.Play(state, own, new("1"));
        game.Turns(state).Select(t => t.Role).ShouldBe(["verifier", "verifier", "verifier", "verifier"]);
        game.Turns(state).ShouldAllBe(t => t.Observation[1].Text == "03+4=07;07+5=12;12-6=07;");
    }
}
