// Programs that mean harm. Each ends as told, and the very next check, on the same interpreters, is answered rightly.
using AgentArena.Games.Python;

namespace AgentArena.Tools.Tests;

[Collection(nameof(Sandboxed))]
public class HostileTests(Sandboxed sandbox)
{
    public static TheoryData<string, string, CallStatus, string> Programs =>
        new()
        {
            { "fork bomb", "import os\ndef f(x):\n    while True: os.fork()", CallStatus.Error, "PermissionError" },
            {
                "fork bomb that insists",
                "import os\ndef f(x):\n    while True:\n        try: os.fork()\n        except OSError: pass",
                CallStatus.Timeout,
                "processor"
            },
            {
                "spawn",
                "import os\ndef f(x):\n    return os.posix_spawn('/usr/bin/true', ['true'], {})",
                CallStatus.Error,
                "PermissionError"
            },
            { "system", "import os\ndef f(x):\n    return os.system('true')", CallStatus.Ok, "32512" },
            {
                "exec",
                "import os\ndef f(x):\n    os.execv('/usr/bin/true', ['true'])",
                CallStatus.Error,
                "PermissionError"
            },
            {
                "threads",
                "import _thread\ndef f(x):\n    return _thread.start_new_thread(f, (1,))",
                CallStatus.Error,
                "RuntimeError"
            },
            { "endless loop", "def f(x):\n    while True: pass", CallStatus.Timeout, "processor" },
            {
                "endless loop at the top level",
                "def f(x): return x\nwhile True: pass",
                CallStatus.Timeout,
                "processor"
            },
            { "loop inside C", "def f(x):\n    return 7 ** (10 ** 9)", CallStatus.Timeout, "processor" },
            {
                "sleep",
                "def f(x):\n    import select\n    select.select([], [], [], 1000)",
                CallStatus.Timeout,
                "clock"
            },
            {
                "catches everything",
                "def f(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass",
                CallStatus.Timeout,
                "processor"
            },
            { "10 GB list", "def f(x):\n    return [0] * (10 * 1024 ** 3 // 8)", CallStatus.Memory, "memory" },
            {
                "memory by drops",
                "def f(x):\n    kept = []\n    while True: kept.append(bytearray(1 << 20))",
                CallStatus.Memory,
                "memory"
            },
            { "write at the root", "def f(x):\n    open('/x', 'w').write('x')", CallStatus.Error, "Read-only" },
            { "write in usr", "def f(x):\n    open('/usr/lib/x', 'w').write('x')", CallStatus.Error, "Read-only" },
            { "write in tmp", "def f(x):\n    open('/tmp/x', 'w').write('x')", CallStatus.Error, "No such file" },
            { "write in dev", "def f(x):\n    open('/dev/x', 'w').write('x')", CallStatus.Error, "Read-only" },
            {
                "remove",
                "import os\ndef f(x):\n    os.unlink('/usr/bin/python3')",
                CallStatus.Error,
                "PermissionError"
            },
            {
                "memory file",
                "import os\ndef f(x):\n    return os.memfd_create('x')",
                CallStatus.Error,
                "PermissionError"
            },
            {
                "socket",
                "import socket\ndef f(x):\n    return socket.socket().connect(('1.1.1.1', 53))",
                CallStatus.Error,
                "PermissionError"
            },
            {
                "unix socket",
                "import socket\ndef f(x):\n    return socket.socket(socket.AF_UNIX)",
                CallStatus.Error,
                "PermissionError"
            },
            {
                "socket pair",
                "import socket\ndef f(x):\n    return socket.socketpair()",
                CallStatus.Error,
                "PermissionError"
            },
            { "output flood", "def f(x):\n    while True: print('x' * 1000)", CallStatus.OutputLimit, "printed" },
            {
                "flood on a raw descriptor",
                "import os\ndef f(x):\n    while True: os.write(2, b'x' * 65536)",
                CallStatus.OutputLimit,
                "printed"
            },
            {
                "flood of results",
                "import os\ndef f(x):\n    while True: os.write(3, b'x' * 65536)",
                CallStatus.OutputLimit,
                "results"
            },
            { "one very long line", "def f(x):\n    print('x' * 10_000_000)", CallStatus.OutputLimit, "printed" },
            { "a very long value", "def f(x):\n    return 'x' * 10_000_000", CallStatus.OutputLimit, "longer" },
            {
                "a value that explodes",
                "def f(x):\n    a = []\n    for _ in range(60): a = [a, a]\n    return a",
                CallStatus.OutputLimit,
                "longer"
            },
            {
                "a value that holds itself",
                "def f(x):\n    a = []\n    a.append(a)\n    return a",
                CallStatus.Rejected,
                "holds itself"
            },
            { "an enormous number", "def f(x):\n    return 1 << 10_000_000", CallStatus.OutputLimit, "longer" },
            { "exit", "import os\ndef f(x):\n    os._exit(0)", CallStatus.Killed, "exit code 0" },
            { "exit at the top level", "import os\ndef f(x): return x\nos._exit(3)", CallStatus.Killed, "exit code 3" },
            {
                "sys.exit by another name",
                "def f(x):\n    import sys as s\n    s.exit(1)",
                CallStatus.Error,
                "SystemExit"
            },
            {
                "kill the parent",
                "import os\ndef f(x):\n    os.kill(os.getppid(), 9)",
                CallStatus.Error,
                "PermissionError"
            },
            { "kill everybody", "import os\ndef f(x):\n    os.kill(-1, 9)", CallStatus.Error, "PermissionError" },
            { "kill itself", "import os\ndef f(x):\n    os.kill(os.getpid(), 9)", CallStatus.Error, "PermissionError" },
            { "abort", "import os\ndef f(x):\n    os.abort()", CallStatus.Killed, "signal" },
            { "crash", "import ctypes\ndef f(x):\n    return ctypes.string_at(0)", CallStatus.Killed, "signal 11" },
            {
                "handlers for signals",
                "import signal\nfor s in range(1, 31):\n    try: signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError): pass\ndef f(x):\n    while True: pass",
                CallStatus.Timeout,
                "processor"
            },
            {
                "raise its limits",
                "import resource\ndef f(x):\n    resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
                CallStatus.Error,
                ""
            },
            { "deep recursion", "def f(x):\n    return f(x) + 1", CallStatus.Error, "RecursionError" },
            {
                "deep recursion without a limit",
                "import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(x):\n    return sorted([x], key=f)",
                CallStatus.Killed,
                "recursion"
            },
            { "passwd", "def f(x):\n    return open('/etc/passwd').read()", CallStatus.Error, "FileNotFoundError" },
            {
                "the parent's memory",
                "def f(x):\n    return open('/proc/1/mem', 'rb').read(1)",
                CallStatus.Error,
                "FileNotFoundError"
            },
            {
                "trace the parent",
                "import ctypes\ndef f(x):\n    return ctypes.CDLL(None).ptrace(16, 1, 0, 0)",
                CallStatus.Ok,
                "-1"
            },
            {
                "a namespace of its own",
                "import ctypes\ndef f(x):\n    return ctypes.CDLL(None).unshare(0x10000000)",
                CallStatus.Ok,
                "-1"
            },
            {
                "mount",
                "import ctypes\ndef f(x):\n    return ctypes.CDLL(None).mount(b'none', b'/usr', b'tmpfs', 0, None)",
                CallStatus.Ok,
                "-1"
            },
            {
                "close all descriptors",
                "import os\ndef f(x):\n    os.closerange(0, 64)\n    return x",
                CallStatus.Killed,
                "exit code"
            },
            {
                "close all descriptors and loop",
                "import os\ndef f(x):\n    os.closerange(0, 64)\n    while True: pass",
                CallStatus.Timeout,
                "processor"
            },
            {
                "patched built-ins",
                "import builtins, json, struct\nbuiltins.repr = builtins.str = builtins.len = builtins.sorted = lambda *a, **k: 'pwned'\nstruct.pack = None\nclass Evil:\n    pass\ndef f(x):\n    return Evil()",
                CallStatus.Error,
                ""
            },
            {
                "text that is no text",
                "class S(str):\n    def __repr__(self): return 'pwned'\n    def __eq__(self, o): return True\ndef f(x):\n    return [S('a')]",
                CallStatus.Ok,
                "['a']"
            },
            {
                "equal to everything",
                "class E:\n    def __eq__(self, o): return True\ndef f(x):\n    return E()",
                CallStatus.Rejected,
                "'E'"
            },
            {
                "a lying class",
                "class M(type):\n    def mro(cls): return [cls, int, object]\nclass E(int, metaclass=M):\n    pass\ndef f(x):\n    return E(7)",
                CallStatus.Ok,
                "7"
            },
            {
                "an exception that loops",
                "class E(Exception):\n    def __str__(self):\n        while True: pass\ndef f(x):\n    raise E()",
                CallStatus.Timeout,
                "processor"
            },
            {
                "an exception that is not text",
                "class E(Exception):\n    def __str__(self): return 7\ndef f(x):\n    raise E()",
                CallStatus.Error,
                ""
            },
            {
                "deep nesting of source",
                "def f(x):\n    return " + new string('(', 5000) + new string(')', 5000),
                CallStatus.Rejected,
                "not Python"
            },
            {
                "deep nesting of operators",
                "def f(x):\n    return " + string.Concat(Enumerable.Repeat("-", 20_000)) + "1",
                CallStatus.Rejected,
                ""
            },
            { "zero bytes", "def f(x):\n    return '\0'", CallStatus.Rejected, "not Python" },
            { "half a character", "def f(x):\n    return '\ud83d'", CallStatus.Ok, "" },
            { "no program", "", CallStatus.Rejected, "no function" },
            {
                "a regular expression that explodes",
                "import re\ndef f(x):\n    return re.match('(a+)+$', 'a' * 40 + 'b')",
                CallStatus.Timeout,
                "processor"
            },
            {
                "a decimal that explodes",
                "from decimal import *\ndef f(x):\n    getcontext().prec = 10 ** 9\n    return Decimal(2) ** Decimal('0.5')",
                CallStatus.Timeout,
                "processor"
            },
        };

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_hostile_program_harms_nobody(string what, string program, CallStatus status, string inWords)
    {
        var before = sandbox.Executor.Replaced;
        var call = await sandbox.CallAsync(program, limits: LimitsFor(what, status));
        // Exactly how some attacks fail is the interpreter's business; that they fail, and how it is told, is ours.
        if (what is "patched built-ins" or "deep nesting of operators")
            call.Status.ShouldNotBe(CallStatus.Ok, what);
        else
            call.Status.ShouldBe(status, $"{what}: {call}");
        (call.Value + call.ErrorClass + " " + call.Detail).ShouldContain(inWords, Case.Sensitive, what);
        if (call.Status != CallStatus.Ok)
            call.Reason.ShouldNotBeNullOrEmpty();
        sandbox.Executor.Replaced.ShouldBe(before, "the interpreter itself should outlive its children");
        for (var variant = 0; variant < 2; variant++)
            (
                await sandbox.CallAsync(
                    "def f(x):\n    return len(repr(str(sorted([3, 1, x]))))",
                    "2",
                    variant: variant
                )
            ).Value.ShouldBe("11");
    }

    /// <summary>Only a program that is to run out of time is short of it: how long another takes to fail is the
    /// machine's business.</summary>
    private static ExecutionLimits LimitsFor(string what, CallStatus status) =>
        what switch
        {
            "sleep" => Sandboxed.Short with { WallSeconds = 0.5 },
            _ when status == CallStatus.Timeout => Sandboxed.Short,
            _ => Sandboxed.Short with { CpuSeconds = 15 },
        };

    [Fact]
    public async Task Nothing_of_the_host_shows()
    {
        const string program = """
            import os, sys
            def f(x):
                seen = {}
                for root in ('/', '/dev'):
                    seen[root] = sorted(os.listdir(root))
                return seen, sorted(os.environ.keys()), os.getuid(), os.getpid() < 1000, os.uname().nodename, [sys.argv, os.getcwd()]
            """;
        var call = await sandbox.CallAsync(program.Replace("os.environ.keys()", "os.environb.keys()"));
        call.Value.ShouldNotBeNull(call.ToString());
        call.Value.ShouldContain("'/dev': ['null']");
        call.Value.ShouldNotContain("home");
        call.Value.ShouldNotContain("etc");
        call.Value.ShouldNotContain("PATH");
        call.Value.ShouldContain("65534, True, 'sandbox'");
    }

    [Fact]
    public async Task What_is_printed_is_kept_cut_and_made_text()
    {
        var run = await sandbox.RunAsync(
            "import os\ndef f(x):\n    print('hé', x)\n    os.write(1, b'\\xff\\xfe')\n    return x",
            ["5"]
        );
        run.Calls[0].Value.ShouldBe("5");
        run.Printed.ShouldContain("hé 5");
        run.Printed.ShouldContain("\ufffd");
    }

    [Fact]
    public async Task A_hundred_attacks_at_once_leave_every_honest_neighbour_its_answer()
    {
        string[] attacks =
        [
            "import os\ndef f(x):\n    os._exit(1)",
            "import os\ndef f(x):\n    os.kill(os.getppid(), 9)\n",
            "def f(x):\n    return [0] * 10 ** 10",
            "def f(x):\n    while True: print(x)",
        ];
        var checks = Enumerable
            .Range(0, 200)
            .Select(i =>
                i % 2 == 0
                    ? sandbox.CallAsync(attacks[i / 2 % attacks.Length], variant: i / 2 % 2)
                    : sandbox.CallAsync("def f(x):\n    return x * x", $"{i}", variant: i / 2 % 2)
            )
            .ToArray();
        var calls = await Task.WhenAll(checks);
        for (var i = 1; i < calls.Length; i += 2)
            calls[i].Value.ShouldBe($"{i * i}");
        for (var i = 0; i < calls.Length; i += 2)
            calls[i].Value.ShouldBeNull();
    }

    [Fact]
    public async Task A_child_leaves_nothing_behind_in_its_interpreter()
    {
        await sandbox.CallAsync(
            "import sys, math\nmath.pi = 3\nsys.modules['re'] = None\ndef f(x):\n    import builtins\n    builtins.sum = None\n    return 1"
        );
        for (var i = 0; i < 4; i++)
            (
                await sandbox.CallAsync(
                    "import math, re\ndef f(x):\n    return sum([1, 2]), math.pi > 3.1, bool(re.match('a', 'a'))"
                )
            ).Value.ShouldBe("(3, True, True)");
    }
}
