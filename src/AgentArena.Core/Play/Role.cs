// How a seat speaks: words for a turn, and a move out of a reply. Knows the rules' Turn, never a token or an actor.
using System.Collections.Immutable;
using AgentArena.Core.Models;

namespace AgentArena.Core.Play;

/// <summary>What a reply was read as: a move, or the reason why it is none, worded for the player.</summary>
public readonly record struct Reading(Move? Move, string? Fault)
{
    /// <summary>A well-formed answer.</summary>
    public static Reading Of(Move move) => new(move, null);

    /// <summary>No well-formed answer.</summary>
    public static Reading None(string fault) => new(null, fault);
}

/// <summary>How a seat speaks.</summary>
public abstract class Role
{
    /// <summary>
    /// Whether earlier turns of the same game stay in the prompt (ids appended), or each turn is a prompt of its own.
    /// </summary>
    public virtual bool Remembers => false;

    /// <summary>Whether the reply is held to the turn's legal moves while it is sampled.</summary>
    public virtual bool Constrained => false;

    /// <summary>Texts that end a reply.</summary>
    public virtual ImmutableArray<string> Stop => [];

    /// <summary>Names of the tools this role may call; see the tools of the scenario.</summary>
    public virtual ImmutableArray<string> Tools => [];

    /// <summary>
    /// The messages to append for this turn; <paramref name="first"/> is whether the seat has not spoken in this game
    /// yet.
    /// </summary>
    public abstract ImmutableArray<Message> Render(Turn turn, bool first);

    /// <summary>What to say after a refused answer, before asking again.</summary>
    public virtual ImmutableArray<Message> RenderRefusal(Turn turn, string reason) =>
        [.. Render(turn, first: false), new Message(Speaker.User, reason)];

    /// <summary>How a legal move is spelled in a reply, for masking and for imitation.</summary>
    public abstract string Print(Turn turn, Move move);

    /// <summary>Reads a reply. Bounded, total: hostile text gives a fault, never an exception.</summary>
    public abstract Reading Parse(Game game, Turn turn, string reply);

    /// <summary>
    /// Reads a reply that may have been cut by its budget. A cut reply in free words is no move, whatever stands in it:
    /// what it was about to say is
    /// not known. One that was held to the legal moves is read as any other.
    /// </summary>
    public Reading Read(Game game, Turn turn, string reply, bool truncated) =>
        truncated && !(Constrained && turn.HasLegal)
            ? Reading.None("The reply was cut before its end, and so holds no answer. Answer in fewer words.")
            : Parse(game, turn, reply);
}
