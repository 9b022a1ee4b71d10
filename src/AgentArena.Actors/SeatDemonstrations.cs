// What somebody else's seat has to teach: its moves in one game, in the words the learner's role would use. Knows no
// token.
using System.Collections.Immutable;
using AgentArena.Core.Binding;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Scenarios;

namespace AgentArena.Actors;

/// <summary>One seat's moves in one game as demonstrations.</summary>
/// <param name="Role">How the seat speaks.</param>
/// <param name="Steps">The turns it answered with a move, in order.</param>
/// <param name="Weight">Weight of each demonstrated token.</param>
internal sealed record SeatDemonstrations(Role Role, ImmutableArray<EpisodeStep> Steps, float Weight)
{
    /// <summary>
    /// The lessons of a game: the seats that <paramref name="imitation"/> names and that earned enough.
    /// </summary>
    /// <param name="ground">The scenario, bound.</param>
    /// <param name="episode">A scored game.</param>
    /// <param name="imitation">Whom to imitate.</param>
    /// <param name="rewards">The game's rewards by seat where they are known already.</param>
    public static IEnumerable<SeatDemonstrations> Of(
        BoundScenario ground,
        Episode episode,
        ImitationSpec imitation,
        double[]? rewards
    )
    {
        for (var seat = 0; seat < episode.Started.Seats.Length; seat++)
        {
            if (!imitation.From.Contains(episode.Started.Seats[seat]))
                continue;
            if (imitation.MinReward is { } least && !((rewards ??= ground.Score(episode))[seat] >= least))
                continue;
            ImmutableArray<EpisodeStep> steps =
            [
                .. episode.Steps.Where(s => s.Event is MoveMade made && made.Seat == seat),
            ];
            if (!steps.IsEmpty)
                yield return new SeatDemonstrations(
                    ground.Roles[episode.Game.Facts.Roles[seat]],
                    steps,
                    (float)imitation.Weight
                );
        }
    }

    /// <summary>The demonstrations, marked as trajectory number <paramref name="trajectory"/> of the batch.</summary>
    public IEnumerable<Demonstration> Demonstrations(int trajectory)
    {
        var before = ImmutableArray<Message>.Empty;
        for (var i = 0; i < Steps.Length; i++)
        {
            var turn = Steps[i].Turn;
            var messages = before.AddRange(Role.Render(turn, first: i == 0));
            var text = Role.Print(turn, new Move(((MoveMade)Steps[i].Event).Move));
            var legal =
                Role.Constrained && turn.HasLegal
                    ? turn.Legal.Select(m => Role.Print(turn, new Move(m))).ToImmutableArray()
                    : default;
            yield return new Demonstration(messages, legal, text, Weight, trajectory);
            if (Role.Remembers)
                before = messages.Add(new Message(Speaker.Assistant, text));
        }
    }
}
