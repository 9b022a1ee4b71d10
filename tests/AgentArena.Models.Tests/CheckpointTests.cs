// What is saved comes back to the last bit, goes on as if nothing had happened, and damage is named before anything is
// changed.
using AgentArena.Models.Losses;
using AgentArena.Models.Storage;
using AgentArena.Models.Training;

namespace AgentArena.Models.Tests;

public sealed class CheckpointTests : IDisposable
{
    private static readonly PolicyGradientOptions Loss = new()
    {
        Kl = 0.5,
        Entropy = 0.05,
        Reference = Following.Ema,
    };
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void A_run_goes_on_from_a_checkpoint_to_the_same_bits()
    {
        using var model = Toys.Model(Toys.Learn(Loss));
        for (ulong n = 0; n < 3; n++)
            model.Update(Toys.Batch(model, seed: n));
        model.Save(_folder);
        using var resumed = Toys.Model(Toys.Learn(Loss), seed: 99);
        resumed.Load(_folder);
        resumed.Version.ShouldBe(3);
        resumed.WeightNumbers().ShouldBe(model.WeightNumbers());
        for (ulong n = 3; n < 6; n++)
        {
            model.Update(Toys.Batch(model, seed: n));
            resumed.Update(Toys.Batch(resumed, seed: n));
        }
        resumed.WeightNumbers().ShouldBe(model.WeightNumbers());
        resumed.ReferenceNumbers().ShouldBe(model.ReferenceNumbers());
    }

    [Fact]
    public void A_snapshot_stays_as_it_was_and_plays()
    {
        using var model = Toys.Model(Toys.Learn(Loss));
        model.Update(Toys.Batch(model));
        var before = model.MoveProbabilities(Toys.Questions);
        using var snapshot = model.Snapshot();
        for (ulong n = 0; n < 3; n++)
            model.Update(Toys.Batch(model, seed: n));
        snapshot.Version.ShouldBe(1);
        var then = snapshot.MoveProbabilities(Toys.Questions);
        for (var q = 0; q < 12; q++)
            then[q].ShouldBe(before[q]);
        model.MoveProbabilities(Toys.Questions)[0][0].ShouldNotBe(before[0][0]);
        snapshot.Save(_folder);
        using var player = Toys.Model();
        player.Load(_folder);
        player.MoveProbabilities(Toys.Questions)[3].ShouldBe(before[3]);
    }

    [Theory]
    [InlineData(ModelFolder.Weights, "cut", "cut short")]
    [InlineData(ModelFolder.Training, "cut", "cut short")]
    [InlineData(ModelFolder.Weights, "flip", "altered")]
    [InlineData("merges.txt", "flip", "altered")]
    [InlineData(ModelFolder.Manifest, "cut", "cannot be read")]
    [InlineData(ModelFolder.Weights, "gone", "missing")]
    [InlineData(ModelFolder.Manifest, "gone", "missing")]
    public void Damage_is_named_and_nothing_is_loaded(string name, string damage, string fault)
    {
        using var model = Toys.Model(Toys.Learn(Loss));
        model.Update(Toys.Batch(model));
        model.Save(_folder);
        var file = Path.Combine(_folder, name);
        var bytes = File.ReadAllBytes(file);
        if (damage == "cut")
            File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
        else if (damage == "gone")
            File.Delete(file);
        else
        {
            bytes[^5] ^= 1;
            File.WriteAllBytes(file, bytes);
        }
        using var other = Toys.Model(Toys.Learn(Loss), seed: 2);
        var before = other.WeightNumbers();
        var message = Should.Throw<InvalidDataException>(() => other.Load(_folder)).Message;
        message.ShouldContain(name);
        message.ShouldContain(fault);
        message.ShouldContain("earlier checkpoint");
        other.WeightNumbers().ShouldBe(before);
        other.Version.ShouldBe(0);
    }

    [Fact]
    public void Another_shape_or_another_way_of_learning_is_refused()
    {
        using var model = Toys.Model(Toys.Learn());
        model.Save(_folder);
        using var wider = Toys.Model(options: Toys.Options with { Width = 64 });
        Should
            .Throw<InvalidDataException>(() => wider.Load(_folder))
            .Message.ShouldContain($"[{Toys.Tokenizer.Vocabulary.Count}, 32]");
        using var deeper = Toys.Model(options: Toys.Options with { Layers = 3 });
        Should.Throw<InvalidDataException>(() => deeper.Load(_folder)).Message.ShouldContain("layers.2");
        using var heads = Toys.Model(options: Toys.Options with { Heads = 4 });
        Should.Throw<InvalidDataException>(() => heads.Load(_folder)).Message.ShouldContain("2 heads");
        using var pulled = Toys.Model(Toys.Learn(Loss));
        Should.Throw<InvalidDataException>(() => pulled.Load(_folder)).Message.ShouldContain("reference");
    }

    [Fact]
    public void Files_are_safetensors_as_the_format_says()
    {
        var path = Path.Combine(_folder, "x.safetensors");
        SafeTensors.Write(
            path,
            [("a", new([2, 2], new float[] { 1, 2, 3, 4 })), ("b", new([1], new double[] { 0.5 }))]
        );
        var bytes = File.ReadAllBytes(path);
        var length = BitConverter.ToInt64(bytes);
        (length % 8).ShouldBe(0);
        bytes.Length.ShouldBe((int)(8 + length + 16 + 8));
        BitConverter.ToSingle(bytes, (int)(8 + length + 4)).ShouldBe(2);
        var read = SafeTensors.Read(path);
        read["a"].Shape.ShouldBe([2, 2]);
        read["b"].Numbers.ShouldBe(new[] { 0.5 });
        File.WriteAllText(path, "hello, this is text and no tensor");
        Should.Throw<InvalidDataException>(() => SafeTensors.Read(path)).Message.ShouldContain("x.safetensors");
    }
}
