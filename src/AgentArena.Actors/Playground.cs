// What a node knows of a scenario once bound: rules, roles, bots, rewards. Immutable; built anew on each node from the
// scenario alone.
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AgentArena.Actors.Data;
using AgentArena.Actors.Tools;
using AgentArena.Core;
using AgentArena.Core.Bots;
using AgentArena.Core.Configuration;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Rewards;
using AgentArena.Core.Roles;
using AgentArena.Core.Searching;

namespace AgentArena.Actors;

/// <summary>A scenario with its plug-ins built. Actors receive it where they are made, never in a message.</summary>
public sealed class Playground
{
    // Rules may read files of data when they are built.
    static Playground() => DataReader.HandOver();

    private Playground(Scenario scenario) => Scenario = scenario;

    /// <summary>The scenario.</summary>
    public Scenario Scenario { get; }

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
    public static Playground? Build(Scenario scenario, Mistakes mistakes)
    {
        var before = mistakes.Count;
        var games = ImmutableSortedDictionary.CreateBuilder<string, Game>();
        if (scenario.AllGames.IsEmpty)
            mistakes.Add("scenario.game", $"is missing. Give it a game: {string.Join(", ", Catalog.Games.Names)}.");
        foreach (var (key, share) in scenario.AllGames)
        {
            var path = scenario.Game?.Name == key ? "scenario.game" : $"scenario.games.{key}.rules";
            if (Catalog.Games.Create(share.Rules, path, mistakes) is { } game)
                games.Add(key, game);
            if (!(share.Share > 0))
                mistakes.Add($"scenario.games.{key}.share", $"is {share.Share}; it should be above 0.");
        }

        var bots = ImmutableSortedDictionary.CreateBuilder<string, Bot>();
        var voices = ImmutableSortedDictionary.CreateBuilder<string, Role>();
        var searchers = ImmutableSortedDictionary.CreateBuilder<string, Searcher>();
        foreach (var (name, policy) in scenario.Policies)
        {
            var path = $"scenario.policies.{name}";
            string[] kinds =
            [
                .. new[]
                {
                    (policy.Model is not null, "model"),
                    (policy.Of is not null, "of"),
                    (policy.Bot is not null, "bot"),
                    (policy.Tool is not null, "tool"),
                    (policy.Remote is not null, "remote"),
                    (policy.Person, "person"),
                }
                    .Where(k => k.Item1)
                    .Select(k => k.Item2),
            ];
            if (kinds.Length > 1)
                mistakes.Add(path, $"has {string.Join(" and ", kinds)}. Keep one of them.");
            if (kinds.Length == 0)
                mistakes.Add(path, "has neither model, of, bot, tool, remote nor person. Give it one of them.");
            if (policy.Of is { } of && scenario.Policies.GetValueOrDefault(of)?.Model is null)
                mistakes.Add(
                    $"{path}.of",
                    scenario.Policies.ContainsKey(of)
                        ? $"{of} has no weights of its own to share. Name a policy that has a model."
                        : Nearest.Unknown(
                            "policy",
                            of,
                            scenario.Policies.Where(p => p.Value.Model is not null).Select(p => p.Key)
                        )
                );
            policy.Remote?.Check(policy, $"{path}.remote", mistakes);
            if (
                policy.Remote?.Role is { } voice
                && Catalog.Roles.Create(voice, $"{path}.remote.role", mistakes) is { } spoken
            )
                voices.Add(name, spoken);
            if (
                policy.Search is { } search
                && Catalog.Searchers.Create(search, $"{path}.search", mistakes) is { } searcher
            )
            {
                searchers.Add(name, searcher);
                if (policy.Model is null && policy.Of is null)
                    mistakes.Add(
                        $"{path}.search",
                        "needs weights to search with. Give the policy a model, or of = POLICY to search with another's."
                    );
                if (policy.Train)
                    mistakes.Add(
                        $"{path}.train",
                        "a policy that searches says no tokens to learn from. Train another policy that imitates it (learn.imitation.from), and let this one play with its weights (of)."
                    );
            }
            if (policy.Train && kinds.Length > 0 && policy.Model is null)
                mistakes.Add(
                    $"{path}.train",
                    $"a {kinds[0]} cannot learn. Give the policy a model, or turn train off."
                );
            if (policy.Bot is { } plugin && Catalog.Bots.Create(plugin, $"{path}.bot", mistakes) is { } bot)
                bots.Add(name, bot);
            if (policy.Tool is { } tool)
                ToolCatalog.Tools.Check(tool, $"{path}.tool", mistakes);
            if (policy.Model is null)
                continue;
            if (!scenario.Models.ContainsKey(policy.Model))
                mistakes.Add($"{path}.model", Nearest.Unknown("model", policy.Model, scenario.Models.Keys));
        }

        var roles = ImmutableSortedDictionary.CreateBuilder<string, Role>();
        foreach (var (key, game) in games)
            for (var seat = 0; seat < game.Facts.Seats; seat++)
            {
                var role = game.Facts.Roles[seat];
                if (
                    !roles.ContainsKey(role)
                    && Catalog.Roles.Create(
                        scenario.Roles.GetValueOrDefault(role)
                            ?? new Plugin(Catalog.Roles.Knows(role) ? role : "player"),
                        $"scenario.roles.{role}",
                        mistakes
                    )
                        is { } made
                )
                    roles.Add(role, made);
                var policy = scenario.PolicyAt(role, seat);
                if (policy is null)
                    mistakes.Add(
                        "scenario.seats",
                        $"nobody sits at seat {seat} ({role}) of {key}. Add '{role} = POLICY' or '{role}-{seat} = POLICY'."
                    );
                else if (searchers.TryGetValue(policy, out var searcher))
                {
                    if (searcher.Check(game) is { } misfit)
                        mistakes.Add($"scenario.policies.{policy}.search", misfit);
                    else if (roles.GetValueOrDefault(role)?.Remembers == true)
                        mistakes.Add(
                            $"scenario.policies.{policy}.search",
                            $"searches positions, but role {role} remembers earlier turns. Set remember = off for the role, or leave search out."
                        );
                }
                else if (!scenario.Policies.ContainsKey(policy))
                    mistakes.Add($"scenario.seats.{role}", Nearest.Unknown("policy", policy, scenario.Policies.Keys));
            }
        foreach (var role in scenario.Roles.Keys)
            if (games.Count > 0 && !games.Values.Any(g => g.Facts.Roles.Contains(role)))
                mistakes.Add(
                    $"scenario.roles.{role}",
                    Nearest.Unknown("role of these games", role, games.Values.SelectMany(g => g.Facts.Roles).Distinct())
                );
        foreach (var seat in scenario.Seats.Keys)
            if (
                games.Count > 0
                && !games.Values.Any(g =>
                    g.Facts.Roles.Select((r, i) => $"{r}-{i}").Concat(g.Facts.Roles).Contains(seat)
                )
            )
                mistakes.Add(
                    $"scenario.seats.{seat}",
                    Nearest.Unknown(
                        "seat",
                        seat,
                        games
                            .Values.SelectMany(g => g.Facts.Roles.Select((r, i) => $"{r}-{i}").Concat(g.Facts.Roles))
                            .Distinct()
                    )
                );

        var rewards = ImmutableArray.CreateBuilder<(Reward, RewardTerm)>();
        ImmutableArray<RewardTerm> terms = scenario.Rewards.IsEmpty
            ? [new RewardTerm { Reward = new Plugin("payoff") }]
            : scenario.Rewards;
        for (var i = 0; i < terms.Length; i++)
        {
            foreach (var key in terms[i].Games)
                if (!games.ContainsKey(key) && !scenario.AllGames.ContainsKey(key))
                    mistakes.Add($"scenario.rewards[{i}].games", Nearest.Unknown("game", key, scenario.AllGames.Keys));
            if (Catalog.Rewards.Create(terms[i].Reward, $"scenario.rewards[{i}].reward", mistakes) is { } reward)
                rewards.Add((reward, terms[i]));
        }

        var matchmaker = Catalog.Matchmakers.Create(scenario.Matchmaker, "scenario.matchmaker", mistakes);
        foreach (var policy in scenario.Policies.Where(p => p.Value.Train))
        {
            if (
                games.Count > 0
                && matchmaker?.Seats(scenario).Contains(policy.Key) != true
                && scenario.LearnOf(policy.Key).Imitation is null
                && !games.Values.Any(g =>
                    g.Facts.Roles.Where((role, seat) => scenario.PolicyAt(role, seat) == policy.Key).Any()
                )
            )
                mistakes.Add(
                    $"scenario.policies.{policy.Key}.train",
                    "is on, but the policy sits at no seat and imitates nobody, so it would never learn. Seat it in scenario.seats, turn train off, or remove it (= null)."
                );
            var (spec, path) = policy.Value.Learn is { } own
                ? (own, $"scenario.policies.{policy.Key}.learn")
                : (scenario.Learn, "scenario.learn");
            Catalog.Advantages.Create(spec.Advantage, $"{path}.advantage", mistakes);
            Positive(spec.Batch, $"{path}.batch", mistakes);
            Positive(spec.Updates, $"{path}.updates", mistakes);
            if (spec.Rehearsal is { } rehearsal)
            {
                if (!(rehearsal.Share > 0))
                    mistakes.Add(
                        $"{path}.rehearsal.share",
                        $"is {rehearsal.Share}; it should be above 0. Remove rehearsal (= null) to learn from new games alone."
                    );
                if (rehearsal.Power < 0)
                    mistakes.Add($"{path}.rehearsal.power", $"is {rehearsal.Power}; it should be 0 or more.");
                Positive(rehearsal.Within, $"{path}.rehearsal.within", mistakes);
            }
            foreach (var from in spec.Imitation?.From ?? [])
                if (!scenario.Policies.ContainsKey(from))
                    mistakes.Add($"{path}.imitation.from", Nearest.Unknown("policy", from, scenario.Policies.Keys));
            if (spec.MaxStaleness < 0)
                mistakes.Add($"{path}.max-staleness", $"is {spec.MaxStaleness}; it should be 0 or more.");
        }
        if (mistakes.Count == before)
            matchmaker!.Check(new Table(scenario, games.ToImmutable()), "scenario.matchmaker", mistakes);
        try
        {
            _ = new Health(scenario.Health);
        }
        catch (ArgumentException e)
        {
            mistakes.Add("scenario.health", e.Message);
        }
        scenario.Population?.Check(scenario, "scenario.population", mistakes);
        foreach (var evaluation in scenario.Evaluation.Keys)
            Evaluation(scenario, evaluation, mistakes);
        Positive(scenario.Run.InFlight, "scenario.run.in-flight", mistakes);
        Positive(scenario.Run.CheckpointEvery, "scenario.run.checkpoint-every", mistakes);
        Positive(scenario.Run.TokensPerTurn, "scenario.run.tokens-per-turn", mistakes);
        if (!scenario.Policies.Any(p => p.Value.Train) && scenario.Run.Games <= 0)
            mistakes.Add(
                "scenario.run.games",
                "nothing learns and no number of games is given, so the run would never end. Set train = on for a policy, or games."
            );

        return mistakes.Count > before
            ? null
            : new Playground(scenario)
            {
                Games = games.ToImmutable(),
                Roles = roles.ToImmutable(),
                Bots = bots.ToImmutable(),
                Searchers = searchers.ToImmutable(),
                Voices = voices.ToImmutable(),
                Rewards = rewards.ToImmutable(),
            };
    }

    /// <summary>
    /// The scenario with one of its evaluations as its only game, under the evaluation's name; nobody learns in it.
    /// </summary>
    public static Playground? Evaluation(Scenario scenario, string name, Mistakes mistakes)
    {
        var (spec, path) = (scenario.Evaluation[name], $"scenario.evaluation.{name}");
        var rules = spec.Rules ?? scenario.AllGames.Values.FirstOrDefault()?.Rules;
        if (rules is null || Catalog.Games.Create(rules, $"{path}.rules", mistakes) is not { } game)
            return null;
        Positive(spec.Games, $"{path}.games", mistakes);
        if (spec.Temperature < 0)
            mistakes.Add($"{path}.temperature", $"is {spec.Temperature}; it should be 0 or more.");
        // What the scenario says of other games' roles and seats is no mistake here.
        var roles = game.Facts.Roles.ToHashSet(StringComparer.Ordinal);
        var seats = game.Facts.Roles.Select((r, i) => $"{r}-{i}").Concat(roles).ToHashSet(StringComparer.Ordinal);
        return Build(
            scenario with
            {
                Game = null,
                Games = ImmutableSortedDictionary<string, GameShare>.Empty.Add(name, new GameShare { Rules = rules }),
                Matchmaker = new("self-play"),
                Evaluation = ImmutableSortedDictionary<string, EvaluationSpec>.Empty,
                Seats = spec.Seats.AddRange(
                    scenario.Seats.Where(s =>
                        seats.Contains(s.Key)
                        && !spec.Seats.ContainsKey(s.Key)
                        && !(Role(s.Key) is { } role && spec.Seats.ContainsKey(role))
                    )
                ),
                Roles = scenario.Roles.RemoveRange(scenario.Roles.Keys.Where(r => !roles.Contains(r))),
                Population = null,
                Policies = scenario.Policies.ToImmutableSortedDictionary(
                    p => p.Key,
                    p => p.Value with { Train = false, Learn = null }
                ),
                Rewards = scenario.Rewards.RemoveAll(r => !r.Games.IsEmpty),
                Run = scenario.Run with { Games = Math.Max(1, spec.Games) },
            },
            mistakes
        );

        static string? Role(string seat) =>
            seat.LastIndexOf('-') is > 0 and var at && int.TryParse(seat.AsSpan(at + 1), out _) ? seat[..at] : null;
    }

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

    private static void Positive(int value, string path, Mistakes mistakes)
    {
        if (value < 1)
            mistakes.Add(path, $"is {value}; it should be 1 or more.");
    }
}
