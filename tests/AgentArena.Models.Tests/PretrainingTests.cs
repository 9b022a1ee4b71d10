// Pretraining: packed documents are learned as if each stood alone, a run that was stopped goes on to the same bits,
// and another recipe is no continuation.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Runs;
using AgentArena.Games.Corpus;
using AgentArena.Models.Networks;
using AgentArena.Models.Pretraining;
using AgentArena.Models.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Tests;

public sealed class PretrainingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private static readonly PretrainOptions Tiny = new()
    {
        Name = "tiny",
        Model = new()
        {
            Width = 32,
            Layers = 2,
            Heads = 4,
            Context = 512,
            Deviation = 0.2,
            CachedTokens = 4096,
            Tokenizer = new() { Vocabulary = 400, SingleDigits = true },
        },
        Mixture = ImmutableSortedDictionary<string, MixturePart>.Empty.Add("step-critics", new()).Add("sums", new()),
        VocabularyDocuments = 60,
        BatchTokens = 600,
        PassTokens = 512,
        Updates = 6,
        KeepCheckpoints = 2,
        Optimizer = new()
        {
            Rate = 3e-3,
            WeightDecay = 0.1,
            WarmUp = 2,
        },
    };

    public void Dispose() => Directory.Delete(_folder, true);

    private static DocumentStream Stream(params string[] families) =>
        new(1, [.. Families.Own.Where(f => families.Length == 0 || families.Contains(f.Name)).Select(f => (f, 1.0))]);

    private static TokenDocument[] Documents(TextTokenizer tokenizer, int count) =>
        [.. Enumerable.Range(0, count).Select(i => DocumentStream.Encode(tokenizer, Stream()[i], 2048)!)];

    private static TextTokenizer Tokens() =>
        new(Stream().Learn(new() { Vocabulary = 500, SingleDigits = true }, 100), singleDigits: true);

    [Fact]
    public void Packed_documents_are_read_as_each_is_alone_and_as_the_network_that_plays_reads_it()
    {
        var tokenizer = Tokens();
        var documents = Documents(tokenizer, 40);
        var shape = Tiny.Model with { Context = 2048, CachedTokens = 4096 };
        using var network = new Transformer(shape, tokenizer.Vocabulary.Count, CPU);
        using var weights = network.Initialise(1);
        using var loss = new DocumentLoss(shape, ScalarType.Float32);
        var passes = DocumentBatch.Lay(documents, 2048, promptWeight: 0.25).ToArray();
        passes.Sum(p => p.Filled).ShouldBeLessThan(documents.Sum(d => d.Ids.Length - 1));
        passes.Sum(p => p.Targets.Length).ShouldBe(documents.Sum(d => d.Ids.Length - d.Beginning - 1));

        var packed = passes.Sum(p => Sum(loss, weights, p));
        var alone = documents.Sum(d => Sum(loss, weights, DocumentBatch.Lay([d], 2048, 0.25).Single()));
        var played = documents.Sum(d => Played(network, weights, d));
        packed.ShouldBe(alone, 1e-4 * alone);
        packed.ShouldBe(played, 1e-4 * played);
    }

    [Fact]
    public void No_document_sees_another_of_its_row()
    {
        var tokenizer = Tokens();
        var documents = Documents(tokenizer, 12);
        using var network = new Transformer(Tiny.Model with { Context = 2048 }, tokenizer.Vocabulary.Count, CPU);
        using var weights = network.Initialise(1);
        using var loss = new DocumentLoss(network.Options, ScalarType.Float32);
        var before = Learned(documents);
        // Another reply in one document changes what is learned of that one alone.
        var other = documents[5] with { Ids = [.. documents[5].Ids[..^2], 9, Vocabulary.End] };
        var after = Learned([.. documents[..5], other, .. documents[6..]]);
        (after - before).ShouldBe(Learned([other]) - Learned([documents[5]]), 2e-3);

        double Learned(IReadOnlyList<TokenDocument> all) =>
            DocumentBatch.Lay(all, 4096, 0).Sum(p => Sum(loss, weights, p));
    }

    [Fact]
    public void Bfloat16_is_near_float32()
    {
        var tokenizer = Tokens();
        using var network = new Transformer(Tiny.Model, tokenizer.Vocabulary.Count, CPU);
        using var weights = network.Initialise(1);
        using var exact = new DocumentLoss(Tiny.Model, ScalarType.Float32);
        using var rounded = new DocumentLoss(Tiny.Model, ScalarType.BFloat16);
        foreach (var pass in DocumentBatch.Lay(Short(tokenizer), 2048, 0))
            Sum(rounded, weights, pass).ShouldBe(Sum(exact, weights, pass), 0.02 * Sum(exact, weights, pass));
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_to_the_same_bits()
    {
        var stream = Stream("step-critics", "sums");
        using var whole = Pretrainer.Open(Tiny, stream, Path.Combine(_folder, "whole"));
        var undisturbed = Enumerable.Range(0, 6).Select(_ => whole.Step().Loss).ToArray();
        var disturbed = new List<double>();
        var folder = Path.Combine(_folder, "stopped");
        for (var times = 0; times < 3; times++)
        {
            using var part = Pretrainer.Open(Tiny, stream, folder);
            part.Place.Updates.ShouldBe(2 * times);
            disturbed.Add(part.Step().Loss);
            disturbed.Add(part.Step().Loss);
            part.Save();
        }
        disturbed.ShouldBe(undisturbed);
        Directory.GetDirectories(Pretrainer.CheckpointsOf(folder)).Length.ShouldBe(2);
        whole.Save();
        File.ReadAllBytes(Path.Combine(Pretrainer.Newest(folder)!, "training.safetensors"))
            .ShouldBe(
                File.ReadAllBytes(
                    Path.Combine(Pretrainer.Newest(Path.Combine(_folder, "whole"))!, "training.safetensors")
                )
            );
    }

    [Fact]
    public void The_loss_of_what_is_learned_falls()
    {
        var longer = Tiny with { Updates = 60, Bfloat16 = false };
        using var run = Pretrainer.Open(longer, Stream("step-critics", "sums"), _folder);
        var first = run.Step().Loss;
        for (var update = 1; update < 59; update++)
            run.Step();
        run.Step().Loss.ShouldBeLessThan(0.5 * first);
        run.Finished.ShouldBeTrue();
    }

    [Fact]
    public void Another_recipe_is_no_continuation()
    {
        var stream = Stream("step-critics", "sums");
        using (var run = Pretrainer.Open(Tiny, stream, _folder))
        {
            run.Step();
            run.Save();
        }
        Should
            .Throw<InvalidDataException>(() => Pretrainer.Open(Tiny with { BatchTokens = 700 }, stream, _folder))
            .Message.ShouldContain("another recipe");
        using var logged = Pretrainer.Open(
            Tiny with
            {
                LogEvery = 3,
                CheckpointEvery = 9,
                Updates = 9,
            },
            stream,
            _folder
        );
        logged.Place.Updates.ShouldBe(1);
    }

    [Fact]
    public void A_damaged_checkpoint_is_named_and_not_gone_on_from()
    {
        var stream = Stream("step-critics", "sums");
        using (var run = Pretrainer.Open(Tiny, stream, _folder))
        {
            run.Step();
            run.Save();
        }
        var file = Path.Combine(Pretrainer.Newest(_folder)!, PretrainPlace.File);
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"updates\": 1", "\"updates\": 0"));
        Should
            .Throw<InvalidDataException>(() => Pretrainer.Open(Tiny, stream, _folder))
            .Message.ShouldContain(PretrainPlace.File);
    }

    [Fact]
    public void A_finished_checkpoint_plays()
    {
        var stream = Stream("step-critics");
        using var run = Pretrainer.Open(Tiny, stream, _folder);
        run.Step();
        var seated = Path.Combine(_folder, "seated");
        CheckpointFolder.Write(seated, into => run.Write(into, training: false));
        CheckpointFolder.Verify(seated);
        using var model = PretrainedModel.Load(Tiny, seated);
        var figures = HeldOut.Measure(model, stream, stream.Measured.Single(), items: 5, longest: 4);
        figures[0].Items.ShouldBe(5);
        figures[0].Kind.ShouldBe("");
        figures.Skip(1).Sum(f => f.Items).ShouldBe(5);
    }

    [Fact]
    public void A_document_is_the_same_whichever_were_read_before()
    {
        var (one, other) = (Stream(), Stream());
        var late = one[77];
        for (var i = 0; i < 77; i++)
            _ = other[i];
        other[77].Reply.ShouldBe(late.Reply);
        other[77].Prompt.ShouldBe(late.Prompt);
        other[78].ShouldNotBe(late);
    }

    [Fact]
    public void A_document_too_long_for_the_context_is_left_out()
    {
        var tokenizer = Tokens();
        var lesson = Stream()[0];
        var length = DocumentStream.Encode(tokenizer, lesson, 2048)!.Ids.Length;
        DocumentStream.Encode(tokenizer, lesson, length).ShouldNotBeNull();
        DocumentStream.Encode(tokenizer, lesson, length - 1).ShouldBeNull();
    }

    private static List<TokenDocument> Short(TextTokenizer tokenizer) =>
        [.. Documents(tokenizer, 30).Where(d => d.Ids.Length < Tiny.Model.Context)];

    private static double Sum(DocumentLoss loss, Parameters weights, DocumentBatch batch)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return loss.Of(weights.Views, batch).item<float>();
    }

    // The same sum by the network that plays, a document at a time.
    private static double Played(Transformer network, Parameters weights, TokenDocument document)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var count = document.Ids.Length - 1;
        var places = arange(0, count);
        var ids = tensor(document.Ids.Take(count).Select(i => (long)i).ToArray());
        var states = network.States(
            weights.Views,
            new TokenBatch(ids, places, places),
            new Causal(count, network.Options.Heads)
        );
        var logs = Transformer.Logits(weights.Views, states).log_softmax(-1);
        var sum = 0.0;
        for (var p = document.Beginning; p < count; p++)
            sum -= logs[p, document.Ids[p + 1]].item<float>() * (p + 1 >= document.Reply ? 1 : 0.25);
        return sum;
    }

    internal sealed class Causal(int count, int heads) : Attention
    {
        public override Tensor Mix(int layer, Tensor queries, Tensor keys, Tensor values, bool needed)
        {
            using var low = ones(count, count).tril();
            var scores = Heads(queries).bmm(Heads(keys).transpose(1, 2));
            return scores
                .masked_fill(low == 0, double.NegativeInfinity)
                .softmax(-1)
                .bmm(Heads(values))
                .transpose(0, 1)
                .reshape(count, -1);

            Tensor Heads(Tensor x) => x.view(count, heads, -1).transpose(0, 1);
        }
    }
}
