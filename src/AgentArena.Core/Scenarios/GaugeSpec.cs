// What a scenario says of the gauges of its updates.
namespace AgentArena.Core.Scenarios;

/// <summary>What is done when a gauge leaves its bounds.</summary>
public enum Alarm
{
    /// <summary>The run goes on and says so, once.</summary>
    Warn,

    /// <summary>The run checkpoints and stops in good order.</summary>
    Stop,

    /// <summary>The gauge is not watched.</summary>
    Off,
}

/// <summary>Bounds on an exponential mean of one figure of the updates (any name in <c>metrics.jsonl</c>).</summary>
public sealed record GaugeSpec
{
    /// <summary>The figure; the gauge's own name where unset.</summary>
    public string? Metric { get; init; }

    /// <summary>The mean should not fall below this.</summary>
    public double? AtLeast { get; init; }

    /// <summary>The mean should not rise above this.</summary>
    public double? AtMost { get; init; }

    /// <summary>The mean should not fall below this share of its value when the watch began.</summary>
    public double? AtLeastOfStart { get; init; }

    /// <summary>The mean should not rise above this multiple of its value when the watch began.</summary>
    public double? AtMostOfStart { get; init; }

    /// <summary>Weight of the past at each update.</summary>
    public double Keep { get; init; } = 0.9;

    /// <summary>Updates before the watch begins.</summary>
    public int After { get; init; } = 20;

    /// <summary>What is done.</summary>
    public Alarm Then { get; init; } = Alarm.Warn;

    /// <summary>Where to look, for people.</summary>
    public string? Look { get; init; }
}
