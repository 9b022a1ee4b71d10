// Which arithmetic is played, as options that these games share. Knows ranges, no rules.
using AgentArena.Core;
using AgentArena.Core.Play;

namespace AgentArena.Games.Critics;

/// <summary>Which problems are dealt.</summary>
public record ChainOptions
{
    /// <summary>Steps of a solution, 1 to 4.</summary>
    public int Steps { get; init; } = 3;

    /// <summary>
    /// Solutions may be shorter, down to this many steps, each length alike; 0 keeps them all at <see cref="Steps"/>.
    /// </summary>
    public int LeastSteps { get; init; }

    /// <summary>Values lie in 0 to this.</summary>
    public int Largest { get; init; } = 29;

    /// <summary>Which problems.</summary>
    public Split Split { get; init; } = Split.Train;

    /// <summary>Throws where an option is out of its range.</summary>
    /// <exception cref="ArgumentException">Says which, and what would be right.</exception>
    internal void Check()
    {
        if (Steps is < 1 or > Chain.MostSteps)
            throw new ArgumentException($"steps is {Steps}; it should be 1 to {Chain.MostSteps}.");
        if (LeastSteps < 0 || LeastSteps > Steps)
            throw new ArgumentException(
                $"least-steps is {LeastSteps}; it should be 1 to steps ({Steps}), or 0 for no shorter ones."
            );
        if (Largest is < 29 or > 99)
            throw new ArgumentException($"largest is {Largest}; it should be 29 to 99.");
    }

    /// <summary>The problem of a game: its task, or else one drawn from its seed.</summary>
    internal Chain Deal(GameSetup setup, ref RandomStream stream)
    {
        var steps = LeastSteps == 0 ? Steps : LeastSteps + stream.Next(Steps - LeastSteps + 1);
        return setup.Task is { } task ? Chain.Read(task, Largest) : Chain.Draw(ref stream, steps, Largest, Split);
    }
}
