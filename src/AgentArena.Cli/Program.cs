// The door: the commands by name, exit codes, nothing else.
using System.CommandLine;
using System.CommandLine.Help;
using AgentArena.Cli.Commands;
using AgentArena.Core.Configuration;

namespace AgentArena.Cli;

/// <summary>
/// Where a command writes. <paramref name="Terminal"/> is whether a person watches <paramref name="Out"/>.
/// </summary>
public sealed record Door(TextWriter Out, TextWriter Error, bool Terminal)
{
    /// <summary>What a person types.</summary>
    public TextReader In { get; init; } = Console.In;
}

/// <summary>The program.</summary>
public static class Program
{
    private const int HelpWidth = 110;

    /// <summary>Runs a command line in this process.</summary>
    public static int Main(string[] args)
    {
        NativeEnvironment.Prepare();
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        return Invoke(
            args,
            new Door(
                Console.IsOutputRedirected ? output : Console.Out,
                Console.Error,
                !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb")
            )
        );
    }

    /// <summary>
    /// Runs a command line and returns its exit code: 0 done, 1 our fault or the machine's, 2 the user's mistake, 130
    /// stopped by Ctrl-C.
    /// </summary>
    public static int Invoke(string[] args, Door door)
    {
        try
        {
            var parsed = Root(door).Parse(args);
            var strangers = Strangers(parsed, args).ToArray();
            if ((parsed.Errors.Count > 0 || strangers.Length > 0) && parsed.Action is not HelpAction)
            {
                // An unknown option's value is taken for an argument, so what follows from it would only confuse.
                foreach (var fault in strangers.Length > 0 ? strangers : [.. parsed.Errors.Select(e => e.Message)])
                    door.Error.WriteLine(fault);
                door.Error.WriteLine(
                    parsed.CommandResult.Command is RootCommand
                        ? "See ./arena --help."
                        : $"See ./arena {parsed.CommandResult.Command.Name} --help."
                );
                return Exit.Mistake;
            }
            return Waiting.For(
                parsed.InvokeAsync(
                    new InvocationConfiguration
                    {
                        Output = door.Out,
                        Error = door.Error,
                        EnableDefaultExceptionHandler = false,
                        ProcessTerminationTimeout = null,
                    }
                )
            );
        }
        catch (Exception e)
        {
            return Exit.Tell(e, door.Error);
        }
    }

    private static RootCommand Root(Door door)
    {
        var root = new RootCommand(
            "AgentArena: self-play for language-model agents. Exit codes: 0 done, 1 our fault or the machine's, 2 your mistake, 130 stopped by Ctrl-C."
        )
        {
            RunCommand.Make(door),
            RunCommand.MakeResume(door),
            PlayCommand.Make(door),
            ReplayCommand.Make(door),
            EvalCommand.Make(door),
            PretrainCommand.Make(door),
            ExportCommand.Make(door),
            ValidateCommand.Make(door),
            ListCommand.Make(door),
            StatusCommand.Make(door),
            PlaythroughCommand.Make(door),
            GradeCommand.Make(door),
            ReadCommand.Make(door),
            TokenizeCommand.Make(door),
            DoctorCommand.Make(door),
            new Command("test", "Build and run every test that needs no GPU (./arena test [FILTER]).")
            {
                new Argument<string?>("FILTER")
                {
                    Description = "A part of a test's full name.",
                    Arity = ArgumentArity.ZeroOrOne,
                },
            },
        };
        root.Subcommands.Last()
            .SetAction(
                int (ParseResult _) =>
                    throw new Actors.UserException(
                        "test: belongs to the launcher, which builds before it tests. Run ./arena test from the repository."
                    )
            );
        foreach (var option in root.Options)
            if (option is HelpOption { Action: HelpAction help })
                help.MaxWidth = HelpWidth;
        root.SetAction(parsed => new HelpAction { MaxWidth = HelpWidth }.Invoke(parsed));
        return root;
    }

    // Commands and options that do not exist, each with the nearest that does.
    private static IEnumerable<string> Strangers(ParseResult parsed, string[] args)
    {
        var command = parsed.CommandResult.Command;
        if (command is RootCommand && parsed.UnmatchedTokens.FirstOrDefault(t => !t.StartsWith('-')) is { } name)
            yield return DidYouMean.Unknown("command", name, command.Subcommands.Select(c => c.Name));
        var known = command
            .Options.Concat(parsed.RootCommandResult.Command.Options)
            .SelectMany(o => o.Aliases.Append(o.Name))
            .ToHashSet(StringComparer.Ordinal);
        foreach (
            var option in args.Where(a => a.StartsWith("--", StringComparison.Ordinal) && a.Length > 2)
                .Select(a => a.Split('=')[0])
        )
            if (!known.Contains(option))
                yield return DidYouMean.Unknown("option", option, command.Options.Select(o => o.Name));
    }
}
