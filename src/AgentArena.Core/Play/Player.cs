// Who fills a seat, and one open question in its hands. Asks nobody itself: a table's actor and a loop of rollouts carry
// its queries alike.
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;

namespace AgentArena.Core.Play;

/// <summary>
/// Who fills a seat: a policy's weights, a search with them, a bot, a tool, a remote model, a person. Immutable; the game
/// cannot tell which it is. A scenario names it in <c>policies.NAME.player</c>.
/// </summary>
public abstract class Player
{
    /// <summary>Whether it plays with a policy's weights, its own (<c>model</c>) or another's (<c>of</c>).</summary>
    public virtual bool NeedsWeights => false;

    /// <summary>Whether its answers are tokens of those weights, which can be trained on.</summary>
    public virtual bool SaysTokens => false;

    /// <summary>Whether it may be refused as often as it likes: people mistype.</summary>
    public virtual bool IsPatientlyAsked => false;

    /// <summary>How it speaks in a role: as the scenario says of the role, unless it has a way of its own.</summary>
    public virtual Role Speaks(Role role) => role;

    /// <summary>Collects what is wrong with its options beside the policy's other keys.</summary>
    /// <param name="sampling">How the policy's tokens are to be drawn.</param>
    /// <param name="path">Where the player stands in the scenario.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    public virtual void Check(Sampling sampling, string path, Mistakes mistakes) { }

    /// <summary>Null where it can sit at such a seat, else why not, ending with what to do.</summary>
    public virtual string? Misfit(Game game, Role role) => null;

    /// <summary>Takes an open question.</summary>
    /// <exception cref="InvalidOperationException">It cannot answer such a turn.</exception>
    public abstract Asking Ask(SeatTurn turn);
}

/// <summary>What a player asks of somebody outside before it can answer.</summary>
/// <param name="Id">Names the reply; it lies in [turn's id, turn's id + <see cref="SeatTurn.Queries"/>).</param>
public abstract record Query(long Id);

/// <summary>A reply in words, from its weights or from a remote model; <c>Request.Id</c> names it.</summary>
public sealed record ReplyQuery(SequenceRequest Request) : Query(Request.Id);

/// <summary>The probability of each legal move of some turns under its weights.</summary>
public sealed record MovesQuery(long Id, System.Collections.Immutable.ImmutableArray<Turn> Turns) : Query(Id);

/// <summary>A tool's answer.</summary>
public sealed record ToolQuery(long Id, string Request) : Query(Id);

/// <summary>What a person types; <paramref name="Note"/> says what was wrong with what they typed last.</summary>
public sealed record PersonQuery(long Id, Turn Turn, string? Note) : Query(Id);

/// <summary>
/// One open question in a player's hands. Whoever carries it sends <see cref="Wanted"/>, hands in the reply, and again,
/// until there is an <see cref="Answer"/>.
/// </summary>
public abstract class Asking
{
    /// <summary>The answer; null while something is wanted.</summary>
    public SeatAnswer? Answer { get; protected set; }

    /// <summary>What is to be asked now; null once there is an answer.</summary>
    public Query? Wanted { get; protected set; }

    /// <summary>Takes in the reply to a <see cref="ReplyQuery"/>.</summary>
    public virtual void Hear(Utterance said) => throw Unasked("words");

    /// <summary>Takes in the reply to a <see cref="MovesQuery"/>: a probability of each legal move of each turn.</summary>
    public virtual void Hear(IReadOnlyList<double[]> probabilities) => throw Unasked("probabilities");

    /// <summary>Takes in what a tool or a person answered.</summary>
    public virtual void Hear(string text) => throw Unasked("text");

    /// <summary>A question that is answered at once.</summary>
    public static Asking Answered(SeatAnswer answer) => new Done { Answer = answer };

    private sealed class Done : Asking;

    private InvalidOperationException Unasked(string what) =>
        new($"{GetType().Name}: was handed {what} that it did not ask for.");
}
