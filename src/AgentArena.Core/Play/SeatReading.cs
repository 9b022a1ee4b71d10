// From what a policy said to its seat's answer: the one reading that a run, an evaluation and an audit share.
using AgentArena.Core.Games;
using AgentArena.Core.Roles;

namespace AgentArena.Core.Play;

/// <summary>How a seat's words become its answer.</summary>
public static class SeatReading
{
    /// <summary>Reads what was said to a turn: the move its role finds in it, or why it holds none.</summary>
    public static SeatAnswer Read(this Role role, Game game, Turn turn, Utterance said)
    {
        var reading = role.Read(game, turn, said.Text, said.Truncated);
        return new SeatAnswer(reading.Move?.Text, reading.Fault) { Said = said };
    }
}
