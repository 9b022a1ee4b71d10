// Search questions: seats look for the answer in documents they can only search. The fictional-world and the folder
// form are one game.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core.Play;

namespace AgentArena.Games.Documents;

/// <summary>The question, how far each searcher is, and who waits for the index.</summary>
public sealed record SearchState(Posed Posed, ImmutableArray<SearchDialogue> Searchers, ImmutableArray<int> Queue)
    : GameState;

/// <summary>
/// Seats 0 to n − 1 search, seat n is the index. Each searcher works alone: at its turn it searches or gives its
/// answer, which ends its inquiry. Payoff 1 for the right answer (exact match after normalisation), else 0. Measures
/// per searcher: <c>right</c>,
/// <c>searches</c>, <c>found</c> (share of the documents on the way that it has seen) and with verdicts <c>judged</c>
/// (share of right ones: ReSeek's instructive reward); over all <c>right</c>, <c>right-h</c> of h hops,
/// <c>searches</c>, <c>hops</c>.
/// </summary>
public sealed class SearchQuestions : Game<SearchState>
{
    /// <summary>Options of <see cref="SearchQuestions"/>.</summary>
    public sealed record Options
    {
        /// <summary>Searchers at the table, 1 to 32, all with the same question.</summary>
        public int Searchers { get; init; } = 1;

        /// <summary>The fictional worlds, where the task names no other documents.</summary>
        public WorldOptions World { get; init; } = new();

        /// <summary>The fewest facts a question joins.</summary>
        public int LeastHops { get; init; } = 1;

        /// <summary>The most, up to 3.</summary>
        public int MostHops { get; init; } = 3;

        /// <summary>Which worlds are dealt.</summary>
        public Split Split { get; init; } = Split.All;

        /// <summary>How seats may search.</summary>
        public InquiryOptions Search { get; init; } = new();
    }

    private const string Goal = "Answer the question in a few words.";
    private readonly Options _options;
    private readonly SearchTurns _desk;
    private readonly string _rules;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SearchQuestions(Options options)
    {
        if (options.Searchers is < 1 or > 32)
            throw new ArgumentException($"searchers is {options.Searchers}; it should be 1 to 32.");
        if (options.LeastHops < 1 || options.MostHops > 3 || options.LeastHops > options.MostHops)
            throw new ArgumentException(
                $"least-hops is {options.LeastHops} and most-hops {options.MostHops}; they should be 1 to 3, in this order."
            );
        options.World.Check();
        options.Search.Check();
        if (options.Search.Listed && (options.World.Names != Naming.Lexicon || options.World.Wording != Wording.Plain))
            throw new ArgumentException(
                "search.listed = on lists the names of the fixed list, so world.names should be lexicon and world.wording plain."
            );
        _options = options;
        _desk = new SearchTurns(
            options.Search,
            options.World,
            options.Searchers,
            "answer",
            options.Search.Listed ? NamePool.Lexicon(options.World.Lexicon) : default
        );
        _rules = _desk.Rules(Goal);
        Facts = new()
        {
            Name = "search-questions",
            Measures = ["right", "searches", "found", "hops", "right-*", "judged"],
            Summary = "find the answer in documents that can only be searched",
            Roles = [.. Enumerable.Repeat("searcher", options.Searchers), SearchTurns.Index],
            ZeroSum = false,
            LongestGame = options.Searchers * _desk.Longest,
            Forfeit = (0, 0),
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup) =>
        new SearchState(
            Posed.Of(setup.Task, _options.World, Facts.Name)
                ?? Posed.Draw(setup.Seed, _options.Split, _options.World, _options.LeastHops, _options.MostHops),
            [.. Enumerable.Repeat(SearchDialogue.Open, _options.Searchers)],
            []
        );

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(SearchState state)
    {
        var open = ImmutableArray.CreateBuilder<Turn>(_options.Searchers + 1);
        for (var seat = 0; seat < _options.Searchers; seat++)
            if (state.Searchers[seat] is { Closed: false, Waits: false } inquiry)
                open.Add(
                    _desk.Ask(
                        seat,
                        Facts.Roles[seat],
                        inquiry,
                        _rules,
                        state.Posed.Text,
                        Suggest(state.Posed, inquiry, _options.Search)
                    )
                );
        if (state.Queue is [var first, ..])
            open.Add(_desk.Serve(first, state.Searchers[first], state.Posed.World, state.Posed.Seed));
        return open.ToImmutable();
    }

    /// <summary>
    /// What a teacher would say: look up the things on the way one after another, then answer. Then what one should not
    /// say.
    /// </summary>
    internal static IEnumerable<string> Suggest(Posed posed, SearchDialogue inquiry, InquiryOptions options)
    {
        if (inquiry.IsJudging(options))
        {
            var useful = posed.IsUseful(
                inquiry.Looks[^1].Documents,
                inquiry.Looks.SkipLast(1).SelectMany(l => l.Documents).Select(d => d.Id)
            );
            return useful
                ? [SearchDialogue.Useful, SearchDialogue.Useless]
                : [SearchDialogue.Useless, SearchDialogue.Useful];
        }
        if (posed.Known is not { } known)
            return [$"search: {posed.Text}", $"answer: {posed.Answer}"];
        var found = inquiry.Found.ToHashSet(StringComparer.Ordinal);
        var asked = inquiry.Looks.Select(l => l.Query).ToHashSet(StringComparer.Ordinal);
        // A thing that was looked for and not found is not looked for again.
        var next = known
            .Path.SkipLast(1)
            .Where(t => !found.Contains(t.Id) && !asked.Contains(t.Name))
            .Select(t => $"search: {t.Name}");
        return [.. next.Take(1), $"answer: {posed.Answer}", $"answer: {known.Path[0].Name}", $"search: {known.Answer}"];
    }

    /// <inheritdoc/>
    protected override string? Check(SearchState state, Turn turn, Move move) =>
        _desk.Check(state.Searchers[SeatOf(turn)], turn, move);

    /// <inheritdoc/>
    public override Move? Read(Turn turn, string answer) =>
        turn.HasLegal ? base.Read(turn, answer) : _desk.Read(turn, answer);

    /// <inheritdoc/>
    protected override SearchState Play(SearchState state, Turn turn, Move move) =>
        After(state, SeatOf(turn), _desk.Play(state.Searchers[SeatOf(turn)], turn, move));

    /// <inheritdoc/>
    protected override SearchState? Missed(SearchState state, Turn turn, string reason) =>
        After(state, SeatOf(turn), SearchTurns.Miss(state.Searchers[SeatOf(turn)], turn));

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(SearchState state) =>
        [.. state.Searchers.Select(s => Right(state, s)), 0];

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(SearchState state)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        for (var seat = 0; seat < state.Searchers.Length; seat++)
        {
            var inquiry = state.Searchers[seat];
            Set("right", seat, Right(state, inquiry));
            Set("searches", seat, inquiry.Looks.Length);
            if (state.Posed.Known is { } known)
                Set(
                    "found",
                    seat,
                    known.Path.SkipLast(1).Select(t => t.Id).Intersect(inquiry.Found).Count() / (double)known.Hops
                );
            if (Judged(state.Posed, inquiry) is { } judged)
                Set("judged", seat, judged);
        }
        measures["right"] = state.Searchers.Average(s => Right(state, s));
        measures["searches"] = state.Searchers.Average(s => s.Looks.Length);
        if (state.Posed.Known is { Hops: var hops })
        {
            measures["hops"] = hops;
            measures[string.Create(CultureInfo.InvariantCulture, $"right-{hops}")] = measures["right"];
        }
        return measures.ToImmutable();

        void Set(string name, int seat, double value) =>
            measures[string.Create(CultureInfo.InvariantCulture, $"{name}/{seat}")] = value;
    }

    /// <summary>Share of right verdicts on finds; null where there were none.</summary>
    public static double? Judged(Posed posed, SearchDialogue inquiry)
    {
        var (right, all) = (0, 0);
        var before = new HashSet<string>(StringComparer.Ordinal);
        foreach (var look in inquiry.Looks)
        {
            if (look.Useful is { } said)
            {
                all++;
                if (said == posed.IsUseful(look.Documents, before))
                    right++;
            }
            before.UnionWith(look.Documents.Select(d => d.Id));
        }
        return all == 0 ? null : (double)right / all;
    }

    /// <inheritdoc/>
    protected override string? Describe(SearchState state) =>
        $"{state.Posed.Text} {state.Posed.Answer}; said: {string.Join(", ", state.Searchers.Select(s => s.Said ?? "nothing"))}";

    private static double Right(SearchState state, SearchDialogue inquiry) =>
        inquiry.Said is { } said && ShortAnswer.Same(said, state.Posed.Answer) ? 1 : 0;

    private static int SeatOf(Turn turn) => turn.Id / 256;

    private static SearchState After(SearchState state, int seat, SearchDialogue inquiry) =>
        state with
        {
            Searchers = state.Searchers.SetItem(seat, inquiry),
            Queue = SearchTurns.Queue(state.Queue, seat, inquiry),
        };
}
