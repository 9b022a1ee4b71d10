// Builds every plug-in of a scenario and collects what is wrong with it, all at once. Starts nothing and opens no run.
using System.Collections.Immutable;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Scenarios;

namespace AgentArena.Core.Binding;

/// <summary>From a scenario to a <see cref="BoundScenario"/>.</summary>
internal sealed class ScenarioBinder(Scenario scenario, Catalog catalog, Mistakes mistakes)
{
    private readonly ImmutableSortedDictionary<string, Game>.Builder _games = Builder<Game>();
    private readonly ImmutableSortedDictionary<string, Role>.Builder _roles = Builder<Role>();
    private readonly ImmutableSortedDictionary<string, Player>.Builder _players = Builder<Player>();

    /// <summary>The bound scenario; null where there were mistakes.</summary>
    public BoundScenario? Bind()
    {
        var before = mistakes.Count;
        BindGames();
        foreach (var (name, policy) in scenario.Policies)
            BindPolicy(policy, name, $"scenario.policies.{name}");
        BindSeats();
        CheckNames();
        var rewards = BindRewards();
        var matchmaker = catalog.Matchmakers.Create(scenario.Matchmaker, "scenario.matchmaker", mistakes);
        foreach (var (name, policy) in scenario.Policies)
            if (policy.Train)
                CheckLearning(name, policy, matchmaker);
        if (mistakes.Count == before)
            matchmaker!.Check(new MatchContext(scenario, _games.ToImmutable()), "scenario.matchmaker", mistakes);
        CheckRun();
        return mistakes.Count > before
            ? null
            : new BoundScenario(scenario, catalog)
            {
                Games = _games.ToImmutable(),
                Roles = _roles.ToImmutable(),
                Players = _players.ToImmutable(),
                Rewards = rewards,
            };
    }

    /// <summary>
    /// The scenario with one of its evaluations as its only game, under the evaluation's name; nobody learns in it.
    /// </summary>
    public static BoundScenario? Evaluation(Scenario scenario, Catalog catalog, string name, Mistakes mistakes)
    {
        var (spec, path) = (scenario.Evaluation[name], $"scenario.evaluation.{name}");
        var rules = spec.Rules ?? scenario.AllGames.Values.FirstOrDefault()?.Rules;
        if (rules is null || catalog.Games.Create(rules, $"{path}.rules", mistakes) is not { } game)
            return null;
        Positive(spec.Games, $"{path}.games", mistakes);
        if (spec.Temperature < 0)
            mistakes.Add($"{path}.temperature", $"is {spec.Temperature}; it should be 0 or more.");
        // What the scenario says of other games' roles and seats is no mistake here.
        var roles = game.Facts.Roles.ToHashSet(StringComparer.Ordinal);
        var seats = game.Facts.Roles.Select((r, i) => $"{r}-{i}").Concat(roles).ToHashSet(StringComparer.Ordinal);
        var alone = scenario with
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
        };
        return new ScenarioBinder(alone, catalog, mistakes).Bind();

        static string? Role(string seat) =>
            seat.LastIndexOf('-') is > 0 and var at && int.TryParse(seat.AsSpan(at + 1), out _) ? seat[..at] : null;
    }

    private void BindGames()
    {
        if (scenario.AllGames.IsEmpty)
            mistakes.Add("scenario.game", $"is missing. Give it a game: {string.Join(", ", catalog.Games.Names)}.");
        foreach (var (key, share) in scenario.AllGames)
        {
            var path = scenario.Game?.Name == key ? "scenario.game" : $"scenario.games.{key}.rules";
            if (catalog.Games.Create(share.Rules, path, mistakes) is { } game)
                _games.Add(key, game);
            if (!(share.Share > 0))
                mistakes.Add($"scenario.games.{key}.share", $"is {share.Share}; it should be above 0.");
        }
    }

    private void BindPolicy(PolicySpec policy, string name, string path)
    {
        var player = catalog.Players.Create(policy.Player, $"{path}.player", mistakes);
        if (player is not null)
            _players.Add(name, player);
        CheckWeights(policy, path, player);
        player?.Check(policy.Sampling(), $"{path}.player", mistakes);
    }

    private void CheckWeights(PolicySpec policy, string path, Player? player)
    {
        var weights = policy.Model is not null || policy.Of is not null;
        if (player is { NeedsWeights: true } && !weights)
            mistakes.Add(
                path,
                $"has neither model nor of, and player {policy.Player.Name} plays with weights. Give it one of them, or a player without: {string.Join(", ", catalog.Players.Names)}."
            );
        if (player is { NeedsWeights: false } && weights)
            mistakes.Add(
                path,
                $"has weights ({(policy.Model is null ? "of" : "model")}), for which player {policy.Player.Name} has no use. Remove one of the two (= null)."
            );
        if (policy is { Model: not null, Of: not null })
            mistakes.Add(path, "has model and of. Keep one of them.");
        if (policy.Of is { } of && scenario.Policies.GetValueOrDefault(of)?.Model is null)
            mistakes.Add(
                $"{path}.of",
                scenario.Policies.ContainsKey(of)
                    ? $"{of} has no weights of its own to share. Name a policy that has a model."
                    : DidYouMean.Unknown(
                        "policy",
                        of,
                        scenario.Policies.Where(p => p.Value.Model is not null).Select(p => p.Key)
                    )
            );
        if (policy.Model is { } model && !scenario.Models.ContainsKey(model))
            mistakes.Add($"{path}.model", DidYouMean.Unknown("model", model, scenario.Models.Keys));
        if (policy.Train && player is { NeedsWeights: true, SaysTokens: false })
            mistakes.Add(
                $"{path}.train",
                $"player {policy.Player.Name} says no tokens to learn from. Train another policy that imitates it (learn.imitation.from), and let this one play with its weights (of)."
            );
        else if (policy is { Train: true, Model: null } && player is not null)
            mistakes.Add(
                $"{path}.train",
                $"a {(policy.Of is null ? policy.Player.Name : "policy with another's weights")} cannot learn. Give the policy a model, or turn train off."
            );
    }

    private void BindSeats()
    {
        foreach (var (key, game) in _games)
            for (var seat = 0; seat < game.Facts.Seats; seat++)
            {
                var role = game.Facts.Roles[seat];
                BindRole(role);
                if (scenario.PolicyAt(role, seat) is not { } policy)
                    mistakes.Add(
                        "scenario.seats",
                        $"nobody sits at seat {seat} ({role}) of {key}. Add '{role} = POLICY' or '{role}-{seat} = POLICY'."
                    );
                else if (!scenario.Policies.ContainsKey(policy))
                    mistakes.Add(
                        $"scenario.seats.{role}",
                        DidYouMean.Unknown("policy", policy, scenario.Policies.Keys)
                    );
                else if (
                    _roles.TryGetValue(role, out var speaks)
                    && _players.GetValueOrDefault(policy)?.Misfit(game, speaks) is { } misfit
                )
                    mistakes.Add($"scenario.policies.{policy}.player", misfit);
            }
    }

    private void BindRole(string role)
    {
        if (_roles.ContainsKey(role))
            return;
        var plugin = scenario.Roles.GetValueOrDefault(role) ?? new Plugin(catalog.Roles.Knows(role) ? role : "player");
        if (catalog.Roles.Create(plugin, $"scenario.roles.{role}", mistakes) is { } made)
            _roles.Add(role, made);
    }

    // Roles and seats that no game of the scenario has.
    private void CheckNames()
    {
        if (_games.Count == 0)
            return;
        string[] roles = [.. _games.Values.SelectMany(g => g.Facts.Roles).Distinct()];
        string[] seats =
        [
            .. _games
                .Values.SelectMany(g => g.Facts.Roles.Select((r, i) => $"{r}-{i}").Concat(g.Facts.Roles))
                .Distinct(),
        ];
        foreach (var role in scenario.Roles.Keys.Except(roles))
            mistakes.Add($"scenario.roles.{role}", DidYouMean.Unknown("role of these games", role, roles));
        foreach (var seat in scenario.Seats.Keys.Except(seats))
            mistakes.Add($"scenario.seats.{seat}", DidYouMean.Unknown("seat", seat, seats));
    }

    private ImmutableArray<(Reward, RewardTerm)> BindRewards()
    {
        var rewards = ImmutableArray.CreateBuilder<(Reward, RewardTerm)>();
        ImmutableArray<RewardTerm> terms = scenario.Rewards.IsEmpty
            ? [new RewardTerm { Reward = new Plugin("payoff") }]
            : scenario.Rewards;
        for (var i = 0; i < terms.Length; i++)
        {
            foreach (var key in terms[i].Games)
                if (!_games.ContainsKey(key) && !scenario.AllGames.ContainsKey(key))
                    mistakes.Add(
                        $"scenario.rewards[{i}].games",
                        DidYouMean.Unknown("game", key, scenario.AllGames.Keys)
                    );
            if (catalog.Rewards.Create(terms[i].Reward, $"scenario.rewards[{i}].reward", mistakes) is not { } reward)
                continue;
            rewards.Add((reward, terms[i]));
            var scored = _games
                .Where(g => terms[i].Games.IsEmpty || terms[i].Games.Contains(g.Key))
                .Select(g => g.Value);
            foreach (var measure in reward.Reads)
                MeasureNames.Check(measure, scored, $"scenario.rewards[{i}].reward", mistakes);
        }
        return rewards.ToImmutable();
    }

    private void CheckLearning(string name, PolicySpec policy, Matchmaker? matchmaker)
    {
        if (
            _games.Count > 0
            && matchmaker?.Seats(scenario).Contains(name) != true
            && scenario.LearnOf(name).Imitation is null
            && !_games.Values.Any(g => g.Facts.Roles.Where((role, seat) => scenario.PolicyAt(role, seat) == name).Any())
        )
            mistakes.Add(
                $"scenario.policies.{name}.train",
                "is on, but the policy sits at no seat and imitates nobody, so it would never learn. Seat it in scenario.seats, turn train off, or remove it (= null)."
            );
        var (spec, path) = policy.Learn is { } own
            ? (own, $"scenario.policies.{name}.learn")
            : (scenario.Learn, "scenario.learn");
        catalog.Advantages.Create(spec.Advantage, $"{path}.advantage", mistakes);
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
                mistakes.Add($"{path}.imitation.from", DidYouMean.Unknown("policy", from, scenario.Policies.Keys));
        if (spec.MaxStaleness < 0)
            mistakes.Add($"{path}.max-staleness", $"is {spec.MaxStaleness}; it should be 0 or more.");
    }

    private void CheckRun()
    {
        scenario.Population?.Check(scenario, "scenario.population", mistakes);
        foreach (var evaluation in scenario.Evaluation.Keys)
            Evaluation(scenario, catalog, evaluation, mistakes);
        Positive(scenario.Run.InFlight, "scenario.run.in-flight", mistakes);
        Positive(scenario.Run.CheckpointEvery, "scenario.run.checkpoint-every", mistakes);
        Positive(scenario.Run.TokensPerTurn, "scenario.run.tokens-per-turn", mistakes);
        if (!scenario.Policies.Any(p => p.Value.Train) && scenario.Run.Games <= 0)
            mistakes.Add(
                "scenario.run.games",
                "nothing learns and no number of games is given, so the run would never end. Set train = on for a policy, or games."
            );
    }

    private static ImmutableSortedDictionary<string, T>.Builder Builder<T>() =>
        ImmutableSortedDictionary.CreateBuilder<string, T>();

    private static void Positive(int value, string path, Mistakes mistakes)
    {
        if (value < 1)
            mistakes.Add(path, $"is {value}; it should be 1 or more.");
    }
}
