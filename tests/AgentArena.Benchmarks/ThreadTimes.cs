// CPU seconds by thread name, from the kernel's own accounting (Linux).
using System.Globalization;

namespace AgentArena.Benchmarks;

/// <summary>What each kind of thread of this process has used so far; threads that have ended are not seen.</summary>
internal static class ThreadTimes
{
    private const double TicksPerSecond = 100; // USER_HZ, fixed in the kernel's interface

    public static Dictionary<string, double> Read()
    {
        var sums = new Dictionary<string, double>();
        foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                var (name, seconds) = Of(task);
                sums[name] = sums.GetValueOrDefault(name) + seconds;
            }
            catch (IOException)
            {
                // the thread ended between the listing and the reading
            }
        }
        return sums;
    }

    /// <summary>What the calling thread has used so far, to a hundredth of a second.</summary>
    public static double Mine() => Of("/proc/thread-self").Seconds;

    private static (string Name, double Seconds) Of(string task)
    {
        var stat = File.ReadAllText(Path.Combine(task, "stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (
            stat[(stat.IndexOf('(') + 1)..stat.LastIndexOf(')')],
            (
                long.Parse(fields[11], CultureInfo.InvariantCulture)
                + long.Parse(fields[12], CultureInfo.InvariantCulture)
            ) / TicksPerSecond
        );
    }
}
