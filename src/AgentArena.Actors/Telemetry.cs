// How a run is watched from outside: its log, its instruments, its health. Knows no game and changes nothing of a run.
using System.Data.Common;
using System.Diagnostics.Metrics;
using AgentArena.Actors.Journal;
using AgentArena.Core.Play;
using Akka.Actor;
using Akka.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using Serilog;
using Serilog.Events;

namespace AgentArena.Actors;

/// <summary>
/// The instruments of the meter <c>AgentArena</c> (System.Diagnostics.Metrics), and where they and the log go.
/// </summary>
internal static class Telemetry
{
    private static readonly Meter Meter = new("AgentArena", ArenaSystem.Build);

    /// <summary>Games that ended, by <c>outcome</c>.</summary>
    private static readonly Counter<long> Games = Meter.CreateCounter<long>(
        "arena.games",
        "{game}",
        "Games that ended and stand in the ledger."
    );

    /// <summary>Tokens that policies sampled.</summary>
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>(
        "arena.tokens",
        "{token}",
        "Tokens sampled in games that ended."
    );

    /// <summary>Rows that tables wrote.</summary>
    public static readonly Counter<long> Rows = Meter.CreateCounter<long>(
        "arena.journal.rows",
        "{row}",
        "Rows of tables that are on disk."
    );

    /// <summary>From handing a row to the journal to its acknowledgement.</summary>
    public static readonly Histogram<double> RowTime = Meter.CreateHistogram<double>(
        "arena.journal.write.duration",
        "s",
        "From a row's hand-over to its acknowledgement."
    );

    /// <summary>How long a request lay in the model's mailbox before it joined a batch.</summary>
    public static readonly Histogram<double> ModelWait = Meter.CreateHistogram<double>(
        "arena.model.mailbox.wait",
        "s",
        "From a request's sending to its joining a batch."
    );

    /// <summary>How long updates took.</summary>
    public static readonly Histogram<double> UpdateTime = Meter.CreateHistogram<double>(
        "arena.update.duration",
        "s",
        "Time of one update of a policy's weights."
    );

    /// <summary>A game has ended and stands in the ledger.</summary>
    public static void Count(GameOver game)
    {
        Tokens.Add(game.Tokens);
        Games.Add(1, KeyValuePair.Create<string, object?>("outcome", OutcomeOf(game).ToString()));
    }

    private static OutcomeKind OutcomeOf(GameOver game) => game.Outcome?.Kind ?? OutcomeKind.Aborted;

    /// <summary>
    /// Wires log, exporter and health checks: <c>run.log</c> and <c>health.json</c> in the run's folder, OTLP where
    /// <c>arena.telemetry.otlp</c> names an address.
    /// </summary>
    public static void Wire(HostApplicationBuilder builder, RunFolder folder, Config config)
    {
        builder.Logging.AddSerilog(
            new LoggerConfiguration()
                .MinimumLevel.Information()
                .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                .WriteTo.File(
                    Path.Combine(folder.Path, "run.log"),
                    outputTemplate: "{Timestamp:O} {Level:w} {SourceContext}: {Message:l}{NewLine}{Exception}",
                    formatProvider: System.Globalization.CultureInfo.InvariantCulture
                )
                .CreateLogger(),
            dispose: true
        );
        if (config.GetString("arena.telemetry.otlp", "") is { Length: > 0 } address)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out var endpoint))
                throw new UserException(
                    $"arena.telemetry.otlp: '{address}' is no address. Give it as http://127.0.0.1:4317, or leave it "
                        + "empty."
                );
            builder
                .Services.AddOpenTelemetry()
                .WithMetrics(metrics => metrics.AddMeter("AgentArena").AddOtlpExporter(o => o.Endpoint = endpoint));
        }
        builder.Services.AddSingleton<IHealthCheckPublisher>(new HealthFile(folder));
        builder.Services.Configure<HealthCheckPublisherOptions>(o =>
            (o.Delay, o.Period) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10))
        );
        builder
            .Services.AddHealthChecks()
            .Add(
                new HealthCheckRegistration(
                    "system",
                    services => new SystemHealth(services.GetRequiredService<ActorSystem>()),
                    HealthStatus.Unhealthy,
                    null
                )
            )
            .Add(
                new HealthCheckRegistration(
                    "journal",
                    _ => new JournalHealth(folder, config),
                    HealthStatus.Unhealthy,
                    null
                )
            );
    }

    // The arena answers: its thread is not stuck and its mailbox is not behind.
    private sealed class SystemHealth(ActorSystem system) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken = default
        )
        {
            try
            {
                var answer = await system
                    .ActorSelection("/user/arena")
                    .Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(5), cancellationToken)
                    .ConfigureAwait(false);
                return answer.Subject is null
                    ? HealthCheckResult.Unhealthy("the arena has stopped")
                    : HealthCheckResult.Healthy();
            }
            catch (AskTimeoutException)
            {
                return HealthCheckResult.Unhealthy("the arena had no answer within 5 s");
            }
        }
    }

    private sealed class JournalHealth(RunFolder folder, Config config) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken = default
        )
        {
            try
            {
                await using var connection = JournalSetup.Connect(folder, config);
                await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
                await using var command = connection.CreateCommand();
                command.CommandText = "SELECT 1";
                await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
                return HealthCheckResult.Healthy();
            }
            catch (DbException e)
            {
                return HealthCheckResult.Unhealthy(e.Message);
            }
        }
    }

    private sealed class HealthFile(RunFolder folder) : IHealthCheckPublisher
    {
        public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
        {
            StatusFile.Write(
                folder.Health,
                report.Entries.ToDictionary(
                    e => e.Key,
                    e => e.Value.Status == HealthStatus.Healthy ? "healthy" : e.Value.Description
                )
            );
            return Task.CompletedTask;
        }
    }
}
