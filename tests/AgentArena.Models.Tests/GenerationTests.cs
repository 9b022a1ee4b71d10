// Sampling: kept beginnings change nothing, masks hold, streams are private, and what is recorded is what was drawn
// from.
using System.Collections.Immutable;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Models.Tokens;

namespace AgentArena.Models.Tests;

public class GenerationTests
{
    [Fact]
    public void Log_probabilities_of_sampling_are_those_of_training_also_for_sequences_that_join_and_leave()
    {
        using var model = Toys.Model();
        var finished = new List<SequenceResult>();
        for (var i = 0; i < 40; i++)
        {
            model.Add(
                i % 2 == 0
                    ? Toys.Ask(i, i % 12)
                    : Toys.Free(i, $"card {"JQK"[i % 3]}{new string('x', i % 7)}", 3 + i % 9)
            );
            if (i % 3 == 0)
                model.Step(finished);
            if (i % 11 == 0)
                model.Cancel(i);
        }
        var said = Toys.Finish(model, finished).Values.ToList();
        said.Count(s => s.Tokens.Length > 3).ShouldBeGreaterThan(5);
        var scores = model.Score([.. said.Select((s, i) => Toys.Row(s, 1, i))]);
        for (var i = 0; i < said.Count; i++)
        for (var t = 0; t < said[i].Tokens.Length; t++)
            said[i].LogProbs[t].ShouldBe(scores[i][t], 1e-5f);
    }

    [Fact]
    public void Tokens_know_where_in_the_text_they_end()
    {
        using var model = Toys.Model();
        for (var i = 0; i < 40; i++)
            model.Add(Toys.Free(i, $"card {"JQK"[i % 3]}{new string('x', i % 7)}", 9));
        foreach (var said in Toys.Finish(model).Values.Where(s => s.Tokens.Length > 1))
        {
            said.Ends.Length.ShouldBe(said.Tokens.Length);
            said.Ends[^1].ShouldBe(said.Text.Length);
            for (var t = 0; t < said.Ends.Length; t++)
            {
                var beginning = model.Tokenizer.Decode(said.Tokens.AsSpan()[..(t + 1)]);
                if (!beginning.Contains('\uFFFD') && !said.Text.Contains('\uFFFD'))
                    said.Ends[t].ShouldBe(beginning.Length);
            }
        }
    }

    [Fact]
    public void Attention_in_loops_and_by_tensor_operations_agree()
    {
        using var loops = Toys.Model();
        using var tensors = Toys.Model(type: TorchSharp.torch.ScalarType.Float64);
        foreach (var model in new[] { loops, tensors })
            for (var i = 0; i < 20; i++)
                model.Add(i % 2 == 0 ? Toys.Ask(i, i % 12) : Toys.Free(i, new string('b', i), 6));
        var (a, b) = (Toys.Finish(loops), Toys.Finish(tensors));
        foreach (var (id, said) in a)
        {
            b[id].Text.ShouldBe(said.Text);
            for (var t = 0; t < said.Tokens.Length; t++)
                b[id].LogProbs[t].ShouldBe(said.LogProbs[t], 1e-5f);
        }
        var scores = tensors.Score([.. b.Values.Select((s, i) => Toys.Row(s, 1, i))]);
        foreach (var (score, said) in scores.Zip(b.Values))
            for (var t = 0; t < score.Length; t++)
                said.LogProbs[t].ShouldBe(score[t], 1e-6f);
    }

    [Fact]
    public void A_reply_is_the_same_to_the_last_bit_in_any_company()
    {
        using var model = Toys.Model();
        var alone = new Dictionary<long, Utterance>();
        for (var i = 0; i < 24; i++)
        {
            using var fresh = Toys.Model();
            fresh.Add(Request(i));
            alone[i] = Toys.Finish(fresh)[i];
        }
        var finished = new List<SequenceResult>();
        foreach (var i in Enumerable.Range(0, 24).OrderBy(i => i * 7 % 24))
        {
            model.Add(Request(i));
            if (i % 4 == 0)
                model.Step(finished);
        }
        foreach (var (id, said) in Toys.Finish(model, finished))
        {
            said.Text.ShouldBe(alone[id].Text);
            said.Tokens.ShouldBe(alone[id].Tokens);
            said.LogProbs.ShouldBe(alone[id].LogProbs);
        }

        static SequenceRequest Request(int i) =>
            i % 2 == 0 ? Toys.Ask(i, i % 12) : Toys.Free(i, new string('a', i), 12);
    }

    [Fact]
    public void Only_legal_texts_come_out_with_an_end_only_where_one_continues_another()
    {
        ImmutableArray<string> legal = ["raise", "raise 20", "raise 200", "fold it", "é漢"];
        using var model = Toys.Model(options: Toys.Options with { Context = 128 });
        for (var i = 0; i < 400; i++)
            model.Add(
                new SequenceRequest
                {
                    Id = i,
                    Messages = [new(Speaker.User, "x")],
                    Legal = legal,
                    Seed = (ulong)i,
                    Budget = 64,
                }
            );
        var said = Toys.Finish(model).Values;
        said.Select(s => s.Text).Distinct().Order(StringComparer.Ordinal).ShouldBe(legal.Order(StringComparer.Ordinal));
        foreach (var s in said)
        {
            Toys.Tokenizer.Decode(s.Tokens.AsSpan()).ShouldBe(s.Text);
            (s.Tokens[^1] == Vocabulary.End).ShouldBe(s.Text is "raise" or "raise 20");
            for (var t = 0; t < s.Tokens.Length; t++)
                s.Allowed[t].ShouldContain(s.Tokens[t]);
            s.Truncated.ShouldBeFalse();
        }
        var expected = model.MoveProbabilities([([new(Speaker.User, "x")], legal)])[0];
        expected.Sum().ShouldBe(1, 1e-9);
        for (var m = 0; m < legal.Length; m++)
            (said.Count(s => s.Text == legal[m]) / 400.0).ShouldBe(expected[m], 0.1);
        foreach (var s in said)
            Math.Exp(s.LogProbs.Sum(p => (double)p)).ShouldBe(expected[legal.IndexOf(s.Text)], 1e-5);
    }

    [Fact]
    public void Draws_follow_top_k_top_p_and_temperature()
    {
        using var model = Toys.Model(scale: 8);
        foreach (
            var sampling in new Sampling[]
            {
                new() { TopK = 4 },
                new() { TopP = 0.3f },
                new()
                {
                    Temperature = 0.5f,
                    TopK = 6,
                    TopP = 0.8f,
                },
                new() { Temperature = 1.5f, TopK = 10 },
            }
        )
        {
            const int draws = 4000;
            for (var i = 0; i < draws; i++)
                model.Add(Toys.Free(i, "card J", 1, sampling));
            var said = Toys.Finish(model).Values.ToList();
            var allowed = said[0].Allowed[0];
            if (sampling.TopK > 0)
                allowed.Length.ShouldBeLessThanOrEqualTo(sampling.TopK);
            // The full distribution at this temperature, one id at a time, as the trainer sees it.
            var all = Enumerable
                .Range(Vocabulary.Specials.Count, Toys.Tokenizer.Vocabulary.Count - Vocabulary.Specials.Count)
                .Prepend(Vocabulary.End)
                .ToArray();
            var full = model
                .Score([
                    .. all.Select(id => new TrainingRow
                    {
                        Prompt = said[0].Prompt,
                        Tokens = [id],
                        LogProbs = [0],
                        Weights = [1],
                        Trajectory = 0,
                        Temperature = sampling.Temperature,
                    }),
                ])
                .Select((p, i) => (Id: all[i], P: Math.Exp(p[0])))
                .OrderByDescending(x => x.P)
                .ToList();
            full.Sum(x => x.P).ShouldBe(1, 1e-4);
            var kept = sampling.TopK > 0 ? full.Take(sampling.TopK).ToList() : full;
            var (mass, wanted, count) = (0.0, sampling.TopP * kept.Sum(x => x.P), 0);
            while (mass < wanted - 1e-7)
                mass += kept[count++].P;
            if (sampling.TopP < 1)
                kept = kept[..count];
            allowed.Order().ShouldBe(kept.Select(x => x.Id).Order());
            foreach (var (id, p) in kept)
            {
                var share = p / kept.Sum(x => x.P);
                (said.Count(s => s.Tokens[0] == id) / (double)draws).ShouldBe(
                    share,
                    4 * Math.Sqrt(share / draws) + 1e-3
                );
                foreach (var s in said.Where(s => s.Tokens[0] == id).Take(1))
                    Math.Exp(s.LogProbs[0]).ShouldBe(share, 1e-4);
            }
            var scored = model.Score([Toys.Row(said[0], 1, 0)])[0][0];
            scored.ShouldBe(said[0].LogProbs[0], 1e-5f);
        }
    }

    [Fact]
    public void Temperature_zero_takes_the_likeliest()
    {
        using var model = Toys.Model();
        for (var i = 0; i < 12; i++)
            model.Add(Toys.Ask(i, i, sampling: new() { Temperature = 0 }));
        var best = model.MoveProbabilities(Toys.Questions);
        foreach (var (id, said) in Toys.Finish(model))
        {
            Toys.Questions[(int)id]
                .Legal.IndexOf(said.Text)
                .ShouldBe(Array.IndexOf(best[(int)id], best[(int)id].Max()));
            said.LogProbs.ShouldAllBe(p => p == 0);
        }
    }

    [Fact]
    public void Stops_and_budgets_end_free_replies()
    {
        using var model = Toys.Model();
        // Let it say something, then ask for the same with a stop at a text it is known to say.
        model.Add(Toys.Free(1, "go", 20, seed: 5));
        var plain = Toys.Finish(model)[1];
        (plain.Truncated || plain.Tokens[^1] == Vocabulary.End).ShouldBeTrue();
        var bytes = plain.Tokens.SelectMany(t => Toys.Tokenizer.Vocabulary.Bytes(t).ToArray()).ToArray();
        var stop = Toys.Tokenizer.Decode([
            plain.Tokens.First(t => !Vocabulary.IsSpecial(t) && Toys.Tokenizer.Vocabulary.Bytes(t)[0] < 128),
        ]);
        model.Add(Toys.Free(2, "go", 20, new() { Stop = ["never said", stop] }, seed: 5));
        var cut = Toys.Finish(model)[2];
        plain.Text.StartsWith(cut.Text, StringComparison.Ordinal).ShouldBeTrue();
        cut.Text.ShouldNotContain(stop);
        Toys.Tokenizer.Decode(cut.Tokens.AsSpan()).ShouldContain(stop);
        cut.Truncated.ShouldBeFalse();
        model.Add(Toys.Free(3, "go", 2, seed: 5));
        Toys.Finish(model)[3].Truncated.ShouldBe(plain.Tokens.Length > 2);
    }

    [Fact]
    public void Equal_prompts_are_computed_once_until_the_weights_change()
    {
        using var model = Toys.Model(Toys.Learn());
        for (var i = 0; i < 300; i++)
            model.Add(Toys.Ask(i, i % 12));
        var rows = Toys.Finish(model).Select(s => Toys.Row(s.Value, 1, (int)s.Key)).ToImmutableArray();
        var once = model.ComputedTokens;
        once.ShouldBeLessThan(
            Toys.Questions.Sum(q => Toys.Tokenizer.Append([], q.Messages).Length),
            "even beginnings are shared"
        );
        for (var i = 0; i < 300; i++)
            model.Add(Toys.Ask(i, i % 12));
        Toys.Finish(model);
        model.ComputedTokens.ShouldBe(once);
        model.Update(new(rows, 300, 150, 0)).ComputedTokens.ShouldBe((int)once);
        for (var i = 0; i < 12; i++)
            model.Add(Toys.Ask(i, i));
        Toys.Finish(model).Values.ShouldAllBe(s => s.Version == 1);
        model.ComputedTokens.ShouldBe(2 * once);
    }

    [Fact]
    public void An_update_in_mid_reply_is_stamped_on_every_token_and_recomputes_what_was_said()
    {
        using var model = Toys.Model(Toys.Learn(optimiser: new() { Rate = 0.05 }));
        var batch = Toys.Batch(model);
        model.Add(Toys.Free(1, "go on and on", 12, new() { TopK = 50 }));
        var finished = new List<SequenceResult>();
        model.Step(finished);
        model.Step(finished);
        finished.ShouldBeEmpty();
        model.Update(batch);
        var said = Toys.Finish(model)[1];
        said.Version.ShouldBe(0);
        said.Versions[..3].ShouldBe([0, 0, 1]);
        var now = model.Score([Toys.Row(said, 1, 0)])[0];
        for (var t = 2; t < now.Length; t++)
            said.LogProbs[t].ShouldBe(now[t], 1e-5f);
        Math.Abs(said.LogProbs[0] - now[0]).ShouldBeGreaterThan(1e-4f);
    }

    [Fact]
    public void Room_for_beginnings_is_bounded_and_running_out_changes_nothing()
    {
        using var small = Toys.Model(options: Toys.Options with { CachedTokens = 64 });
        using var large = Toys.Model(options: Toys.Options with { CachedTokens = 1 << 14 });
        for (var round = 0; round < 60; round++)
        {
            foreach (var model in new[] { small, large })
                for (var i = 0; i < 6; i++)
                    model.Add(Toys.Free(i, $"{round} of {i} {new string('z', 20)}", 4));
            var (a, b) = (Toys.Finish(small), Toys.Finish(large));
            foreach (var (id, said) in a)
                said.LogProbs.ShouldBe(b[id].LogProbs);
        }
        small.ComputedTokens.ShouldBeGreaterThan(large.ComputedTokens);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_the_amount()
    {
        using var model = Toys.Model();
        Should
            .Throw<ArgumentException>(() => model.Add(Toys.Free(1, new string('q', 200), 8)))
            .Message.ShouldContain("exceed the context of 64 by");
        Should.Throw<ArgumentException>(() => model.Add(Toys.Free(1, "x", 0))).Message.ShouldContain("budget");
        Should
            .Throw<ArgumentException>(() => model.Add(Toys.Free(1, "x") with { Legal = [] }))
            .Message.ShouldContain("legal");
        Should
            .Throw<ArgumentException>(() => model.Add(Toys.Free(1, "x") with { Prefix = [100_000] }))
            .Message.ShouldContain("vocabulary");
        Should
            .Throw<InvalidOperationException>(() => model.Update(new([], 0, 0, 0)))
            .Message.ShouldContain("does not learn");
        model.Active.ShouldBe(0);
    }
}
