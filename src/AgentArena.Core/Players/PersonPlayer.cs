// The player that is a person.
using AgentArena.Core.Play;

namespace AgentArena.Core.Players;

/// <summary>Somebody at the terminal: <c>./arena play</c>.</summary>
public sealed class PersonPlayer : Player
{
    /// <summary>The name of this player.</summary>
    public const string Name = "person";

    /// <inheritdoc/>
    public override bool IsPatientlyAsked => true;

    /// <inheritdoc/>
    public override Asking Ask(SeatTurn turn) => new Typed(turn);

    // Words that are no move are not the game's affair: the person is simply asked again.
    private sealed class Typed : Asking
    {
        private readonly SeatTurn _turn;

        public Typed(SeatTurn turn)
        {
            _turn = turn;
            Wanted = new PersonQuery(turn.Id, turn.Turn, turn.Open.Refusal);
        }

        public override void Hear(string text)
        {
            var turn = _turn.Turn;
            if (_turn.Game.Read(turn, text) is { } move)
                (Answer, Wanted) = (new SeatAnswer(move.Text, null), null);
            else
                Wanted = new PersonQuery(
                    Wanted!.Id,
                    turn,
                    turn.HasLegal ? $"'{text}' is no legal move. Legal: {turn.LegalText}." : "an answer is needed."
                );
        }
    }
}
