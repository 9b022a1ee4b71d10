// How a sandboxed interpreter is started: which bubblewrap, which python, what it may see. Knows nothing of requests.
using System.ComponentModel;
using System.Diagnostics;
using AgentArena.Games.Python;

namespace AgentArena.Actors.Tools;

/// <summary>
/// Starts confined interpreters. All are started from one thread that lives as long as this object does: the kernel
/// ties "die with your parent" to the parent's thread, and a thread of the pool may end at any time.
/// </summary>
internal sealed class SandboxLaunch : IDisposable
{
    private const string Place = "code executor";

    private readonly string _bwrap;
    private readonly string _python;
    private readonly bool _canForbidNesting;
    private readonly string _script;
    private readonly Queue<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> _waiting = [];
    private bool _closed;

    public SandboxLaunch(PythonSandbox.Options options)
    {
        if (!OperatingSystem.IsLinux())
            throw new ExecutorException(
                $"{Place}: programs are confined by bubblewrap, which needs Linux. It never runs them unconfined. Run on Linux (or WSL 2), or choose a scenario without programs."
            );
        _bwrap = Find(options.Bubblewrap, ["bwrap"])
            ?? throw new ExecutorException(
                $"{Place}: bubblewrap ('{(options.Bubblewrap.Length > 0 ? options.Bubblewrap : "bwrap")}') was not found. Programs are never run unconfined. Install it: apt-get install bubblewrap."
            );
        // Only /usr is visible inside, so an interpreter elsewhere (pyenv, conda) would not be found there.
        _python =
            Find(options.Python, ["/usr/bin/python3", "/usr/local/bin/python3"]) is { } python
            && python.StartsWith("/usr/", StringComparison.Ordinal)
                ? python
                : throw new ExecutorException(
                    $"{Place}: no python3 below /usr was found ('{options.Python}'), and nothing else is visible inside the sandbox. Install it: apt-get install python3."
                );
        _canForbidNesting = Says(_bwrap, "--help").Contains("--disable-userns", StringComparison.Ordinal);
        using var stream = typeof(SandboxLaunch).Assembly.GetManifestResourceStream(
            "AgentArena.Actors.Tools.sandbox_worker.py"
        )
            ?? throw new ExecutorException(
                $"{Place}: the resource sandbox_worker.py is missing from {typeof(SandboxLaunch).Assembly.GetName().Name}. Build again."
            );
        using var reader = new StreamReader(stream);
        _script = reader.ReadToEnd();
        new Thread(Run) { IsBackground = true, Name = "sandbox-launch" }.Start();
    }

    /// <summary>Starts one interpreter; <paramref name="variant"/> is its hash seed.</summary>
    public Task<Process> StartAsync(int variant)
    {
        var start = new ProcessStartInfo(_bwrap)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in Arguments(variant))
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _waiting.Enqueue((start, started));
            Monitor.Pulse(_waiting);
        }
        return started.Task;
    }

    public void Dispose()
    {
        lock (_waiting)
        {
            _closed = true;
            Monitor.Pulse(_waiting);
        }
    }

    private IEnumerable<string> Arguments(int variant)
    {
        // Namespaces of its own for users, processes, network, IPC, host name, cgroups; nothing but /usr, read-only; no
        // capability.
        string[] fixedOnes =
        [
            "--unshare-all",
            "--unshare-user",
            "--uid",
            "65534",
            "--gid",
            "65534",
            "--hostname",
            "sandbox",
            "--cap-drop",
            "ALL",
            "--die-with-parent",
            "--new-session",
            "--as-pid-1",
            "--ro-bind",
            "/usr",
            "/usr",
            "--dev-bind",
            "/dev/null",
            "/dev/null",
        ];
        foreach (var argument in fixedOnes)
            yield return argument;
        if (_canForbidNesting)
            yield return "--disable-userns";
        foreach (var folder in (string[])["lib", "lib64", "lib32"])
        {
            if (!Directory.Exists("/" + folder))
                continue;
            var link = new DirectoryInfo("/" + folder).LinkTarget;
            yield return link is null ? "--ro-bind" : "--symlink";
            yield return link ?? "/" + folder;
            yield return "/" + folder;
        }
        string[] rest =
        [
            "--remount-ro",
            "/",
            "--chdir",
            "/",
            "--clearenv",
            "--setenv",
            "PYTHONHASHSEED",
            variant.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "--setenv",
            "LC_ALL",
            "C.UTF-8",
            _python,
            "-s",
            "-S",
            "-B",
            "-c",
            _script,
        ];
        foreach (var argument in rest)
            yield return argument;
    }

    private void Run()
    {
        while (true)
        {
            (ProcessStartInfo Start, TaskCompletionSource<Process> Started) next;
            lock (_waiting)
            {
                while (_waiting.Count == 0 && !_closed)
                    Monitor.Wait(_waiting);
                if (!_waiting.TryDequeue(out next))
                    return;
            }
            try
            {
                next.Started.SetResult(Process.Start(next.Start)!);
            }
            catch (Exception fault) when (fault is Win32Exception or InvalidOperationException or IOException)
            {
                next.Started.SetException(
                    new ExecutorException(
                        $"{Place}: {_bwrap} could not be started: {fault.Message}. Programs are never run unconfined. Check that it is executable.",
                        fault
                    )
                );
            }
        }
    }

    /// <summary>
    /// What to do when an interpreter did not come up; <paramref name="said"/> is what it wrote to standard error.
    /// </summary>
    public static ExecutorException DidNotStart(string said) =>
        new(
            $"{Place}: the sandbox did not start ({said.Trim().ReplaceLineEndings(" ")}). Programs are never run unconfined. "
                + "Bubblewrap needs user namespaces: allow them (sysctl kernel.unprivileged_userns_clone=1; on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0; "
                + "in Docker --security-opt seccomp=unconfined --security-opt systempaths=unconfined, or --privileged), and python3 needs its standard library (apt-get install python3)."
        );

    private static string? Find(string asked, string[] usual)
    {
        foreach (var name in asked.Length > 0 ? [asked] : usual)
        {
            if (name.Contains('/'))
            {
                if (File.Exists(name))
                    return name;
                continue;
            }
            foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin"))
                if (folder.Length > 0 && File.Exists(Path.Combine(folder, name)))
                    return Path.Combine(folder, name);
        }
        return null;
    }

    private static string Says(string program, string argument)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, argument)
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return text;
        }
        catch (Win32Exception)
        {
            return "";
        }
    }
}
