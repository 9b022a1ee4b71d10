// Several hands of Kuhn poker as one game, in the scoring of TextArena, of SPIRAL, or by chips.
using System.Collections.Immutable;
using AgentArena.Core.Play;

namespace AgentArena.Games.Poker;

/// <summary>Finished hands as each seat saw them, and the hand in play; cards by seat, null before the deal.</summary>
public sealed record KuhnMatchState(
    int Hand,
    int Moves,
    int Chips,
    int LastWon,
    int? First,
    int? Second,
    string Line,
    string Seen0,
    string Seen1,
    string Told0,
    string Told1
) : GameState;

/// <summary>A match of several hands; the opener alternates.</summary>
public sealed class KuhnMatch(KuhnOptions options) : Game<KuhnMatchState>
{
    /// <inheritdoc/>
    public override GameFacts Facts { get; } =
        options.Facts(3 * options.Hands, options.Payoff == KuhnPayoff.ChipStakes ? 2 * options.Hands : 1);

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup) => new KuhnMatchState(0, 0, 0, 0, null, null, "", "", "", "", "");

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(KuhnMatchState state)
    {
        if (state.Hand == options.Hands)
            return [];
        if (state.First is not { } first || state.Second is not { } second)
            return [Deal(state)];
        var seat = KuhnHand.Mover(state.Line) ^ Opener(state.Hand);
        var (card, seen, told) = seat == 0 ? (first, state.Seen0, state.Told0) : (second, state.Seen1, state.Told1);
        var pot = options.Bet == 0 ? 2 : KuhnHand.Pot(state.Line);
        var opens = seat == Opener(state.Hand) ? "you open" : "the other opens";
        return
        [
            new Turn
            {
                Id = state.Moves,
                Seat = seat,
                Role = "player",
                Observation =
                [
                    new(ObservationKind.Task, options.Task(seat)),
                    new(
                        ObservationKind.Board,
                        $"hand {state.Hand + 1} of {options.Hands}, {KuhnHand.Cards[card]} pot {pot}"
                    ),
                    new(
                        ObservationKind.Transcript,
                        $"{told}hand {state.Hand + 1}, {opens}: {state.Line.Replace(",", ", ")}".TrimEnd()
                    ),
                ],
                Legal = KuhnHand.Legal(state.Line),
                InformationState = $"{seen}{KuhnHand.Cards[card]}|{state.Line}",
            },
        ];
    }

    /// <inheritdoc/>
    protected override KuhnMatchState Play(KuhnMatchState state, Turn turn, Move move)
    {
        if (turn.IsChance)
        {
            var card = KuhnHand.Deals.IndexOf(move.Text);
            return state.First is null ? state with { First = card } : state with { Second = card };
        }
        state = state with { Line = KuhnHand.Then(state.Line, move.Text), Moves = state.Moves + 1 };
        return KuhnHand.Legal(state.Line).IsEmpty ? Close(state, state.First!.Value, state.Second!.Value) : state;
    }

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(KuhnMatchState state)
    {
        double won = options.Payoff switch
        {
            KuhnPayoff.ChipStakes => state.Chips,
            KuhnPayoff.TextArenaPotOnly => Math.Sign(state.Chips),
            _ => state.LastWon,
        };
        return [won, 0 - won];
    }

    /// <inheritdoc/>
    protected override string? Describe(KuhnMatchState state) =>
        $"seat 0 is {(state.Chips < 0 ? "down" : "up")} {Math.Abs(state.Chips)} chips; seat {(state.LastWon > 0 ? 0 : 1)} won the last hand";

    private int Opener(int hand) => options.Opener ^ (hand & 1);

    private KuhnMatchState Close(KuhnMatchState state, int first, int second)
    {
        var opener = Opener(state.Hand);
        var won = KuhnHand.Pays(state.Line, opener == 0 ? first : second, opener == 0 ? second : first, options.Bet);
        if (opener == 1)
            won = -won;
        var (seen0, told0) = Remember(0, first, second, won);
        var (seen1, told1) = Remember(1, second, first, -won);
        return state with
        {
            Hand = state.Hand + 1,
            Chips = state.Chips + won,
            LastWon = Math.Sign(won),
            First = null,
            Second = null,
            Line = "",
            Seen0 = state.Seen0 + seen0,
            Seen1 = state.Seen1 + seen1,
            Told0 = state.Told0 + told0,
            Told1 = state.Told1 + told1,
        };

        (string Seen, string Told) Remember(int seat, int own, int other, int gain)
        {
            var shown = KuhnHand.Shows(state.Line);
            var (mine, theirs) = (KuhnHand.Cards[own], KuhnHand.Cards[other]);
            return (
                $"{mine}|{state.Line}{(shown ? "=" + theirs : "")};",
                $"hand {state.Hand + 1}, {(seat == opener ? "you open" : "the other opens")}: {state.Line.Replace(",", ", ")}; you had {mine}"
                    + $"{(shown ? ", the other " + theirs : "")}; you {(gain > 0 ? "won" : "lost")} {Math.Abs(gain)}\n"
            );
        }
    }

    private static Turn Deal(KuhnMatchState state) =>
        new()
        {
            Id = -1 - 2 * state.Hand - (state.First is null ? 0 : 1),
            Seat = Turn.Chance,
            Legal = [.. KuhnHand.Deals.Where((_, card) => card != state.First)],
            Probabilities = state.First is null ? [1 / 3.0, 1 / 3.0, 1 / 3.0] : [0.5, 0.5],
        };
}
