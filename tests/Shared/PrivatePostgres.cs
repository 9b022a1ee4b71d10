// A PostgreSQL server of the test's own, in a temporary folder, reached by a Unix socket. Knows Debian's layout and
// that the server refuses to run as root; refuses to know what is tested.
using System.Diagnostics;
using Npgsql;

namespace AgentArena.Testing;

/// <summary>
/// Starts on construction, stops and leaves nothing behind on disposal, also when the test process is killed. Where
/// PostgreSQL is not installed construction fails: these tests are not to be skipped in silence.
/// </summary>
public sealed class PrivatePostgres : IDisposable
{
    private const string User = "arena";
    private readonly string _folder;
    private readonly string _bin;
    private Process? _server;
    private int _schemas;

    /// <summary>Makes a cluster and starts its server.</summary>
    /// <exception cref="InvalidOperationException">
    /// PostgreSQL is not installed, or does not start; the message has its log.
    /// </exception>
    public PrivatePostgres()
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("A private PostgreSQL needs a Unix system.");
        _bin = FindBinaries();
        _folder = Directory.CreateTempSubdirectory("arena-pg-").FullName;
        try
        {
            // The server's own user must be able to make its data folder here, and we to reach the socket.
            File.SetUnixFileMode(_folder, (UnixFileMode)0x1ff);
            Run($"'{_bin}/initdb' -D '{_folder}/data' -U {User} -A trust -E UTF8 --locale=C --no-sync");
            Start();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Connects to the server's database, with the default schema.</summary>
    public string ConnectionString => $"Host={_folder};Username={User};Database=postgres;Timeout=5;Command Timeout=20";

    /// <summary>
    /// A connection string to an empty schema of its own: tables made through it are seen by no other.
    /// </summary>
    public string FreshConnectionString()
    {
        var schema = $"fresh_{Interlocked.Increment(ref _schemas)}";
        using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand($"CREATE SCHEMA {schema}", connection);
        command.ExecuteNonQuery();
        return $"{ConnectionString};Search Path={schema}";
    }

    /// <summary>Starts the server after <see cref="Stop"/>.</summary>
    public void Start()
    {
        // The shell ends the server when our end of its standard input closes, so also when this process is killed.
        _server = Launch(
            $"'{_bin}/postgres' -D '{_folder}/data' -k '{_folder}' -c listen_addresses='' -c fsync=off -c shared_buffers=32MB -c max_connections=50 > '{_folder}/log' 2>&1 & pid=$!; "
                + "read _; kill -QUIT $pid; wait $pid"
        );
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
                connection.Open();
                return;
            }
            catch (NpgsqlException e) when (patience.Elapsed < TimeSpan.FromSeconds(60) && !_server.HasExited)
            {
                _ = e;
                Thread.Sleep(50);
            }
            catch (NpgsqlException e)
            {
                throw new InvalidOperationException($"PostgreSQL at {_bin} does not start: {e.Message}\n{Log()}", e);
            }
        }
    }

    /// <summary>Ends the server at once, as a crash would.</summary>
    public void Stop()
    {
        if (_server is null)
            return;
        _server.StandardInput.Close();
        if (!_server.WaitForExit(20_000))
            _server.Kill(entireProcessTree: true);
        _server.Dispose();
        _server = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private static string FindBinaries()
    {
        const string debian = "/usr/lib/postgresql";
        var found = Directory.Exists(debian)
            ? Directory
                .GetDirectories(debian)
                .Select(d => Path.Combine(d, "bin"))
                .Where(b => File.Exists(Path.Combine(b, "initdb")))
                .MaxBy(b => int.TryParse(Path.GetFileName(Path.GetDirectoryName(b)), out var version) ? version : 0)
            : null;
        return found
            ?? throw new InvalidOperationException(
                $"PostgreSQL is not installed ({debian}/*/bin/initdb is missing). These tests need a server of their own. Install it (apt-get install postgresql), or run ./arena test, which does."
            );
    }

    private static void Run(string command)
    {
        using var process = Launch(command + " 2>&1");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"`{command}` failed with {process.ExitCode}: {output}");
    }

    private static Process Launch(string command)
    {
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        string[] arguments = Environment.IsPrivilegedProcess
            ? ["runuser", "-u", "postgres", "--", "sh", "-c", command]
            : ["sh", "-c", command];
        start.FileName = arguments[0];
        foreach (var argument in arguments[1..])
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException($"`{command}` did not start.");
    }

    private string Log() =>
        File.Exists(Path.Combine(_folder, "log")) ? File.ReadAllText(Path.Combine(_folder, "log")) : "";
}
