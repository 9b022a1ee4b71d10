// arena doctor: what this machine has and whether it works. Loads each native library in order and computes with it.
using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using AgentArena.Core.Configuration;
using AgentArena.Models;
using Microsoft.Data.Sqlite;

namespace AgentArena.Cli.Commands;

internal static class DoctorCommand
{
    private static readonly string[] Devices = ["auto", "cpu", "cuda"];

    public static Command Make(Door door)
    {
        var device = new Option<string>("--device")
        {
            Description = "A device that must work: auto, cpu or cuda.",
            HelpName = "DEVICE",
            DefaultValueFactory = _ => "auto",
        };
        var command = new Command(
            "doctor",
            "Load every native library, print path and version, compute on every device."
        )
        {
            device,
        };
        command.SetAction(parsed =>
        {
            if (Array.IndexOf(Devices, parsed.GetValue(device)) < 0)
                throw new Actors.UserException(
                    $"--device: {DidYouMean.Unknown("device", parsed.GetValue(device)!, Devices)}"
                );
            var gpu = parsed.GetValue(device) == "cuda";
            List<Finding> findings = [.. Machine(), Sqlite(), .. Doctor.Examine(gpu)];
            var width = findings.Max(f => f.Name.Length);
            foreach (var (name, found, sound) in findings)
                door.Out.WriteLine($"{(sound ? "ok  " : "BAD ")} {name.PadRight(width)}  {found}");
            if (gpu && findings.Find(f => f is { Name: "cuda", Sound: false }) is { } absent)
                throw new Actors.UserException($"device cuda: {absent.Found}");
            return findings.All(f => f.Sound) ? Exit.Done : Exit.Ours;
        });
        return command;
    }

    private static IEnumerable<Finding> Machine()
    {
        yield return new Finding(
            "system",
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores",
            true
        );
        yield return new Finding(".NET", RuntimeInformation.FrameworkDescription, true);
        yield return new Finding(
            "memory",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0.#} GB"
            ),
            true
        );
        yield return new Finding("arena", typeof(Program).Assembly.Location, true);
    }

    private static Finding Sqlite()
    {
        try
        {
            SQLitePCL.Batteries_V2.Init();
            using var connection = new SqliteConnection("Data Source=:memory:");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                "SELECT sqlite_version() || ', ' || (SELECT sum(value) FROM json_each('[1,2,3]')) || ' of 6 by a query'";
            return new Finding(
                "SQLite",
                $"{command.ExecuteScalar()}, {string.Join(", ", Doctor.Loaded("libe_sqlite3"))}",
                true
            );
        }
        catch (Exception e) when (e is SqliteException or DllNotFoundException or TypeInitializationException)
        {
            return new Finding(
                "SQLite",
                $"{e.GetType().Name}: {e.Message}. Build again for this system: rm -rf .stamp src/*/bin, then ./arena doctor.",
                false
            );
        }
    }
}
