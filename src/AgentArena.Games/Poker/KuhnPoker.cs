// Kuhn poker, one hand. The whole tree is built once: a state is the number of a node, and turns are shared by all
// games.
using System.Collections.Immutable;
using AgentArena.Core.Play;

namespace AgentArena.Games.Poker;

/// <summary>How Kuhn poker is scored.</summary>
public enum KuhnPayoff
{
    /// <summary>Chips won and lost; a bet costs 1. The game of the textbooks, value −1/18 for the opener.</summary>
    ChipStakes,

    /// <summary>
    /// As TextArena scores it: bets are free, so that a hand is worth ±1; several hands: more chips win (±1), equal
    /// chips draw.
    /// </summary>
    TextArenaPotOnly,

    /// <summary>
    /// As SPIRAL's released code scores it: the winner of the last hand wins the match (±1), bets are free.
    /// </summary>
    LastHandWins,
}

/// <summary>Options of <c>kuhn-poker</c>.</summary>
public sealed record KuhnOptions
{
    /// <summary>How it is scored.</summary>
    public KuhnPayoff Payoff { get; init; } = KuhnPayoff.ChipStakes;

    /// <summary>Hands in a game (TextArena plays 3, SPIRAL 5); the opener alternates.</summary>
    public int Hands { get; init; } = 1;

    /// <summary>The seat that opens the first hand (TextArena and SPIRAL: 1).</summary>
    public int Opener { get; init; }

    /// <summary>What a forfeit pays; the largest stake where absent.</summary>
    public ForfeitPay? Forfeit { get; init; }

    /// <summary>The rules that these options describe.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Game Build()
    {
        if (Hands is < 1 or > 25)
            throw new ArgumentException($"hands is {Hands}; a game has 1 to 25 hands.");
        if (Opener is not (0 or 1))
            throw new ArgumentException($"opener is {Opener}; it should be seat 0 or 1.");
        return Hands == 1 ? new KuhnPoker(this) : new KuhnMatch(this);
    }

    internal int Bet => Payoff == KuhnPayoff.ChipStakes ? 1 : 0;

    internal GameFacts Facts(int longest, double stake) =>
        new()
        {
            Name = "kuhn-poker",
            Summary = "three cards, one bet: the smallest poker with bluffing",
            Roles = ["player", "player"],
            ZeroSum = true,
            LongestGame = longest,
            LargestStake = stake,
            Forfeit = (Forfeit?.Offender ?? -stake, Forfeit?.Others ?? stake),
            Enumerable = Hands <= 2,
        };

    internal string Task(int seat)
    {
        var order =
            Hands == 1
                ? seat == Opener
                    ? "You act first. "
                    : "The other seat acts first. "
                : $"There are {Hands} hands; {(seat == Opener ? "you open" : "the other seat opens")} the first, and then the seats take turns to open. ";
        var goal = Payoff switch
        {
            KuhnPayoff.ChipStakes => "You win or lose chips; win as many as you can.",
            KuhnPayoff.TextArenaPotOnly when Hands > 1 =>
                "Bets put no chips at risk: each hand moves one chip. Whoever has more chips at the end wins.",
            KuhnPayoff.TextArenaPotOnly => "Bets put no chips at risk: the hand moves one chip. Win it.",
            _ => "Bets put no chips at risk. Whoever wins the last hand wins the match.",
        };
        return $"You are seat {seat} in Kuhn poker, a game of two seats and three cards: J is lower than Q, Q is lower than K. "
            + "In a hand each seat pays an ante of 1 chip and is dealt one card that the other cannot see; the third card stays hidden. "
            + order
            + "A seat that faces no bet may check or bet 1 chip. A seat that faces a bet may fold, or call by paying 1 chip too. "
            + "A fold gives the pot to the other seat. After a call, or after two checks, the higher card takes the pot. "
            + goal;
    }
}

/// <summary>A node of the tree.</summary>
public sealed record KuhnState(int Node) : GameState;

/// <summary>One hand of Kuhn poker.</summary>
public sealed class KuhnPoker : Game<KuhnState>
{
    private sealed record Node(ImmutableArray<Turn> Turns, int[] Next, ImmutableArray<double> Payoffs, string? Note);

    private readonly List<Node> _nodes = [];
    private readonly List<KuhnState> _states = [];
    private readonly Dictionary<(int Card, string Line), Turn> _turns = [];
    private readonly KuhnOptions _options;

    /// <summary>Builds the tree.</summary>
    public KuhnPoker(KuhnOptions options)
    {
        _options = options;
        Facts = options.Facts(longest: 3, stake: 1 + options.Bet);
        Grow(null, null, "");
        for (var i = 0; i < _nodes.Count; i++)
            _states.Add(new KuhnState(i));
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup) => _states[0];

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(KuhnState state) => _nodes[state.Node].Turns;

    /// <inheritdoc/>
    protected override KuhnState Play(KuhnState state, Turn turn, Move move)
    {
        var node = _nodes[state.Node];
        return _states[node.Next[node.Turns[0].Legal.IndexOf(move.Text)]];
    }

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(KuhnState state) => _nodes[state.Node].Payoffs;

    /// <inheritdoc/>
    protected override string? Describe(KuhnState state) => _nodes[state.Node].Note;

    // Cards by seat, not by who opens: deal:K,deal:Q gives seat 0 the K.
    private int Grow(int? first, int? second, string line)
    {
        var number = _nodes.Count;
        _nodes.Add(null!);
        if (first is not { } a || second is not { } b)
        {
            var deal = Deal(first);
            var after = deal
                .Legal.Select(d => KuhnHand.Deals.IndexOf(d))
                .Select(card => first is null ? Grow(card, null, "") : Grow(first, card, ""))
                .ToArray();
            _nodes[number] = new Node([deal], after, [], null);
            return number;
        }
        var legal = KuhnHand.Legal(line);
        if (legal.IsEmpty)
        {
            var (opener, answerer) = _options.Opener == 0 ? (a, b) : (b, a);
            double won = KuhnHand.Pays(line, opener, answerer, _options.Bet);
            if (_options.Opener == 1)
                won = -won;
            var how = KuhnHand.Shows(line)
                ? $"{KuhnHand.Cards[Math.Max(a, b)]} over {KuhnHand.Cards[Math.Min(a, b)]}"
                : "the other folded";
            _nodes[number] = new Node([], [], [won, -won], $"seat {(won > 0 ? 0 : 1)} wins {Math.Abs(won)}: {how}");
            return number;
        }
        var seat = KuhnHand.Mover(line) ^ _options.Opener;
        var turn = Ask(seat, seat == 0 ? a : b, line, legal);
        _nodes[number] = new Node(
            [turn],
            [.. legal.Select(move => Grow(first, second, KuhnHand.Then(line, move)))],
            [],
            null
        );
        return number;
    }

    private static Turn Deal(int? first) =>
        new()
        {
            Id = first is null ? -1 : -2,
            Seat = Turn.Chance,
            Legal = [.. KuhnHand.Deals.Where((_, card) => card != first)],
            Probabilities = first is null ? [1 / 3.0, 1 / 3.0, 1 / 3.0] : [0.5, 0.5],
            Shared = true,
        };

    private Turn Ask(int seat, int card, string line, ImmutableArray<string> legal)
    {
        if (_turns.TryGetValue((card, line), out var made))
            return made;
        var pot = _options.Bet == 0 ? 2 : KuhnHand.Pot(line);
        return _turns[(card, line)] = new Turn
        {
            Id = line.Length == 0 ? 0 : line.Count(c => c == ',') + 1,
            Seat = seat,
            Role = "player",
            Observation =
            [
                new(ObservationKind.Task, _options.Task(seat)),
                new(ObservationKind.Board, $"{KuhnHand.Cards[card]} pot {pot}"),
                new(ObservationKind.Transcript, line.Replace(",", ", ")),
            ],
            Legal = legal,
            InformationState = $"{KuhnHand.Cards[card]}|{line}",
            Shared = true,
        };
    }
}
