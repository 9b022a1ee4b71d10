// Simple negotiation: two seats trade resources they value differently; whoever gains more wins. Both published
// versions.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AgentArena.Core.Play;

namespace AgentArena.Games.Trading;

/// <summary>Which published version is played.</summary>
public enum NegotiationVersion
{
    /// <summary>
    /// Wood and Gold, 10 each; seat 0 values them 5 and 15, seat 1 the other way round. <c>[Deny]</c> withdraws the
    /// offer.
    /// </summary>
    Spiral,

    /// <summary>
    /// Five resources, amounts 5 to 25 and values within a fifth of their usual ones, drawn by chance. A denied offer
    /// stays on the table.
    /// </summary>
    TextArena,
}

/// <summary>
/// Holdings and values by seat and resource (seat 0's first), the offer on the table, and what was said.
/// </summary>
public sealed record NegotiationState(
    ImmutableArray<int> Held,
    ImmutableArray<int> Began,
    ImmutableArray<int> Worth,
    int Moves,
    Offer? Offer,
    ImmutableArray<string> Said
) : GameState;

/// <summary>
/// Messages are free text with <c>[Offer: …]</c>, <c>[Accept]</c>, <c>[Deny]</c> in them; an acceptance takes effect
/// before a new offer of the same message, and does nothing where there is no offer.
/// </summary>
public sealed class SimpleNegotiation : Game<NegotiationState>
{
    /// <summary>Options of <see cref="SimpleNegotiation"/>.</summary>
    public sealed record Options
    {
        /// <summary>The published version.</summary>
        public NegotiationVersion Version { get; init; } = NegotiationVersion.Spiral;

        /// <summary>Messages in a game, both seats together.</summary>
        public int Turns { get; init; } = 10;

        /// <summary>The longest message, in characters; longer ones are refused.</summary>
        public int LongestMessage { get; init; } = 2000;
    }

    private static readonly ImmutableArray<string> Two = ["Wood", "Gold"],
        Five = ["Wheat", "Wood", "Sheep", "Brick", "Ore"];
    private static readonly ImmutableArray<int> Usual = [5, 10, 15, 25, 40];

    private readonly Options _options;
    private readonly ImmutableArray<string> _resources;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SimpleNegotiation(Options options)
    {
        if (options.Turns is < 2 or > 200)
            throw new ArgumentException($"turns is {options.Turns}; it should be 2 to 200.");
        if (options.LongestMessage < 40)
            throw new ArgumentException(
                $"longest-message is {options.LongestMessage}; it should be at least 40, so that an offer fits."
            );
        _options = options;
        _resources = options.Version == NegotiationVersion.Spiral ? Two : Five;
        Facts = new()
        {
            Name = "simple-negotiation",
            Measures = ["gain"],
            Summary = "trade what you value less for what you value more, and gain more than the other",
            Roles = ["player", "player"],
            ZeroSum = true,
            LongestGame = options.Turns,
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup) =>
        _options.Version == NegotiationVersion.Spiral
            ? new NegotiationState([10, 10, 10, 10], [10, 10, 10, 10], [5, 15, 15, 5], 0, null, [])
            : new NegotiationState([], [], [], 0, null, []);

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(NegotiationState state)
    {
        if (state.Worth.Length < 2 * _resources.Length)
            return [Deal(state)];
        if (state.Moves == _options.Turns)
            return [];
        var seat = state.Moves & 1;
        return
        [
            new Turn
            {
                Id = state.Moves,
                Seat = seat,
                Role = "player",
                Observation =
                [
                    new(ObservationKind.Task, Task(state, seat)),
                    new(ObservationKind.Board, Board(state, seat)),
                    // One line a message, so that nobody can put words into the other's mouth.
                    new(
                        ObservationKind.Transcript,
                        string.Join(
                            '\n',
                            state.Said.Select(
                                (words, i) =>
                                    $"{((i & 1) == seat ? "you" : "the other")}: {words.ReplaceLineEndings(" ")}"
                            )
                        )
                    ),
                ],
                Suggestions = Suggest(state, seat),
            },
        ];
    }

    /// <summary>What a seat thinks is not said to the other, and its marks do nothing.</summary>
    public override Move? Read(Turn turn, string answer) =>
        turn.IsChance ? base.Read(turn, answer)
        : Thoughts.Without(answer) is { } said ? base.Read(turn, said)
        : null;

    /// <inheritdoc/>
    protected override string? Check(NegotiationState state, Turn turn, Move move)
    {
        if (turn.IsChance)
            return base.Check(state, turn, move);
        if (string.IsNullOrWhiteSpace(move.Text))
            return "The message is empty. Say something.";
        if (move.Text.Length > _options.LongestMessage)
            return $"The message is longer than {_options.LongestMessage} characters. Say it shorter.";
        var talk = Talk.Of(move.Text, _resources);
        if (talk.Fault is { } fault)
            return fault;
        // Without an offer on the table the mark does nothing, as in both published versions.
        if (talk.Accepts && state.Offer is { } offer)
        {
            if (offer.From == turn.Seat)
                return "The offer on the table is your own; only the other can accept it.";
            if (Short(state, turn.Seat, offer.Wants) is { } lacking)
                return $"You cannot accept: you do not have enough {lacking}.";
            state = Trade(state, offer);
        }
        if (talk.Offers && Short(state, turn.Seat, talk.Gives) is { } missing)
            return $"You cannot offer that: you do not have enough {missing}.";
        return null;
    }

    /// <inheritdoc/>
    protected override NegotiationState Play(NegotiationState state, Turn turn, Move move)
    {
        if (turn.IsChance)
        {
            var drawn = int.Parse(move.Text.AsSpan(move.Text.IndexOf(':') + 1), CultureInfo.InvariantCulture);
            return state.Held.Length < 2 * _resources.Length
                ? state with
                {
                    Held = state.Held.Add(drawn),
                    Began = state.Began.Add(drawn),
                }
                : state with
                {
                    Worth = state.Worth.Add(drawn),
                };
        }
        var talk = Talk.Of(move.Text, _resources);
        if (talk.Accepts)
            state = state.Offer is { } offer ? Trade(state, offer) : state;
        else if (talk.Denies && _options.Version == NegotiationVersion.Spiral && state.Offer?.From != turn.Seat)
            state = state with { Offer = null };
        if (talk.Offers)
            state = state with { Offer = new Offer(turn.Seat, talk.Gives, talk.Wants) };
        return state with { Moves = state.Moves + 1, Said = state.Said.Add(move.Text) };
    }

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(NegotiationState state)
    {
        double won = Math.Sign(Gain(state, 0) - Gain(state, 1));
        return [won, 0 - won];
    }

    /// <inheritdoc/>
    protected override ImmutableArray<double> CutPayoffs(GameState state) =>
        ((NegotiationState)state).Worth.Length < 2 * _resources.Length ? [0, 0] : Payoffs((NegotiationState)state);

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(NegotiationState state) =>
        ImmutableSortedDictionary<string, double>.Empty.Add("gain/0", Gain(state, 0)).Add("gain/1", Gain(state, 1));

    /// <inheritdoc/>
    protected override string? Describe(NegotiationState state) =>
        $"seat 0 gained {Gain(state, 0)}, seat 1 gained {Gain(state, 1)}";

    // Talk, an answer to the offer on the table, and a small and a large offer of each resource for the next one.
    private ImmutableArray<string> Suggest(NegotiationState state, int seat)
    {
        var said = ImmutableArray.CreateBuilder<string>();
        said.Add("What would you like for your goods?");
        if (state.Offer is { } offer && offer.From != seat)
        {
            said.Add("[Deny] That is not enough.");
            if (Short(state, seat, offer.Wants) is null)
                said.Add("[Accept]");
        }
        for (var r = 0; r < _resources.Length; r++)
            foreach (var amount in (ReadOnlySpan<int>)[1, 4])
            {
                if (state.Held[seat * _resources.Length + r] < amount)
                    continue;
                var none = ImmutableArray.CreateRange(new int[_resources.Length]);
                said.Add(
                    Talk.Print(none.SetItem(r, amount), none.SetItem((r + 1) % _resources.Length, amount), _resources)
                );
            }
        return said.ToImmutable();
    }

    private Turn Deal(NegotiationState state)
    {
        var amounts = state.Held.Length < 2 * _resources.Length;
        var index = amounts ? state.Held.Length : state.Worth.Length;
        var resource = index % _resources.Length;
        var about =
            $"{index / _resources.Length}-{_resources[resource].ToLowerInvariant()}{(amounts ? "" : "-worth")}:";
        // Values lie within a fifth of the usual one, cut to 5 … 40.
        var (low, high) = amounts
            ? (5, 25)
            : (Math.Max(5, Usual[resource] - Usual[resource] / 5), Math.Min(40, Usual[resource] + Usual[resource] / 5));
        var count = high - low + 1;
        return new Turn
        {
            Id = -1 - state.Held.Length - state.Worth.Length,
            Seat = Turn.Chance,
            Legal =
            [
                .. Enumerable.Range(low, count).Select(n => string.Create(CultureInfo.InvariantCulture, $"{about}{n}")),
            ],
            Probabilities = [.. Enumerable.Repeat(1.0 / count, count)],
        };
    }

    // If the one who offered has run short since, the trade falls through without blame.
    private NegotiationState Trade(NegotiationState state, Offer offer)
    {
        if (Short(state, offer.From, offer.Gives) is not null)
            return state with { Offer = null };
        var held = state.Held.ToBuilder();
        for (var r = 0; r < _resources.Length; r++)
        {
            var moved = offer.Gives[r] - offer.Wants[r];
            held[offer.From * _resources.Length + r] -= moved;
            held[(offer.From ^ 1) * _resources.Length + r] += moved;
        }
        return state with { Held = held.ToImmutable(), Offer = null };
    }

    private string? Short(NegotiationState state, int seat, ImmutableArray<int> needed)
    {
        for (var r = 0; r < _resources.Length; r++)
            if (state.Held[seat * _resources.Length + r] < needed[r])
                return _resources[r];
        return null;
    }

    private int Gain(NegotiationState state, int seat)
    {
        var gain = 0;
        for (var i = seat * _resources.Length; i < (seat + 1) * _resources.Length; i++)
            gain += (state.Held[i] - state.Began[i]) * state.Worth[i];
        return gain;
    }

    private string Task(NegotiationState state, int seat)
    {
        var values = string.Join(
            ", ",
            _resources.Select((name, r) => $"{name} {state.Worth[seat * _resources.Length + r]}")
        );
        return $"You are seat {seat} in a negotiation of two. Each of you holds resources and values them in a way the other does not know. To you one piece is worth: {values}. "
            + $"You speak in turn, {_options.Turns} messages in all. Whoever has raised the value of what they hold by more wins (1 to -1); equal gains are a draw (0). "
            + $"Say what you like; these marks in a message act: [Offer: 3 Wood -> 2 {_resources[^1]}] offers what stands left of the arrow for what stands right of it, [Accept] takes the other's offer, [Deny] turns it down. "
            + "You can only offer and accept what you can pay.";
    }

    private string Board(NegotiationState state, int seat)
    {
        var text = new StringBuilder("you hold ");
        text.AppendJoin(", ", _resources.Select((name, r) => $"{state.Held[seat * _resources.Length + r]} {name}"));
        text.Append(
            CultureInfo.InvariantCulture,
            $"; gained so far {Gain(state, seat)}; messages left {_options.Turns - state.Moves}"
        );
        if (state.Offer is { } offer)
            text.Append(offer.From == seat ? "; your offer on the table " : "; offer to you ")
                .Append(Talk.Print(offer.Gives, offer.Wants, _resources));
        return text.ToString();
    }
}
