// No tensor is left behind, and none is made that nobody holds: outside every scope its finalizer could free it in the
// middle of a call.
using AgentArena.Core.Models;
using AgentArena.Models.Losses;
using AgentArena.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Tests;

public class MemoryTests
{
    public static readonly TheoryData<string, Loss, AdamWOptions> Kinds = new()
    {
        {
            "magnetic",
            new PolicyGradient(
                new()
                {
                    Kl = 1,
                    Entropy = 0.1,
                    Reference = Following.Ema,
                    Parts = 2,
                }
            ),
            new()
        },
        {
            "r-nad",
            new PolicyGradient(new() { Eta = 0.5, Reference = Following.First }),
            new() { WeightDecay = 0.1 }
        },
        { "preference", new Preference(new() { Reference = Following.Snapshot }), new() },
        { "negative-aware", new NegativeAware(new()), new() },
        { "sequence ratio", new SequenceRatio(new()), new() },
    };

    [Theory, MemberData(nameof(Kinds))]
    public void Every_tensor_is_held_while_it_is_used_and_gone_after(string kind, Loss loss, AdamWOptions optimiser)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var unheld = DisposeScopeManager.Statistics.CreatedOutsideScopeCount;
        using (
            var model = new TransformerModel(
                "student",
                Toys.Options with
                {
                    ValueHead = true,
                    PassTokens = 100,
                },
                Toys.Tokenizer,
                1,
                new UpdateRule(loss, optimiser)
            )
        )
        {
            Turn();
            var settled = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            for (var n = 0; n < 3; n++)
                Turn();
            DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(settled, kind);
            DisposeScopeManager.Statistics.CreatedOutsideScopeCount.ShouldBe(unheld, kind);

            void Turn()
            {
                var batch = Toys.Batch(model);
                model.Update(batch);
                model.Score(batch.Rows);
                model.MoveProbabilities(Toys.Questions);
                model.Measure([
                    new TextQuestion
                    {
                        Prompt = batch.Rows[0].Prompt,
                        Text = "check",
                        Certainty = true,
                    },
                ]);
                model.Save(folder);
                model.Load(folder);
                using var snapshot = model.Snapshot();
                model.Adopt(model);
            }
        }
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.ShouldBe(before, kind);
        Directory.Delete(folder, true);
    }
}
