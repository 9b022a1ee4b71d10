// Wiring: one actor system a run, here in one process. The only place that knows how actors find journal, dispatchers
// and each other.
using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using AgentArena.Actors.Journal;
using AgentArena.Actors.Remote;
using AgentArena.Actors.Tools;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Players;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Persistence.Sql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentArena.Actors;

/// <summary>What a run needs.</summary>
public sealed record ArenaOptions
{
    /// <summary>The experiment, bound.</summary>
    public required BoundScenario Ground { get; init; }

    /// <summary>Where it is kept.</summary>
    public required RunFolder Folder { get; init; }

    /// <summary>Policy name to model with initial weights; called on the model actor's own thread.</summary>
    public required Func<string, ILanguageModel> CreateModel { get; init; }

    /// <summary>Whether the folder already holds the run.</summary>
    public bool Resume { get; init; }

    /// <summary>Stop in good order after this long.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Told of progress, on a thread of the system's; must not block.</summary>
    public Action<RunProgress>? OnProgress { get; init; }

    /// <summary>The machine's configuration (<c>hocon/</c>), laid over the defaults.</summary>
    public Config? Config { get; init; }

    /// <summary>Who answers for policies that are people; null where nobody is at the terminal.</summary>
    public Person? Person { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>How far a run is.</summary>
public sealed record RunProgress(
    TimeSpan Elapsed,
    Progress Newest,
    long GamesFinished,
    double GamesPerSecond,
    double TokensPerSecond,
    int Updates,
    int UpdatesPlanned,
    ImmutableSortedDictionary<string, double> Metrics
);

/// <summary>How a run ended.</summary>
public sealed record RunResult(
    string Reason,
    long Games,
    int Updates,
    TimeSpan Elapsed,
    ImmutableSortedDictionary<string, double> Metrics
);

/// <summary>The run failed, by our fault or the machine's: exit code 1. The message tells cause and remedy.</summary>
public sealed class RunFailedException(string message) : Exception(message);

/// <summary>Starts and ends runs.</summary>
public static class ArenaSystem
{
    /// <summary>The model actor's own thread.</summary>
    public const string ModelDispatcher = "arena.model-dispatcher";

    /// <summary>
    /// The learners' own thread each: they read the journal and fold games, which must not hold up play.
    /// </summary>
    public const string LearnerDispatcher = "arena.learner-dispatcher";

    /// <summary>Plays (or goes on with) a run until it is done, stopped or failed.</summary>
    /// <exception cref="ScenarioException">The scenario has mistakes; none of it was started.</exception>
    /// <exception cref="UserException">The folder cannot be used.</exception>
    /// <exception cref="RunFailedException">The run failed.</exception>
    public static async Task<RunResult> Run(ArenaOptions options, CancellationToken stop)
    {
        var ground = options.Ground;
        using var held = options.Folder.Lock();
        VerifyCheckpoints(ground, options.Folder);
        await using var tools = await Toolbox.StartAsync(ground, stop).ConfigureAwait(false);
        var others = OthersOf(ground, tools, options);
        var config = ConfigOf(options.Folder, options.Config);
        using var metrics = new MetricsFile(options.Folder.Metrics, options.Time);
        metrics.Begin(JournalSetup.Prepare(options.Folder, options.Config));
        var parts = new ArenaParts(
            ground,
            options.Folder,
            options.CreateModel,
            others,
            () => JournalReader.Open(options.Folder, options.Config),
            metrics,
            options.Time
        );
        var over = new TaskCompletionSource<RunOver>(TaskCreationOptions.RunContinuationsAsynchronously);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        Telemetry.Wire(builder, options.Folder, config);
        builder.Services.AddAkka("arena", akka => akka.AddHocon(config, HoconAddMode.Replace)
                .ConfigureLoggers(loggers => loggers.ClearLoggers().AddLoggerFactory())
                .WithActors(
                    (system, actors) =>
                    {
                        var door = system.ActorOf(Props.Create(() => new DoorActor(over, options, ground)), "door");
                        var arena = system.ActorOf(
                            Props.Create(() => new ArenaActor(parts, Build, door, options.Resume)),
                            "arena"
                        );
                        door.Tell(new DoorActor.Watch(arena));
                        system.RegisterOnTermination(() =>
                            over.TrySetResult(
                                new RunOver(
                                    "failed",
                                    $"the actors were ended before the run. Nothing that was acknowledged is lost. Go on with: ./arena resume {options.Folder.Path}"
                                )
                            )
                        );
                        actors.Register<DoorActor>(door);
                        actors.Register<ArenaActor>(arena);
                    }
                ));
        using var host = builder.Build();
        await host.StartAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            var actors = host.Services.GetRequiredService<IReadOnlyActorRegistry>();
            var (door, arena) = (actors.Get<DoorActor>(), actors.Get<ArenaActor>());
            await using var onStop = stop.Register(() => arena.Tell(new StopRun("stopped")));
            using var limit = new CancellationTokenSource();
            await using var onLimit = limit.Token.Register(() => arena.Tell(new StopRun("time limit")));
            if (options.TimeLimit is { } time)
                limit.CancelAfter(time);
            var end = await over.Task.ConfigureAwait(false);
            if (end.Fault is not null)
                throw new RunFailedException(end.Fault);
            return await door.Ask<RunResult>(
                    new DoorActor.Sum(end.Reason),
                    TimeSpan.FromSeconds(10),
                    CancellationToken.None
                )
                .ConfigureAwait(false);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    // Ctrl-C is the caller's: it ends a run in good order, and only the run's end ends the host.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>What made a run: the product's version, for the run's first event.</summary>
    public static string Build { get; } =
        typeof(ArenaSystem).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";

    /// <summary>
    /// The machine's configuration: the run's own journal, over what the user gave, over the defaults of
    /// <c>hocon/arena.conf</c>.
    /// </summary>
    public static Config ConfigOf(RunFolder folder, Config? given)
    {
        var (provider, connection) = JournalOf(folder, given);
        var store =
            $$"""{ connection-string = {{JsonSerializer.Serialize(connection)}}, provider-name = "{{provider}}" }""";
        return ConfigurationFactory
            .ParseString(
                $"akka.persistence {{ journal.sql = {store}, snapshot-store.sql = {store}, query.journal.sql = {store} }}"
            )
            .WithFallback(given ?? ConfigurationFactory.Empty)
            .WithFallback(
                ConfigurationFactory.FromResource("AgentArena.Actors.arena.conf", typeof(ArenaSystem).Assembly)
            )
            .WithFallback(ConfigurationFactory.ParseString(EventSerializer.Hocon))
            .WithFallback(SqlPersistence.DefaultConfiguration);
    }

    // Whoever sits at a table without weights or rules of our own.
    private static SortedDictionary<string, Props> OthersOf(BoundScenario ground, Toolbox tools, ArenaOptions options)
    {
        var others = new SortedDictionary<string, Props>(StringComparer.Ordinal);
        foreach (var (policy, tool) in tools.Tools)
            others.Add(
                policy,
                Props.Create(() => new ToolActor(policy, tool, ground.Scenario.Run.TurnDeadline, options.Time))
            );
        foreach (var (policy, player) in ground.Players)
        {
            if (player is RemotePlayer { Endpoint: var remote })
            {
                var key = RemoteKey.Of(policy, remote);
                others.Add(policy, Props.Create(() => new RemoteActor(policy, remote, key, options.Time)));
            }
            if (player is not PersonPlayer)
                continue;
            if (options.Person is not { } person)
                throw new UserException(
                    $"policies.{policy}.player: nobody is at the terminal to answer. Sit down with ./arena play SCENARIO --seat N, or seat another policy."
                );
            others.Add(policy, Props.Create(() => new PersonActor(policy, person, options.Time)));
        }
        return others;
    }

    /// <summary>Provider and connection string of a run's journal.</summary>
    public static (string Provider, string ConnectionString) JournalOf(RunFolder folder, Config? config)
    {
        const string path = "akka.persistence.journal.sql";
        var provider = (
            config is not null && config.HasPath(path + ".provider-name")
                ? config.GetString(path + ".provider-name")
                : null
        ) ?? "SQLite.MS";
        if (
            config is not null
            && config.HasPath(path + ".connection-string")
            && config.GetString(path + ".connection-string") is { Length: > 0 } given
        )
            return (provider, given);
        if (!provider.StartsWith("SQLite", StringComparison.OrdinalIgnoreCase))
            throw new UserException(
                $"{path}.connection-string: is missing for provider {provider}. Give it in hocon/arena.conf, for example \"Host=localhost;Database=arena\"."
            );
        return (provider, $"Data Source={folder.Journal}");
    }

    private static void VerifyCheckpoints(BoundScenario ground, RunFolder folder)
    {
        foreach (var policy in ground.Modelled)
            if (CheckpointFolder.Newest(folder.CheckpointsOf(policy)) is { } newest)
                try
                {
                    CheckpointFolder.Verify(newest);
                }
                catch (InvalidDataException e)
                {
                    throw new UserException(e.Message, e);
                }
    }
}

/// <summary>Between the actors and the caller: keeps the newest figures, completes when the run is over.</summary>
internal sealed class DoorActor : UntypedActor
{
    /// <summary>Watch the arena: if it dies without a word, the run failed.</summary>
    public sealed record Watch(IActorRef Arena);

    /// <summary>Ask for the result.</summary>
    public sealed record Sum(string Reason);

    private readonly TaskCompletionSource<RunOver> _over;
    private readonly ArenaOptions _options;
    private readonly Dictionary<string, int> _updates = [];
    private readonly int _planned;
    private readonly Queue<(TimeSpan At, long Games, long Tokens)> _window = new();
    private readonly long _began;
    private ImmutableSortedDictionary<string, double> _metrics = ImmutableSortedDictionary<string, double>.Empty;
    private long _games = -1,
        _tokens;
    private string _lastError = "";

    /// <param name="over">Completed at the end.</param>
    /// <param name="options">The caller's.</param>
    /// <param name="ground">The scenario, bound.</param>
    public DoorActor(TaskCompletionSource<RunOver> over, ArenaOptions options, BoundScenario ground)
    {
        (_over, _options) = (over, options);
        _began = options.Time.GetTimestamp();
        _planned = ground.Learners.Sum(p => ground.Scenario.LearnOf(p).Updates);
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(Progress));
        Context.System.EventStream.Subscribe(Self, typeof(Akka.Event.Error));
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Progress progress:
                Note(progress);
                break;
            case Akka.Event.Error error:
                _lastError = $"{error.Cause?.GetType().Name}: {error.Cause?.Message ?? error.Message}";
                break;
            case RunOver over:
                _over.TrySetResult(over);
                break;
            case Watch watch:
                Context.Watch(watch.Arena);
                break;
            case Terminated:
                _over.TrySetResult(
                    new RunOver(
                        "failed",
                        $"the arena stopped: {_lastError} Nothing that was acknowledged is lost. Mend the cause, then: ./arena resume {_options.Folder.Path}"
                    )
                );
                break;
            case Sum sum:
                Sender.Tell(new RunResult(sum.Reason, Math.Max(0, _games), _updates.Values.Sum(), Elapsed, _metrics));
                break;
        }
    }

    private TimeSpan Elapsed => _options.Time.GetElapsedTime(_began);

    private void Note(Progress progress)
    {
        _metrics = _metrics.SetItems(progress.Figures);
        switch (progress)
        {
            case GamesPlayed played:
                (_games, _tokens) = (played.Games, played.Tokens);
                break;
            case PolicyLoaded loaded:
                _updates[loaded.Policy] = loaded.Version;
                break;
            case UpdateMade made:
                _updates[made.Policy] = made.Version;
                break;
        }
        if (_options.OnProgress is null)
            return;
        var now = Elapsed;
        if (_window.Count == 0 || now - _window.Last().At > TimeSpan.FromMilliseconds(200))
            _window.Enqueue((now, Math.Max(_games, 0), _tokens));
        while (_window.Count > 2 && now - _window.Peek().At > TimeSpan.FromSeconds(5))
            _window.Dequeue();
        var (at, games, tokens) = _window.Peek();
        var span = Math.Max((now - at).TotalSeconds, 1e-3);
        _options.OnProgress(
            new RunProgress(
                now,
                progress,
                Math.Max(0, _games),
                (Math.Max(_games, 0) - games) / span,
                (_tokens - tokens) / span,
                _updates.Values.Sum(),
                _planned,
                _metrics
            )
        );
    }
}
