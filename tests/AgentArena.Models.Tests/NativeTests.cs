// TorchSharp's library was linked with a newer libstdc++ than some systems have. Where its copy is altered so as to
// load there, only what nobody calls is given up, and a library that does call it is refused.
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using AgentArena.Models.Native;

namespace AgentArena.Models.Tests;

public sealed class NativeTests : IDisposable
{
    private const string Marker = "GLIBCXX_3.4.32";
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public NativeTests() => TorchSharp.torch.get_num_threads(); // loads the library

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void The_library_in_use_asks_for_nothing_in_vain_that_it_calls()
    {
        var needs = SymbolVersions.Of(Loaded("libLibTorchSharp")).Needs;
        needs.ShouldContain(n => n.File == "libstdc++.so.6" && n.Version == Marker);
        needs.Where(n => n.Weak).ShouldAllBe(n => n.Used.Count == 0);
        needs.ShouldContain(
            n => n.Version == "GLIBCXX_3.4" && n.Used.Count > 10,
            "it calls the C++ library all the time"
        );
        var defined = SymbolVersions.Of(Loaded("libstdc++.so")).Definitions;
        needs.Where(n => n.File == "libstdc++.so.6" && !defined.Contains(n.Version)).ShouldAllBe(n => n.Weak);
    }

    [Fact]
    public async Task The_build_alters_a_copy_where_the_systems_library_is_older_and_refuses_where_that_would_break_it()
    {
        var (library, copy, old, alien) = (At("library.so"), At("copy.so"), At("old.so"), At("alien.so"));
        var original = AsPublished();
        File.WriteAllBytes(library, original);
        File.WriteAllBytes(old, Renamed(File.ReadAllBytes(Loaded("libstdc++.so")), Marker, "GLIBCXX_3.4.99"));
        File.Copy(Loaded("libm.so"), alien);

        for (var again = 0; again < 2; again++)
        {
            var (code, said) = await Build(library, copy, old);
            code.ShouldBe(0, said);
            said.ShouldContain($"copy.so: made to load with the older {old}, which lacks {Marker}");
            var flags = SymbolVersions.Of(library).Needs.Single(n => n.Version == Marker).FlagsAt;
            var altered = File.ReadAllBytes(copy);
            altered[flags].ShouldBe((byte)2);
            altered[flags] = 0;
            altered.AsSpan().SequenceEqual(original).ShouldBeTrue("nothing else is altered");
            File.ReadAllBytes(library).AsSpan().SequenceEqual(original).ShouldBeTrue("the package is left alone");
        }

        var (refused, why) = await Build(library, copy, alien);
        refused.ShouldNotBe(0);
        why.ShouldContain("it calls ");
        why.ShouldContain("Use a system with a newer libstdc++.");
    }

    [Fact]
    public void What_is_no_library_or_cut_short_is_named()
    {
        var whole = AsPublished();
        foreach (
            var bytes in new[]
            {
                [],
                Encoding.ASCII.GetBytes(new string('x', 100)),
                whole[..40],
                whole[..5000],
                whole[..^1000],
            }
        )
            Should
                .Throw<InvalidDataException>(() => new SymbolVersions(bytes, "some.so"))
                .Message.ShouldStartWith("some.so: ");
    }

    private string At(string name) => Path.Combine(_folder, name);

    private static string Loaded(string name) => Doctor.Loaded(name)[0];

    // The library as the package has it, whether or not it was altered for this system.
    private static byte[] AsPublished()
    {
        var file = Loaded("libLibTorchSharp");
        var bytes = File.ReadAllBytes(file);
        foreach (var need in SymbolVersions.Of(file).Needs)
            bytes[need.FlagsAt] = 0;
        return bytes;
    }

    private static byte[] Renamed(byte[] bytes, string from, string to)
    {
        var (old, now) = (Encoding.ASCII.GetBytes(from), Encoding.ASCII.GetBytes(to));
        for (var at = bytes.AsSpan().IndexOf(old); at >= 0; at = bytes.AsSpan().IndexOf(old))
            now.CopyTo(bytes, at);
        return bytes;
    }

    private async Task<(int Code, string Said)> Build(
        string library,
        string copy,
        string runtime,
        [CallerFilePath] string here = ""
    )
    {
        var targets = Path.GetFullPath(Path.Combine(here, "../../../src/AgentArena.Models/Native/Native.targets"));
        File.WriteAllText(
            At("copy.proj"),
            $"""
            <Project>
              <Import Project="{targets}" />
              <Target Name="Copy"><CopyToLoadHere Library="{library}" Copy="{copy}" Runtime="{runtime}" /></Target>
            </Project>
            """
        );
        var start = new ProcessStartInfo(
            "dotnet",
            ["msbuild", At("copy.proj"), "-t:Copy", "-nologo", "-nodeReuse:false"]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = _folder,
        };
        using var child = Process.Start(start)!;
        var said = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        return (child.ExitCode, said);
    }
}
