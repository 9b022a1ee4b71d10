// Every loss: its gradient by finite differences, its formula worked out by hand, one step in the right direction, and
// the identities between losses.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Models.Losses;
using AgentArena.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Tests;

public class LossTests
{
    private static readonly AdamWOptions Plain = new()
    {
        Rate = 0.01,
        Clip = 0,
        Schedule = Curve.Constant,
    };

    // Bounds wide enough, or steps small enough, that no bound's corner is hit by a step of the differences.
    private static readonly SortedDictionary<string, Func<Loss>> Forms = new(StringComparer.Ordinal)
    {
        ["dapo"] = () => new PolicyGradient(new DapoOptions()),
        ["grpo, k3"] = () => new PolicyGradient(new GrpoOptions { Kl = 0.5 }),
        ["k1"] = () =>
            new PolicyGradient(
                new()
                {
                    Kl = 0.5,
                    KlForm = KlForm.K1,
                    Reference = Following.First,
                }
            ),
        ["k2"] = () =>
            new PolicyGradient(
                new()
                {
                    Kl = 0.5,
                    KlForm = KlForm.K2,
                    Reference = Following.First,
                }
            ),
        ["entropy band"] = () =>
            new PolicyGradient(
                new()
                {
                    EntropyBand = 0.7,
                    EntropyLow = 0.3,
                    EntropyHigh = 0.5,
                }
            ),
        ["high-entropy tokens"] = () => new PolicyGradient(new() { TopEntropy = 0.3 }),
        ["ppo"] = () => new PolicyGradient(new PpoOptions()),
        ["gspo"] = () => new SequenceRatio(new() { ClipLow = 0.5, ClipHigh = 0.5 }),
        ["spc"] = () => new SequenceRatio(new SelfPlayCriticOptions()),
        ["nft"] = () => new NegativeAware(new()),
        ["nft, centred"] = () => new NegativeAware(new() { Weight = TaskWeight.Centred, Entropy = 0.1 }),
        ["dpo"] = () => new Preference(new() { Beta = 0.7 }),
        ["dno"] = () => new Preference(new NashOptions { Beta = 0.7, Kl = 0.1 }),
        ["imitation"] = () => new Imitation(new()),
        ["self-imitation"] = () => new Imitation(new() { Weighed = true, Above = 0.2 }),
    };

    public static TheoryData<string> Names => [.. Forms.Keys];

    // Masked and free replies in groups of one question; right and wrong ones in most groups.
    private static TrainingBatch Groups(TransformerModel model, int masked = 36, int free = 8, float wrong = -1)
    {
        var batch = Toys.Batch(model, masked, free);
        var groups = new Dictionary<string, int>();
        var chance = new RandomStream(5);
        return batch with
        {
            Rows =
            [
                .. batch
                    .Rows.Where(r => r.Temperature == 1)
                    .Select(r =>
                    {
                        var key = string.Join(' ', r.Prompt);
                        if (!groups.TryGetValue(key, out var group))
                            groups.Add(key, group = groups.Count);
                        var weight = chance.Next(2) == 0 ? 1 : wrong;
                        return r with { Group = group, Weights = [.. r.Tokens.Select(_ => weight)] };
                    })
                    .OrderBy(r => r.Group),
            ],
        };
    }

    [Theory, MemberData(nameof(Names))]
    public void The_gradient_is_that_of_the_loss_by_finite_differences(string name)
    {
        using var model = Toys.Model(
            new UpdateRule(Forms[name](), Plain),
            type: ScalarType.Float64,
            options: Toys.Options with
            {
                Width = 16,
                Heads = 2,
            },
            scale: 3
        );
        var batch = Groups(model);
        batch.Rows.ShouldContain(r => r.Tokens.Length > 1);
        // Ratios and references differ from one and from the policy after two steps.
        model.Update(batch);
        model.Update(batch);
        Check(model, batch, name);
    }

    private static void Check(TransformerModel model, TrainingBatch batch, string name)
    {
        var probe = new GradientProbe(model, batch);
        var (loss, gradient) = probe.LossAndGradient();
        double.IsFinite(loss).ShouldBeTrue();
        var chance = new RandomStream(9);
        var nonzero = 0;
        for (var n = 0; n < 30; n++)
        {
            var at = chance.Next(gradient.Length);
            const double h = 1e-6;
            var slope = (probe.LossAt(at, h) - probe.LossAt(at, -h)) / (2 * h);
            gradient[at].ShouldBe(slope, 1e-6 + 1e-4 * Math.Abs(slope), name);
            if (Math.Abs(slope) > 1e-6)
                nonzero++;
        }
        nonzero.ShouldBeGreaterThan(8);
    }

    // A stopped factor is no part of what differences see: they are taken with the factor fixed, as weights of a plain
    // policy gradient.
    [Theory]
    [InlineData("cispo")]
    [InlineData("topr")]
    public void A_stopped_ratio_weighs_the_plain_gradient(string name)
    {
        Loss loss = name == "cispo" ? new Cispo(new() { ClipHigh = 0.05 }) : new TaperedOffPolicy(new());
        using var model = Toys.Model(new UpdateRule(loss, Plain), type: ScalarType.Float64, scale: 3);
        using var twin = Toys.Model(
            Toys.Learn(new() { Normalise = name == "cispo" ? Normaliser.PerToken : Normaliser.Constant }, Plain),
            type: ScalarType.Float64,
            scale: 3
        );
        var batch = Groups(model);
        // What sampled them was another policy: recorded log-probabilities are moved.
        var chance = new RandomStream(6);
        var moved = batch with
        {
            Rows =
            [
                .. batch.Rows.Select(r =>
                    r with
                    {
                        LogProbs = [.. r.LogProbs.Select(l => Math.Min(-1e-3f, l + (float)chance.NextDouble() - 0.5f))],
                    }
                ),
            ],
        };
        var weighed = moved with { Rows = [.. moved.Rows.Zip(model.Score(moved.Rows), (r, now) =>
                {
                    var ratios = r.LogProbs.Zip(now, (old, l) => Math.Exp(l - old)).ToArray();
                    var whole = ratios.Aggregate(1.0, (a, b) => a * b);
                    return r with
                    {
                        Weights =
                        [
                            .. r.Weights.Select(
                                (w, t) =>
                                    (float)(
                                        w
                                        * (
                                            name == "cispo" ? Math.Min(ratios[t], 1.05)
                                            : w > 0 ? 1
                                            : Math.Min(1, whole)
                                        )
                                    )
                            ),
                        ],
                    };
                })] };
        Equal(
            new GradientProbe(model, moved).LossAndGradient().Gradient,
            new GradientProbe(twin, weighed).LossAndGradient().Gradient,
            1e-5
        );
        Different(
            new GradientProbe(twin, moved).LossAndGradient().Gradient,
            new GradientProbe(twin, weighed).LossAndGradient().Gradient
        );
    }

    private static readonly string[] Known =
    [
        "cispo",
        "dapo",
        "dno",
        "dpo",
        "grpo",
        "gspo",
        "imitation",
        "likelihood",
        "nft",
        "policy-gradient",
        "ppo",
        "sdpo",
        "spc",
        "srpo",
        "topr",
    ];

    // Without a teacher SDPO has nothing to learn from: its steps are tested with one, in SelfDistillationTests.
    public static TheoryData<string> Learners => [.. Known.Where(n => n != "sdpo")];

    [Fact]
    public void Every_loss_of_the_catalog_is_tested_to_learn() =>
        Standard.Catalog.Losses.Names.Order(StringComparer.Ordinal).ShouldBe(Known);

    [Theory, MemberData(nameof(Learners))]
    public void One_step_makes_right_replies_likelier_than_wrong_ones(string name)
    {
        var mistakes = new AgentArena.Core.Configuration.Mistakes();
        var loss = Standard.Catalog.Losses.Create(new Plugin(name), "loss", mistakes)!;
        mistakes.ThrowIfAny();
        using var model = Toys.Model(new UpdateRule(loss, Plain with { Rate = 1e-3 }), scale: 2);
        var (right, wrong) = (default(TrainingRow), default(TrainingRow));
        for (var i = 0; right is null || wrong is null; i++)
        {
            model.Add(Toys.Ask(1, 0, (ulong)i));
            var said = Toys.Finish(model)[1];
            if (said.Text == "bet")
                right = Toys.Row(said, 1, 0);
            else
                wrong = Toys.Row(said, -1, 1);
        }
        var before = model.Score([right, wrong]);
        model.Update(new([right, wrong], 2, 2, 0));
        var after = model.Score([right, wrong]);
        after[0][0].ShouldBeGreaterThan(before[0][0]);
        (after[0][0] - after[1][0]).ShouldBeGreaterThan(before[0][0] - before[1][0]);
    }

    [Fact]
    public void On_policy_clipping_and_token_ratios_give_the_gradient_of_reinforce()
    {
        var batch = default(TrainingBatch);
        var plain = Gradient(new PolicyGradient(new() { Normalise = Normaliser.PerToken }));
        foreach (
            var loss in new Loss[]
            {
                new PolicyGradient(new PpoOptions()),
                new PolicyGradient(new DapoOptions()),
                new Cispo(new()),
                new PolicyGradient(
                    new()
                    {
                        Clip = true,
                        Kl = 1,
                        KlForm = KlForm.K3,
                        Reference = Following.First,
                        Normalise = Normaliser.PerToken,
                    }
                ),
            }
        )
            Equal(Gradient(loss), plain, 1e-5);

        double[] Gradient(Loss loss)
        {
            using var model = Toys.Model(new UpdateRule(loss, Plain), type: ScalarType.Float64);
            batch ??= OnPolicy(model, Groups(model));
            return new GradientProbe(model, batch).LossAndGradient().Gradient;
        }
    }

    [Fact]
    public void On_policy_negative_aware_tuning_gives_the_gradient_of_grpo()
    {
        using var nft = Toys.Model(new UpdateRule(new NegativeAware(new()), Plain), type: ScalarType.Float64);
        using var grpo = Toys.Model(
            Toys.Learn(new() { Clip = true, Normalise = Normaliser.PerReply }, Plain),
            type: ScalarType.Float64
        );
        var batch = OnPolicy(nft, Groups(nft));
        // GRPO's advantages with the population's deviation: (r - q) / sqrt(q (1 - q)).
        var q = batch
            .Rows.GroupBy(r => r.Group)
            .ToDictionary(g => g.Key, g => g.Average(r => r.Weights[0] > 0 ? 1.0 : 0));
        q.Values.ShouldContain(v => v > 0 && v < 1 && v != 0.5);
        var relative = batch with
        {
            Rows =
            [
                .. batch.Rows.Select(r =>
                    r with
                    {
                        Weights =
                        [
                            .. r.Weights.Select(w =>
                                q[r.Group] is 0 or 1
                                    ? 0
                                    : (float)(((w > 0 ? 1 : 0) - q[r.Group]) / Math.Sqrt(q[r.Group] * (1 - q[r.Group])))
                            ),
                        ],
                    }
                ),
            ],
        };
        Equal(
            new GradientProbe(nft, batch).LossAndGradient().Gradient,
            new GradientProbe(grpo, relative).LossAndGradient().Gradient,
            1e-5
        );
    }

    [Fact]
    public void At_the_reference_a_preference_costs_log_two_and_moves_by_half_beta()
    {
        using var dpo = Toys.Model(
            new UpdateRule(new Preference(new() { Beta = 0.4 }), Plain),
            type: ScalarType.Float64
        );
        using var plain = Toys.Model(
            Toys.Learn(new() { Normalise = Normaliser.Constant }, Plain),
            type: ScalarType.Float64
        );
        var batch = Groups(dpo);
        var (loss, gradient) = new GradientProbe(dpo, batch).LossAndGradient();
        loss.ShouldBe(Math.Log(2), 1e-6);
        // - beta / 2 (grad log pi(w) - grad log pi(l)), mean over pairs.
        var rows = batch.Rows;
        var pairs = rows.Sum(a => rows.Count(b => a.Group == b.Group && a.Weights[0] > b.Weights[0]));
        var weighed = batch with
        {
            Rows =
            [
                .. rows.Select(a =>
                    a with
                    {
                        Weights =
                        [
                            .. a.Weights.Select(w =>
                                (float)(
                                    0.2
                                    * rows.Length
                                    / pairs
                                    * rows.Where(b => b.Group == a.Group).Sum(b => Math.Sign(w - b.Weights[0]))
                                )
                            ),
                        ],
                    }
                ),
            ],
        };
        Equal(gradient, new GradientProbe(plain, weighed).LossAndGradient().Gradient, 1e-5);
        // Equal preferences: nothing to compare, nothing to learn.
        var equal = batch with { Rows = [.. rows.Select(r => r with { Weights = [.. r.Weights.Select(_ => 1f)] })] };
        new GradientProbe(dpo, equal).LossAndGradient().Gradient.ShouldAllBe(g => g == 0);
    }

    [Fact]
    public void Two_equal_replies_preferred_either_way_pull_nowhere()
    {
        using var model = Toys.Model(new UpdateRule(new Preference(new()), Plain), type: ScalarType.Float64);
        model.Add(Toys.Ask(1, 0));
        var row = Toys.Row(Toys.Finish(model)[1], 1, 0);
        var (loss, gradient) = new GradientProbe(
            model,
            new([row, row with { Weights = [-1f] }], 2, 2, 0)
        ).LossAndGradient();
        loss.ShouldBe(Math.Log(2), 1e-9);
        gradient.ShouldAllBe(g => Math.Abs(g) < 1e-12);
    }

    [Fact]
    public void Pairs_meet_in_one_pass_and_parts_keep_groups_whole()
    {
        using var one = Toys.Model(new UpdateRule(new Preference(new()), Plain), type: ScalarType.Float64);
        using var many = Toys.Model(
            new UpdateRule(new Preference(new()), Plain),
            type: ScalarType.Float64,
            options: Toys.Options with
            {
                PassTokens = 24,
            }
        );
        var batch = Groups(one);
        var shuffled = batch with { Rows = [.. batch.Rows.OrderBy(r => r.LogProbs[0])] };
        many.Update(shuffled).Loss.ShouldBe(one.Update(batch).Loss, 1e-9);
        one.Update(batch).Loss.ShouldBe(many.Update(shuffled).Loss, 1e-9);
    }

    [Fact]
    public void A_sequence_ratio_is_the_mean_of_a_replys_log_ratios()
    {
        using var model = Toys.Model(
            new UpdateRule(new SequenceRatio(new() { ClipLow = 0.1, ClipHigh = 0.1 }), Plain),
            type: ScalarType.Float64
        );
        var batch = Groups(model);
        batch = batch with
        {
            Rows =
            [
                .. batch.Rows.Select(
                    (r, i) => r with { LogProbs = [.. r.LogProbs.Select(l => l + (i % 3 - 1) * 0.2f)] }
                ),
            ],
        };
        var expected = batch
            .Rows.Zip(model.Score(batch.Rows), (r, now) =>
            {
                var s = Math.Exp(now.Zip(r.LogProbs, (a, b) => (double)a - b).Average());
                return -Math.Min(s * r.Weights[0], Math.Clamp(s, 0.9, 1.1) * r.Weights[0]);
            })
            .Average();
        var report = model.Update(batch);
        report.Loss.ShouldBe(expected, 1e-5);
        report.ClipShare.ShouldBeInRange(0.4, 0.9);
    }

    [Fact]
    public void Demonstrations_are_the_critics_supervised_part()
    {
        using var model = Toys.Model(
            new UpdateRule(new SequenceRatio(new SelfPlayCriticOptions()), Plain),
            type: ScalarType.Float64
        );
        var batch = OnPolicy(model, Groups(model));
        var told = batch.Rows[^1];
        var mixed = batch with
        {
            Rows = [.. batch.Rows[..^1], told with { LogProbs = [.. told.LogProbs.Select(_ => float.NaN)] }],
        };
        var expected = -mixed.Rows[..^1].Average(r => r.Weights[0]) - 0.15 * model.Score([told])[0].Average();
        model.Update(mixed).Loss.ShouldBe(expected, 1e-5);
    }

    [Fact]
    public void Replies_that_were_cut_are_left_out_where_asked()
    {
        using var masked = Toys.Model(
            new UpdateRule(new PolicyGradient(new() { MaskTruncated = true }), Plain),
            type: ScalarType.Float64
        );
        using var plain = Toys.Model(Toys.Learn(new(), Plain), type: ScalarType.Float64);
        var batch = Groups(masked);
        var cut = batch with { Rows = [.. batch.Rows.Select((r, i) => r with { Truncated = i % 2 == 0 })] };
        var zero = batch with
        {
            Rows =
            [
                .. batch.Rows.Select((r, i) => i % 2 == 0 ? r with { Weights = [.. r.Weights.Select(_ => 0f)] } : r),
            ],
        };
        Equal(
            new GradientProbe(masked, cut).LossAndGradient().Gradient,
            new GradientProbe(plain, zero).LossAndGradient().Gradient,
            1e-9
        );
    }

    [Fact]
    public void Only_the_most_uncertain_tokens_count_where_asked()
    {
        using var few = Toys.Model(
            new UpdateRule(new PolicyGradient(new() { TopEntropy = 0.5 }), Plain),
            type: ScalarType.Float64
        );
        using var all = Toys.Model(Toys.Learn(new(), Plain), type: ScalarType.Float64);
        // Free tokens have a whole vocabulary before them, masked ones two moves.
        var batch = Groups(few, masked: 12, free: 8);
        var tokens = batch.Rows.Sum(r => r.Tokens.Length);
        batch.Rows.Where(r => r.Allowed.IsDefault).Sum(r => r.Tokens.Length).ShouldBeGreaterThan(tokens / 2);
        Different(
            new GradientProbe(few, batch).LossAndGradient().Gradient,
            new GradientProbe(all, batch).LossAndGradient().Gradient
        );
        var free = batch with
        {
            Rows =
            [
                .. batch.Rows.Select(r =>
                    r.Allowed.IsDefault ? r with { Weights = [.. r.Weights.Select(_ => 0f)] } : r
                ),
            ],
        };
        new GradientProbe(few, free).LossAndGradient().Gradient.ShouldAllBe(g => g == 0);
    }

    [Theory]
    [InlineData(KlForm.K1)]
    [InlineData(KlForm.K2)]
    [InlineData(KlForm.K3)]
    public void Estimates_of_kl_agree_with_the_exact_one_on_average(KlForm form)
    {
        using var exact = Toys.Model(
            Toys.Learn(
                new()
                {
                    Kl = 1,
                    Reference = Following.First,
                    Normalise = Normaliser.PerToken,
                },
                Plain
            ),
            type: ScalarType.Float64
        );
        var silent = (TrainingBatch b) =>
            b with
            {
                Rows = [.. b.Rows.Select(r => r with { Weights = [.. r.Weights.Select(_ => 0f)] })],
            };
        exact.Update(Groups(exact));
        // Every move of one question, as often as the policy plays it: the estimate's expectation, enumerated.
        var (messages, legal) = Toys.Questions[0];
        var (p, reference) = (exact.MoveProbabilities([(messages, legal)])[0], Before());
        var d = p.Zip(reference, (a, b) => Math.Log(b / a)).ToArray();
        var estimate = p.Zip(d, (a, x) => a
                * (
                    form switch
                    {
                        KlForm.K1 => -x,
                        KlForm.K2 => x * x / 2,
                        _ => Math.Exp(x) - 1 - x,
                    }
                ))
            .Sum();
        var kl = p.Zip(d, (a, x) => -a * x).Sum();
        kl.ShouldBeGreaterThan(0);
        estimate.ShouldBe(kl, form == KlForm.K2 ? 0.35 * kl : 1e-9);

        // And the loss's own number for one sampled reply.
        using var model = Toys.Model(
            new UpdateRule(
                new PolicyGradient(
                    new()
                    {
                        Kl = 1,
                        KlForm = form,
                        Reference = Following.First,
                        Normalise = Normaliser.PerToken,
                    }
                ),
                Plain
            ),
            type: ScalarType.Float64
        );
        model.Update(Groups(model));
        model.Add(Toys.Ask(1, 0));
        var said = Toys.Finish(model)[1];
        var now = Math.Log(model.MoveProbabilities([(messages, legal)])[0][legal.IndexOf(said.Text)]);
        var x = Math.Log(reference[legal.IndexOf(said.Text)]) - now;
        model
            .Update(silent(new([Toys.Row(said, 0, 0)], 1, 1, 0)))
            .Loss.ShouldBe(
                form switch
                {
                    KlForm.K1 => -x,
                    KlForm.K2 => x * x / 2,
                    _ => Math.Exp(x) - 1 - x,
                },
                1e-6
            );

        double[] Before()
        {
            using var first = Toys.Model(Toys.Learn(null, Plain), type: ScalarType.Float64);
            return first.MoveProbabilities([(messages, legal)])[0];
        }
    }

    [Fact]
    public void Contradicting_options_are_refused()
    {
        Should
            .Throw<ArgumentException>(() => new Preference(new() { Reference = Following.None }))
            .Message.ShouldContain("reference");
        Should.Throw<ArgumentException>(() => new Cispo(new() { ClipLow = 2 })).Message.ShouldContain("clip-low");
        Should.Throw<ArgumentException>(() => new SequenceRatio(new() { Sft = -1 })).Message.ShouldContain("sft");
        Should
            .Throw<ArgumentException>(() => new NegativeAware(new() { Epsilon = 0 }))
            .Message.ShouldContain("epsilon");
        Should.Throw<ArgumentException>(() => new TaperedOffPolicy(new() { Most = 0 })).Message.ShouldContain("most");
        Should
            .Throw<ArgumentException>(() => new PolicyGradient(new() { TopEntropy = 0 }))
            .Message.ShouldContain("top-entropy");
        Should
            .Throw<ArgumentException>(() => new PolicyGradient(new() { EntropyLow = 3 }))
            .Message.ShouldContain("entropy-low");
    }

    // Recorded log-probabilities exactly those of the weights, so that every ratio is one to the last digits of
    // float32.
    private static TrainingBatch OnPolicy(TransformerModel model, TrainingBatch batch) =>
        batch with
        {
            Rows = [.. batch.Rows.Zip(model.Score(batch.Rows), (r, l) => r with { LogProbs = [.. l] })],
        };

    private static void Equal(double[] a, double[] b, double tolerance)
    {
        var size = b.Max(Math.Abs);
        size.ShouldBeGreaterThan(0);
        a.Zip(b, (x, y) => Math.Abs(x - y)).Max().ShouldBeLessThan(tolerance * size);
    }

    private static void Different(double[] a, double[] b) =>
        a.Zip(b, (x, y) => Math.Abs(x - y)).Max().ShouldBeGreaterThan(1e-3 * b.Max(Math.Abs));
}
