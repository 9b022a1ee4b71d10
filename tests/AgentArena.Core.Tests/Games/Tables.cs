// The games under law: every catalogued one under its default options, and variants that change the rules' shape.
using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;

namespace AgentArena.Core.Tests.Games;

internal static class Tables
{
    private static readonly string[] Variants =
    [
        """kuhn-poker {"payoff":"text-arena-pot-only"}""",
        """kuhn-poker {"payoff":"last-hand-wins","hands":5,"opener":1}""",
        """kuhn-poker {"hands":3}""",
        """tic-tac-toe {"side":"mover","drawing":"line"}""",
        """tic-tac-toe {"side":"mover","drawing":"cells","orientation":"canonical"}""",
        """connect-four {"drawing":"cells","side":"mover"}""",
        """tic-tac-toe {"random-openings":0.5,"random-plies":3}""",
        """tic-tac-toe {"random-openings":1,"random-plies":1}""",
        """connect-four {"side":"mover"}""",
        """leduc-poker {"suits":"distinct"}""",
        """liars-dice {"dice":2,"sides":3,"wild":"off"}""",
        """active-zero {"solvers":3,"top":1,"open":"on","world":{"wording":"prose"}}""",
        """search-questions {"searchers":3,"search":{"judged":true,"listed":true,"top":2,"searches":2}}""",
        """search-questions {"least-hops":2,"world":{"names":"syllables","wording":"prose"},"search":{"judged":true}}""",
        """search-questions {"search":{"searches":0}}""",
        """search-self-play {"solvers":2,"question":{"least-words":4},"search":{"searches":3}}""",
        """search-self-play {"solvers":2,"most-hops":2,"question":{"least-words":4,"least-searches":1},"search":{"searches":2,"listed":true,"judged":true,"top":1}}""",
        """simple-negotiation {"version":"text-arena"}""",
        """absolute-zero {"type":"deduction","solvers":2}""",
        """absolute-zero {"type":"induction","solvers":3,"inputs":4,"induction":"share","keep":"non-extremes"}""",
        """absolute-zero {"propose":"off","solvers":4,"induction":"any"}""",
        """absolute-zero {"failures":"on","solvers":2}""",
        """absolute-zero {"type":"failure","solvers":3}""",
        """guided-solving {"attempts":1,"least-steps":1}""",
        """proof-review {"verifiers":1,"steps":2,"meta":"off"}""",
        """solve-and-verify {"solvers":3,"verify-right":0.5,"verify-wrong":0.25}""",
        """solve-and-verify {"solvers":2,"answers":"text","verify-wrong":0}""",
        """step-critic {"uniform":1,"off-by-one":1,"off-by-ten":1,"least-steps":1}""",
        """step-critic {"gate":"completions","completions":2,"shown":"step","correct":0,"uniform":0}""",
        """step-critic {"naming":"named"}""",
        """step-critic {"naming":"held","steps":4,"errors":["transposed-digits","carry"],"gate":"completions","completions":2}""",
        """comas {"solutions":3,"evaluations":2,"history":1}""",
        """multi-agent-evolve {"propose":"off"}""",
        """multi-agent-evolve {"solvers":2,"question-judges":2,"gate":0.3,"expected-score-tags":3}""",
        """rule-keeping {"members":5,"rounds":2,"good":3.5,"sanction":0.5}""",
        """red-team {"judge":"seat"}""",
        """red-team {"rewards":"zero-sum","vanilla":0}""",
        """debate {"rounds":1,"open-book":true,"largest":99}""",
        """countdown {"classes":[4,6],"solvers":3,"all":"on","chance":0.5}""",
        """questions {"source":"none","solvers":3}""",
        """questions {"source":"solution","originals":4,"solvers":4,"label":"preserved","original-high":0.9}""",
        """questions {"label":"gold","solvers":2}""",
        """judge-items {"do":"reflect","samples":3,"whole":1}""",
        """judge-items {"pointwise":1,"samples":2}""",
        """word-problem {"recycle":"on","solvers":3}""",
        """word-problem {"label":"majority","solvers":3}""",
        """arithmetic {"answer":"free","solvers":3,"chance":0.5}""",
        """arithmetic {"answer":"most-first","classes":[2,5],"split":"test","solvers":2,"width":6}""",
        """undercover-word {"civilians":5,"rounds":3,"spy":"blank","beta":0.2}""",
    ];

    public static IEnumerable<string> Entries => [.. Standard.Catalog.Games.Names, .. Variants];

    public static TheoryData<string> All => [.. Entries];

    public static TheoryData<string> Names => [.. Standard.Catalog.Games.Names];

    public static Game Open(string entry)
    {
        var parts = entry.Split(' ', 2);
        return Standard.Catalog.Games.Create(
            new Plugin(parts[0], parts.Length == 1 ? [] : JsonNode.Parse(parts[1])!.AsObject())
        );
    }

    /// <summary>
    /// All that can be seen of a state through the rules: equal faces are equal states for every purpose.
    /// </summary>
    public static string Face(Game game, GameState state)
    {
        var text = new StringBuilder();
        foreach (var turn in game.Turns(state))
            text.Append(Face(turn)).Append('\n');
        if (game.Outcome(state) is { } end)
            text.Append(end.Kind)
                .Append(' ')
                .AppendJoin(',', end.Payoffs)
                .Append(' ')
                .Append(end.Note)
                .Append(' ')
                .AppendJoin(',', end.Measures);
        return text.ToString();
    }

    public static string Face(Turn turn) =>
        $"{turn.Id} {turn.Seat} {turn.Role} {turn.InformationState} {turn.TokenBudget} [{View(turn)}] "
        + $"{(turn.HasLegal ? string.Join(',', turn.Legal) : "free")} {(turn.Probabilities.IsDefault ? "" : string.Join(',', turn.Probabilities))}";

    public static string View(Turn turn) => string.Join('|', turn.Observation.Select(p => $"{p.Kind}: {p.Text}"));

    /// <summary>One game by random legal moves, as events; open turns are answered in random order.</summary>
    public static (ImmutableArray<GameEvent> Events, GameState State) Play(
        Game game,
        ulong seed,
        Action<GameState, GameEvent>? after = null
    )
    {
        var chance = new RandomStream(RandomStream.Derive(seed, "chance"));
        var choice = new RandomStream(RandomStream.Derive(seed, "choice"));
        var setup = new GameSetup(seed);
        var state = game.Start(setup);
        var events = ImmutableArray.CreateBuilder<GameEvent>();
        Add(
            new GameStarted(game.Facts.Name, setup, [.. game.Facts.Roles.Select(_ => "random")])
            {
                Chance = game.Settle(ref state, ref chance),
            }
        );
        while (game.Turns(state) is { IsEmpty: false } open)
        {
            events.Count.ShouldBeLessThanOrEqualTo(game.Facts.LongestGame, $"{game.Facts.Name}, seed {seed}");
            var turn = open[choice.Next(open.Length)];
            var move = Game.Sample(turn, ref choice);
            game.Check(state, turn, move).ShouldBeNull();
            state = game.Play(state, turn, move);
            Add(new MoveMade(turn.Id, turn.Seat, move.Text) { Chance = game.Settle(ref state, ref chance) });
        }
        Add(new GameEnded(game.Outcome(state)!));
        return (events.ToImmutable(), state);

        void Add(GameEvent e)
        {
            events.Add(e);
            after?.Invoke(state, e);
        }
    }
}
