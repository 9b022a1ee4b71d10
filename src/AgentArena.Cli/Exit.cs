// From an exception to words and an exit code. A user's mistake never shows a stack; a fault of ours says where it was.
using System.Diagnostics;
using AgentArena.Actors;
using AgentArena.Core.Configuration;

namespace AgentArena.Cli;

/// <summary>Exit codes and what is said with them.</summary>
internal static class Exit
{
    public const int Done = 0,
        Ours = 1,
        Mistake = 2,
        Stopped = 130;

    private const int NoSpace = 28,
        TooLarge = 27;

    /// <summary>Prints what is wrong and returns the exit code.</summary>
    public static int Tell(Exception e, TextWriter error)
    {
        switch (e)
        {
            case ScenarioException or UserException or InvalidDataException:
                error.WriteLine(e.Message);
                return Mistake;
            case RunFailedException:
                error.WriteLine(e.Message);
                return Ours;
            case IOException when (e.HResult & 0xFFFF) is NoSpace or TooLarge:
                error.WriteLine(
                    $"{e.Message}: the disk has no room left, or the file may not grow. Free some space (or choose another --out), then go on with: ./arena resume RUN"
                );
                return Ours;
            case OperationCanceledException:
                return Stopped;
            default:
                error.WriteLine(
                    $"{Place(e)}: {e.GetType().Name}: {e.Message.TrimEnd('.')}. This is a fault of the program, not of your input. {(Environment.GetEnvironmentVariable("ARENA_TRACE") is null ? "Run again with ARENA_TRACE=1 for the whole trace, and report it." : "Report it with the trace below.")}"
                );
                if (Environment.GetEnvironmentVariable("ARENA_TRACE") is not null)
                    error.WriteLine(e);
                return Ours;
        }
    }

    // The innermost frame of our own code.
    private static string Place(Exception e) =>
        new StackTrace(e)
            .GetFrames()
            .Select(f =>
                f.GetMethod()?.DeclaringType is { Namespace: { } space } type
                && space.StartsWith("AgentArena", StringComparison.Ordinal)
                    ? type.FullName
                    : null
            )
            .FirstOrDefault(n => n is not null)
        ?? e.Source
        ?? "arena";
}
