// One table after another: who sits where and what is played changes as the run goes on. Knows counts and measures, no
// game.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;

namespace AgentArena.Learning;

/// <summary>
/// Stages in order. Each may seat other policies and deal other shares than the scenario does. A stage ends after so
/// many games of its own, or when a running mean of a measure has reached a bound; the last one does not end.
/// </summary>
public sealed class Stages : Matchmaker
{
    /// <summary>Options of <see cref="Stages"/>.</summary>
    public sealed record Options
    {
        /// <summary>The stages.</summary>
        public required ImmutableArray<Stage> Stages { get; init; }
    }

    /// <summary>One stage.</summary>
    public sealed record Stage
    {
        /// <summary>Games after which it ends; 0 leaves the end to <see cref="Until"/>, or to the run.</summary>
        public long Games { get; init; }

        /// <summary>Role or seat to policy, where it differs from the scenario's seats.</summary>
        public ImmutableSortedDictionary<string, string> Seats { get; init; } =
            ImmutableSortedDictionary<string, string>.Empty;

        /// <summary>Shares of the games played in it; the scenario's where empty.</summary>
        public ImmutableSortedDictionary<string, double> Shares { get; init; } =
            ImmutableSortedDictionary<string, double>.Empty;

        /// <summary>Plays learners against earlier versions of each other.</summary>
        public Lag? Lagged { get; init; }

        /// <summary>Ends the stage early.</summary>
        public Bound? Until { get; init; }
    }

    /// <summary>A bound on the exponential mean of a measure over the stage's finished games.</summary>
    public sealed record Bound
    {
        /// <summary>The measure's name.</summary>
        public required string Measure { get; init; }

        /// <summary>Reached when the mean is at least this.</summary>
        public required double AtLeast { get; init; }

        /// <summary>Weight of the past at each game that has the measure.</summary>
        public double Keep { get; init; } = 0.99;

        /// <summary>Games that must have it first.</summary>
        public int After { get; init; } = 200;
    }

    private readonly ImmutableArray<Stage> _stages;
    private int _stage;
    private long _first; // number of the stage's first game
    private double _mean;
    private int _seen;

    /// <summary>At the first stage.</summary>
    /// <exception cref="ArgumentException">A stage before the last has no end.</exception>
    public Stages(Options options)
    {
        _stages = options.Stages;
        if (_stages.IsEmpty)
            throw new ArgumentException("stages is empty; it should hold at least one stage.");
        for (var i = 0; i < _stages.Length; i++)
        {
            if (_stages[i].Games < 0)
                throw new ArgumentException($"stages[{i}].games is {_stages[i].Games}; it should be 0 or more.");
            if (i < _stages.Length - 1 && _stages[i] is { Games: 0, Until: null })
                throw new ArgumentException(
                    $"stages[{i}] has neither games nor until, so the stages after it would never come. Give it one of them."
                );
        }
        LooksAhead = _stages.All(s => s.Until is null);
    }

    /// <inheritdoc/>
    public override bool LooksAhead { get; }

    /// <inheritdoc/>
    public override Assignment Next(MatchContext table, long number, ref RandomStream stream)
    {
        Advance(number);
        var stage = _stages[_stage];
        var game = Draw(stage.Shares.IsEmpty ? table.Shares : stage.Shares, ref stream);
        var (setup, seats) = (new GameSetup(stream.NextUInt64()), Seat(table, game, stage.Seats));
        return new Assignment(
            number,
            game,
            setup,
            stage.Lagged?.Seat(table.Scenario, number, seats, ref stream) ?? seats
        );
    }

    /// <inheritdoc/>
    public override void Observe(Assignment assignment, LedgerEntry entry)
    {
        Advance(assignment.Number); // after a crash outcomes are told again before any game is asked for
        if (
            _stages[_stage].Until is not { } bound
            || assignment.Number < _first
            || !entry.Measures.TryGetValue(bound.Measure, out var value)
        )
            return;
        _mean = _seen++ == 0 ? value : bound.Keep * _mean + (1 - bound.Keep) * value;
        if (Reached && _stage < _stages.Length - 1)
            Enter(_stage + 1, assignment.Number + 1);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Seats(Scenario scenario) => _stages.SelectMany(s => s.Seats.Values);

    /// <inheritdoc/>
    public override void Check(MatchContext table, string path, Mistakes mistakes)
    {
        for (var i = 0; i < _stages.Length; i++)
        {
            foreach (var (seat, policy) in _stages[i].Seats)
            {
                var known = table
                    .Games.Values.SelectMany(g => g.Facts.Roles.Select((r, s) => $"{r}-{s}").Concat(g.Facts.Roles))
                    .Distinct()
                    .ToArray();
                if (!known.Contains(seat))
                    mistakes.Add($"{path}.stages[{i}].seats.{seat}", DidYouMean.Unknown("seat", seat, known));
                if (!table.Scenario.Policies.ContainsKey(policy))
                    mistakes.Add(
                        $"{path}.stages[{i}].seats.{seat}",
                        DidYouMean.Unknown("policy", policy, table.Scenario.Policies.Keys)
                    );
            }
            if (_stages[i].Until is { } until)
                MeasureNames.Check(until.Measure, table.Games.Values, $"{path}.stages[{i}].until.measure", mistakes);
            _stages[i].Lagged?.Check(table.Scenario, $"{path}.stages[{i}].lagged", mistakes);
            foreach (var (game, share) in _stages[i].Shares)
            {
                if (!table.Games.ContainsKey(game))
                    mistakes.Add(
                        $"{path}.stages[{i}].shares.{game}",
                        DidYouMean.Unknown("game", game, table.Games.Keys)
                    );
                if (!(share > 0))
                    mistakes.Add(
                        $"{path}.stages[{i}].shares.{game}",
                        $"is {share}; it should be above 0. Leave a game out that is not to be played."
                    );
            }
        }
    }

    private bool Reached => _stages[_stage].Until is { } bound && _seen >= bound.After && _mean >= bound.AtLeast;

    private void Advance(long number)
    {
        while (_stage < _stages.Length - 1 && _stages[_stage].Games is > 0 and var games && number >= _first + games)
            Enter(_stage + 1, _first + games);
    }

    private void Enter(int stage, long number) => (_stage, _first, _mean, _seen) = (stage, number, 0, 0);
}
