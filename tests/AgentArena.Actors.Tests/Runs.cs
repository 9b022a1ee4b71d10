// Small runs for specifications: a scenario as JSON, a folder of its own, a model without weights.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Scenarios;

namespace AgentArena.Actors.Tests;

/// <summary>A folder under the temp directory, deleted when disposed.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("arena-").FullName;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // a child that was killed may still hold a file
        }
    }
}

public static class Runs
{
    /// <summary>Kuhn poker, one policy in both seats, learning in batches of 8.</summary>
    public static Scenario Kuhn(int updates = 5, int batch = 8, int staleness = 0, Action<JsonObject>? change = null)
    {
        var source = (JsonObject)
            JsonNode.Parse(
                $$"""
                {
                  "name": "kuhn", "seed": 7, "game": "kuhn-poker",
                  "models": { "scripted": { "name": "scripted" } },
                  "policies": { "student": { "model": "scripted", "train": true } },
                  "seats": { "player": "student" },
                  "roles": { "player": { "name": "player", "constrained": true } },
                  "learn": { "batch": {{batch}}, "updates": {{updates}}, "max-staleness": {{staleness}}, "advantage": "prompt-baseline" },
                  "run": { "in-flight": 16, "checkpoint-every": 2, "evaluate-every": 0 }
                }
                """
            )!;
        change?.Invoke(source);
        var mistakes = new Mistakes();
        var scenario = Scenario.Bind(source, "scenario", mistakes);
        mistakes.ThrowIfAny();
        return scenario;
    }

    public static async Task<RunResult> Play(
        Scenario scenario,
        string path,
        Func<string, ILanguageModel>? create = null,
        bool resume = false,
        CancellationToken stop = default
    )
    {
        var folder = resume ? RunFolder.Open(path) : RunFolder.Create(path);
        if (!resume)
            File.WriteAllText(
                folder.ScenarioFile,
                new JsonObject { ["scenario"] = scenario.Source.DeepClone() }.ToJsonString()
            );
        return await ArenaSystem
            .Run(
                new ArenaOptions
                {
                    Ground = BoundScenario.Bind(scenario, Standard.Catalog),
                    Folder = folder,
                    CreateModel = create ?? (policy => new ScriptedModel(policy)),
                    Resume = resume,
                },
                stop
            )
            .WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
    }

    public static AuditReport Audit(string path)
    {
        using var reader = JournalReader.Open(RunFolder.Open(path));
        return RunAudit.Check(reader, _ => Standard.Catalog);
    }
}
