// THE registration point: one line a plug-in. Losses and networks have theirs in the models room.
using AgentArena.Core.Bots;
using AgentArena.Core.Games;
using AgentArena.Core.Games.Boards;
using AgentArena.Core.Games.Critics;
using AgentArena.Core.Games.Poker;
using AgentArena.Core.Games.Programs;
using AgentArena.Core.Games.Questions;
using AgentArena.Core.Games.Reasoning;
using AgentArena.Core.Games.Safety;
using AgentArena.Core.Games.Search;
using AgentArena.Core.Games.Trading;
using AgentArena.Core.Games.Words;
using AgentArena.Core.Learning;
using AgentArena.Core.Rewards;
using AgentArena.Core.Roles;
using AgentArena.Core.Searching;

namespace AgentArena.Core;

/// <summary>Every plug-in of this room, by kind and name.</summary>
public static class Catalog
{
    /// <summary>Rules.</summary>
    public static Registry<Game> Games { get; } =
        new("game")
        {
            {
                "absolute-zero",
                "a proposer writes a program task, solvers try it, an executor is the judge",
                "Absolute Zero, arXiv 2505.03335",
                (AbsoluteZero.Options o) => new AbsoluteZero(o)
            },
            {
                "active-zero",
                "one finds a document, one asks about it, n answer; the majority is the label",
                "Active-Zero, jinghan1he/Active-Zero, as text",
                (ActiveZero.Options o) => new ActiveZero(o)
            },
            {
                "arithmetic",
                "a proposer picks how long the numbers are, solvers add them",
                "",
                (Arithmetic.Options o) => new Arithmetic(o)
            },
            {
                "chain-steps",
                "an arithmetic chain, one step a turn, judged by its end",
                "ReST-MCTS*, arXiv 2406.03816: steps as moves",
                (ChainSteps.Options o) => new ChainSteps(o)
            },
            {
                "comas",
                "agents solve, evaluate and score each other; the talk is the only reward",
                "CoMAS, arXiv 2510.08529",
                (Comas.Options o) => new Comas(o)
            },
            { "connect-four", "four in a line on 7 columns of 6", "", (ConnectFour.Options o) => new ConnectFour(o) },
            {
                "countdown",
                "a proposer picks how many numbers, solvers make the target of them",
                "",
                (Countdown.Options o) => new Countdown(o)
            },
            {
                "debate",
                "two argue for different answers before a judge who knows less",
                "Irving et al. 2018, arXiv 1805.00899",
                (Debate.Options o) => new Debate(o)
            },
            {
                "guided-solving",
                "a critic sends wrong steps of a solution back, up to so many times",
                "SPC, arXiv 2504.19162, at test time",
                (GuidedSolving.Options o) => new GuidedSolving(o)
            },
            {
                "judge-items",
                "answers that were graded before, to judge or to mend",
                "SPARK, InternLM/Spark",
                (JudgeItems.Options o) => new JudgeItems(o)
            },
            {
                "kuhn-poker",
                "three cards, one bet: the smallest poker with bluffing",
                "Kuhn 1950; scoring variants of TextArena and SPIRAL (arXiv 2506.24119)",
                (KuhnOptions o) => o.Build()
            },
            {
                "leduc-poker",
                "six cards, two rounds, a public card",
                "Southey et al. 2005, arXiv 1207.1411; OpenSpiel's rules",
                (LeducPoker.Options o) => new LeducPoker(o)
            },
            {
                "liars-dice",
                "hidden dice, rising bids, one doubt",
                "OpenSpiel's rules",
                (LiarsDice.Options o) => new LiarsDice(o)
            },
            {
                "multi-agent-evolve",
                "a proposer asks, solvers answer, judges score the question and each answer",
                "Multi-Agent Evolve, arXiv 2510.23595",
                (MultiAgentEvolve.Options o) => new MultiAgentEvolve(o)
            },
            {
                "questions",
                "a proposer asks, of nothing, a problem or a solution; n solvers answer",
                "R-Zero, arXiv 2508.05004; TTCS; SvS, arXiv 2508.14029",
                (ProposedQuestions.Options o) => new ProposedQuestions(o)
            },
            {
                "red-team",
                "one tries to make another break a rule; a judge labels both",
                "Self-RedTeam, arXiv 2506.07468",
                (RedTeam.Options o) => new RedTeam(o)
            },
            {
                "proof-review",
                "prove and review oneself; verifiers score; meta-verifiers check their claims",
                "DeepSeekMath-V2, arXiv 2511.22570",
                (ProofReview.Options o) => new ProofReview(o)
            },
            { "rock-paper-scissors", "two seats throw at once", "", (NoOptions _) => new RockPaperScissors() },
            {
                "rule-keeping",
                "keeping the rule pays all, breaking it pays the one who does",
                "public goods, Olson 1965; as a testbed of alignment tipping",
                (RuleKeeping.Options o) => new RuleKeeping(o)
            },
            {
                "search-questions",
                "find the answer in documents that can only be searched",
                "ReSeek, arXiv 2510.00568; Search Self-Play, arXiv 2510.18821",
                (SearchQuestions.Options o) => new SearchQuestions(o)
            },
            {
                "search-self-play",
                "a question is written for an answer, checked, and searched for",
                "Search Self-Play, arXiv 2510.18821",
                (SearchSelfPlay.Options o) => new SearchSelfPlay(o)
            },
            {
                "simple-negotiation",
                "trade resources, gain more than the other",
                "TextArena; SPIRAL, arXiv 2506.24119",
                (SimpleNegotiation.Options o) => new SimpleNegotiation(o)
            },
            {
                "solve-and-verify",
                "solve, then name the reward the own solution earned",
                "RISE",
                (SolveAndVerify.Options o) => new SolveAndVerify(o)
            },
            {
                "step-critic",
                "one hides an error in a worked solution, the other says whether there is one",
                "SPC, arXiv 2504.19162",
                (StepCritic.Options o) => new StepCritic(o)
            },
            { "tic-tac-toe", "three in a row", "", (TicTacToe.Options o) => new TicTacToe(o) },
            {
                "undercover-word",
                "one player knows another word; clues, then a vote",
                "Vision-Zero, arXiv 2509.25541, as text",
                (UndercoverWord.Options o) => new UndercoverWord(o)
            },
            {
                "word-problem",
                "problems of a data set, solved by n seats at once",
                "GSM8K, arXiv 2110.14168; MATH; SVAMP",
                (ProposedQuestions.WordProblemOptions o) => o.Build()
            },
        };

    /// <summary>Ways of speaking.</summary>
    public static Registry<Role> Roles { get; } =
        new("role")
        {
            {
                "player",
                "observation parts as a prompt, the last answer in the asked format as a move",
                "",
                (Player.Options o) => new Player(o)
            },
        };

    /// <summary>Scripted opponents.</summary>
    public static Registry<Bot> Bots { get; } =
        new("bot")
        {
            { "always-bet", "bets, raises and calls", "", (NoOptions _) => FixedHabit.Bet },
            { "always-pass", "checks and folds", "", (NoOptions _) => FixedHabit.Pass },
            {
                "cfr",
                "an equilibrium by CFR+, for games whose tree can be walked",
                "Tammelin 2014, arXiv 1407.5042",
                (SolvedBot.Options o) => new SolvedBot(o)
            },
            {
                "kuhn-nash",
                "an equilibrium of kuhn-poker: J bets alpha, K bets 3 alpha",
                "Kuhn 1950",
                (KuhnNash.Options o) => new KuhnNash(o)
            },
            {
                "mcts",
                "UCT tree search with random rollouts, for games of perfect information",
                "Kocsis and Szepesvari 2006",
                (TreeSearchBot.Options o) => new TreeSearchBot(o)
            },
            {
                "minimax",
                "perfect play of small games of perfect information, equal moves alike",
                "",
                (MinimaxBot.Options o) => new MinimaxBot(o)
            },
            { "random", "every legal move alike", "", (NoOptions _) => new RandomBot() },
            {
                "teacher",
                "the first suggested answer, which games that know a right one put there",
                "",
                (NoOptions _) => new TeacherBot()
            },
        };

    /// <summary>Scores of finished episodes.</summary>
    public static Registry<Reward> Rewards { get; } =
        new("reward")
        {
            {
                "agreement",
                "R = 1 for the majority answer, or the share of the own one, or the majority of a paraphrase",
                "TTRL, arXiv 2504.16084; EMPO; Co-Reward",
                (Agreement.Options o) => new Agreement(o)
            },
            {
                "answer-tags",
                "R = right, a quarter of it where a reply holds more than ten answers",
                "Search Self-Play, arXiv 2510.18821",
                (NoOptions _) => new AnswerTags()
            },
            {
                "counterpart",
                "R = -s, 1 - s, s, or 1 in a band of s, the other side's mean score",
                "zero-sum play; STP, arXiv 2502.00212",
                (Counterpart.Options o) => new Counterpart(o)
            },
            {
                "difficulty",
                "R of a proposer = f(solve rate): 1 - s, 4s(1 - s), (4s(1 - s))^1.2, min(s, 1 - s), a window",
                "SSP; Absolute Zero; TTCS; R-Zero, arXiv 2508.05004; SvS, arXiv 2508.14029; STP",
                (Difficulty.Options o) => new Difficulty(o)
            },
            {
                "digit-credit",
                "credits of an answer's characters, each right or not; R = 0",
                "",
                (DigitCredit.Options o) => new DigitCredit(o)
            },
            {
                "diversity",
                "R = r(from) - share of the texts that lie in the seat's cluster by BLEU distance",
                "R-Zero, arXiv 2508.05004; TTCS; Active-Zero",
                (Diversity.Options o) => new Diversity(o)
            },
            {
                "format",
                "R by how many pairs of a tag a reply has, or how it closes",
                "Multi-Agent Evolve, arXiv 2510.23595; Self-RedTeam, arXiv 2506.07468",
                (FormatCheck.Options o) => new FormatCheck(o)
            },
            {
                "gate",
                "R = r(of) where r(when) is high enough, else another",
                "Posterior-GRPO, arXiv 2508.05170",
                (Gate.Options o) => new Gate(o)
            },
            {
                "judge-accuracy",
                "R = a judge's verdict against the measured truth: match, or 1 - distance",
                "RISE; DeepSeekMath-V2, arXiv 2511.22570",
                (JudgeAccuracy.Options o) => new JudgeAccuracy(o)
            },
            {
                "judge-score",
                "R = what judges at the table said: points, rubrics or the better of a pair",
                "Multi-Agent Evolve, arXiv 2510.23595; CoMAS, arXiv 2510.08529",
                (JudgeScore.Options o) => new JudgeScore(o)
            },
            {
                "length",
                "R by tokens: a line, only the last stretch, a cosine, or against the group",
                "DAPO, arXiv 2503.14476; arXiv 2502.03373; Kimi k1.5, arXiv 2501.12599",
                (LengthReward.Options o) => new LengthReward(o)
            },
            {
                "likelihood",
                "R out of the weights' own log-probabilities: of the reply, of the right answer, of a last token; self-certainty",
                "RLPR, arXiv 2506.18254; SAR; CRew; DRO; LaSeR; self-certainty",
                (Likelihood.Options o) => new Likelihood(o)
            },
            {
                "measure",
                "R = a figure the rules measured per seat x scale",
                "",
                (MeasureReward.Options o) => new MeasureReward(o)
            },
            {
                "noise",
                "R = r(of), replaced now and then by its opposite or a coin",
                "arXiv 2507.10532",
                (NoiseSwitch.Options o) => new NoiseSwitch(o)
            },
            {
                "outcome",
                "R = right, wrong or missing: the last answer against the right one",
                "verifiable rewards; Absolute Zero, arXiv 2505.03335",
                (OutcomeCheck.Options o) => new OutcomeCheck(o)
            },
            { "payoff", "R = payoff x scale", "the game's own rules", (Payoff.Options o) => new Payoff(o) },
            {
                "self-correction",
                "R = r(y1) + r(y2) + alpha (r(y2) - r(y1))",
                "SCoRe, arXiv 2409.12917",
                (SelfCorrection.Options o) => new SelfCorrection(o)
            },
            {
                "shaped",
                "R = r(of) scaled, clipped, differenced step by step, annealed",
                "clip and delta, arXiv 2410.15115; Trust-GRPO, arXiv 2505.17018",
                (Shaped.Options o) => new Shaped(o)
            },
            {
                "sneaky-critic",
                "sneaky: fooled +1, caught -1, no error -1; critic: +-1 by its verdict",
                "SPC, arXiv 2504.19162",
                (SneakyCritic.Options o) => new SneakyCritic(o)
            },
            {
                "step-credit",
                "credits of a reply's steps from a judge's verdicts; R = 0",
                "ReST-MCTS*, arXiv 2406.03816",
                (StepCredit.Options o) => new StepCredit(o)
            },
            {
                "token-contrast",
                "credits of tokens = sigma(l(asked for well) - l(asked for badly)) - 1/2; R = 0",
                "T-REG, arXiv 2412.02685",
                (TokenContrast.Options o) => new TokenContrast(o)
            },
            {
                "trust",
                "R = r(of) weighed down where it prefers wrong answers",
                "Trust-GRPO, arXiv 2505.17018",
                (TrustWeight.Options o) => new TrustWeight(o)
            },
        };

    /// <summary>From rewards to weights.</summary>
    public static Registry<Advantage> Advantages { get; } =
        new("advantage")
        {
            {
                "bnpo",
                "A = (r - p) / Beta(p; alpha, beta), p the group's accuracy, the density fitted to the batch",
                "BNPO, arXiv 2506.02864",
                (BetaNormalised.Options o) => new BetaNormalised(o)
            },
            {
                "brpo",
                "A = sign(r - r_ref), ref a member of the group drawn by lot",
                "Writing-Zero, arXiv 2506.00103",
                (BootstrappedReference.Options o) => new BootstrappedReference(o)
            },
            {
                "dr-grpo",
                "A = r - mu of the group",
                "Liu et al. 2025, arXiv 2503.20783",
                (GroupCentred.Options o) => new GroupCentred(o)
            },
            {
                "gae",
                "A_t = delta_t + gamma lambda A_{t+1}, delta_t = r_t + gamma V_{t+1} - V_t, with the model's value head",
                "Schulman et al. 2016, arXiv 1506.02438",
                (GeneralisedAdvantage.Options o) => new GeneralisedAdvantage(o)
            },
            {
                "grpo",
                "A = (r - mu) / (sigma + epsilon) of the group",
                "Shao et al. 2024, arXiv 2402.03300",
                (GroupRelative.Options o) => new GroupRelative(o)
            },
            {
                "nsr",
                "A = -1 where wrong, else 0",
                "Zhu et al. 2025, arXiv 2506.01347",
                (SignedReward.NegativeOnly o) => new SignedReward(o)
            },
            {
                "prompt-baseline",
                "A = R - EMA of returns at this prompt",
                "Sutton and Barto 2018, 5.1",
                (PromptBaseline.Options o) => new PromptBaseline(o)
            },
            {
                "psr",
                "A = 1 where right, else 0",
                "Zhu et al. 2025, arXiv 2506.01347",
                (SignedReward.PositiveOnly o) => new SignedReward(o)
            },
            { "raw", "A = R", "SPC, arXiv 2504.19162", (NoOptions _) => new RawReward() },
            {
                "rae",
                "A = R - b, b an exponential mean of R per game, role and seat",
                "SPIRAL, arXiv 2506.24119",
                (RoleBaseline.Options o) => new RoleBaseline(o)
            },
            {
                "reinforce",
                "A = R - b, b a number or the batch's mean per game and role",
                "Williams 1992",
                (PlainReinforce.Options o) => new PlainReinforce(o)
            },
            {
                "reinforce-ada",
                "A = (r - mu) / (sigma + epsilon) of all samples of a task, for a balanced few of them",
                "Reinforce-Ada, arXiv 2510.04996",
                (GlobalStatistics.Options o) => new GlobalStatistics(o)
            },
            {
                "reinforce-plus-plus",
                "REINFORCE++: returns to go, whitened over the batch's tokens",
                "Hu et al. 2025, arXiv 2501.03262",
                (WhitenedReturn.Options o) => new WhitenedReturn(o)
            },
            {
                "reinforce-plus-plus-baseline",
                "REINFORCE++-baseline: r - mu of the group, whitened over the batch's tokens",
                "Hu et al. 2025, arXiv 2501.03262",
                (WhitenedReturn.WithGroups o) => new WhitenedReturn(o)
            },
            {
                "rloo",
                "A = r - mean of the group's other rewards",
                "Ahmadian et al. 2024, arXiv 2402.14740",
                (LeaveOneOut.Options o) => new LeaveOneOut(o)
            },
            {
                "trr-plus-plus",
                "TRR++: REINFORCE++ with each game and role whitened by itself",
                "Absolute Zero, arXiv 2505.03335",
                (WhitenedReturn.PerTask o) => new WhitenedReturn(o)
            },
            {
                "w-reinforce",
                "A = 0.1 where right, -1 where wrong",
                "Zhu et al. 2025, arXiv 2506.01347",
                (SignedReward.Options o) => new SignedReward(o)
            },
        };

    /// <summary>Ways of looking ahead.</summary>
    public static Registry<Searcher> Searchers { get; } =
        new("search")
        {
            {
                "mcts",
                "tree search led by the policy's own probabilities, for games of perfect information",
                "PUCT: Rosin 2011; Silver et al. 2017, arXiv 1712.01815",
                (Mcts.Options o) => new Mcts(o)
            },
            {
                "rest-mcts",
                "steps drawn from the policy, valued by where they lead, until a line holds; for one seat",
                "ReST-MCTS*, arXiv 2406.03816",
                (RestMcts.Options o) => new RestMcts(o)
            },
        };

    /// <summary>Who plays whom.</summary>
    public static Registry<Matchmaker> Matchmakers { get; } =
        new("matchmaker")
        {
            {
                "adaptive-rollouts",
                "each task until its answers are balanced, or so many rounds",
                "Reinforce-Ada, RLHFlow/Reinforce-Ada",
                (AdaptiveRollouts.Options o) => new AdaptiveRollouts(o)
            },
            {
                "curriculum",
                "which game next: bandit, failures, frontier, or from easy to hard",
                "SEC, arXiv 2505.14970; SwS, arXiv 2506.08989; ADCL, arXiv 2505.08364",
                (Curriculum.Options o) => new Curriculum(o)
            },
            {
                "drawn-seats",
                "each seat to one of its role's policies, drawn anew in each game",
                "CoMAS, arXiv 2510.08529",
                (NoOptions _) => new DrawnSeats()
            },
            {
                "league",
                "opponents from a pool of frozen versions and others: uniform, latest or (1 - win rate)^p; seat swap, Elo and TrueSkill",
                "Heinrich et al. 2015; Vinyals et al. 2019; Herbrich et al. 2006",
                (League.Options o) => new League(o)
            },
            {
                "population",
                "each game to one member of the population in turn, in every seat that members have",
                "Jaderberg et al. 2017, arXiv 1711.09846",
                (NoOptions _) => new PopulationPlay()
            },
            {
                "recycling",
                "products of one game dealt once to others, so many a batch",
                "SPARK, InternLM/Spark",
                (Recycling.Options o) => new Recycling(o)
            },
            { "self-play", "every seat by the scenario's seats", "", (NoOptions _) => new SelfPlay() },
            {
                "stages",
                "one table after another: seats and shares change after so many games, or when a measure says so",
                "",
                (Stages.Options o) => new Stages(o)
            },
            {
                "switching-stages",
                "clues until votes are too hard, votes until they are too easy; means of accuracy with dwell and patience",
                "Vision-Zero, arXiv 2509.25541",
                (SwitchingStages.Options o) => new SwitchingStages(o)
            },
            {
                "task-pool",
                "earlier games' products, dealt to later ones as references",
                "Absolute Zero, arXiv 2505.03335",
                (TaskPool.Options o) => new TaskPool(o)
            },
        };
}
