// What a node knows of a scenario once bound: rules, roles, bots, rewards. Immutable; built anew on each node from the
// scenario alone.
using System.Collections.Immutable;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Scenarios;

namespace AgentArena.Core.Binding;

/// <summary>A scenario with its plug-ins built. Actors receive it where they are made, never in a message.</summary>
public sealed class BoundScenario
{
    internal BoundScenario(Scenario scenario, Catalog catalog) => (Scenario, Catalog) = (scenario, catalog);

    /// <summary>The scenario.</summary>
    public Scenario Scenario { get; }

    /// <summary>Where its plug-ins come from.</summary>
    public Catalog Catalog { get; }

    /// <summary>Rules by key.</summary>
    public required ImmutableSortedDictionary<string, Game> Games { get; init; }

    /// <summary>Ways of speaking by role.</summary>
    public required ImmutableSortedDictionary<string, Role> Roles { get; init; }

    /// <summary>Who fills a seat, by policy name.</summary>
    public required ImmutableSortedDictionary<string, Player> Players { get; init; }

    /// <summary>Reward terms in order.</summary>
    public required ImmutableArray<(Reward Reward, RewardTerm Term)> Rewards { get; init; }

    /// <summary>Policies that learn, in name order.</summary>
    public ImmutableArray<string> Learners => [.. Scenario.Policies.Where(p => p.Value.Train).Select(p => p.Key)];

    /// <summary>Policies with weights, in name order.</summary>
    public ImmutableArray<string> Modelled =>
        [.. Scenario.Policies.Where(p => p.Value.Model is not null).Select(p => p.Key)];

    /// <summary>The player of a policy or of an earlier version of it.</summary>
    public Player PlayerOf(string policy) => Players[FrozenPolicy.PolicyOf(policy)];

    /// <summary>How a policy speaks in a role.</summary>
    public Role RoleOf(string policy, string role) => PlayerOf(policy).Speaks(Roles[role]);

    /// <summary>A turn with listed moves as a question to weigh.</summary>
    public MoveQuestion QuestionOf(Turn turn)
    {
        var role = Roles[turn.Role];
        return new MoveQuestion(
            role.Render(turn, first: true),
            [.. turn.Legal.Select(m => role.Print(turn, new Move(m)))]
        );
    }

    /// <summary>Hands an open question to the player at its seat.</summary>
    /// <param name="id">Names it; a multiple of <see cref="SeatTurn.Queries"/>.</param>
    /// <param name="player">Who sits there.</param>
    /// <param name="sampling">How its tokens are drawn.</param>
    /// <param name="game">The rules.</param>
    /// <param name="open">The turn.</param>
    /// <param name="said">What the seat said last in this game; null where it has not spoken.</param>
    /// <param name="seed">Seed of the answer's stream.</param>
    public Asking Ask(
        long id,
        Player player,
        Sampling sampling,
        Game game,
        OpenTurn open,
        Utterance? said,
        ulong seed
    ) =>
        player.Ask(
            new SeatTurn
            {
                Id = id,
                Game = game,
                Role = player.Speaks(Roles[open.Turn.Role]),
                Open = open,
                Said = said,
                Sampling = sampling,
                Seed = seed,
                MostTokens = Scenario.Run.TokensPerTurn,
            }
        );

    /// <summary>
    /// Builds everything; every mistake found is added to <paramref name="mistakes"/> and null is returned.
    /// </summary>
    public static BoundScenario? Bind(Scenario scenario, Catalog catalog, Mistakes mistakes) =>
        new ScenarioBinder(scenario, catalog, mistakes).Bind();

    /// <summary>Builds everything, throwing every mistake found.</summary>
    /// <exception cref="ScenarioException">There were mistakes.</exception>
    public static BoundScenario Bind(Scenario scenario, Catalog catalog)
    {
        var mistakes = new Mistakes();
        var bound = Bind(scenario, catalog, mistakes);
        mistakes.ThrowIfAny();
        return bound!;
    }

    /// <summary>
    /// The scenario with one of its evaluations as its only game, under the evaluation's name; nobody learns in it.
    /// </summary>
    public BoundScenario? Evaluation(string name, Mistakes mistakes) =>
        ScenarioBinder.Evaluation(Scenario, Catalog, name, mistakes);

    /// <summary>Whether any reward wants something measured with the learner's weights.</summary>
    public bool NeedsLogProbs => Rewards.Any(r => r.Reward.NeedsLogProbs);

    /// <summary>
    /// What a learner must measure of its own seats before <see cref="Score"/> can speak of the episode.
    /// </summary>
    public IEnumerable<Measurement> Wants(Episode episode, string policy) =>
        Rewards
            .SelectMany(r => r.Reward.Wants(episode).Where(w => Concerns(r.Term, episode, w.Seat)))
            .Where(w => episode.Started.Seats[w.Seat] == policy)
            .Distinct();

    /// <summary>The summed, role-filtered reward of each seat; NaN where no term says anything of it.</summary>
    public double[] Score(Episode episode)
    {
        var sum = new double[episode.Game.Facts.Seats];
        sum.AsSpan().Fill(double.NaN);
        foreach (var (reward, term) in Rewards)
        {
            var scores = reward.Score(episode);
            for (var seat = 0; seat < sum.Length; seat++)
                if (!double.IsNaN(scores[seat]) && Concerns(term, episode, seat))
                    sum[seat] = (double.IsNaN(sum[seat]) ? 0 : sum[seat]) + term.Weight * scores[seat];
        }
        return sum;
    }

    /// <summary>The scores of parts of a seat's replies, weighted, term after term.</summary>
    public ImmutableArray<Credit> Credits(Episode episode, int seat)
    {
        var all = ImmutableArray<Credit>.Empty;
        foreach (var (reward, term) in Rewards)
            if (Concerns(term, episode, seat) && reward.Credits(episode, seat) is { IsEmpty: false } credits)
                all = all.AddRange(
                    term.Weight == 1 ? credits : [.. credits.Select(c => c with { Score = term.Weight * c.Score })]
                );
        return all;
    }

    private static bool Concerns(RewardTerm term, Episode episode, int seat) =>
        (term.Roles.IsEmpty || term.Roles.Contains(episode.Game.Facts.Roles[seat]))
        && (term.Games.IsEmpty || term.Games.Contains(episode.Started.Game));
}
