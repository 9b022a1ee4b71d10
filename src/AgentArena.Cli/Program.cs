// The door: the commands by name, exit codes, nothing else.
using System.CommandLine;
using System.CommandLine.Help;
using AgentArena.Cli.Commands;
using AgentArena.Core.Configuration;

namespace AgentArena.Cli;

/// <summary>Where a command writes. <paramref name="Terminal"/> is whether a person watches <paramref name="Out"/>.</summary>
public sealed record Door(TextWriter Out, TextWriter Error, bool Terminal);

/// <summary>The program.</summary>
public static class Program
{
    private const int HelpWidth = 110;

    /// <summary>Runs a command line in this process.</summary>
    public static int Main(string[] args)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        return Invoke(args, new Door(Console.IsOutputRedirected ? output : Console.Out, Console.Error, !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb")));
    }

    /// <summary>Runs a command line and returns its exit code: 0 done, 1 our fault or the machine's, 2 the user's mistake, 130 stopped by Ctrl-C.</summary>
    public static int Invoke(string[] args, Door door)
    {
        try
        {
            var parsed = Root(door).Parse(args);
            if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
            {
                foreach (var error in parsed.Errors) door.Error.WriteLine(error.Message);
                foreach (var hint in Hints(parsed)) door.Error.WriteLine(hint);
                return Exit.Mistake;
            }
            return parsed.InvokeAsync(new InvocationConfiguration { Output = door.Out, Error = door.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }).GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            return Exit.Tell(e, door.Error);
        }
    }

    private static RootCommand Root(Door door)
    {
        var root = new RootCommand("AgentArena: self-play for language-model agents. Exit codes: 0 done, 1 our fault or the machine's, 2 your mistake, 130 stopped by Ctrl-C.")
        {
            RunCommand.Make(door), RunCommand.MakeResume(door), ReplayCommand.Make(door), EvalCommand.Make(door), ExportCommand.Make(door),
            ValidateCommand.Make(door), ListCommand.Make(door), StatusCommand.Make(door), PlaythroughCommand.Make(door), DoctorCommand.Make(door),
            new Command("test", "Build and run every test that needs no GPU (./arena test [FILTER]).") { new Argument<string?>("FILTER") { Description = "A part of a test's full name.", DefaultValueFactory = _ => null } },
        };
        root.Subcommands.Last().SetAction(_ => throw new Actors.UserException("test: belongs to the launcher, which builds before it tests. Run ./arena test from the repository."));
        foreach (var option in root.Options)
            if (option is HelpOption { Action: HelpAction help }) help.MaxWidth = HelpWidth;
        root.SetAction(parsed => new HelpAction { MaxWidth = HelpWidth }.Invoke(parsed));
        return root;
    }

    private static IEnumerable<string> Hints(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command is RootCommand && parsed.UnmatchedTokens is [var name, ..])
            yield return Nearest.Unknown("command", name, command.Subcommands.Select(c => c.Name));
        else foreach (var token in parsed.UnmatchedTokens.Where(t => t.StartsWith("--", StringComparison.Ordinal)))
            yield return Nearest.Unknown("option", token, command.Options.Select(o => o.Name));
        yield return command is RootCommand ? "See ./arena --help." : $"See ./arena {command.Name} --help.";
    }
}
