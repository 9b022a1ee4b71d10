// Every seat drawn anew in each game among the policies of its role: agents that take each other's places (CoMAS).
// Knows no game.
using AgentArena.Core;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;

namespace AgentArena.Learning;

/// <summary>
/// Each seat of a role goes, in each game, to one of the different policies that the scenario's <c>seats</c> name for
/// seats of that role, all alike and with replacement: an action is given to a uniformly drawn agent (CoMAS, arXiv
/// 2510.08529).
/// </summary>
public sealed class DrawnSeats : Matchmaker
{
    /// <inheritdoc/>
    public override bool LooksAhead => true;

    /// <inheritdoc/>
    public override Assignment Next(MatchContext table, long number, ref RandomStream stream)
    {
        var game = Draw(table.Shares, ref stream);
        var setup = new GameSetup(stream.NextUInt64());
        var (roles, named) = (table.Games[game].Facts.Roles, Seat(table, game));
        var seats = named.ToBuilder();
        for (var seat = 0; seat < roles.Length; seat++)
        {
            var role = roles[seat];
            string[] agents =
            [
                .. named.Where((_, other) => roles[other] == role).Distinct().Order(StringComparer.Ordinal),
            ];
            seats[seat] = agents[stream.Next(agents.Length)];
        }
        return new Assignment(number, game, setup, seats.ToImmutable());
    }

    /// <inheritdoc/>
    public override void Check(MatchContext table, string path, Mistakes mistakes)
    {
        if (
            table.Games.All(g =>
                g.Value.Facts.Roles.Zip(Seat(table, g.Key)).Distinct().GroupBy(p => p.First).All(r => r.Count() == 1)
            )
        )
            mistakes.Add(
                path,
                "draws seats, but every role has one policy. Name several for a role (solver-0 = ann, solver-1 = ben, …), or use self-play."
            );
    }
}
