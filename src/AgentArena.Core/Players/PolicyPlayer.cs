// The player that is a policy: what its weights say is its answer.
using AgentArena.Core.Models;
using AgentArena.Core.Play;

namespace AgentArena.Core.Players;

/// <summary>Says one reply, sampled from the policy's weights.</summary>
public sealed class PolicyPlayer : Player
{
    /// <summary>The name of this player, which a policy has where it names none.</summary>
    public const string Name = "policy";

    /// <inheritdoc/>
    public override bool NeedsWeights => true;

    /// <inheritdoc/>
    public override bool SaysTokens => true;

    /// <inheritdoc/>
    public override Asking Ask(SeatTurn turn) => new Reply(turn, turn.Request());

    /// <summary>One reply in words, and its reading.</summary>
    internal sealed class Reply : Asking
    {
        private readonly SeatTurn _turn;

        public Reply(SeatTurn turn, SequenceRequest request) => (_turn, Wanted) = (turn, new ReplyQuery(request));

        public override void Hear(Utterance said) => (Answer, Wanted) = (_turn.Read(said), null);
    }
}
