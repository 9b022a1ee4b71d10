// An open question as its player gets it: worded in the seat's role, and the reading of what is said to it. The one
// wording that a run, an evaluation and an audit share.
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AgentArena.Core.Models;

namespace AgentArena.Core.Play;

/// <summary>One open question of one seat, with all that may be known for its answer.</summary>
public sealed record SeatTurn
{
    /// <summary>How many queries one question may ask; ids of questions are multiples of it.</summary>
    public const int Queries = 1 << 12;

    /// <summary>Names the question among all open ones of its carrier; a multiple of <see cref="Queries"/>.</summary>
    public required long Id { get; init; }

    /// <summary>The rules.</summary>
    public required Game Game { get; init; }

    /// <summary>How the seat speaks.</summary>
    public required Role Role { get; init; }

    /// <summary>The turn, which attempt this is, and why the last one was refused.</summary>
    public required OpenTurn Open { get; init; }

    /// <summary>What the seat said last in this game; null where it has not spoken.</summary>
    public required Utterance? Said { get; init; }

    /// <summary>How the policy's tokens are drawn.</summary>
    public required Sampling Sampling { get; init; }

    /// <summary>Seed of this answer's own stream.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The most tokens a reply may have.</summary>
    public required int MostTokens { get; init; }

    /// <summary>What is asked.</summary>
    public Turn Turn => Open.Turn;

    /// <summary>The seed of an answer: its stream is named by game, seat, turn and attempt.</summary>
    public static ulong SeedOf(ulong run, long game, OpenTurn open) =>
        RandomStream.Derive(run, "reply", game, open.Turn.Seat, ((long)open.Turn.Id << 8) | (uint)open.Attempt);

    /// <summary>
    /// The question to the policy's own weights: the turn in its role's words, or why the last answer was refused,
    /// after the conversation so far where the role remembers it.
    /// </summary>
    public SequenceRequest Request()
    {
        var spoken = Said is { Tokens.IsEmpty: false } ? Said : null;
        return Request(
            Open.Refusal is { } refusal ? Role.RenderRefusal(Turn, refusal) : Role.Render(Turn, first: spoken is null),
            Role.Remembers && spoken is not null ? [.. spoken.Prompt, .. spoken.Tokens] : []
        );
    }

    /// <summary>The question in words that are given.</summary>
    /// <param name="messages">What is said.</param>
    /// <param name="prefix">Ids of the conversation before it.</param>
    public SequenceRequest Request(ImmutableArray<Message> messages, ImmutableArray<int> prefix) =>
        new()
        {
            Id = Id,
            Prefix = prefix,
            Messages = messages,
            Seed = Seed,
            Legal = Role.Constrained && Turn.HasLegal ? Prints(Turn.Legal) : default,
            Examples = Prints(Turn.HasLegal ? Turn.Legal : Turn.Suggestions),
            Sampling = Role.Stop.IsDefaultOrEmpty ? Sampling : Sampling with { Stop = Role.Stop },
            Budget = Turn.TokenBudget > 0 ? Math.Min(Turn.TokenBudget, MostTokens) : MostTokens,
        };

    /// <summary>The seat's answer in what was said: the move its role finds there, or why it holds none.</summary>
    public SeatAnswer Read(Utterance said) => Read(Role, Game, Turn, said);

    /// <summary>The answer in what a role said to a turn.</summary>
    public static SeatAnswer Read(Role role, Game game, Turn turn, Utterance said)
    {
        var reading = role.Read(game, turn, said.Text, said.Truncated);
        return new SeatAnswer(reading.Move?.Text, reading.Fault) { Said = said };
    }

    private ImmutableArray<string> Prints(ImmutableArray<string> moves)
    {
        var texts = new string[moves.Length];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = Role.Print(Turn, new Move(moves[i]));
        return ImmutableCollectionsMarshal.AsImmutableArray(texts);
    }
}
