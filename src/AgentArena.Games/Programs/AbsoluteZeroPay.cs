// The rewards of Absolute Zero by the shares that are right. Knows no program and no seat.

namespace AgentArena.Games.Programs;

/// <summary>What the seats of <see cref="AbsoluteZero"/> are paid.</summary>
public static class AbsoluteZeroPay
{
    /// <summary>
    /// r = 1 − s where 0 &lt; s &lt; 1; −0.5 where nobody or everybody solved the valid task; −1 where it is not valid
    /// (<paramref name="solved"/> is null).
    /// </summary>
    public static double Proposer(double? solved) =>
        solved switch
        {
            null => -1,
            > 0 and < 1 => 1 - solved.Value,
            _ => -0.5,
        };

    /// <summary>
    /// The share that is right where any is, −0.5 where none is, −1 where the answer could not be judged
    /// (<paramref name="share"/> is null).
    /// </summary>
    public static double Solver(double? share) =>
        share switch
        {
            null => -1,
            > 0 => share.Value,
            _ => -0.5,
        };
}
