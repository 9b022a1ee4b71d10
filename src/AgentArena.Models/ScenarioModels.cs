// What a scenario says to this room: bound, and checked before anything starts. Knows options, makes no network.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Scenarios;

namespace AgentArena.Models;

/// <summary>Networks and ways of learning as a scenario names them.</summary>
public static class ScenarioModels
{
    /// <summary>
    /// Binds everything a scenario says to this room, and collects what is wrong with it under its scenario path.
    /// </summary>
    public static void Validate(Scenario scenario, Catalog catalog, Mistakes mistakes)
    {
        foreach (var (name, plugin) in scenario.Models)
        {
            var path = $"scenario.models.{name}";
            if (catalog.Models.Create(plugin, path, mistakes)?.Missing() is { } fault)
                mistakes.Add($"{path}.device", fault);
        }
        var shared = false;
        foreach (var (policy, spec) in scenario.Policies)
        {
            if (spec.Model is null)
            {
                if (spec.Train)
                    mistakes.Add(
                        $"scenario.policies.{policy}.train",
                        "is on, but the policy has no model. Only a network learns: name one of scenario.models, or turn train off."
                    );
                continue;
            }
            if (!scenario.Models.ContainsKey(spec.Model))
                mistakes.Add(
                    $"scenario.policies.{policy}.model",
                    DidYouMean.Unknown("model", spec.Model, scenario.Models.Keys)
                );
            if (spec.Checkpoint is { } folder && !Directory.Exists(folder))
                mistakes.Add(
                    $"scenario.policies.{policy}.checkpoint",
                    $"there is no folder '{folder}'. Give one that a run wrote, or leave the key out for fresh weights."
                );
            if (
                spec.Train
                && catalog.Advantages.Knows(scenario.LearnOf(policy).Advantage.Name)
                && catalog.Advantages.Create(scenario.LearnOf(policy).Advantage, "", new Mistakes())
                    is { NeedsValues: true }
                && scenario.Models.GetValueOrDefault(spec.Model) is { } plugin
                && catalog.Models.Knows(plugin.Name)
                && catalog.Models.Create(plugin, "", new Mistakes()) is { HasValues: false }
            )
                mistakes.Add(
                    $"scenario.models.{spec.Model}.value-head",
                    $"is off, but {policy} learns by {scenario.LearnOf(policy).Advantage.Name}, which reads the values of states. Set value-head = on, or take an advantage without values."
                );
            if (!spec.Train || (spec.Learn is null && shared))
                continue;
            shared |= spec.Learn is null;
            RuleOf(scenario, catalog, policy, mistakes);
        }
    }

    /// <summary>How a policy learns, bound; null where it has mistakes.</summary>
    internal static UpdateRule? RuleOf(Scenario scenario, Catalog catalog, string policy, Mistakes mistakes)
    {
        var (learn, path) = (
            scenario.LearnOf(policy),
            scenario.Policies[policy].Learn is null ? "scenario.learn" : $"scenario.policies.{policy}.learn"
        );
        var loss = catalog.Losses.Create(learn.Loss, $"{path}.loss", mistakes);
        var optimiser = catalog.Optimizers.Create(learn.Optimizer, $"{path}.optimizer", mistakes);
        if (loss is { Taught: true } && learn.Teacher is null)
            mistakes.Add(
                $"{path}.teacher",
                $"is missing, but loss {learn.Loss.Name} distils a teacher. Say what it is told beyond the prompt: teacher {{ hint = \"A right answer: {{sibling}}\" }}."
            );
        if (loss is { Taught: false } && learn.Teacher is not null)
            mistakes.Add(
                $"{path}.teacher",
                $"is set, but loss {learn.Loss.Name} has no use for a teacher. Take loss sdpo or srpo, or remove it (= null)."
            );
        return loss is null || optimiser is null ? null : new UpdateRule(loss, optimiser);
    }
}
