// How often a task is played: until its answers are worth learning from. Knows groups and signals, no game.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;

namespace AgentArena.Learning;

/// <summary>
/// Tasks are played in rounds of <c>samples</c> games with one setup and one comparison group. After a round (all its
/// games in the ledger) a group that is not done gets another, before any new task, up to <c>rounds</c> of them. A
/// sample is positive where its signal is above
/// <c>positive</c>. Balanced: done with at least keep/2 positive and keep − keep/2 others; focused: with one positive.
/// Reinforce-Ada's sampling (RLHFlow/Reinforce-Ada). A round that was dealt after an update is of newer weights than
/// the ones before it: with
/// <c>in-flight</c> well below <c>batch</c> most rounds follow within one update. Aborted games count as played and as
/// nothing else.
/// </summary>
public sealed class AdaptiveRollouts : Matchmaker
{
    /// <summary>When a group is done.</summary>
    public enum Goal
    {
        /// <summary>Enough of both.</summary>
        Balanced,

        /// <summary>One success.</summary>
        Focused,
    }

    /// <summary>Options of <see cref="AdaptiveRollouts"/>.</summary>
    public sealed record Options
    {
        /// <summary>How well a sample went.</summary>
        public Signal Signal { get; init; } = new();

        /// <summary>Games in a round (M).</summary>
        public int Samples { get; init; } = 4;

        /// <summary>The most rounds of one task (R).</summary>
        public int Rounds { get; init; } = 4;

        /// <summary>How many samples a group should be able to give to an update (K).</summary>
        public int Keep { get; init; } = 4;

        /// <summary>When a group is done.</summary>
        public Goal Goal { get; init; } = Goal.Balanced;

        /// <summary>Signals above this are positive.</summary>
        public double Positive { get; init; } = 0.7;
    }

    private sealed class Group(Assignment first)
    {
        public readonly Assignment First = first;
        public int Dealt,
            Ended,
            Positive,
            Others;
    }

    private readonly Options _options;
    private readonly Dictionary<long, Group> _groups = []; // not done
    private readonly SortedSet<long> _due = []; // those with games still to be dealt, oldest first

    /// <exception cref="ArgumentException">A count is not positive.</exception>
    public AdaptiveRollouts(Options options)
    {
        if (options.Samples < 1 || options.Rounds < 1 || options.Keep < 1)
            throw new ArgumentException("samples, rounds and keep should be 1 or more.");
        _options = options;
    }

    /// <inheritdoc/>
    public override void Check(MatchContext table, string path, Mistakes mistakes) =>
        _options.Signal.Check(table, $"{path}.signal", mistakes);

    /// <inheritdoc/>
    public override Assignment Next(MatchContext table, long number, ref RandomStream stream)
    {
        Assignment next;
        if (_due.Count > 0)
            next = _groups[_due.Min].First with { Number = number };
        else
        {
            var game = Draw(table.Shares, ref stream);
            next = new Assignment(
                number,
                game,
                new GameSetup(stream.NextUInt64()) { Group = number },
                Seat(table, game)
            );
        }
        Recall(next);
        return next;
    }

    /// <inheritdoc/>
    public override void Recall(Assignment assignment)
    {
        if (assignment.Setup.Group is not { } number)
            return;
        if (!_groups.TryGetValue(number, out var group))
            _groups.Add(number, group = new Group(assignment));
        group.Dealt++;
        Owe(number, group);
    }

    /// <inheritdoc/>
    public override void Observe(Assignment assignment, LedgerEntry entry)
    {
        if (assignment.Setup.Group is not { } number || !_groups.TryGetValue(number, out var group))
            return;
        group.Ended++;
        foreach (var value in _options.Signal.Values(entry))
            if (value > _options.Positive)
                group.Positive++;
            else
                group.Others++;
        if (group.Ended % _options.Samples == 0 && (Done(group) || group.Ended >= _options.Samples * _options.Rounds))
            _groups.Remove(number);
        else
            Owe(number, group);
    }

    private bool Done(Group group) =>
        _options.Goal == Goal.Focused
            ? group.Positive > 0
            : group.Positive >= _options.Keep / 2 && group.Others >= _options.Keep - _options.Keep / 2;

    // A round is dealt out whole; the next is owed once all of it has ended. A function of the counts alone, whatever
    // came first.
    private void Owe(long number, Group group)
    {
        if (group.Dealt < _options.Samples * (group.Ended / _options.Samples + 1))
            _due.Add(number);
        else
            _due.Remove(number);
    }
}
