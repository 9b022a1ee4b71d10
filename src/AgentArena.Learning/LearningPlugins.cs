// The registration of rewards, advantages and matchmakers: one line each. Knows names and options, no scenario.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Learning.Rewards;

namespace AgentArena.Learning;

/// <summary>Ways of scoring, of crediting and of pairing.</summary>
public sealed class LearningPlugins : IPluginSource
{
    /// <inheritdoc/>
    public void AddTo(Catalog catalog)
    {
        AddMadeRewards(catalog.Rewards);
        AddRewards(catalog.Rewards);
        AddGroupAdvantages(catalog.Advantages);
        AddAdvantages(catalog.Advantages);
        AddMatchmakers(catalog.Matchmakers);
    }

    // Rewards that are made of others.
    private static void AddMadeRewards(Registry<Reward> to)
    {
        to.Add(
            "counterpart",
            "R = -s, 1 - s, s, or 1 in a band of s, the other side's mean score",
            "zero-sum play; STP, arXiv 2502.00212",
            (Counterpart.Options o, Catalog c) => new Counterpart(o, c)
        );
        to.Add(
            "diversity",
            "R = r(from) - share of the texts that lie in the seat's cluster by BLEU distance",
            "R-Zero, arXiv 2508.05004; TTCS; Active-Zero",
            (Diversity.Options o, Catalog c) => new Diversity(o, c)
        );
        to.Add(
            "gate",
            "R = r(of) where r(when) is high enough, else another",
            "Posterior-GRPO, arXiv 2508.05170",
            (Gate.Options o, Catalog c) => new Gate(o, c)
        );
        to.Add(
            "length",
            "R by tokens: a line, only the last stretch, a cosine, or against the group",
            "DAPO, arXiv 2503.14476; arXiv 2502.03373; Kimi k1.5, arXiv 2501.12599",
            (LengthReward.Options o, Catalog c) => new LengthReward(o, c)
        );
        to.Add(
            "noise",
            "R = r(of), replaced now and then by its opposite or a coin",
            "arXiv 2507.10532",
            (NoiseSwitch.Options o, Catalog c) => new NoiseSwitch(o, c)
        );
        to.Add(
            "self-correction",
            "R = r(y1) + r(y2) + alpha (r(y2) - r(y1))",
            "SCoRe, arXiv 2409.12917",
            (SelfCorrection.Options o, Catalog c) => new SelfCorrection(o, c)
        );
        to.Add(
            "shaped",
            "R = r(of) scaled, clipped, differenced step by step, annealed",
            "clip and delta, arXiv 2410.15115; Trust-GRPO, arXiv 2505.17018",
            (Shaped.Options o, Catalog c) => new Shaped(o, c)
        );
        to.Add(
            "trust",
            "R = r(of) weighed down where it prefers wrong answers",
            "Trust-GRPO, arXiv 2505.17018",
            (TrustWeight.Options o, Catalog c) => new TrustWeight(o, c)
        );
    }

    // Rewards of what was said and done.
    private static void AddRewards(Registry<Reward> to)
    {
        to.Add(
            "agreement",
            "R = 1 for the majority answer, or the share of the own one, or the majority of a paraphrase",
            "TTRL, arXiv 2504.16084; EMPO; Co-Reward",
            (Agreement.Options o) => new Agreement(o)
        );
        to.Add(
            "answer-tags",
            "R = right, a quarter of it where a reply holds more than ten answers",
            "Search Self-Play, arXiv 2510.18821",
            (NoOptions _) => new AnswerTags()
        );
        to.Add(
            "difficulty",
            "R of a proposer = f(solve rate): 1 - s, 4s(1 - s), (4s(1 - s))^1.2, min(s, 1 - s), a window",
            "SSP; Absolute Zero; TTCS; R-Zero, arXiv 2508.05004; SvS, arXiv 2508.14029; STP",
            (Difficulty.Options o) => new Difficulty(o)
        );
        to.Add(
            "digit-credit",
            "credits of an answer's characters, each right or not; R = 0",
            "",
            (DigitCredit.Options o) => new DigitCredit(o)
        );
        to.Add(
            "format",
            "R by how many pairs of a tag a reply has, or how it closes",
            "Multi-Agent Evolve, arXiv 2510.23595; Self-RedTeam, arXiv 2506.07468",
            (FormatCheck.Options o) => new FormatCheck(o)
        );
        to.Add(
            "judge-accuracy",
            "R = a judge's verdict against the measured truth: match, or 1 - distance",
            "RISE; DeepSeekMath-V2, arXiv 2511.22570",
            (JudgeAccuracy.Options o) => new JudgeAccuracy(o)
        );
        to.Add(
            "judge-score",
            "R = what judges at the table said: points, rubrics or the better of a pair",
            "Multi-Agent Evolve, arXiv 2510.23595; CoMAS, arXiv 2510.08529",
            (JudgeScore.Options o) => new JudgeScore(o)
        );
        to.Add(
            "likelihood",
            "R out of the weights' own log-probabilities: of the reply, of the right answer, of a last token; self-certainty",
            "RLPR, arXiv 2506.18254; SAR; CRew; DRO; LaSeR; self-certainty",
            (Likelihood.Options o) => new Likelihood(o)
        );
        to.Add("measure", "R = a figure the rules measured per seat x scale", "", (MeasureReward.Options o) =>
            new MeasureReward(o)
        );
        to.Add(
            "outcome",
            "R = right, wrong or missing: the last answer against the right one",
            "verifiable rewards; Absolute Zero, arXiv 2505.03335",
            (OutcomeCheck.Options o) => new OutcomeCheck(o)
        );
        to.Add("payoff", "R = payoff x scale", "the game's own rules", (Payoff.Options o) => new Payoff(o));
        to.Add(
            "sneaky-critic",
            "sneaky: fooled +1, caught -1, no error -1; critic: +-1 by its verdict",
            "SPC, arXiv 2504.19162",
            (SneakyCritic.Options o) => new SneakyCritic(o)
        );
        to.Add(
            "step-credit",
            "credits of a reply's steps from a judge's verdicts; R = 0",
            "ReST-MCTS*, arXiv 2406.03816",
            (StepCredit.Options o) => new StepCredit(o)
        );
        to.Add(
            "token-contrast",
            "credits of tokens = sigma(l(asked for well) - l(asked for badly)) - 1/2; R = 0",
            "T-REG, arXiv 2412.02685",
            (TokenContrast.Options o) => new TokenContrast(o)
        );
    }

    // Within a group of samples of one task.
    private static void AddGroupAdvantages(Registry<Advantage> to)
    {
        to.Add(
            "bnpo",
            "A = (r - p) / Beta(p; alpha, beta), p the group's accuracy, the density fitted to the batch",
            "BNPO, arXiv 2506.02864",
            (BetaNormalised.Options o) => new BetaNormalised(o)
        );
        to.Add(
            "brpo",
            "A = sign(r - r_ref), ref a member of the group drawn by lot",
            "Writing-Zero, arXiv 2506.00103",
            (BootstrappedReference.Options o) => new BootstrappedReference(o)
        );
        to.Add("dr-grpo", "A = r - mu of the group", "Liu et al. 2025, arXiv 2503.20783", (GroupCentred.Options o) =>
            new GroupCentred(o)
        );
        to.Add(
            "grpo",
            "A = (r - mu) / (sigma + epsilon) of the group",
            "Shao et al. 2024, arXiv 2402.03300",
            (GroupRelative.Options o) => new GroupRelative(o)
        );
        to.Add(
            "reinforce-ada",
            "A = (r - mu) / (sigma + epsilon) of all samples of a task, for a balanced few of them",
            "Reinforce-Ada, arXiv 2510.04996",
            (GlobalStatistics.Options o) => new GlobalStatistics(o)
        );
        to.Add(
            "reinforce-plus-plus-baseline",
            "REINFORCE++-baseline: r - mu of the group, whitened over the batch's tokens",
            "Hu et al. 2025, arXiv 2501.03262",
            (WhitenedReturn.WithGroups o) => new WhitenedReturn(o)
        );
        to.Add(
            "rloo",
            "A = r - mean of the group's other rewards",
            "Ahmadian et al. 2024, arXiv 2402.14740",
            (LeaveOneOut.Options o) => new LeaveOneOut(o)
        );
    }

    // Each episode by itself, or against a running mean or the batch.
    private static void AddAdvantages(Registry<Advantage> to)
    {
        to.Add(
            "gae",
            "A_t = delta_t + gamma lambda A_{t+1}, delta_t = r_t + gamma V_{t+1} - V_t, with the model's value head",
            "Schulman et al. 2016, arXiv 1506.02438",
            (GeneralisedAdvantage.Options o) => new GeneralisedAdvantage(o)
        );
        to.Add(
            "nsr",
            "A = -1 where wrong, else 0",
            "Zhu et al. 2025, arXiv 2506.01347",
            (SignedReward.NegativeOnly o) => new SignedReward(o)
        );
        to.Add(
            "prompt-baseline",
            "A = R - EMA of returns at this prompt",
            "Sutton and Barto 2018, 5.1",
            (PromptBaseline.Options o) => new PromptBaseline(o)
        );
        to.Add("psr", "A = 1 where right, else 0", "Zhu et al. 2025, arXiv 2506.01347", (SignedReward.PositiveOnly o) =>
            new SignedReward(o)
        );
        to.Add("raw", "A = R", "SPC, arXiv 2504.19162", (NoOptions _) => new RawReward());
        to.Add(
            "rae",
            "A = R - b, b an exponential mean of R per game, role and seat",
            "SPIRAL, arXiv 2506.24119",
            (RoleBaseline.Options o) => new RoleBaseline(o)
        );
        to.Add(
            "reinforce",
            "A = R - b, b a number or the batch's mean per game and role",
            "Williams 1992",
            (PlainReinforce.Options o) => new PlainReinforce(o)
        );
        to.Add(
            "reinforce-plus-plus",
            "REINFORCE++: returns to go, whitened over the batch's tokens",
            "Hu et al. 2025, arXiv 2501.03262",
            (WhitenedReturn.Options o) => new WhitenedReturn(o)
        );
        to.Add(
            "trr-plus-plus",
            "TRR++: REINFORCE++ with each game and role whitened by itself",
            "Absolute Zero, arXiv 2505.03335",
            (WhitenedReturn.PerTask o) => new WhitenedReturn(o)
        );
        to.Add(
            "w-reinforce",
            "A = 0.1 where right, -1 where wrong",
            "Zhu et al. 2025, arXiv 2506.01347",
            (SignedReward.Options o) => new SignedReward(o)
        );
    }

    private static void AddMatchmakers(Registry<Matchmaker> to)
    {
        to.Add(
            "adaptive-rollouts",
            "each task until its answers are balanced, or so many rounds",
            "Reinforce-Ada, RLHFlow/Reinforce-Ada",
            (AdaptiveRollouts.Options o) => new AdaptiveRollouts(o)
        );
        to.Add(
            "curriculum",
            "which game next: bandit, failures, frontier, or from easy to hard",
            "SEC, arXiv 2505.14970; SwS, arXiv 2506.08989; ADCL, arXiv 2505.08364",
            (Curriculum.Options o) => new Curriculum(o)
        );
        to.Add(
            "drawn-seats",
            "each seat to one of its role's policies, drawn anew in each game",
            "CoMAS, arXiv 2510.08529",
            (NoOptions _) => new DrawnSeats()
        );
        to.Add(
            "league",
            "opponents from a pool of frozen versions and others: uniform, latest or (1 - win rate)^p; seat swap, Elo and TrueSkill",
            "Heinrich et al. 2015; Vinyals et al. 2019; Herbrich et al. 2006",
            (League.Options o) => new League(o)
        );
        to.Add(
            "population",
            "each game to one member of the population in turn, in every seat that members have",
            "Jaderberg et al. 2017, arXiv 1711.09846",
            (NoOptions _) => new PopulationPlay()
        );
        to.Add(
            "recycling",
            "products of one game dealt once to others, so many a batch",
            "SPARK, InternLM/Spark",
            (Recycling.Options o, Catalog c) => new Recycling(o, c)
        );
        to.Add("self-play", "every seat by the scenario's seats", "", (NoOptions _) => new SelfPlay());
        to.Add(
            "stages",
            "one table after another: seats and shares change after so many games, or when a measure says so",
            "",
            (Stages.Options o) => new Stages(o)
        );
        to.Add(
            "switching-stages",
            "clues until votes are too hard, votes until they are too easy; means of accuracy with dwell and patience",
            "Vision-Zero, arXiv 2509.25541",
            (SwitchingStages.Options o) => new SwitchingStages(o)
        );
        to.Add(
            "task-pool",
            "earlier games' products, dealt to later ones as references",
            "Absolute Zero, arXiv 2505.03335",
            (TaskPool.Options o, Catalog c) => new TaskPool(o, c)
        );
    }
}
