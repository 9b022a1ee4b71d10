// Leduc poker (Southey et al. 2005) by OpenSpiel's rules: six cards, two rounds, a public card between them.
using System.Collections.Concurrent;
using System.Collections.Immutable;
using AgentArena.Core.Play;

namespace AgentArena.Games.Poker;

/// <summary>Cards 0 to 5 (two suits of each rank; null before they are dealt) and the moves of both rounds.</summary>
public sealed record LeducState(int? First, int? Second, int? Public, string Opening, string Closing) : GameState;

/// <summary>
/// Ante 1; raises of 2, then of 4; two raises a round; a pair with the public card beats the higher card.
/// </summary>
public sealed class LeducPoker(LeducPoker.Options options) : Game<LeducState>
{
    /// <summary>What seats are told of suits.</summary>
    public enum SuitView
    {
        /// <summary>Cards with their suits, which never matter: 936 information states.</summary>
        Distinct,

        /// <summary>Ranks alone: the same game in 288 information states.</summary>
        Ranks,
    }

    /// <summary>Options of <see cref="LeducPoker"/>.</summary>
    public sealed record Options
    {
        /// <summary>What seats are told of suits.</summary>
        public SuitView Suits { get; init; } = SuitView.Ranks;

        /// <summary>What a forfeit pays; 13 chips, the largest loss, where absent.</summary>
        public ForfeitPay? Forfeit { get; init; }
    }

    private const int Stake = 1 + 2 * 2 + 2 * 4;
    private static readonly ImmutableArray<string> Cards = ["Js", "Jh", "Qs", "Qh", "Ks", "Kh"];
    private static readonly ImmutableArray<string> Deals = [.. Cards.Select(c => "deal:" + c)];

    private readonly ConcurrentDictionary<LeducState, ImmutableArray<Turn>> _turns = new();
    private readonly ConcurrentDictionary<(int, string), Turn> _asked = new();

    /// <inheritdoc/>
    public override GameFacts Facts { get; } =
        new()
        {
            Name = "leduc-poker",
            Summary = "six cards, two rounds and a public card: poker with a draw to hope for",
            Roles = ["player", "player"],
            ZeroSum = true,
            LongestGame = 8,
            LargestStake = Stake,
            Forfeit = (options.Forfeit?.Offender ?? -Stake, options.Forfeit?.Others ?? Stake),
            Enumerable = true,
        };

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup) => new LeducState(null, null, null, "", "");

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(LeducState state) =>
        _turns.GetOrAdd(state with { Forfeited = null, Cut = false }, static (s, game) => game.Open(s), this);

    /// <inheritdoc/>
    protected override LeducState Play(LeducState state, Turn turn, Move move)
    {
        if (turn.IsChance)
        {
            var card = Deals.IndexOf(move.Text);
            return state.First is null ? state with { First = card }
                : state.Second is null ? state with { Second = card }
                : state with { Public = card };
        }
        return state.Public is null
            ? state with
            {
                Opening = Then(state.Opening, move),
            }
            : state with
            {
                Closing = Then(state.Closing, move),
            };

        static string Then(string line, Move move) => line.Length == 0 ? move.Text : $"{line},{move}";
    }

    /// <summary>OpenSpiel calls a check a call, TextArena the first raise of a round a bet.</summary>
    protected override string? Respell(Turn turn, string bare) =>
        !turn.Legal.Contains("check")
            ? null
            : bare switch
            {
                "call" => "check",
                "bet" => "raise",
                _ => null,
            };

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(LeducState state)
    {
        var winner = Winner(state);
        if (winner is not { } seat)
            return [0, 0];
        double won = Paid(state, seat ^ 1);
        return seat == 0 ? [won, -won] : [-won, won];
    }

    /// <inheritdoc/>
    protected override string? Describe(LeducState state)
    {
        var how = Folded(state)
            ? "the other folded"
            : $"{Cards[state.First!.Value]} against {Cards[state.Second!.Value]}, public {Cards[state.Public!.Value]}";
        return Winner(state) is { } seat
            ? $"seat {seat} wins {Paid(state, seat ^ 1)}: {how}"
            : $"the pot is split: {how}";
    }

    private ImmutableArray<Turn> Open(LeducState state)
    {
        if (state.First is null)
            return [Deal(state, -1)];
        if (state.Second is null)
            return [Deal(state, -2)];
        var opening = LeducBetting.After(state.Opening);
        if (!opening.Over)
            return [Ask(state, opening)];
        if (opening.Folded)
            return [];
        if (state.Public is null)
            return [Deal(state, -3)];
        var closing = LeducBetting.After(state.Closing);
        return closing.Over ? [] : [Ask(state, closing)];
    }

    private static Turn Deal(LeducState state, int id)
    {
        ImmutableArray<string> left = [.. Deals.Where((_, card) => card != state.First && card != state.Second)];
        return new Turn
        {
            Id = id,
            Seat = Turn.Chance,
            Legal = left,
            Probabilities = [.. left.Select(_ => 1.0 / left.Length)],
            Shared = true,
        };
    }

    private Turn Ask(LeducState state, LeducBetting round)
    {
        var own = Show(round.Mover == 0 ? state.First!.Value : state.Second!.Value);
        var shown = state.Public is { } card ? Show(card) : null;
        var key = $"{own}|{state.Opening}{(shown is null ? "" : $"/{shown}/{state.Closing}")}";
        return _asked.GetOrAdd((round.Mover, key), _ => new Turn
        {
            Id = round.Moves + (shown is null ? 0 : LeducBetting.After(state.Opening).Moves),
            Seat = round.Mover,
            Role = "player",
            Observation =
            [
                new(ObservationKind.Task, Task(round.Mover)),
                new(
                    ObservationKind.Board,
                    $"{own}{(shown is null ? "" : " public " + shown)} pot {Paid(state, 0) + Paid(state, 1)} owed {round.Owed * (shown is null ? 2 : 4)}"
                ),
                new(
                    ObservationKind.Transcript,
                    (state.Opening + (shown is null ? "" : $" / {state.Closing}")).Replace(",", ", ").TrimEnd()
                ),
            ],
            Legal = round.Legal,
            InformationState = key,
            Shared = true,
        });
    }

    private string Show(int card) => options.Suits == SuitView.Ranks ? Cards[card][..1] : Cards[card];

    private static bool Folded(LeducState state) =>
        LeducBetting.After(state.Opening).Folded || LeducBetting.After(state.Closing).Folded;

    private static int Paid(LeducState state, int seat) =>
        1 + 2 * LeducBetting.After(state.Opening).Paid[seat] + 4 * LeducBetting.After(state.Closing).Paid[seat];

    // Null where the pot is split.
    private static int? Winner(LeducState state)
    {
        var last = LeducBetting.After(state.Public is null ? state.Opening : state.Closing);
        if (last.Folded)
            return last.Mover;
        var (first, second, open) = (state.First!.Value / 2, state.Second!.Value / 2, state.Public!.Value / 2);
        return first == second ? null
            : first == open ? 0
            : second == open ? 1
            : first > second ? 0
            : 1;
    }

    private static string Task(int seat) =>
        $"You are seat {seat} in Leduc poker, a game of two seats and six cards: two each of J, Q and K, K being the highest. Each seat pays an ante of 1 chip and is dealt one card that the other cannot see. "
        + $"There are two rounds of betting; {(seat == 0 ? "you begin" : "the other seat begins")} both. Between them a public card is turned up. A raise is 2 chips in the first round and 4 in the second, on top of what is owed; "
        + "a round has at most two raises. A seat that owes nothing may check or raise; a seat that owes chips may fold, call by paying them, or raise. A fold gives the pot to the other seat. "
        + "At the end a card that pairs with the public card wins, else the higher card; equal cards split the pot. You win or lose chips; win as many as you can.";
}
