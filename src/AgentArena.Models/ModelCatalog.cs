// The registration point of this room: one line a network, loss or optimiser. Knows names, not runs.
using AgentArena.Core;
using AgentArena.Core.Configuration;
using AgentArena.Models.Losses;
using AgentArena.Models.Networks;
using AgentArena.Models.Training;

namespace AgentArena.Models;

/// <summary>Every plug-in of this room, by kind and name, and the check of those that a scenario names.</summary>
public static class ModelCatalog
{
    /// <summary>Kinds of network.</summary>
    public static Registry<Architecture> Models { get; } =
        new("model")
        {
            {
                "transformer",
                "decoder-only, RMSNorm, rotary positions, SwiGLU, tied embeddings, byte-level BPE of the games' own text",
                "Vaswani et al. 2017; Touvron et al. 2023",
                (TransformerOptions o) => new TransformerArchitecture(o)
            },
        };

    /// <summary>Losses.</summary>
    public static Registry<Loss> Losses { get; } =
        new("loss")
        {
            {
                "cispo",
                "-sum share*sg(clip(ratio))*w*log pi: clipped weights, no token without gradient",
                "MiniMax-M1, arXiv 2506.13585",
                (CispoOptions o) => new Cispo(o)
            },
            {
                "dapo",
                "policy-gradient with clip 0.2 / 0.28, mean over tokens, cut replies left out",
                "Yu et al. 2025, arXiv 2503.14476",
                (DapoOptions o) => new PolicyGradient(o)
            },
            {
                "dno",
                "cross-entropy of sigma(m) with sigma(r_w - r_l), pairs of large margin",
                "Rosset et al. 2024, arXiv 2404.03715",
                (NashOptions o) => new Preference(o)
            },
            {
                "dpo",
                "-log sigma(beta*(log-ratio to the reference of the better reply less that of the worse))",
                "Rafailov et al. 2023, arXiv 2305.18290",
                (PreferenceOptions o) => new Preference(o)
            },
            {
                "grpo",
                "policy-gradient with clip 0.2, mean over replies, 0.001 of k3 to the first weights",
                "Shao et al. 2024, arXiv 2402.03300",
                (GrpoOptions o) => new PolicyGradient(o)
            },
            {
                "gspo",
                "-mean min(s*w, clip(s)*w), s the geometric mean of a reply's ratios",
                "Zheng et al. 2025, arXiv 2507.18071",
                (SequenceRatioOptions o) => new SequenceRatio(o)
            },
            {
                "imitation",
                "-sum share*log pi of what weighs more than the line; weighed: self-imitation",
                "filtered imitation; Oh et al. 2018, arXiv 1806.05635",
                (ImitationOptions o) => new Imitation(o)
            },
            {
                "likelihood",
                "right replies -log pi(reply), wrong ones -log(1 - pi(reply)): exact for a two-way verdict",
                "",
                (LikelihoodOptions o) => new Likelihood(o)
            },
            {
                "nft",
                "right -log R, wrong -log((1 - q R)/(1 - q)), R = pi/pi_old, q the group's share of right replies",
                "Chen et al. 2025, arXiv 2505.18116",
                (NegativeAwareOptions o) => new NegativeAware(o)
            },
            {
                "policy-gradient",
                "-sum share*gain + kl*KL(pi||reference) - entropy*H(pi); REINFORCE, PPO clip, magnetic, R-NaD",
                "Williams 1992; Schulman et al. 2017; Sokota et al. 2022; Perolat et al. 2022",
                (PolicyGradientOptions o) => new PolicyGradient(o)
            },
            {
                "ppo",
                "policy-gradient with clip 0.2, dual clip 3, mean over tokens",
                "Schulman et al. 2017; Absolute Zero, arXiv 2505.03335",
                (PpoOptions o) => new PolicyGradient(o)
            },
            {
                "sdpo",
                "generalised Jensen-Shannon divergence to the policy itself, told more (learn.teacher)",
                "SDPO, lasgroup/SDPO; SD-Zero",
                (SelfDistillationOptions o) => new SelfDistillation(o)
            },
            {
                "spc",
                "gspo with clip 0.2 and 0.15 of supervised loss on demonstrations",
                "SPC, arXiv 2504.19162",
                (SelfPlayCriticOptions o) => new SequenceRatio(o)
            },
            {
                "srpo",
                "right replies by the clipped policy gradient, wrong ones as sdpo, weighed by exp(-H(teacher)/tau)",
                "SRPO (sample-routed)",
                (RoutedOptions o) => new SelfDistillation(o)
            },
            {
                "topr",
                "right w*log pi, wrong sg(min(pi/mu, 1))*w*log pi",
                "Le Roux et al. 2025, arXiv 2503.14286",
                (TaperedOffPolicyOptions o) => new TaperedOffPolicy(o)
            },
        };

    /// <summary>Optimisers.</summary>
    public static Registry<AdamWOptions> Optimizers { get; } =
        new("optimizer")
        {
            {
                "adamw",
                "Adam with decoupled decay, clipped gradient and a scheduled rate",
                "Loshchilov and Hutter 2019",
                (AdamWOptions o) =>
                {
                    AdamW.Check(o);
                    return o;
                }
            },
        };

    /// <summary>
    /// Binds everything a scenario says to this room, and collects what is wrong with it under its scenario path.
    /// </summary>
    public static void Validate(Scenario scenario, Mistakes mistakes)
    {
        foreach (var (name, plugin) in scenario.Models)
        {
            var path = $"scenario.models.{name}";
            if (Models.Create(plugin, path, mistakes)?.Missing() is { } fault)
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
                    Nearest.Unknown("model", spec.Model, scenario.Models.Keys)
                );
            if (spec.Checkpoint is { } folder && !Directory.Exists(folder))
                mistakes.Add(
                    $"scenario.policies.{policy}.checkpoint",
                    $"there is no folder '{folder}'. Give one that a run wrote, or leave the key out for fresh weights."
                );
            if (
                spec.Train
                && Catalog.Advantages.Knows(scenario.LearnOf(policy).Advantage.Name)
                && Catalog.Advantages.Create(scenario.LearnOf(policy).Advantage, "", new Mistakes())
                    is { NeedsValues: true }
                && scenario.Models.GetValueOrDefault(spec.Model) is { } plugin
                && Models.Knows(plugin.Name)
                && Models.Create(plugin, "", new Mistakes()) is { HasValues: false }
            )
                mistakes.Add(
                    $"scenario.models.{spec.Model}.value-head",
                    $"is off, but {policy} learns by {scenario.LearnOf(policy).Advantage.Name}, which reads the values of states. Set value-head = on, or take an advantage without values."
                );
            if (!spec.Train || (spec.Learn is null && shared))
                continue;
            shared |= spec.Learn is null;
            Learning(scenario, policy, mistakes);
        }
    }

    /// <summary>How a policy learns, bound; null where it has mistakes.</summary>
    internal static Learning? Learning(Scenario scenario, string policy, Mistakes mistakes)
    {
        var (learn, path) = (
            scenario.LearnOf(policy),
            scenario.Policies[policy].Learn is null ? "scenario.learn" : $"scenario.policies.{policy}.learn"
        );
        var loss = Losses.Create(learn.Loss, $"{path}.loss", mistakes);
        var optimiser = Optimizers.Create(learn.Optimizer, $"{path}.optimizer", mistakes);
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
        return loss is null || optimiser is null ? null : new Learning(loss, optimiser);
    }
}
