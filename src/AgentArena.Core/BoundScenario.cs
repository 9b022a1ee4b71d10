// What a node knows of a scenario once bound: rules, roles, bots, rewards. Immutable; built anew on each node from the
// scenario alone.
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AgentArena.Core.Bots;
using AgentArena.Core.Configuration;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Rewards;
using AgentArena.Core.Roles;
using AgentArena.Core.Searching;

namespace AgentArena.Core;

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

    /// <summary>Bots by policy name.</summary>
    public required ImmutableSortedDictionary<string, Bot> Bots { get; init; }

    /// <summary>Ways of speaking of remote models that have their own, by policy name.</summary>
    public required ImmutableSortedDictionary<string, Role> Voices { get; init; }

    /// <summary>Searchers by policy name.</summary>
    public required ImmutableSortedDictionary<string, Searcher> Searchers { get; init; }

    /// <summary>Reward terms in order.</summary>
    public required ImmutableArray<(Reward Reward, RewardTerm Term)> Rewards { get; init; }

    /// <summary>Policies that learn, in name order.</summary>
    public ImmutableArray<string> Learners => [.. Scenario.Policies.Where(p => p.Value.Train).Select(p => p.Key)];

    /// <summary>Policies with weights, in name order.</summary>
    public ImmutableArray<string> Modelled =>
        [.. Scenario.Policies.Where(p => p.Value.Model is not null).Select(p => p.Key)];

    /// <summary>
    /// How a policy speaks in a role: as the scenario says of the role, unless a remote model has a way of its own.
    /// </summary>
    public Role RoleOf(string policy, string role) => Voices.GetValueOrDefault(policy) ?? Roles[role];

    /// <summary>Whether a policy is a person.</summary>
    public bool IsPerson(string policy) => Scenario.Policies.GetValueOrDefault(policy)?.Person == true;

    /// <summary>A turn with listed moves as a question to weigh.</summary>
    public MoveQuestion QuestionOf(Turn turn)
    {
        var role = Roles[turn.Role];
        return new MoveQuestion(
            role.Render(turn, first: true),
            [.. turn.Legal.Select(m => role.Print(turn, new Move(m)))]
        );
    }

    /// <summary>
    /// What a model is asked at an open turn: the turn in its role's words, or why the last answer to it was refused.
    /// </summary>
    /// <param name="id">Names the answer.</param>
    /// <param name="open">The turn.</param>
    /// <param name="said">What the seat said last in this game; null where it has not spoken.</param>
    /// <param name="role">How the seat speaks.</param>
    /// <param name="policy">How its tokens are drawn.</param>
    /// <param name="seed">Seed of the reply's stream.</param>
    public SequenceRequest Ask(long id, OpenTurn open, Utterance? said, Role role, PolicySpec policy, ulong seed)
    {
        var spoken = said is { Tokens.IsEmpty: false } ? said : null;
        // A remote model keeps no conversation: each request tells it all, so that any one of them can be sent again.
        ImmutableArray<Message> messages =
            open.Refusal is not { } refusal ? role.Render(open.Turn, first: spoken is null)
            : policy.Remote is null ? role.RenderRefusal(open.Turn, refusal)
            :
            [
                .. role.Render(open.Turn, first: true),
                new Message(Speaker.Assistant, said?.Text ?? ""),
                new Message(Speaker.User, refusal),
            ];
        return RequestFor(
            id,
            open.Turn,
            role,
            policy,
            role.Remembers && spoken is not null ? [.. spoken.Prompt, .. spoken.Tokens] : [],
            messages,
            seed
        );
    }

    /// <summary>A request in words that are given.</summary>
    /// <param name="id">Names the answer.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="role">How the seat speaks.</param>
    /// <param name="policy">How its tokens are drawn.</param>
    /// <param name="prefix">Ids of the conversation so far.</param>
    /// <param name="messages">What is said after them.</param>
    /// <param name="seed">Seed of the reply's stream.</param>
    private SequenceRequest RequestFor(
        long id,
        Turn turn,
        Role role,
        PolicySpec policy,
        ImmutableArray<int> prefix,
        ImmutableArray<Message> messages,
        ulong seed
    )
    {
        var most = Scenario.Run.TokensPerTurn;
        return new SequenceRequest
        {
            Id = id,
            Prefix = prefix,
            Messages = messages,
            Seed = seed,
            Legal = role.Constrained && turn.HasLegal ? Prints(turn.Legal) : default,
            Examples = Prints(turn.HasLegal ? turn.Legal : turn.Suggestions),
            Sampling =
                policy is { Temperature: 1, TopK: 0, TopP: 1 } && role.Stop.IsDefaultOrEmpty
                    ? Plain
                    : new Sampling
                    {
                        Temperature = (float)policy.Temperature,
                        TopK = policy.TopK,
                        TopP = (float)policy.TopP,
                        Stop = role.Stop,
                    },
            Budget = turn.TokenBudget > 0 ? Math.Min(turn.TokenBudget, most) : most,
        };

        ImmutableArray<string> Prints(ImmutableArray<string> moves)
        {
            var texts = new string[moves.Length];
            for (var i = 0; i < texts.Length; i++)
                texts[i] = role.Print(turn, new Move(moves[i]));
            return ImmutableCollectionsMarshal.AsImmutableArray(texts);
        }
    }

    private static readonly Sampling Plain = new();

    /// <summary>
    /// Builds everything; every mistake found is added to <paramref name="mistakes"/> and null is returned.
    /// </summary>
    public static BoundScenario? Bind(Scenario scenario, Catalog catalog, Mistakes mistakes) =>
        new ScenarioBinder(scenario, catalog, mistakes).Bind();

    /// <summary>
    /// The scenario with one of its evaluations as its only game, under the evaluation's name; nobody learns in it.
    /// </summary>
    public BoundScenario? Evaluation(string name, Mistakes mistakes) =>
        ScenarioBinder.Evaluation(Scenario, Catalog, name, mistakes);

    /// <summary>Whether any reward wants something measured with the learner's weights.</summary>
    public bool Measures => Rewards.Any(r => r.Reward.Measures);

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
