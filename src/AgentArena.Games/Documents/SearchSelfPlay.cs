// Search self-play: a proposer writes a question for a given answer, a judge checks it against documents, solvers
// search for the answer.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core;
using AgentArena.Core.Play;

namespace AgentArena.Games.Documents;

/// <summary>
/// <paramref name="Seed"/> holds the answer that a question is to be written for. <paramref name="Refusal"/> is the
/// rule that the question broke.
/// <paramref name="Asked"/> is what the solvers are asked: null until a question was accepted or replaced by
/// <paramref name="Spare"/>.
/// </summary>
public sealed record SearchSelfPlayState(
    Posed Seed,
    Posed? Spare,
    SearchDialogue Proposer,
    string? Refusal,
    Posed? Asked,
    ImmutableArray<SearchDialogue> Solvers,
    ImmutableArray<int> Queue
) : GameState;

/// <summary>
/// Search Self-Play (arXiv 2510.18821). Seat 0 proposes, seat 1 judges, seats 2 to n + 1 solve, seat n + 2 is the
/// index. The proposer is given an answer and a number of hops, searches, and writes a question. It is refused by
/// <see cref="QuestionRules"/>, or where the judge, who sees the documents that the proposer found among others, does
/// not come to the answer; a judge that fails refuses (the published code accepts: fail-open). An accepted question is
/// put to the solvers, and is the game's product; in place of a refused one they are asked what the game's task deals
/// (earlier products, by matchmaker <c>task-pool</c>: the published <c>reuse</c>), or else nobody is asked. Payoffs:
/// solvers 1 for the right answer, the proposer <see cref="QuestionRules.Pay(ProposerPay, double)"/>, 0 where refused.
/// </summary>
public sealed class SearchSelfPlay : Game<SearchSelfPlayState>
{
    /// <summary>
    /// Options of <see cref="SearchSelfPlay"/>; the defaults are the published ones, on fictional worlds.
    /// </summary>
    public sealed record Options
    {
        /// <summary>Solvers at the table, 1 to 32.</summary>
        public int Solvers { get; init; } = 5;

        /// <summary>The fictional worlds.</summary>
        public WorldOptions World { get; init; } = new();

        /// <summary>The fewest hops asked for.</summary>
        public int LeastHops { get; init; } = 1;

        /// <summary>The most, up to 3.</summary>
        public int MostHops { get; init; } = 3;

        /// <summary>Which worlds are dealt.</summary>
        public Split Split { get; init; } = Split.All;

        /// <summary>How proposer and solvers may search.</summary>
        public InquiryOptions Search { get; init; } = new() { Searches = 9 };

        /// <summary>What a question must be.</summary>
        public QuestionBounds Question { get; init; } = new();

        /// <summary>Documents shown to the judge beside those that the proposer found.</summary>
        public int Noise { get; init; } = 4;

        /// <summary>
        /// Whether a question passes where the judge fails to answer, as in the published code; off, it is refused.
        /// </summary>
        public bool FailOpen { get; init; }

        /// <summary>What the proposer earns.</summary>
        public ProposerPay Pay { get; init; } = ProposerPay.OneMinusAccuracy;

        /// <summary>What the proposer earns for a refused question.</summary>
        public double Penalty { get; init; }
    }

    private const int JudgeTurn = 256,
        FirstSolver = 2,
        LongestVerdict = 200;
    private const string Unknown = "unknown";
    private static readonly string JudgeRules =
        $"Answer the question in a few words, from these documents alone. Say '{Unknown}' where they do not tell.";
    private readonly Options _options;
    private readonly SearchTurns _proposing,
        _solving;
    private readonly string _proposerRules,
        _solverRules;
    private readonly ImmutableArray<string> _verdicts;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SearchSelfPlay(Options options)
    {
        if (options.Solvers is < 1 or > 32)
            throw new ArgumentException($"solvers is {options.Solvers}; it should be 1 to 32.");
        if (options.LeastHops < 1 || options.MostHops > 3 || options.LeastHops > options.MostHops)
            throw new ArgumentException(
                $"least-hops is {options.LeastHops} and most-hops {options.MostHops}; they should be 1 to 3, in this order."
            );
        if (options.Noise is < 0 or > 50)
            throw new ArgumentException($"noise is {options.Noise}; it should be 0 to 50.");
        if (!(Math.Abs(options.Penalty) <= 1))
            throw new ArgumentException(
                $"penalty is {options.Penalty}; it should be -1 to 1, and 0 is the published one."
            );
        if (options.Search.Searches < options.Question.LeastSearches)
            throw new ArgumentException(
                $"question.least-searches is {options.Question.LeastSearches} and search.searches {options.Search.Searches}: no question could be accepted. Allow more searches."
            );
        options.World.Check();
        options.Search.Check();
        if (options.Search.Listed && (options.World.Names != Naming.Lexicon || options.World.Wording != Wording.Plain))
            throw new ArgumentException(
                "search.listed = on lists the names of the fixed list, so world.names should be lexicon and world.wording plain."
            );
        _options = options;
        var index = FirstSolver + options.Solvers;
        ImmutableArray<string> names = options.Search.Listed ? NamePool.Lexicon(options.World.Lexicon) : default,
            questions = options.Search.Listed ? [.. Ask(options, names)] : default;
        _proposing = new SearchTurns(
            options.Search with
            {
                Judged = false,
            },
            options.World,
            index,
            "question",
            questions
        );
        _solving = new SearchTurns(options.Search, options.World, index, "answer", names);
        _proposerRules = _proposing.Rules(
            "Write a question whose answer is the one given, that joins as many facts as given, and that does not say the answer."
        );
        _solverRules = _solving.Rules("Answer the question in a few words.");
        _verdicts = options.Search.Listed ? [.. names, Unknown] : default;
        Facts = new()
        {
            Name = "search-self-play",
            Measures =
            [
                "accepted",
                "refused-*",
                "proposer-searches",
                "sound",
                "accuracy",
                "searches",
                "hops",
                "right",
                "judged",
            ],
            Summary = "a question is written for an answer, checked, and searched for",
            Roles = ["proposer", "judge", .. Enumerable.Repeat("solver", options.Solvers), SearchTurns.Index],
            ZeroSum = false,
            LongestGame = _proposing.Longest + 1 + options.Solvers * _solving.Longest,
            Forfeit = (0, 0),
        };

        static IEnumerable<string> Ask(Options options, ImmutableArray<string> names) =>
            from hops in Enumerable.Range(options.LeastHops, options.MostHops - options.LeastHops + 1)
            from chain in Relation.Chains(hops)
            from name in names
            select Relation.Ask(options.World.Wording, chain, name);
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup) =>
        new SearchSelfPlayState(
            Posed.Draw(setup.Seed, _options.Split, _options.World, _options.LeastHops, _options.MostHops),
            Posed.Of(setup.Task, _options.World, Facts.Name),
            SearchDialogue.Open,
            null,
            null,
            [.. Enumerable.Repeat(SearchDialogue.Open, _options.Solvers)],
            []
        );

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(SearchSelfPlayState state)
    {
        var (seed, open) = (state.Seed, ImmutableArray.CreateBuilder<Turn>(_options.Solvers + 1));
        if (state.Proposer is { Closed: false, Waits: false })
            return
            [
                _proposing.Ask(
                    0,
                    "proposer",
                    state.Proposer,
                    _proposerRules,
                    $"answer: {seed.Answer}\nhops: {seed.Known!.Hops}",
                    SuggestQuestion(state)
                ),
            ];
        if (state.Proposer.Closed && state.Refusal is null && state.Asked is null)
            return [Judge(state)];
        if (state.Asked is { } asked)
            for (var i = 0; i < _options.Solvers; i++)
                if (state.Solvers[i] is { Closed: false, Waits: false } inquiry)
                    open.Add(
                        _solving.Ask(
                            FirstSolver + i,
                            "solver",
                            inquiry,
                            _solverRules,
                            asked.Text,
                            SearchQuestions.Suggest(asked, inquiry, _options.Search)
                        )
                    );
        if (state.Queue is [0, ..])
            open.Add(_proposing.Serve(0, state.Proposer, seed.World, seed.Seed));
        else if (state.Queue is [var first, ..])
            open.Add(_solving.Serve(first, state.Solvers[first - FirstSolver], state.Asked!.World, state.Asked.Seed));
        return open.ToImmutable();
    }

    // What a teacher would do: look up the things on the way, then as many others as the rules want, then ask.
    private IEnumerable<string> SuggestQuestion(SearchSelfPlayState state)
    {
        var (seed, known) = (state.Seed, state.Seed.Known!);
        var others = seed.World!.Things.Except(known.Path);
        var wanted = known
            .Path.SkipLast(1)
            .Concat(others)
            .Take(Math.Max(known.Hops, _options.Question.LeastSearches))
            .Select(t => t.Name);
        var asked = state.Proposer.Looks.Select(l => l.Query).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. wanted.Where(n => !asked.Contains(n)).Select(n => $"search: {n}").Take(1),
            $"question: {known.Text}",
            $"search: {known.Answer}",
        ];
    }

    /// <summary>
    /// The documents that the judge sees: all that the proposer found, and as much noise as there is, shuffled.
    /// </summary>
    private ImmutableArray<Document> Shown(SearchSelfPlayState state)
    {
        var world = state.Seed.World!;
        var stream = new RandomStream(RandomStream.Derive(state.Seed.Seed, "noise"));
        var found = state.Proposer.Looks.SelectMany(l => l.Documents).DistinctBy(d => d.Id).ToList();
        var noise = world.Documents.ExceptBy(found.Select(d => d.Id), d => d.Id).ToArray();
        stream.Shuffle<Document>(noise);
        Document[] shown = [.. found, .. noise.Take(_options.Noise)];
        stream.Shuffle<Document>(shown);
        return [.. shown];
    }

    private Turn Judge(SearchSelfPlayState state)
    {
        var (question, shown) = (state.Proposer.Said!, Shown(state));
        var stated = shown.Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
        var follows =
            state.Seed.World!.Understand(question) is { } known
            && known.Path.SkipLast(1).All(t => stated.Contains(t.Id))
                ? known.Answer
                : Unknown;
        return new Turn
        {
            Id = JudgeTurn,
            Seat = 1,
            Role = "judge",
            Legal = _verdicts,
            Observation =
            [
                new(ObservationKind.Task, JudgeRules),
                new(ObservationKind.Board, question),
                new(ObservationKind.Transcript, IndexRequest.Say(shown)),
            ],
            Gold = [follows],
            Suggestions = follows == Unknown ? [Unknown] : [follows, Unknown],
        };
    }

    /// <inheritdoc/>
    protected override string? Check(SearchSelfPlayState state, Turn turn, Move move) =>
        turn.Id != JudgeTurn ? DeskOf(turn).Check(InquiryOf(state, turn), turn, move)
        : turn.HasLegal ? base.Check(state, turn, move)
        : move.Text.Length <= LongestVerdict ? null
        : $"The answer is longer than {LongestVerdict} characters. Say a few words.";

    /// <inheritdoc/>
    public override Move? Read(Turn turn, string answer) =>
        turn.HasLegal || turn.Id == JudgeTurn ? base.Read(turn, answer) : DeskOf(turn).Read(turn, answer);

    /// <inheritdoc/>
    protected override SearchSelfPlayState Play(SearchSelfPlayState state, Turn turn, Move move) =>
        turn.Id == JudgeTurn
            ? ShortAnswer.Same(move.Text, state.Seed.Answer)
                ? Accept(state)
                : Refuse(state, QuestionRules.Unanswerable)
            : After(state, turn, DeskOf(turn).Play(InquiryOf(state, turn), turn, move));

    /// <inheritdoc/>
    protected override SearchSelfPlayState? Missed(SearchSelfPlayState state, Turn turn, string reason) =>
        turn.Id == JudgeTurn
            ? _options.FailOpen
                ? Accept(state)
                : Refuse(state, QuestionRules.Unanswerable)
            : After(state, turn, SearchTurns.Miss(InquiryOf(state, turn), turn));

    private SearchSelfPlayState After(SearchSelfPlayState state, Turn turn, SearchDialogue inquiry)
    {
        var seat = turn.Id / 256;
        var next = state with { Queue = SearchTurns.Queue(state.Queue, seat, inquiry) };
        if (seat >= FirstSolver)
            return next with { Solvers = state.Solvers.SetItem(seat - FirstSolver, inquiry) };
        next = next with { Proposer = inquiry };
        return inquiry.Closed && QuestionRules.Refuse(inquiry, state.Seed.Answer, _options.Question) is { } broken
            ? Refuse(next, broken)
            : next;
    }

    private static SearchSelfPlayState Accept(SearchSelfPlayState state) =>
        state with
        {
            Asked = new Posed(state.Proposer.Said!, state.Seed.Answer, state.Seed.World, state.Seed.Seed),
        };

    private static SearchSelfPlayState Refuse(SearchSelfPlayState state, string rule) =>
        state with
        {
            Refusal = rule,
            Asked = state.Spare,
        };

    private SearchTurns DeskOf(Turn turn) => turn.Id < 256 ? _proposing : _solving;

    private static SearchDialogue InquiryOf(SearchSelfPlayState state, Turn turn) =>
        turn.Id < 256 ? state.Proposer : state.Solvers[turn.Id / 256 - FirstSolver];

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(SearchSelfPlayState state) =>
        [
            state.Refusal is null ? QuestionRules.Pay(_options.Pay, Accuracy(state)) : _options.Penalty,
            0,
            .. state.Solvers.Select(s => Right(state, s)),
            0,
        ];

    /// <inheritdoc/>
    protected override string? Product(SearchSelfPlayState state) =>
        state.Refusal is null ? state.Asked?.ToTask() : null;

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(SearchSelfPlayState state)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        measures["accepted"] = state.Refusal is null ? 1 : 0;
        foreach (var rule in QuestionRules.Refusals)
            measures[$"refused-{rule}"] = state.Refusal == rule ? 1 : 0;
        measures["proposer-searches"] = state.Proposer.Looks.Length;
        if (state.Refusal is null)
            measures["sound"] = state.Asked!.Known is { } known && known.Answer == state.Seed.Answer ? 1 : 0;
        if (state.Asked is null)
            return measures.ToImmutable();
        measures["accuracy"] = Accuracy(state);
        measures["searches"] = state.Solvers.Average(s => s.Looks.Length);
        if (state.Asked.Known is { Hops: var hops })
            measures["hops"] = hops;
        for (var i = 0; i < state.Solvers.Length; i++)
        {
            var seat = (FirstSolver + i).ToString(CultureInfo.InvariantCulture);
            measures[$"right/{seat}"] = Right(state, state.Solvers[i]);
            if (SearchQuestions.Judged(state.Asked, state.Solvers[i]) is { } judged)
                measures[$"judged/{seat}"] = judged;
        }
        return measures.ToImmutable();
    }

    /// <inheritdoc/>
    protected override string? Describe(SearchSelfPlayState state) =>
        (
            state.Refusal is { } rule
                ? $"the question for {state.Seed.Answer} was refused: {rule}"
                : $"{state.Asked!.Text} {state.Seed.Answer}"
        )
        + (
            state.Asked is null
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"; {state.Solvers.Count(s => Right(state, s) > 0)} of {state.Solvers.Length} solvers were right"
                )
        );

    private static double Accuracy(SearchSelfPlayState state) => state.Solvers.Average(s => Right(state, s));

    private static double Right(SearchSelfPlayState state, SearchDialogue solver) =>
        state.Asked is { } asked && solver.Said is { } said && ShortAnswer.Same(said, asked.Answer) ? 1 : 0;
}
