using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AgentArena.Cli.Tests;

/// <summary>What a command line did.</summary>
public sealed record Outcome(int Code, string Out, string Error)
{
    public string LastLine => Out.TrimEnd().Split('\n')[^1];
}

/// <summary>Runs the program, here or as a process of its own.</summary>
public static class Arena
{
    public static Outcome Invoke(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = Program.Invoke(
            arguments,
            new Door(TextWriter.Synchronized(output), TextWriter.Synchronized(error), Terminal: false)
        );
        return new Outcome(code, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    // A shell starts background jobs with SIGINT ignored, and children inherit that; these runs are to be interrupted
    // wherever the tests run.
    public static Process Start(params string[] arguments) =>
        StartIn("env", ["--default-signal=INT", "dotnet", typeof(KillChild).Assembly.Location, .. arguments]);

    public static Process StartIn(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    public static Outcome Finish(Process process, int seconds = 120)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(seconds * 1000))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"did not end within {seconds} s: {error.GetAwaiter().GetResult()}");
        }
        process.WaitForExit();
        return new Outcome(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}

/// <summary>A folder under the temp directory, deleted when disposed.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("arena-cli-").FullName;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // a child that was killed may still hold a file
        }
    }
}

/// <summary>Messages held still. <c>ARENA_UPDATE_GOLDENS=1</c> writes them anew.</summary>
public static partial class Golden
{
    public static void Holds(string name, string actual)
    {
        var path = Repository.Path($"tests/AgentArena.Cli.Tests/goldens/{name}.txt");
        if (Environment.GetEnvironmentVariable("ARENA_UPDATE_GOLDENS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }
        File.Exists(path)
            .ShouldBeTrue($"{path} is missing; run once with ARENA_UPDATE_GOLDENS=1 and read what it wrote");
        actual.ShouldBe(File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    /// <summary>What a command line did, with the paths of this machine taken out.</summary>
    public static void Holds(string name, Outcome outcome, params string[] folders)
    {
        var text = $"exit code {outcome.Code}\n--- out\n{outcome.Out}--- error\n{outcome.Error}";
        foreach (var folder in folders.Append(Repository.Path("")).OrderByDescending(f => f.Length))
            text = text.Replace(folder.TrimEnd('/'), folder == Repository.Path("") ? "REPO" : "TEMP");
        // Lists of what the catalogs know grow; that they are told is what is held.
        Holds(name, Catalogued().Replace(text, "Known: ….$1"));
    }

    [GeneratedRegex(@"Known: (?:[a-z0-9-]+, )+[a-z0-9-]+\.( |$)", RegexOptions.Multiline)]
    private static partial Regex Catalogued();
}
