// A checkpoint folder is whole or absent, and damage is named.
using AgentArena.Core.Runs;

namespace AgentArena.Core.Tests.Runs;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_parent, true);

    private string Write(string name)
    {
        var folder = Path.Combine(_parent, name);
        CheckpointFolder.Write(folder, f =>
        {
            File.WriteAllText(Path.Combine(f, "a.txt"), "alpha");
            Directory.CreateDirectory(Path.Combine(f, "student"));
            File.WriteAllBytes(Path.Combine(f, "student", "w.bin"), [1, 2, 3]);
        });
        return folder;
    }

    [Fact]
    public void What_was_written_verifies_and_is_the_newest()
    {
        CheckpointFolder.Newest(_parent).ShouldBeNull();
        Write("000009");
        var newer = Write("000010");
        CheckpointFolder.Verify(newer);
        CheckpointFolder.Newest(_parent).ShouldBe(newer);
        Should.Throw<IOException>(() => Write("000010")).Message.ShouldContain("exists already");
    }

    [Fact]
    public void A_failed_write_leaves_nothing_that_counts_and_the_next_one_succeeds()
    {
        var folder = Path.Combine(_parent, "000001");
        Should.Throw<InvalidOperationException>(() => CheckpointFolder.Write(folder, f =>
            {
                File.WriteAllText(Path.Combine(f, "half"), "x");
                throw new InvalidOperationException("power cut");
            }));
        Directory.Exists(folder).ShouldBeFalse();
        CheckpointFolder.Newest(_parent).ShouldBeNull();
        CheckpointFolder.Verify(Write("000001"));
    }

    [Theory]
    [InlineData("cut", "cut short")]
    [InlineData("flip", "altered")]
    [InlineData("gone", "missing")]
    [InlineData("more", "not in the manifest")]
    [InlineData("manifest", "not a manifest")]
    public void Damage_is_named(string damage, string fault)
    {
        var folder = Write("000001");
        var file = Path.Combine(folder, "student", "w.bin");
        switch (damage)
        {
            case "cut":
                File.WriteAllBytes(file, [1, 2]);
                break;
            case "flip":
                File.WriteAllBytes(file, [1, 2, 4]);
                break;
            case "gone":
                File.Delete(file);
                break;
            case "more":
                File.WriteAllText(file = Path.Combine(folder, "more"), "");
                break;
            case "manifest":
                File.WriteAllText(file = Path.Combine(folder, CheckpointFolder.Manifest), "{");
                break;
        }
        var message = Should.Throw<InvalidDataException>(() => CheckpointFolder.Verify(folder)).Message;
        message.ShouldContain(fault);
        message.ShouldContain(file);
    }
}
