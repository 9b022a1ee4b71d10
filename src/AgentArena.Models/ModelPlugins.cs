// The registration of networks, losses and optimisers: one line each. Knows names and options, not runs.
using AgentArena.Core.Configuration;
using AgentArena.Models.Losses;
using AgentArena.Models.Networks;
using AgentArena.Models.Training;

namespace AgentArena.Models;

/// <summary>The kinds of plug-in that this room defines.</summary>
public static class ModelKinds
{
    extension(Catalog catalog)
    {
        /// <summary>Kinds of network.</summary>
        public Registry<Architecture> Models => catalog.Of<Architecture>("model");

        /// <summary>Losses.</summary>
        public Registry<Loss> Losses => catalog.Of<Loss>("loss");

        /// <summary>Optimisers.</summary>
        public Registry<AdamWOptions> Optimizers => catalog.Of<AdamWOptions>("optimizer");
    }
}

/// <summary>Networks, losses and optimisers of this house.</summary>
public sealed class ModelPlugins : IPluginSource
{
    /// <inheritdoc/>
    public void AddTo(Catalog catalog)
    {
        AddModels(catalog.Models);
        AddPolicyGradients(catalog.Losses);
        AddLosses(catalog.Losses);
        AddOptimizers(catalog.Optimizers);
    }

    private static void AddModels(Registry<Architecture> to)
    {
        to.Add(
            "transformer",
            "decoder-only, RMSNorm, rotary positions, SwiGLU, tied embeddings, byte-level BPE of the games' own text",
            "Vaswani et al. 2017; Touvron et al. 2023",
            (TransformerOptions o) => new TransformerArchitecture(o)
        );
    }

    // Policy gradients, clipped or weighed.
    private static void AddPolicyGradients(Registry<Loss> to)
    {
        to.Add(
            "cispo",
            "-sum share*sg(clip(ratio))*w*log pi: clipped weights, no token without gradient",
            "MiniMax-M1, arXiv 2506.13585",
            (CispoOptions o) => new Cispo(o)
        );
        to.Add(
            "dapo",
            "policy-gradient with clip 0.2 / 0.28, mean over tokens, cut replies left out",
            "Yu et al. 2025, arXiv 2503.14476",
            (DapoOptions o) => new PolicyGradient(o)
        );
        to.Add(
            "grpo",
            "policy-gradient with clip 0.2, mean over replies, 0.001 of k3 to the first weights",
            "Shao et al. 2024, arXiv 2402.03300",
            (GrpoOptions o) => new PolicyGradient(o)
        );
        to.Add(
            "gspo",
            "-mean min(s*w, clip(s)*w), s the geometric mean of a reply's ratios",
            "Zheng et al. 2025, arXiv 2507.18071",
            (SequenceRatioOptions o) => new SequenceRatio(o)
        );
        to.Add(
            "policy-gradient",
            "-sum share*gain + kl*KL(pi||reference) - entropy*H(pi); REINFORCE, PPO clip, magnetic, R-NaD",
            "Williams 1992; Schulman et al. 2017; Sokota et al. 2022; Perolat et al. 2022",
            (PolicyGradientOptions o) => new PolicyGradient(o)
        );
        to.Add(
            "ppo",
            "policy-gradient with clip 0.2, dual clip 3, mean over tokens",
            "Schulman et al. 2017; Absolute Zero, arXiv 2505.03335",
            (PpoOptions o) => new PolicyGradient(o)
        );
        to.Add(
            "spc",
            "gspo with clip 0.2 and 0.15 of supervised loss on demonstrations",
            "SPC, arXiv 2504.19162",
            (SelfPlayCriticOptions o) => new SequenceRatio(o)
        );
        to.Add(
            "topr",
            "right w*log pi, wrong sg(min(pi/mu, 1))*w*log pi",
            "Le Roux et al. 2025, arXiv 2503.14286",
            (TaperedOffPolicyOptions o) => new TaperedOffPolicy(o)
        );
    }

    // By likelihoods, pairs and teachers.
    private static void AddLosses(Registry<Loss> to)
    {
        to.Add(
            "dno",
            "cross-entropy of sigma(m) with sigma(r_w - r_l), pairs of large margin",
            "Rosset et al. 2024, arXiv 2404.03715",
            (NashOptions o) => new Preference(o)
        );
        to.Add(
            "dpo",
            "-log sigma(beta*(log-ratio to the reference of the better reply less that of the worse))",
            "Rafailov et al. 2023, arXiv 2305.18290",
            (PreferenceOptions o) => new Preference(o)
        );
        to.Add(
            "imitation",
            "-sum share*log pi of what weighs more than the line; weighed: self-imitation",
            "filtered imitation; Oh et al. 2018, arXiv 1806.05635",
            (ImitationOptions o) => new Imitation(o)
        );
        to.Add(
            "likelihood",
            "right replies -log pi(reply), wrong ones -log(1 - pi(reply)): exact for a two-way verdict",
            "",
            (LikelihoodOptions o) => new Likelihood(o)
        );
        to.Add(
            "nft",
            "right -log R, wrong -log((1 - q R)/(1 - q)), R = pi/pi_old, q the group's share of right replies",
            "Chen et al. 2025, arXiv 2505.18116",
            (NegativeAwareOptions o) => new NegativeAware(o)
        );
        to.Add(
            "sdpo",
            "generalised Jensen-Shannon divergence to the policy itself, told more (learn.teacher)",
            "SDPO, lasgroup/SDPO; SD-Zero",
            (SelfDistillationOptions o) => new SelfDistillation(o)
        );
        to.Add(
            "srpo",
            "right replies by the clipped policy gradient, wrong ones as sdpo, weighed by exp(-H(teacher)/tau)",
            "SRPO (sample-routed)",
            (RoutedOptions o) => new SelfDistillation(o)
        );
    }

    private static void AddOptimizers(Registry<AdamWOptions> to)
    {
        to.Add(
            "adamw",
            "Adam with decoupled decay, clipped gradient and a scheduled rate",
            "Loshchilov and Hutter 2019",
            (AdamWOptions o) =>
            {
                AdamW.Check(o);
                return o;
            }
        );
    }
}
