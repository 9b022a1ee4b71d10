// One seat's steps through one game, as the trainer needs them.
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AgentArena.Core.Models;
using AgentArena.Core.Play;

namespace AgentArena.Core.Learning;

/// <summary>
/// A score of characters [<paramref name="Start"/>, <paramref name="End"/>) of a seat's reply number
/// <paramref name="Step"/> (as <see cref="Trajectory.Steps"/> counts them).
/// </summary>
public readonly record struct Credit(int Step, int Start, int End, double Score);

/// <summary>One reply of a seat; refused replies are steps too.</summary>
public sealed record TrajectoryStep(int Turn, Utterance Said, bool Refused);

/// <summary>One seat's replies in one game, with what they earned.</summary>
public sealed record Trajectory
{
    /// <summary>The game's number in its run.</summary>
    public required long GameNumber { get; init; }

    /// <summary>The game's catalogued name: baselines and groups never mix games.</summary>
    public required string Game { get; init; }

    /// <summary>The seat.</summary>
    public required int Seat { get; init; }

    /// <summary>Its role: groups never mix roles.</summary>
    public required string Role { get; init; }

    /// <summary>The comparison group: trajectories of one group, game and role answered the same task.</summary>
    public long Group { get; init; }

    /// <summary>Equal for trajectories that are compared with each other.</summary>
    public (long Group, string Game, string Role) Compared => (Group, Game, Role);

    /// <summary>Its replies in order.</summary>
    public required ImmutableArray<TrajectoryStep> Steps { get; init; }

    /// <summary>Reward at the end of the game.</summary>
    public required double Reward { get; init; }

    /// <summary>
    /// Scores of parts of its replies, where a reward is dense; the k-th of one seat is comparable with the k-th of
    /// another of its group.
    /// </summary>
    public ImmutableArray<Credit> Credits { get; init; } = [];

    /// <summary>How the game ended.</summary>
    public required OutcomeKind Outcome { get; init; }

    /// <summary>
    /// The trajectories of the seats that <paramref name="policy"/> filled in a scored episode, rewards not yet given.
    /// </summary>
    public static IEnumerable<Trajectory> Of(Episode episode, string policy)
    {
        if (episode.Outcome is not { IsScored: true } outcome)
            yield break;
        var seats = episode.Started.Seats;
        for (var seat = 0; seat < seats.Length; seat++)
        {
            if (seats[seat] != policy)
                continue;
            var steps = ImmutableArray.CreateBuilder<TrajectoryStep>(4);
            foreach (var e in episode.Events)
            {
                if (e is MoveMade { Said: { } said } made && made.Seat == seat)
                    steps.Add(new(made.Turn, said, false));
                else if (e is MoveRefused { Said: { } bad } refused && refused.Seat == seat)
                    steps.Add(new(refused.Turn, bad, true));
            }
            yield return new Trajectory
            {
                GameNumber = episode.Number,
                Game = episode.Started.Game,
                Seat = seat,
                Role = episode.Game.Facts.Roles[seat],
                Group = episode.Started.Setup.Group ?? episode.Number,
                Steps = steps.ToImmutable(),
                Reward = 0,
                Outcome = outcome.Kind,
            };
        }
    }

    /// <summary>One reply as the trainer takes it.</summary>
    /// <param name="step">Which reply.</param>
    /// <param name="weights">Weight of each of its tokens.</param>
    /// <param name="targets">What the value head should say at each; null where no value is learned.</param>
    /// <param name="index">The trajectory's index in its batch.</param>
    /// <param name="group">Its group's.</param>
    public TrainingRow RowOf(int step, float[] weights, float[]? targets, int index, int group)
    {
        var said = Steps[step].Said;
        return new TrainingRow
        {
            Prompt = said.Prompt,
            Tokens = said.Tokens,
            LogProbs = said.LogProbs,
            Allowed = said.Allowed,
            Temperature = said.Temperature,
            Version = said.Version,
            Truncated = said.Truncated,
            Weights = ImmutableCollectionsMarshal.AsImmutableArray(weights),
            Targets = targets is null ? default : ImmutableCollectionsMarshal.AsImmutableArray(targets),
            Trajectory = index,
            Group = group,
        };
    }

    /// <summary>The tokens [From, To) of a credit's reply that begin within its characters.</summary>
    public (int From, int To) TokensOf(Credit credit)
    {
        var said = Steps[credit.Step].Said;
        if (said.Ends.IsDefaultOrEmpty)
            return credit.Start <= 0 && credit.End > 0 ? (0, said.Tokens.Length) : (0, 0);
        var from = 0;
        while (from < said.Ends.Length && Begin(from) < credit.Start)
            from++;
        var to = from;
        while (to < said.Ends.Length && Begin(to) < credit.End)
            to++;
        return (from, to);

        int Begin(int token) => token == 0 ? 0 : said.Ends[token - 1];
    }
}
