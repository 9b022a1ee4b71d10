// Stories: their chains are right, spoilt chains are wrong in the way they are said to be, and reviews find it.
using AgentArena.Games.Corpus;

namespace AgentArena.Core.Tests.Corpus;

public class StoryTests
{
    private static IEnumerable<(WorkedProblem Problem, WrongChain Wrong)> Some()
    {
        for (ulong seed = 0; seed < 400; seed++)
        {
            var chance = new RandomStream(seed);
            var problem = Stories.Draw(ref chance);
            yield return (problem, Stories.Spoil(problem, ref chance));
        }
    }

    [Fact]
    public void Every_step_holds_and_goes_on_from_the_one_before()
    {
        foreach (var (problem, _) in Some())
        {
            problem.Steps.Length.ShouldBeInRange(1, 4);
            foreach (var step in problem.Steps)
                step.Truth.ShouldBe(step.Value, problem.Question);
            for (var i = 1; i < problem.Steps.Length; i++)
                new[] { problem.Steps[i].Left, problem.Steps[i].Right }.ShouldContain(
                    problem.Steps[i - 1].Value,
                    problem.Question
                );
            problem.Answer.ShouldBeGreaterThan(0);
            problem.Question.ShouldEndWith("?");
        }
    }

    [Fact]
    public void A_spoilt_chain_ends_wrong_and_the_review_names_the_step()
    {
        var slips = new HashSet<Slip>();
        foreach (var (problem, wrong) in Some())
        {
            slips.Add(wrong.Slip);
            wrong.Answer.ShouldNotBe(problem.Answer);
            var review = problem.Review(wrong.Steps);
            review.ShouldNotContain("Every step holds");
            review.Split('\n').Count(l => l.EndsWith(": right.", StringComparison.Ordinal)).ShouldBe(wrong.At, review);
            var calculated = wrong.Steps.All(s => s.Truth == s.Value);
            calculated.ShouldBe(wrong.Slip != Slip.Calculation, review);
        }
        slips.Count.ShouldBe(4);
    }

    [Fact]
    public void The_review_of_a_right_chain_finds_nothing()
    {
        foreach (var (problem, _) in Some())
            problem.Review(problem.Steps).ShouldEndWith("Every step holds.");
    }

    [Fact]
    public void Long_problems_have_three_to_six_right_steps_and_larger_numbers()
    {
        var largest = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            var chance = new RandomStream(seed);
            var problem = Stories.Long(ref chance);
            problem.Steps.Length.ShouldBeInRange(3, 6);
            problem.Steps.ShouldAllBe(s => s.Truth == s.Value);
            largest = Math.Max(largest, problem.Steps.Max(s => s.Value));
        }
        largest.ShouldBeInRange(401, 800);
    }

    [Fact]
    public void A_variant_tells_the_same_story_with_other_numbers()
    {
        var alike = 0;
        for (ulong seed = 0; seed < 100; seed++)
        {
            var chance = new RandomStream(seed);
            var problem = Stories.Draw(ref chance, out var told);
            Story.Tell(told)!.Question.ShouldBe(problem.Question);
            var variant = Stories.Vary(told, ref chance);
            variant.Question.ShouldNotBe(problem.Question);
            if (Words(variant) == Words(problem))
                alike++;
        }
        // Where other numbers do not fit (half of an odd number), the story takes another turn.
        alike.ShouldBeGreaterThan(25);

        static string Words(WorkedProblem p) => string.Concat(p.Question.Where(c => !char.IsAsciiDigit(c)));
    }
}
