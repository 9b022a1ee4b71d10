// A seat's open question and its answer. Knows nothing of who answers or how a prompt is worded.
using System.Collections.Immutable;

namespace AgentArena.Core.Play;

/// <summary>What kind of thing a seat is being told.</summary>
public enum ObservationKind
{
    /// <summary>The rules and the goal of this seat.</summary>
    Task,

    /// <summary>The position as this seat sees it now.</summary>
    Board,

    /// <summary>What happened so far, as this seat saw it.</summary>
    Transcript,

    /// <summary>A message of the referee to this seat alone (a refusal, a warning).</summary>
    Notice,
}

/// <summary>One typed part of what a seat is told.</summary>
public sealed record ObservationPart(ObservationKind Kind, string Text);

/// <summary>A seat's open question. Several may be open at once (simultaneous moves, n solvers).</summary>
public sealed record Turn
{
    /// <summary>The seat number of chance.</summary>
    public const int Chance = -1;

    /// <summary>Unique within the game.</summary>
    public required int Id { get; init; }

    /// <summary>The seat that is asked, or <see cref="Chance"/>.</summary>
    public required int Seat { get; init; }

    /// <summary>The role of that seat; empty for chance.</summary>
    public string Role { get; init; } = "";

    /// <summary>What the seat is told. Never holds what another seat must not know.</summary>
    public ImmutableArray<ObservationPart> Observation { get; init; } = [];

    /// <summary>
    /// The legal moves, where they can be listed; default (no value) where any text may be an answer.
    /// </summary>
    public ImmutableArray<string> Legal { get; init; }

    /// <summary>
    /// Where any text may be an answer: a few that are legal here, for random players, teachers and tests; the right
    /// answers where nothing else is said. Never shown to a model.
    /// </summary>
    public ImmutableArray<string> Suggestions
    {
        get => field.IsDefault ? Gold : field;
        init;
    }

    /// <summary>
    /// The right answers, any of which will do, where the game knows them: for rewards. Empty where it does not. Never
    /// shown to a model.
    /// </summary>
    public ImmutableArray<string> Gold { get; init; } = [];

    /// <summary>What a tool that sits here is asked; null where this is no question for a tool.</summary>
    public string? Request { get; init; }

    /// <summary>For a chance turn: the probability of each legal move.</summary>
    public ImmutableArray<double> Probabilities { get; init; }

    /// <summary>
    /// A short key of all this seat knows (perfect recall), e.g. <c>K|check,bet</c>; null where the game has no finite
    /// ones.
    /// </summary>
    public string? InformationState { get; init; }

    /// <summary>The most tokens an answer may have; 0 leaves it to the scenario.</summary>
    public int TokenBudget { get; init; }

    /// <summary>
    /// Whether this very instance is given to every game that gets here, so that what is derived from it may be kept
    /// with it.
    /// </summary>
    public bool Shared { get; init; }

    /// <summary>The legal moves for a message to a player: all of a few, the first of many.</summary>
    public string LegalText =>
        Legal.Length <= 40
            ? string.Join(", ", Legal)
            : $"{string.Join(", ", Legal.Take(20))}, … ({Legal.Length} in all)";

    /// <summary>What a tool is asked here.</summary>
    /// <exception cref="InvalidOperationException">This is no question for a tool.</exception>
    public string RequestOfTool =>
        Request
        ?? throw new InvalidOperationException(
            $"turn {Id} is no question for a tool. Seat a policy, a bot or a person as {Role}-{Seat}."
        );

    /// <summary>Whether chance moves here.</summary>
    public bool IsChance => Seat == Chance;

    /// <summary>Whether the legal moves are listed.</summary>
    public bool HasLegal => !Legal.IsDefault;
}

/// <summary>A parsed answer, in the game's own canonical spelling.</summary>
public readonly record struct Move(string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}
