// What the seats of an episode answered, as rewards read it. Knows events, never what an answer means.
using System.Collections.Immutable;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;

namespace AgentArena.Learning.Rewards;

/// <summary>One answer of a seat, refused ones included.</summary>
/// <param name="Step">
/// Its place among the seat's replies as <see cref="Trajectory.Steps"/> counts them; -1 where no model said
/// it.
/// </param>
/// <param name="Turn">The turn it answers.</param>
/// <param name="Move">The parsed move; null where it was refused.</param>
/// <param name="Said">What the policy said; null for bots and people.</param>
public sealed record Reply(int Step, int Turn, string? Move, Utterance? Said)
{
    /// <summary>What was said, or else the move.</summary>
    public string Text => Said?.Text ?? Move ?? "";

    /// <summary>All answers of a seat, in order.</summary>
    public static ImmutableArray<Reply> Of(Episode episode, int seat)
    {
        var all = ImmutableArray.CreateBuilder<Reply>();
        var step = 0;
        foreach (var e in episode.Events)
            if (e is MoveMade made && made.Seat == seat)
                all.Add(new Reply(made.Said is null ? -1 : step++, made.Turn, made.Move, made.Said));
            else if (e is MoveRefused refused && refused.Seat == seat)
                all.Add(new Reply(refused.Said is null ? -1 : step++, refused.Turn, null, refused.Said));
        return all.ToImmutable();
    }

    /// <summary>The moves a seat made, in order.</summary>
    public static IEnumerable<Reply> Moves(Episode episode, int seat) =>
        Of(episode, seat).Where(r => r.Move is not null);
}

/// <summary>Seats by role.</summary>
public static class SeatsOf
{
    /// <summary>The seats of a role, ascending; those of every role where it is empty.</summary>
    public static int[] Role(Episode episode, string role)
    {
        var roles = episode.Game.Facts.Roles;
        return [.. Enumerable.Range(0, roles.Length).Where(seat => role.Length == 0 || roles[seat] == role)];
    }

    /// <summary>One score a seat, all of them saying nothing yet.</summary>
    public static double[] Silent(Episode episode)
    {
        var scores = new double[episode.Game.Facts.Seats];
        scores.AsSpan().Fill(double.NaN);
        return scores;
    }
}
