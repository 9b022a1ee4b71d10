// Taking over another's weights, and learning with settings of one's own.
using AgentArena.Core.Models;
using AgentArena.Models.Training;

namespace AgentArena.Models.Tests;

public class AdoptTests
{
    private static TransformerModel Member(ulong seed, double kl = 0.5) =>
        Toys.Model(
            Toys.Learn(
                new()
                {
                    Kl = kl,
                    Reference = kl > 0 ? Following.Ema : Following.None,
                    Entropy = 0.1,
                }
            ),
            seed
        );

    [Fact]
    public void Who_took_over_plays_and_learns_as_its_parent_would_and_keeps_its_version()
    {
        using var parent = Member(1);
        using var child = Member(2);
        for (var i = 0; i < 3; i++)
            parent.Update(Toys.Batch(parent, seed: (ulong)i));
        child.Update(Toys.Batch(child));
        child.MoveProbabilities(Toys.Questions)[0].ShouldNotBe(parent.MoveProbabilities(Toys.Questions)[0]);
        child.Adopt(parent);
        child.Version.ShouldBe(1);
        child.MoveProbabilities(Toys.Questions)[0].ShouldBe(parent.MoveProbabilities(Toys.Questions)[0]);
        var batch = Toys.Batch(parent, seed: 9);
        parent.Update(batch);
        child.Update(batch);
        child.WeightNumbers().ShouldBe(parent.WeightNumbers());
        child.ReferenceNumbers().ShouldBe(parent.ReferenceNumbers());
        // From here each goes its own way: nothing is shared.
        parent.Update(Toys.Batch(parent, seed: 10));
        child.WeightNumbers().ShouldNotBe(parent.WeightNumbers());
    }

    [Fact]
    public void Another_shape_or_another_kind_of_learning_is_refused()
    {
        using var child = Member(1);
        using var wide = Toys.Model(
            Toys.Learn(new() { Kl = 0.5, Reference = Following.Ema }),
            options: Toys.Options with
            {
                Width = 16,
            }
        );
        using var plain = Member(1, kl: 0);
        using var player = Toys.Model();
        foreach (var other in new[] { wide, plain, player })
            Should
                .Throw<ArgumentException>(() => child.Adopt(other))
                .Message.ShouldContain("Give the members of a population one model");
    }

    [Fact]
    public void Settings_are_factors_of_the_recipes_rate_and_entropy()
    {
        TransformerModel Learned(LearnSettings settings, double rate = 1e-3, double entropy = 0.1)
        {
            var model = Toys.Model(
                Toys.Learn(new() { Entropy = entropy, EntropyEnd = entropy }, new() { Rate = rate })
            );
            model.Update(Toys.Batch(model) with { Settings = settings });
            return model;
        }
        using var doubled = Learned(new(Rate: 2, Entropy: 3));
        using var same = Learned(new(), rate: 2e-3, entropy: 0.3);
        using var plain = Learned(new());
        doubled.WeightNumbers().ShouldBe(same.WeightNumbers(), 1e-7);
        doubled.WeightNumbers().ShouldNotBe(plain.WeightNumbers());
    }
}
