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
                var stat = File.ReadAllText(Path.Combine(task, "stat"));
                var name = stat[(stat.IndexOf('(') + 1)..stat.LastIndexOf(')')];
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
                sums[name] = sums.GetValueOrDefault(name) + ticks / TicksPerSecond;
            }
            catch (IOException)
            {
                // the thread ended between the listing and the reading
            }
        }
        return sums;
    }
}
