// What a game declares about itself, as data: generic code reads this instead of asking which game it is.
using System.Collections.Immutable;

namespace AgentArena.Core.Play;

/// <summary>Facts about a game under its options.</summary>
public sealed record GameFacts
{
    /// <summary>The catalogued name, kebab-case.</summary>
    public required string Name { get; init; }

    /// <summary>One line for people.</summary>
    public required string Summary { get; init; }

    /// <summary>The role each seat plays, by seat index; its length is the number of seats.</summary>
    public required ImmutableArray<string> Roles { get; init; }

    /// <summary>Whether the payoffs of every finished game sum to zero.</summary>
    public required bool ZeroSum { get; init; }

    /// <summary>The most player moves (not counting chance) a game can hold.</summary>
    public required int LongestGame { get; init; }

    /// <summary>
    /// The measures its outcomes may have, as rewards and matchmakers name them: without the seat that may follow after
    /// a slash; <c>right-*</c> stands for all that begin so.
    /// </summary>
    public ImmutableArray<string> Measures { get; init; } = [];

    /// <summary>Whether its outcomes may have such a measure, with or without a seat.</summary>
    public bool Declares(string measure)
    {
        var name = measure.Split('/')[0];
        return Measures.Any(m =>
            m.EndsWith('*') ? name.StartsWith(m[..^1], StringComparison.Ordinal) && name.Length >= m.Length : m == name
        );
    }

    /// <summary>The largest absolute payoff of a finished game, in the game's own unit.</summary>
    public double LargestStake { get; init; } = 1;

    /// <summary>Payoff of a seat that forfeits, and of each other seat.</summary>
    public (double Offender, double Others) Forfeit { get; init; } = (-1, 1);

    /// <summary>Whether the whole tree is small enough to be walked, so that best responses are exact.</summary>
    public bool Enumerable { get; init; }

    /// <summary>
    /// Whether every seat always knows the whole state, so that <see cref="Game.Restore"/> can rebuild it from a turn.
    /// </summary>
    public bool PerfectInformation { get; init; }

    /// <summary>Number of seats.</summary>
    public int Seats => Roles.Length;
}
