// Undercover word, the text form of Vision-Zero's game (arXiv 2509.25541): one spy knows another word; clues, then a
// vote.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core.Play;

namespace AgentArena.Games.Words;

/// <summary>
/// What chance drew (−1: not yet), the clues so far in speaking order, and the votes by civilian (player numbers; 0 for
/// n/a, null while open).
/// </summary>
public sealed record UndercoverState(
    int Pair,
    int Side,
    int SpyNumber,
    ImmutableArray<string> Clues,
    ImmutableArray<int?> Votes
) : GameState;

/// <summary>
/// Seat 0 is the spy, the others are civilians. Players are known to each other by numbers that chance deals, and speak
/// in that order. The payoffs are Vision-Zero's clue rewards, which sum to zero; each civilian's own vote is measured
/// as <c>vote/seat</c>.
/// </summary>
public sealed class UndercoverWord : Game<UndercoverState>
{
    /// <summary>What the spy is given.</summary>
    public enum SpyWord
    {
        /// <summary>The other word of the pair.</summary>
        Near,

        /// <summary>Nothing.</summary>
        Blank,
    }

    /// <summary>
    /// Options of <see cref="UndercoverWord"/>; the defaults are the paper's save for the civilians (4 there).
    /// </summary>
    public sealed record Options
    {
        /// <summary>Civilians at the table, 3 to 8.</summary>
        public int Civilians { get; init; } = 3;

        /// <summary>Rounds of clues before the vote.</summary>
        public int Rounds { get; init; } = 2;

        /// <summary>What the spy is given.</summary>
        public SpyWord Spy { get; init; } = SpyWord.Near;

        /// <summary>Stake between the spy and the civilians per vote.</summary>
        public double Beta { get; init; } = 0.1;

        /// <summary>Stake among civilians per vote.</summary>
        public double Lambda { get; init; } = 0.1;

        /// <summary>The longest clue, in characters.</summary>
        public int LongestClue { get; init; } = 200;
    }

    private readonly Options _options;
    private readonly int _players;
    private readonly ImmutableArray<string> _pairs,
        _numbers;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public UndercoverWord(Options options)
    {
        if (options.Civilians is < 3 or > 8)
            throw new ArgumentException($"civilians is {options.Civilians}; it should be 3 to 8.");
        if (options.Rounds is < 1 or > 5)
            throw new ArgumentException($"rounds is {options.Rounds}; it should be 1 to 5.");
        if (!(options.Beta >= 0) || !(options.Lambda >= 0) || options.Beta + options.Lambda == 0)
            throw new ArgumentException("beta and lambda should not be negative, and one of them should be above 0.");
        if (options.LongestClue < 60)
            throw new ArgumentException($"longest-clue is {options.LongestClue}; it should be at least 60.");
        _options = options;
        _players = options.Civilians + 1;
        _pairs = [.. WordPair.All.Select(p => $"pair:{p.First.Name}-{p.Second.Name}")];
        _numbers = [.. Enumerable.Range(1, _players).Select(n => n.ToString(CultureInfo.InvariantCulture))];
        var stake = (options.Beta + options.Lambda) * options.Civilians;
        Facts = new()
        {
            Name = "undercover-word",
            Measures = ["vote"],
            Summary = "one player knows another word; clues give it away, or do not",
            Roles = ["spy", .. Enumerable.Repeat("civilian", options.Civilians)],
            ZeroSum = true,
            LongestGame = _players * options.Rounds + options.Civilians,
            LargestStake = stake,
            Forfeit = (-stake, stake / options.Civilians),
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup) =>
        new UndercoverState(-1, -1, -1, [], [.. new int?[_options.Civilians]]);

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(UndercoverState state)
    {
        if (state.Pair < 0)
            return [Draw(-1, _pairs)];
        if (state.Side < 0)
            return [Draw(-2, ["word:first", "word:second"])];
        if (state.SpyNumber < 0)
            return [Draw(-3, [.. _numbers.Select(n => "spy:" + n)])];
        if (state.Clues.Length < _players * _options.Rounds)
            return
            [
                Ask(
                    state,
                    state.Clues.Length,
                    SeatOf(state, state.Clues.Length % _players + 1),
                    "Give a clue: one sentence about your word.",
                    default
                ),
            ];
        var open = ImmutableArray.CreateBuilder<Turn>(_options.Civilians);
        for (var civilian = 0; civilian < _options.Civilians; civilian++)
        {
            if (state.Votes[civilian] is not null)
                continue;
            var own = NumberOf(state, civilian + 1);
            open.Add(
                Ask(
                    state,
                    state.Clues.Length + civilian,
                    civilian + 1,
                    "Vote: the number of the player who is the spy, or n/a.",
                    [.. _numbers.Where(n => n != _numbers[own - 1]), "n/a"]
                )
            );
        }
        return open.ToImmutable();
    }

    /// <inheritdoc/>
    protected override string? Check(UndercoverState state, Turn turn, Move move)
    {
        if (turn.HasLegal)
            return base.Check(state, turn, move);
        var clue = move.Text.Trim();
        if (clue.Length > _options.LongestClue)
            return $"The clue is longer than {_options.LongestClue} characters. Give one short sentence.";
        if (Clue.Normal(clue).Length == 0)
            return "The clue is empty. Give one sentence about your word.";
        if (!Clue.IsOneSentence(clue))
            return "The clue should be one sentence on one line.";
        if (WordOf(state, turn.Seat) is { } word && Clue.Names(clue, word.Name))
            return "The clue must not contain your word or a form of it.";
        var normal = Clue.Normal(clue);
        return state.Clues.Any(c => Clue.Normal(c) == normal) ? "That clue was given before. Give a new one." : null;
    }

    /// <inheritdoc/>
    protected override UndercoverState Play(UndercoverState state, Turn turn, Move move)
    {
        if (!turn.HasLegal)
            return state with { Clues = state.Clues.Add(move.Text.Trim()) };
        var index = turn.Legal.IndexOf(move.Text);
        return turn.Id switch
        {
            -1 => state with { Pair = index },
            -2 => state with { Side = index },
            -3 => state with { SpyNumber = index + 1 },
            _ => state with { Votes = state.Votes.SetItem(turn.Seat - 1, _numbers.IndexOf(move.Text) + 1) },
        };
    }

    /// <inheritdoc/>
    protected override string? Respell(Turn turn, string bare) => MoveText.After(bare, "player");

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(UndercoverState state)
    {
        var against = Enumerable
            .Range(0, _players)
            .Select(seat => state.Votes.Count(v => v == NumberOf(state, seat)))
            .ToArray();
        return ClueRewards(against, _options.Beta, _options.Lambda);
    }

    /// <summary>Vision-Zero, eq. 1: votes against each seat (the spy first) to rewards that sum to zero.</summary>
    public static ImmutableArray<double> ClueRewards(ReadOnlySpan<int> against, double beta, double lambda)
    {
        var civilians = against.Length - 1;
        double mean = 0;
        foreach (var votes in against[1..])
            mean += (double)votes / civilians;
        var lead = against[0] - mean;
        var rewards = ImmutableArray.CreateBuilder<double>(against.Length);
        rewards.Add(-beta * lead);
        foreach (var votes in against[1..])
            rewards.Add(beta / civilians * lead - lambda * (votes - mean));
        return rewards.MoveToImmutable();
    }

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(UndercoverState state)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        for (var civilian = 0; civilian < _options.Civilians; civilian++)
            measures[$"vote/{civilian + 1}"] = state.Votes[civilian] switch
            {
                0 => -0.5,
                var v when v == state.SpyNumber => 1,
                _ => -1,
            };
        return measures.ToImmutable();
    }

    /// <inheritdoc/>
    protected override string? Describe(UndercoverState state) =>
        $"player {state.SpyNumber} was the spy; votes {string.Join(", ", state.Votes.Select(v => v == 0 ? "n/a" : v.ToString()))}";

    // What the cards say of the seat's word (of any word, for a spy without one), as far as it was not said before.
    private ImmutableArray<string> Suggest(UndercoverState state, int seat)
    {
        var known = WordOf(state, seat) is { } word ? word.Clues : [.. WordPair.All.Select(p => p.First.Clues[0])];
        var said = state.Clues.Select(Clue.Normal).ToHashSet();
        ImmutableArray<string> left = [.. known.Where(clue => !said.Contains(Clue.Normal(clue)))];
        return left.IsEmpty ? [$"I can add nothing to clue {state.Clues.Length}."] : left;
    }

    private static int SeatOf(UndercoverState state, int number) =>
        number == state.SpyNumber ? 0
        : number < state.SpyNumber ? number
        : number - 1;

    private static int NumberOf(UndercoverState state, int seat) =>
        seat == 0 ? state.SpyNumber
        : seat < state.SpyNumber ? seat
        : seat + 1;

    private Word? WordOf(UndercoverState state, int seat)
    {
        var pair = WordPair.All[state.Pair];
        var (civilian, near) = state.Side == 0 ? (pair.First, pair.Second) : (pair.Second, pair.First);
        return seat > 0 ? civilian
            : _options.Spy == SpyWord.Near ? near
            : null;
    }

    private static Turn Draw(int id, ImmutableArray<string> legal) =>
        new()
        {
            Id = id,
            Seat = Turn.Chance,
            Legal = legal,
            Probabilities = [.. legal.Select(_ => 1.0 / legal.Length)],
        };

    private Turn Ask(UndercoverState state, int id, int seat, string question, ImmutableArray<string> legal)
    {
        var word = WordOf(state, seat)?.Name;
        var about =
            seat == 0
                ? $"You are the spy. {(word is null ? "You do not know the word of the others" : $"Your word is {word}; the others have another, near word")}. Sound as if you had theirs. "
                : $"You are a civilian. Your word is {word}; all civilians have it, and one spy among you does not. Show that you know it, without helping the spy. ";
        return new Turn
        {
            Id = id,
            Seat = seat,
            Role = Facts.Roles[seat],
            Observation =
            [
                new(
                    ObservationKind.Task,
                    $"You are player {NumberOf(state, seat)} of {_players} in undercover word. {about}"
                        + $"There are {_options.Rounds} rounds of clues, then the civilians vote for the player they take for the spy. Votes cost the one they name. "
                        + "A clue is one sentence; it must not contain your word, nor repeat a clue."
                ),
                new(ObservationKind.Board, question),
                new(
                    ObservationKind.Transcript,
                    string.Join('\n', state.Clues.Select((clue, i) => $"player {i % _players + 1}: {clue}"))
                ),
            ],
            Legal = legal,
            Suggestions = legal.IsDefault ? Suggest(state, seat) : [],
        };
    }
}
