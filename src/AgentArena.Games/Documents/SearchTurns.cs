// The turns of one inquiry and of the index that serves it, shared by every game in which seats search. Knows no game.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core.Play;

namespace AgentArena.Games.Documents;

/// <summary>
/// Where seats search. A seat's turns are numbered seat × 256 + moves so far, the index's for it the same; the index
/// answers one request at a time, in the order of <c>queue</c>.
/// </summary>
/// <param name="options">How seats may search.</param>
/// <param name="world">How worlds are made.</param>
/// <param name="index">The index's seat.</param>
/// <param name="last">The word before a seat's last words: <c>answer</c> or <c>question</c>.</param>
/// <param name="words">Where moves are listed: what the last words may be.</param>
internal sealed class SearchTurns(
    InquiryOptions options,
    WorldOptions world,
    int index,
    string last,
    ImmutableArray<string> words
)
{
    /// <summary>The role of the index.</summary>
    public const string Index = "index";

    private const int LongestQuery = 1_000,
        LongestWords = 2_000;

    private readonly ImmutableArray<string> _lastOnly = options.Listed
        ? [.. words.Select(w => $"{last}: {w}")]
        : default;
    private readonly ImmutableArray<string> _all = options.Listed
        ?
        [
            .. NamePool.Lexicon(world.Lexicon).Select(n => $"{SearchDialogue.Search}: {n}"),
            .. words.Select(w => $"{last}: {w}"),
        ]
        : default;
    private static readonly ImmutableArray<string> Verdicts = [SearchDialogue.Useful, SearchDialogue.Useless];

    /// <summary>The most moves an inquiry takes, the index's included.</summary>
    public int Longest => 1 + options.Searches * (options.Judged ? 3 : 2);

    /// <summary>How moves are told to a player.</summary>
    public string Rules(string goal) =>
        (options.Searches, options.Judged) switch
        {
            (0, _) => $"{goal} Reply with '{last}: …'.",
            (var n, var judged) =>
                $"{goal} Reply with 'search: …' to look for documents, at most {n} times, or with '{last}: …' to end."
                    + (judged ? " After each search say whether what was found is useful or useless." : ""),
        };

    /// <summary>The turn of the seat itself.</summary>
    /// <param name="seat">The seat.</param>
    /// <param name="role">Its role.</param>
    /// <param name="inquiry">How far it is; not closed and not waiting.</param>
    /// <param name="rules">The rules in words.</param>
    /// <param name="board">What it is to find.</param>
    /// <param name="suggestions">
    /// What it may say here, the best first; those it may not are left out. A verdict first where it is to judge.
    /// </param>
    public Turn Ask(
        int seat,
        string role,
        SearchDialogue inquiry,
        string rules,
        string board,
        IEnumerable<string> suggestions
    )
    {
        var legal =
            inquiry.IsJudging(options) ? Verdicts
            : inquiry.Looks.Length >= options.Searches ? _lastOnly
            : _all;
        var turn = new Turn
        {
            Id = seat * 256 + inquiry.Moves,
            Seat = seat,
            Role = role,
            Legal = legal,
            Observation =
            [
                new(ObservationKind.Task, rules),
                new(ObservationKind.Board, board),
                new(ObservationKind.Transcript, inquiry.Transcript()),
            ],
        };
        return turn with
        {
            Suggestions = [.. suggestions.Where(s => Check(inquiry, turn, new Move(s)) is null).Distinct()],
        };
    }

    /// <summary>The index's turn for a seat that waits for it.</summary>
    public Turn Serve(int seat, SearchDialogue inquiry, World? known, ulong worldSeed)
    {
        var query = inquiry.Looks[^1].Query;
        var request = new IndexRequest
        {
            Query = query,
            Top = options.Top,
            Snippet = options.Snippet,
        };
        if (known is not null)
            request = request with { World = world, Seed = worldSeed.ToString(CultureInfo.InvariantCulture) };
        var canned = known is null ? IndexRequest.Nothing : IndexRequest.Say(known.Find(query, options.Top));
        return new Turn
        {
            Id = seat * 256 + inquiry.Moves,
            Seat = index,
            Role = Index,
            Request = request.ToString(),
            Observation = [new(ObservationKind.Task, request.ToString())],
            Suggestions = canned == IndexRequest.Nothing ? [canned] : [canned, IndexRequest.Nothing],
        };
    }

    /// <summary>Null where the move may be made.</summary>
    public string? Check(SearchDialogue inquiry, Turn turn, Move move)
    {
        if (turn.Role == Index)
            return null;
        if (turn.HasLegal)
            return turn.Legal.Contains(move.Text)
                ? null
                : $"'{move.Text}' cannot be said here. Say one of: {string.Join(", ", turn.Legal.Take(8))}, …";
        if (SearchDialogue.Read(move.Text, last) != move.Text)
            return $"Say 'search: …' or '{last}: …', on one line.";
        if (!IsSearch(move.Text))
            return move.Text.Length <= LongestWords
                ? null
                : $"That is longer than {LongestWords} characters. Be brief.";
        if (inquiry.Looks.Length >= options.Searches)
            return $"There are no searches left. Say '{last}: …'.";
        return move.Text.Length <= LongestQuery
            ? null
            : $"The query is longer than {LongestQuery} characters. Search for a few words.";
    }

    /// <summary>Reads a reply; null where nothing well-formed is in it.</summary>
    public Move? Read(Turn turn, string reply) =>
        turn.Role == Index ? new Move(reply.Trim() is { Length: > 0 } found ? found : IndexRequest.Nothing)
        : SearchDialogue.Read(reply, last) is { } move ? new Move(move)
        : null;

    /// <summary>The inquiry after a checked move of its seat or of the index for it.</summary>
    public SearchDialogue Play(SearchDialogue inquiry, Turn turn, Move move) =>
        turn.Role == Index ? inquiry.Finds(move.Text)
        : inquiry.IsJudging(options) ? inquiry.Judges(move.Text == SearchDialogue.Useful)
        : IsSearch(move.Text) ? inquiry.Asks(move.Text[(SearchDialogue.Search.Length + 2)..])
        : inquiry.Closes(move.Text[(last.Length + 2)..]);

    /// <summary>The inquiry after its seat, or the index for it, has failed to answer a turn.</summary>
    public static SearchDialogue Miss(SearchDialogue inquiry, Turn turn) =>
        turn.Role == Index ? inquiry.Finds(IndexRequest.Nothing) : inquiry.Closes(null);

    /// <summary>The seats that wait, after one of them has made a move or was answered.</summary>
    public static ImmutableArray<int> Queue(ImmutableArray<int> queue, int seat, SearchDialogue now) =>
        now.Waits ? queue.Add(seat) : queue.Remove(seat);

    private static bool IsSearch(string move) => move.StartsWith(SearchDialogue.Search + ":", StringComparison.Ordinal);
}
