// The registration of rules, bots and searches: one line each. Knows names and options, no scenario.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Games.Boards;
using AgentArena.Games.Bots;
using AgentArena.Games.Critics;
using AgentArena.Games.Dice;
using AgentArena.Games.Documents;
using AgentArena.Games.Matrix;
using AgentArena.Games.Poker;
using AgentArena.Games.Programs;
using AgentArena.Games.Questions;
using AgentArena.Games.Reasoning;
using AgentArena.Games.Safety;
using AgentArena.Games.Searching;
using AgentArena.Games.Trading;
using AgentArena.Games.Words;

namespace AgentArena.Games;

/// <summary>The games of this house, who plays them by rule, and ways of looking ahead in them.</summary>
public sealed class GamePlugins : IPluginSource
{
    /// <inheritdoc/>
    public void AddTo(Catalog catalog)
    {
        AddTableGames(catalog.Games);
        AddCritics(catalog.Games);
        AddTasks(catalog.Games);
        AddBots(catalog.Players);
        AddSearchers(catalog.Players);
    }

    // Boards, cards, dice, goods and words.
    private static void AddTableGames(Registry<Game> to)
    {
        to.Add("connect-four", "four in a line on 7 columns of 6", "", (ConnectFour.Options o) => new ConnectFour(o));
        to.Add(
            "kuhn-poker",
            "three cards, one bet: the smallest poker with bluffing",
            "Kuhn 1950; scoring variants of TextArena and SPIRAL (arXiv 2506.24119)",
            (KuhnOptions o) => o.Build()
        );
        to.Add(
            "leduc-poker",
            "six cards, two rounds, a public card",
            "Southey et al. 2005, arXiv 1207.1411; OpenSpiel's rules",
            (LeducPoker.Options o) => new LeducPoker(o)
        );
        to.Add("liars-dice", "hidden dice, rising bids, one doubt", "OpenSpiel's rules", (LiarsDice.Options o) =>
            new LiarsDice(o)
        );
        to.Add("rock-paper-scissors", "two seats throw at once", "", (NoOptions _) => new RockPaperScissors());
        to.Add(
            "simple-negotiation",
            "trade resources, gain more than the other",
            "TextArena; SPIRAL, arXiv 2506.24119",
            (SimpleNegotiation.Options o) => new SimpleNegotiation(o)
        );
        to.Add("tic-tac-toe", "three in a row", "", (TicTacToe.Options o) => new TicTacToe(o));
        to.Add(
            "undercover-word",
            "one player knows another word; clues, then a vote",
            "Vision-Zero, arXiv 2509.25541, as text",
            (UndercoverWord.Options o) => new UndercoverWord(o)
        );
    }

    // Critics, judges and rules to keep.
    private static void AddCritics(Registry<Game> to)
    {
        to.Add(
            "chain-steps",
            "an arithmetic chain, one step a turn, judged by its end",
            "ReST-MCTS*, arXiv 2406.03816: steps as moves",
            (ChainSteps.Options o) => new ChainSteps(o)
        );
        to.Add(
            "debate",
            "two argue for different answers before a judge who knows less",
            "Irving et al. 2018, arXiv 1805.00899",
            (Debate.Options o) => new Debate(o)
        );
        to.Add(
            "guided-solving",
            "a critic sends wrong steps of a solution back, up to so many times",
            "SPC, arXiv 2504.19162, at test time",
            (GuidedSolving.Options o) => new GuidedSolving(o)
        );
        to.Add(
            "red-team",
            "one tries to make another break a rule; a judge labels both",
            "Self-RedTeam, arXiv 2506.07468",
            (RedTeam.Options o) => new RedTeam(o)
        );
        to.Add(
            "proof-review",
            "prove and review oneself; verifiers score; meta-verifiers check their claims",
            "DeepSeekMath-V2, arXiv 2511.22570",
            (ProofReview.Options o) => new ProofReview(o)
        );
        to.Add(
            "rule-keeping",
            "keeping the rule pays all, breaking it pays the one who does",
            "public goods, Olson 1965; as a testbed of alignment tipping",
            (RuleKeeping.Options o) => new RuleKeeping(o)
        );
        to.Add(
            "solve-and-verify",
            "solve, then name the reward the own solution earned",
            "RISE",
            (SolveAndVerify.Options o) => new SolveAndVerify(o)
        );
        to.Add(
            "step-critic",
            "one hides an error in a worked solution, the other says whether there is one",
            "SPC, arXiv 2504.19162",
            (StepCritic.Options o) => new StepCritic(o)
        );
    }

    // Tasks and their solvers: programs, questions, numbers, documents.
    private static void AddTasks(Registry<Game> to)
    {
        to.Add(
            "absolute-zero",
            "a proposer writes a program task, solvers try it, an executor is the judge",
            "Absolute Zero, arXiv 2505.03335",
            (AbsoluteZero.Options o) => new AbsoluteZero(o)
        );
        to.Add(
            "active-zero",
            "one finds a document, one asks about it, n answer; the majority is the label",
            "Active-Zero, jinghan1he/Active-Zero, as text",
            (ActiveZero.Options o) => new ActiveZero(o)
        );
        to.Add(
            "arithmetic",
            "a proposer picks how long the numbers are, solvers add them",
            "",
            (Arithmetic.Options o) => new Arithmetic(o)
        );
        to.Add(
            "comas",
            "agents solve, evaluate and score each other; the talk is the only reward",
            "CoMAS, arXiv 2510.08529",
            (Comas.Options o) => new Comas(o)
        );
        to.Add(
            "countdown",
            "a proposer picks how many numbers, solvers make the target of them",
            "",
            (Countdown.Options o) => new Countdown(o)
        );
        to.Add(
            "judge-items",
            "answers that were graded before, to judge or to mend",
            "SPARK, InternLM/Spark",
            (JudgeItems.Options o) => new JudgeItems(o)
        );
        to.Add(
            "multi-agent-evolve",
            "a proposer asks, solvers answer, judges score the question and each answer",
            "Multi-Agent Evolve, arXiv 2510.23595",
            (MultiAgentEvolve.Options o) => new MultiAgentEvolve(o)
        );
        to.Add(
            "questions",
            "a proposer asks, of nothing, a problem or a solution; n solvers answer",
            "R-Zero, arXiv 2508.05004; TTCS; SvS, arXiv 2508.14029",
            (ProposedQuestions.Options o, Catalog c) => new ProposedQuestions(o, c.Files)
        );
        to.Add(
            "search-questions",
            "find the answer in documents that can only be searched",
            "ReSeek, arXiv 2510.00568; Search Self-Play, arXiv 2510.18821",
            (SearchQuestions.Options o) => new SearchQuestions(o)
        );
        to.Add(
            "search-self-play",
            "a question is written for an answer, checked, and searched for",
            "Search Self-Play, arXiv 2510.18821",
            (SearchSelfPlay.Options o) => new SearchSelfPlay(o)
        );
        to.Add(
            "word-problem",
            "problems of a data set, solved by n seats at once",
            "GSM8K, arXiv 2110.14168; MATH; SVAMP",
            (ProposedQuestions.WordProblemOptions o, Catalog c) => o.Build(c.Files)
        );
    }

    private static void AddBots(Registry<Player> to)
    {
        to.Add("always-bet", "bets, raises and calls", "", (NoOptions _) => FixedHabit.Bet);
        to.Add("always-pass", "checks and folds", "", (NoOptions _) => FixedHabit.Pass);
        to.Add(
            "cfr",
            "an equilibrium by CFR+, for games whose tree can be walked",
            "Tammelin 2014, arXiv 1407.5042",
            (SolvedBot.Options o, Catalog c) => new SolvedBot(o, c)
        );
        to.Add(
            "kuhn-nash",
            "an equilibrium of kuhn-poker: J bets alpha, K bets 3 alpha",
            "Kuhn 1950",
            (KuhnNash.Options o) => new KuhnNash(o)
        );
        to.Add(
            "uct",
            "UCT tree search with random rollouts, for games of perfect information",
            "Kocsis and Szepesvari 2006",
            (TreeSearchBot.Options o, Catalog c) => new TreeSearchBot(o, c)
        );
        to.Add(
            "minimax",
            "perfect play of small games of perfect information, equal moves alike",
            "",
            (MinimaxBot.Options o, Catalog c) => new MinimaxBot(o, c)
        );
        to.Add("random", "every legal move alike", "", (NoOptions _) => new RandomBot());
        to.Add(
            "teacher",
            "the first suggested answer, which games that know a right one put there",
            "",
            (NoOptions _) => new TeacherBot()
        );
    }

    private static void AddSearchers(Registry<Player> to)
    {
        to.Add(
            "mcts",
            "tree search led by the policy's own probabilities, for games of perfect information",
            "PUCT: Rosin 2011; Silver et al. 2017, arXiv 1712.01815",
            (Mcts.Options o) => new Mcts(o)
        );
        to.Add(
            "rest-mcts",
            "steps drawn from the policy, valued by where they lead, until a line holds; for one seat",
            "ReST-MCTS*, arXiv 2406.03816",
            (RestMcts.Options o) => new RestMcts(o)
        );
    }
}
