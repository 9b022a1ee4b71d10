// Waiting in the one place where nothing else is to be done: a command line's own thread. Knows no task's meaning.
using System.Diagnostics.CodeAnalysis;

namespace AgentArena.Cli;

/// <summary>Blocks until a task is done. For commands only, never below them.</summary>
[SuppressMessage(
    "ApiDesign",
    "RS0030",
    Justification = "A command's thread has nothing else to do, and no mailbox waits for it."
)]
internal static class Waiting
{
    public static T For<T>(Task<T> task) => task.GetAwaiter().GetResult();

    public static void For(ValueTask task) => task.AsTask().GetAwaiter().GetResult();
}
