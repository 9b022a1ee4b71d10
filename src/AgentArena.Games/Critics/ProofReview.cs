// A prover that reviews itself, verifiers that score and say why, and meta-verifiers that check whether the claimed
// defects are real (DeepSeekMath-V2, arXiv 2511.22570).
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core;
using AgentArena.Core.Play;

namespace AgentArena.Games.Critics;

/// <summary>
/// A problem, the prover's values, every review (the prover's own first; empty: none), and every rating of a review;
/// null where not yet.
/// </summary>
public sealed record ProofReviewState(
    Chain Problem,
    ImmutableArray<int> Values,
    ImmutableArray<string?> Reviews,
    ImmutableArray<string?> Ratings
) : GameState;

/// <summary>
/// Seat 0 proves (works a chain out) and reviews its own proof; seats 1 to n are verifiers; seat n + 1 + r is the
/// meta-verifier of review r, the prover's own being review 0. A review is a score in {0, 0.5, 1} and the steps that
/// are claimed to be wrong. Payoffs are the published rewards: verifier format × (1 − |s' − s|) × meta; prover format ×
/// (0.76 × mean verifier score + 0.24 × (1 − |s_self − s|) × meta of its own review); meta-verifier 1 − |m' − m|. The
/// true score s of a proof is 1 without a wrong step, 0.5 with one, else 0; a seat that gives no answer earns 0.
/// </summary>
public sealed class ProofReview : Game<ProofReviewState>
{
    /// <summary>Options of <see cref="ProofReview"/>; the defaults are the paper's.</summary>
    public sealed record Options : ChainOptions
    {
        /// <summary>Verifiers of the proof.</summary>
        public int Verifiers { get; init; } = 4;

        /// <summary>Weight of the verifiers' mean score in the prover's reward.</summary>
        public double ProofWeight { get; init; } = 0.76;

        /// <summary>Weight of the prover's own review.</summary>
        public double SelfWeight { get; init; } = 0.24;

        /// <summary>
        /// Whether a review's reward is multiplied by its meta-verifier's rating; off is the first stage of training.
        /// </summary>
        public bool Meta { get; init; } = true;

        /// <summary>Confirmed reviews of the lowest score that a label needs.</summary>
        public int LeastConfirmed { get; init; } = 1;
    }

    private static readonly ImmutableArray<string> Scores = ["0", "0.5", "1"];
    private readonly Options _options;
    private readonly int _reviews;
    private readonly ImmutableArray<string> _numbers;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public ProofReview(Options options)
    {
        options.Check();
        if (options.Verifiers is < 1 or > 32)
            throw new ArgumentException($"verifiers is {options.Verifiers}; it should be 1 to 32.");
        if (!(options.ProofWeight >= 0) || !(options.SelfWeight >= 0))
            throw new ArgumentException(
                $"proof-weight and self-weight are {options.ProofWeight} and {options.SelfWeight}; neither should be negative."
            );
        if (options.LeastConfirmed < 1)
            throw new ArgumentException($"least-confirmed is {options.LeastConfirmed}; it should be at least 1.");
        (_options, _reviews) = (options, options.Verifiers + 1);
        _numbers = [.. Enumerable.Range(0, options.Largest + 1).Select(Chain.Spell)];
        Facts = new()
        {
            Name = "proof-review",
            Measures = ["proof", "self-inflation", "verifier-error", "labelled", "label-right"],
            Summary = "prove and review oneself; be verified; have the reviews verified",
            Roles =
            [
                "prover",
                .. Enumerable.Repeat("verifier", options.Verifiers),
                .. Enumerable.Repeat("meta-verifier", _reviews),
            ],
            ZeroSum = false,
            LongestGame = options.Steps + 1 + options.Verifiers + _reviews,
            LargestStake = Math.Max(1, options.ProofWeight + options.SelfWeight),
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <summary>1 without a wrong step, 0.5 with one, else 0.</summary>
    public static double ScoreOf(int wrong) =>
        wrong switch
        {
            0 => 1,
            1 => 0.5,
            _ => 0,
        };

    /// <summary>A verifier's reward.</summary>
    public static double VerifierReward(double said, double truth, double meta) => (1 - Math.Abs(said - truth)) * meta;

    /// <summary>The prover's reward.</summary>
    public static double ProverReward(
        double verified,
        double self,
        double truth,
        double meta,
        double proofWeight = 0.76,
        double selfWeight = 0.24
    ) => proofWeight * verified + selfWeight * VerifierReward(self, truth, meta);

    /// <summary>
    /// What a review is worth to a meta-verifier: 0 where a claimed defect is none, 0.5 where the score does not go
    /// with the claims, else 1; a review that finds nothing and says 1 is accepted.
    /// </summary>
    public static double MetaScore(double score, IReadOnlyCollection<int> claimed, IReadOnlyCollection<int> wrong) =>
        claimed.Except(wrong).Any() ? 0
        : score == ScoreOf(claimed.Count) ? 1
        : 0.5;

    /// <summary>
    /// A proof's label out of reviews alone: 1 where no defect was confirmed; the lowest confirmed score where enough
    /// reviews of that score were confirmed; null, for people to decide, where there are some but too few.
    /// </summary>
    public static double? Label(IEnumerable<(double Score, bool Confirmed)> reviews, int least)
    {
        double[] found = [.. reviews.Where(r => r.Score < 1 && r.Confirmed).Select(r => r.Score)];
        if (found.Length == 0)
            return 1;
        var lowest = found.Min();
        return found.Count(s => s == lowest) >= least ? lowest : null;
    }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup)
    {
        var stream = new RandomStream(RandomStream.Derive(setup.Seed, "chain"));
        ImmutableArray<string?> none = [.. new string?[_reviews]];
        return new ProofReviewState(_options.Deal(setup, ref stream), [], none, none);
    }

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(ProofReviewState state)
    {
        var (problem, step) = (state.Problem, state.Values.Length);
        if (step < problem.Changes.Length && state.Reviews[0] is null)
        {
            var before = step == 0 ? problem.Start : state.Values[^1];
            return
            [
                Ask(
                    step,
                    0,
                    "Go on with this proof: what is the value of its last step?",
                    problem.Write(state.Values) + problem.Left(step, before),
                    _numbers,
                    _numbers[Math.Clamp(before + problem.Changes[step], 0, _options.Largest)]
                ),
            ];
        }
        var first = _options.Steps;
        if (Open(state.Reviews) is { Length: > 0 } reviewing)
        {
            const string task =
                "Score this proof 1 (every step is right), 0.5 (one is wrong) or 0, and name the steps that are wrong.";
            // The prover comes first: its own review belongs to its proof.
            return
            [
                .. (reviewing[0] == 0 ? reviewing[..1] : reviewing).Select(r =>
                    Ask(
                        first + r,
                        r,
                        task,
                        Proof(state),
                        Reviews(problem.Changes.Length),
                        Written(ScoreOf(Wrong(state).Length), Wrong(state))
                    )
                ),
            ];
        }
        return
        [
            .. Open(state.Ratings)
                .Select(r =>
                    Ask(
                        first + _reviews + r,
                        _reviews + r,
                        "Rate this review 1 (every defect it names is real, and the score goes with them), 0.5 (they are real, the score does not go with them) or 0.",
                        $"{Proof(state)}\n{state.Reviews[r]}",
                        Scores,
                        Print(MetaOf(state, r))
                    )
                ),
        ];
    }

    /// <inheritdoc/>
    protected override ProofReviewState Play(ProofReviewState state, Turn turn, Move move) =>
        turn.Id < _options.Steps
            ? state with
            {
                Values = state.Values.Add(_numbers.IndexOf(move.Text)),
            }
            : Answered(state, turn, move.Text);

    /// <inheritdoc/>
    /// <remarks>Without a proof there is nothing to review: the game is over, and nobody earns anything.</remarks>
    protected override ProofReviewState? Missed(ProofReviewState state, Turn turn, string reason)
    {
        if (turn.Id >= _options.Steps)
            return Answered(state, turn, "");
        ImmutableArray<string?> nothing = [.. Enumerable.Repeat("", _reviews)];
        return state with { Reviews = nothing, Ratings = nothing };
    }

    private ProofReviewState Answered(ProofReviewState state, Turn turn, string text) =>
        turn.Seat < _reviews
            ? state with
            {
                Reviews = state.Reviews.SetItem(turn.Seat, text),
            }
            : state with
            {
                Ratings = state.Ratings.SetItem(turn.Seat - _reviews, text),
            };

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(ProofReviewState state)
    {
        var truth = ScoreOf(Wrong(state).Length);
        var verified = Enumerable.Range(1, _options.Verifiers).Average(r => Read(state.Reviews[r]!)?.Score ?? 0);
        var payoffs = ImmutableArray.CreateBuilder<double>(Facts.Seats);
        payoffs.Add(
            Read(state.Reviews[0]!) is { } own
                ? ProverReward(verified, own.Score, truth, Rating(state, 0), _options.ProofWeight, _options.SelfWeight)
                : 0
        );
        for (var r = 1; r < _reviews; r++)
            payoffs.Add(
                Read(state.Reviews[r]!) is { } review ? VerifierReward(review.Score, truth, Rating(state, r)) : 0
            );
        for (var r = 0; r < _reviews; r++)
            payoffs.Add(state.Ratings[r]!.Length == 0 ? 0 : 1 - Math.Abs(Number(state.Ratings[r]!) - MetaOf(state, r)));
        return payoffs.MoveToImmutable();
    }

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(ProofReviewState state)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        var truth = ScoreOf(Wrong(state).Length);
        measures["proof"] = truth;
        if (Read(state.Reviews[0]!) is { } own)
            measures["self-inflation"] = own.Score - truth;
        var reviews = Enumerable
            .Range(1, _options.Verifiers)
            .Select(r => (Review: Read(state.Reviews[r]!), Rating: state.Ratings[r]))
            .Where(r => r.Review is not null)
            .ToArray();
        if (reviews.Length > 0)
            measures["verifier-error"] = reviews.Average(r => Math.Abs(r.Review!.Value.Score - truth));
        var label = Label(
            reviews.Select(r => (r.Review!.Value.Score, Confirmed: r.Rating == Scores[2])),
            _options.LeastConfirmed
        );
        measures["labelled"] = label is null ? 0 : 1;
        if (label is not null)
            measures["label-right"] = label == truth ? 1 : 0;
        return measures.ToImmutable();
    }

    /// <inheritdoc/>
    protected override string? Describe(ProofReviewState state) =>
        $"{Proof(state)} is worth {Print(ScoreOf(Wrong(state).Length))}; its prover said {state.Reviews[0]}";

    private static int[] Open(ImmutableArray<string?> said) =>
        [.. Enumerable.Range(0, said.Length).Where(i => said[i] is null)];

    private static string Proof(ProofReviewState state) => state.Problem.Write(state.Values);

    // Steps, counted from 1, whose value does not follow from the one before.
    private static int[] Wrong(ProofReviewState state) =>
        [
            .. Enumerable
                .Range(0, state.Values.Length)
                .Where(i =>
                    state.Values[i] - (i == 0 ? state.Problem.Start : state.Values[i - 1]) != state.Problem.Changes[i]
                )
                .Select(i => i + 1),
        ];

    // A rating counts as given; a missing one as no objection, so that a silent meta-verifier takes nothing from
    // others.
    private double Rating(ProofReviewState state, int review) =>
        _options.Meta && state.Ratings[review] is { Length: > 0 } said ? Number(said) : 1;

    private static double MetaOf(ProofReviewState state, int review) =>
        Read(state.Reviews[review]!) is { } r ? MetaScore(r.Score, r.Claimed, Wrong(state)) : 0;

    private static ImmutableArray<string> Reviews(int steps) =>
        [
            .. Scores.SelectMany(score =>
                Enumerable
                    .Range(0, 1 << steps)
                    .Select(set =>
                        Written(
                            Number(score),
                            [.. Enumerable.Range(0, steps).Where(i => (set >> i & 1) == 1).Select(i => i + 1)]
                        )
                    )
            ),
        ];

    private static string Written(double score, int[] claimed) =>
        claimed.Length == 0 ? Print(score) : $"{Print(score)} wrong {string.Join(',', claimed)}";

    private static (double Score, int[] Claimed)? Read(string review)
    {
        if (review.Length == 0)
            return null;
        var parts = review.Split(" wrong ");
        return (
            Number(parts[0]),
            parts.Length == 1 ? [] : [.. parts[1].Split(',').Select(s => int.Parse(s, CultureInfo.InvariantCulture))]
        );
    }

    private Turn Ask(int id, int seat, string task, string board, ImmutableArray<string> legal, string right) =>
        new()
        {
            Id = id,
            Seat = seat,
            Role = Facts.Roles[seat],
            Observation = [new(ObservationKind.Task, task), new(ObservationKind.Board, board)],
            Legal = legal,
            Gold = [right],
        };

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Print(double number) => number.ToString(CultureInfo.InvariantCulture);
}
