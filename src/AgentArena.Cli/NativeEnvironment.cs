// Environment variables that native libraries read when they are loaded. Knows the tensor library's, no other.
using System.Runtime.InteropServices;

namespace AgentArena.Cli;

/// <summary>What is set before libtorch is loaded, unless the user has set it.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Threads of the tensor library sleep while they wait: the actors need the cores.</summary>
    public static void Prepare()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetVariable("OMP_WAIT_POLICY", "passive", overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
