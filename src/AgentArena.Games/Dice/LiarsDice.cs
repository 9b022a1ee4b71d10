// Liar's dice for two: hidden rolls, bids that only rise, and one who doubts. By OpenSpiel's rules.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core.Play;

namespace AgentArena.Games.Dice;

/// <summary>Faces of each seat's dice as rolled so far, in ascending order, and the moves made.</summary>
public sealed record LiarsDiceState(string First, string Second, string Line, int Moves, int Bid, bool Doubted)
    : GameState;

/// <summary>
/// A bid is a claim about all dice, <c>2x4</c>: at least two fours. It must rise, in number or in face; <c>liar</c>
/// tests the last one.
/// </summary>
public sealed class LiarsDice : Game<LiarsDiceState>
{
    /// <summary>Options of <see cref="LiarsDice"/>.</summary>
    public sealed record Options
    {
        /// <summary>Dice of each seat, 1 to 5.</summary>
        public int Dice { get; init; } = 1;

        /// <summary>Faces of a die, 1 to 9.</summary>
        public int Sides { get; init; } = 6;

        /// <summary>Whether the highest face counts as every other too.</summary>
        public bool Wild { get; init; } = true;
    }

    private readonly Options _options;
    private readonly ImmutableArray<string> _bids;
    private readonly ImmutableArray<string> _rolls;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public LiarsDice(Options options)
    {
        if (options.Dice is < 1 or > 5)
            throw new ArgumentException($"dice is {options.Dice}; it should be 1 to 5.");
        if (options.Sides is < 1 or > 9)
            throw new ArgumentException($"sides is {options.Sides}; it should be 1 to 9.");
        _options = options;
        _rolls =
        [
            .. Enumerable.Range(1, options.Sides).Select(f => string.Create(CultureInfo.InvariantCulture, $"roll:{f}")),
        ];
        _bids =
        [
            .. Enumerable
                .Range(0, 2 * options.Dice * options.Sides)
                .Select(b =>
                    string.Create(CultureInfo.InvariantCulture, $"{b / options.Sides + 1}x{b % options.Sides + 1}")
                ),
        ];
        Facts = new()
        {
            Name = "liars-dice",
            Summary = "hidden dice, rising bids, one doubt",
            Roles = ["player", "player"],
            ZeroSum = true,
            LongestGame = _bids.Length + 1,
            Enumerable = options.Dice == 1 && options.Sides <= 6,
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup) => new LiarsDiceState("", "", "", 0, -1, false);

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(LiarsDiceState state)
    {
        if (state.Doubted)
            return [];
        var rolled = state.First.Length + state.Second.Length;
        if (rolled < 2 * _options.Dice)
            return
            [
                new Turn
                {
                    Id = -1 - rolled,
                    Seat = Turn.Chance,
                    Legal = _rolls,
                    Probabilities = [.. _rolls.Select(_ => 1.0 / _rolls.Length)],
                },
            ];
        var seat = state.Moves & 1;
        var own = seat == 0 ? state.First : state.Second;
        var higher = _bids[(state.Bid + 1)..];
        return
        [
            new Turn
            {
                Id = state.Moves,
                Seat = seat,
                Role = "player",
                Observation =
                [
                    new(ObservationKind.Task, Task(seat)),
                    new(ObservationKind.Board, $"your dice {string.Join(' ', own.ToCharArray())}"),
                    new(ObservationKind.Transcript, state.Line.Replace(",", ", ")),
                ],
                Legal = state.Bid < 0 ? higher : ["liar", .. higher],
                InformationState = $"{own}|{state.Line}",
            },
        ];
    }

    /// <inheritdoc/>
    protected override LiarsDiceState Play(LiarsDiceState state, Turn turn, Move move)
    {
        if (turn.IsChance)
        {
            var face = move.Text[^1];
            return state.First.Length < _options.Dice
                ? state with
                {
                    First = Sorted(state.First, face),
                }
                : state with
                {
                    Second = Sorted(state.Second, face),
                };
        }
        var line = state.Line.Length == 0 ? move.Text : $"{state.Line},{move.Text}";
        return move.Text == "liar"
            ? state with
            {
                Line = line,
                Moves = state.Moves + 1,
                Doubted = true,
            }
            : state with
            {
                Line = line,
                Moves = state.Moves + 1,
                Bid = _bids.IndexOf(move.Text),
            };

        static string Sorted(string dice, char face) => new([.. (dice + face).Order()]);
    }

    /// <summary>TextArena bids <c>[Bid: 2, 4]</c> and doubts with <c>[Call]</c>.</summary>
    protected override string? Respell(Turn turn, string bare) =>
        bare == "call" ? "liar"
        : MoveText.After(bare, "bid") is { } bid ? bid.Replace(',', 'x').Replace(' ', 'x')
        : null;

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(LiarsDiceState state)
    {
        var doubter = (state.Moves - 1) & 1;
        var winner = Holds(state) ? doubter ^ 1 : doubter;
        return winner == 0 ? [1, -1] : [-1, 1];
    }

    /// <inheritdoc/>
    protected override string? Describe(LiarsDiceState state) =>
        $"dice {state.First} and {state.Second}: {_bids[state.Bid]} {(Holds(state) ? "holds" : "was a lie")}, seat {(Payoffs(state)[0] > 0 ? 0 : 1)} wins";

    private bool Holds(LiarsDiceState state)
    {
        var face = (char)('1' + state.Bid % _options.Sides);
        var wild = (char)('0' + _options.Sides);
        return (state.First + state.Second).Count(d => d == face || (_options.Wild && d == wild))
            > state.Bid / _options.Sides;
    }

    private string Task(int seat) =>
        $"You are seat {seat} in liar's dice for two. Each seat rolls {_options.Dice} hidden {(_options.Dice == 1 ? "die" : "dice")} with the faces 1 to {_options.Sides}. In turn, a seat bids or doubts. "
        + "A bid such as 2x4 claims that at least two of all dice show a 4; it must be higher than the last one, in number or, with the same number, in face. "
        + (_options.Wild ? $"A {_options.Sides} counts as every face. " : "")
        + "Answer liar to doubt the last bid: if it holds the doubter loses, else the bidder. A win is worth 1, a loss -1.";
}
