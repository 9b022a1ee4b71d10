// What a run's actors are made of, in one place. Makes nothing itself.
using AgentArena.Actors.Journal;
using AgentArena.Core.Binding;
using AgentArena.Core.Models;
using Akka.Actor;

namespace AgentArena.Actors;

/// <summary>What a run's actors are made of.</summary>
/// <param name="Ground">The scenario, bound.</param>
/// <param name="Folder">The run's folder.</param>
/// <param name="Create">Makes a policy's model; called on the model actor's thread.</param>
/// <param name="Others">The actors of tools, remote models and people, by policy.</param>
/// <param name="OpenReader">Opens the journal for reading.</param>
/// <param name="Metrics">Where figures go.</param>
/// <param name="Time">The clock.</param>
public sealed record ArenaParts(
    BoundScenario Ground,
    RunFolder Folder,
    Func<string, ILanguageModel> Create,
    IReadOnlyDictionary<string, Props> Others,
    Func<IGameReader> OpenReader,
    MetricsFile Metrics,
    TimeProvider Time
);
