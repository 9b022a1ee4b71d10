// Many games at once in one process: what a waiting game takes in memory, and whether a hundred thousand are played as
// fast as a hundred.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Actors;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Scenarios;

namespace AgentArena.Benchmarks;

/// <summary>
/// Kuhn poker with actors and journal, and a model without weights, so that nothing but the system itself is measured.
/// </summary>
internal static class InFlight
{
    private const int Many = 100_000,
        Few = 100;

    public static void Run(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        var bytes = Waiting();
        Console.WriteLine(
            $"a waiting game: {bytes / 1024:F1} KiB of managed memory ({Many:N0} games, each with an open turn)   aim <= 4 KiB"
        );
        Rate(Few, 20_000); // compiled before it counts
        var rates = Enumerable
            .Range(0, rounds)
            .Select(_ => (Few: Rate(Few, 2 * Many), Many: Rate(Many, 2 * Many)))
            .ToArray();
        foreach (var (few, many) in rates)
            Console.WriteLine(
                $"  games a second with {Few} in flight {few, 8:F0}, with {Many:N0} {many, 8:F0}: {many / few:F2} x"
            );
        var ratio = rates.Select(r => r.Many / r.Few).Order().ElementAt(rounds / 2);
        Console.WriteLine(
            $"throughput with {Many:N0} in flight: {ratio:F2} x of that with {Few} (median of {rounds})   aim >= 0.90 x"
        );
    }

    // Bytes a game once every one of them waits for the model.
    private static double Waiting()
    {
        HeldModel? held = null;
        Play(1, Few, policy => new ScriptedModel(policy)).GetAwaiter().GetResult(); // what is made once is made
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var run = Task.Run(() => Play(Many, Many, policy => held = new HeldModel(policy)));
        while (held is null || held.Active < Many)
            Thread.Sleep(20);
        Thread.Sleep(500); // the last writes of the journal
        var after = GC.GetTotalMemory(forceFullCollection: true);
        held.Release();
        run.GetAwaiter().GetResult();
        return (double)(after - before) / Many;
    }

    private static double Rate(int inFlight, int games)
    {
        var clock = Stopwatch.StartNew();
        var result = Play(games, inFlight, policy => new ScriptedModel(policy)).GetAwaiter().GetResult();
        return games / (result?.Elapsed ?? clock.Elapsed).TotalSeconds;
    }

    private static async Task<RunResult?> Play(int games, int inFlight, Func<string, ILanguageModel> create)
    {
        var source = (JsonObject)
            JsonNode.Parse(
                $$"""
                {
                  "name": "in-flight", "game": "kuhn-poker", "models": { "scripted": "scripted" },
                  "policies": { "student": { "model": "scripted" } }, "seats": { "player": "student" },
                  "run": { "in-flight": {{inFlight}}, "games": {{games}}, "evaluate-every": 0 }
                }
                """
            )!;
        var mistakes = new Mistakes();
        var scenario = Scenario.Bind(source, "scenario", mistakes);
        mistakes.ThrowIfAny();
        var path = Directory.CreateTempSubdirectory("arena-in-flight-").FullName;
        try
        {
            Directory.Delete(path);
            return await ArenaSystem
                .Run(
                    new ArenaOptions
                    {
                        Ground = BoundScenario.Bind(scenario, Standard.Catalog),
                        Folder = RunFolder.Create(path),
                        CreateModel = create,
                    },
                    CancellationToken.None
                )
                .ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    // Answers nobody until it is released.
    private sealed class HeldModel(string policy) : ILanguageModel
    {
        private readonly ScriptedModel _model = new(policy);
        private volatile bool _released;

        public ModelFacts Facts => _model.Facts;

        public string Policy => policy;

        public int Version => 0;

        public int Active => _model.Active;

        public void Release() => _released = true;

        public void Add(SequenceRequest request) => _model.Add(request);

        public void Cancel(long id) => _model.Cancel(id);

        public void Step(ICollection<SequenceResult> finished)
        {
            if (_released)
                _model.Step(finished);
            else
                Thread.Sleep(1);
        }

        public IReadOnlyList<float[]> Measure(IReadOnlyList<TextQuestion> questions) => _model.Measure(questions);

        public IReadOnlyList<double[]> MoveProbabilities(
            IReadOnlyList<(
                System.Collections.Immutable.ImmutableArray<Message> Messages,
                System.Collections.Immutable.ImmutableArray<string> Legal
            )> questions
        ) => _model.MoveProbabilities(questions);

        public IReadOnlyList<float[]> Score(IReadOnlyList<TrainingRow> rows) => _model.Score(rows);

        public UpdateReport Update(TrainingBatch batch) => _model.Update(batch);

        public void Adopt(ILanguageModel other) => _model.Adopt(other);

        public void Save(string folder) => _model.Save(folder);

        public void Load(string folder) => _model.Load(folder);

        public ILanguageModel Snapshot() => _model.Snapshot();

        public void Dispose() => _model.Dispose();
    }
}
