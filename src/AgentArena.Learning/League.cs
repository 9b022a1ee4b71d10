// Opponents from a pool: frozen versions of the learner, and others the scenario names. Knows versions by their
// numbers, never a weight.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;

namespace AgentArena.Learning;

/// <summary>
/// In a share of the games one seat is the learner's, drawn anew each game (seat swap), and all others are one
/// opponent's from the pool; in the rest every seat is the scenario's. Every so many updates the learner's version
/// joins the pool as
/// <c>policy@version</c>. Who joined when follows from the numbers of the games, so a resumed run knows the same pool.
/// </summary>
public sealed class League : Matchmaker
{
    /// <summary>How an opponent is chosen.</summary>
    public enum Choice
    {
        /// <summary>Every member alike: fictitious self-play (Heinrich et al. 2015).</summary>
        Uniform,

        /// <summary>The newest version.</summary>
        Latest,

        /// <summary>
        /// Members weighed by (1 - x)^power, x the learner's win rate against them: prioritised fictitious self-play
        /// (Vinyals et al. 2019).
        /// </summary>
        Prioritised,
    }

    /// <summary>Options of <see cref="League"/>.</summary>
    public sealed record Options
    {
        /// <summary>The policy whose versions join.</summary>
        public required string Policy { get; init; }

        /// <summary>Updates between versions that join.</summary>
        public int Every { get; init; } = 200;

        /// <summary>
        /// The most versions kept; the oldest but the first leaves. With 1 it is the newest that is kept.
        /// </summary>
        public int Most { get; init; } = 16;

        /// <summary>Policies of the scenario that are members from the start: bots, other networks.</summary>
        public ImmutableArray<string> Others { get; init; } = [];

        /// <summary>Share of the games against the pool, once it has a member.</summary>
        public double Share { get; init; } = 0.5;

        /// <summary>How an opponent is chosen.</summary>
        public Choice Choose { get; init; } = Choice.Prioritised;

        /// <summary>Power of the priority: larger looks for the hardest.</summary>
        public double Power { get; init; } = 2;

        /// <summary>Weight of the past in a win rate.</summary>
        public double Keep { get; init; } = 0.99;

        /// <summary>K of the Elo ratings.</summary>
        public double EloK { get; init; } = 4;
    }

    private sealed class Member
    {
        public double Rate { get; set; } = 0.5;

        public double Elo { get; set; } = Learning.Elo.Start;

        public Skill Skill { get; set; } = Skill.Start;

        public long Games { get; set; }
    }

    private readonly Options _options;
    private readonly SortedDictionary<string, Member> _members = new(StringComparer.Ordinal);
    private readonly Member _own = new();

    /// <summary>An empty league.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public League(Options options)
    {
        if (options.Every < 1)
            throw new ArgumentException($"every is {options.Every}; it should be 1 update or more.");
        if (options.Most < 1)
            throw new ArgumentException($"most is {options.Most}; it should be 1 version or more.");
        if (options.Share is not (>= 0 and <= 1))
            throw new ArgumentException($"share is {options.Share}; it should lie in [0, 1].");
        if (options.Keep is not (>= 0 and < 1))
            throw new ArgumentException($"keep is {options.Keep}; it should lie in [0, 1).");
        _options = options;
    }

    /// <summary>
    /// The members when game <paramref name="number"/> is dealt: the others, and every version that is certain to be on
    /// disk by then.
    /// </summary>
    public ImmutableArray<string> Pool(LearnSpec learn, long number)
    {
        var versions = FrozenVersions.Newest(learn, number, _options.Every, _options.Most);
        // The first of all stays: whoever forgets how to beat it has gone in a circle.
        if (versions.Count > 1)
            versions[^1] = _options.Every;
        return [.. _options.Others, .. versions.Distinct().Order().Select(v => FrozenPolicy.Name(_options.Policy, v))];
    }

    /// <inheritdoc/>
    public override Assignment Next(MatchContext table, long number, ref RandomStream stream)
    {
        var game = Draw(table.Shares, ref stream);
        var setup = new GameSetup(stream.NextUInt64());
        var seats = Seat(table, game);
        var pool = Pool(table.Scenario.LearnOf(_options.Policy), number);
        if (pool.IsEmpty || stream.NextDouble() >= _options.Share)
            return new Assignment(number, game, setup, seats);
        var opponent = pool[
            _options.Choose switch
            {
                Choice.Uniform => stream.Next(pool.Length),
                Choice.Latest => pool.Length - 1,
                _ => stream.Choose([.. pool.Select(m => Math.Max(1e-3, Math.Pow(1 - Of(m).Rate, _options.Power)))]),
            }
        ];
        var own = stream.Next(seats.Length);
        return new Assignment(
            number,
            game,
            setup,
            [.. seats.Select((_, seat) => seat == own ? _options.Policy : opponent)]
        );
    }

    /// <inheritdoc/>
    public override void Observe(Assignment assignment, LedgerEntry entry)
    {
        if (entry.Payoffs.IsDefaultOrEmpty)
            return;
        var own = assignment.Seats.IndexOf(_options.Policy);
        if (
            own < 0
            || assignment.Seats.FirstOrDefault(s => s != _options.Policy) is not { } opponent
            || (FrozenPolicy.Version(opponent) is null && !_options.Others.Contains(opponent))
        )
            return;
        var (mine, theirs) = (entry.Payoffs[own], entry.Payoffs.Where((_, seat) => seat != own).Max());
        var score =
            mine > theirs ? 1
            : mine == theirs ? 0.5
            : 0;
        var member = Of(opponent);
        member.Rate =
            member.Games++ == 0
                ? 0.5 * _options.Keep + score * (1 - _options.Keep)
                : _options.Keep * member.Rate + (1 - _options.Keep) * score;
        (_own.Elo, member.Elo) = Elo.Update(_own.Elo, member.Elo, score, _options.EloK);
        (_own.Skill, member.Skill) = TrueSkill.Update(_own.Skill, member.Skill, score);
        _own.Games++;
    }

    /// <summary>The learner's win rate against each member (draws half), and the ratings.</summary>
    public override IEnumerable<(string Name, double Value)> Figures()
    {
        if (_own.Games == 0)
            yield break;
        yield return ($"league/elo/{_options.Policy}", _own.Elo);
        yield return ($"league/skill/{_options.Policy}", _own.Skill.Mean);
        foreach (var (name, member) in _members)
        {
            yield return ($"league/win-rate/{name}", member.Rate);
            yield return ($"league/elo/{name}", member.Elo);
        }
        // SPIRAL's gauge of healthy self-play: against a lagged self about half of the games are won.
        if (
            _members
                .Where(m => FrozenPolicy.Version(m.Key) is not null)
                .OrderBy(m => FrozenPolicy.Version(m.Key))
                .LastOrDefault() is
            { Value: { } lagged }
        )
            yield return ("league/lagged-self", lagged.Rate);
    }

    /// <inheritdoc/>
    public override void Check(MatchContext table, string path, Mistakes mistakes)
    {
        var scenario = table.Scenario;
        if (!scenario.Policies.TryGetValue(_options.Policy, out var spec))
            mistakes.Add($"{path}.policy", DidYouMean.Unknown("policy", _options.Policy, scenario.Policies.Keys));
        else if (!spec.Train)
            mistakes.Add(
                $"{path}.policy",
                $"{_options.Policy} does not learn, so it has no versions. Name the policy that does."
            );
        foreach (var other in _options.Others)
            if (!scenario.Policies.ContainsKey(other))
                mistakes.Add($"{path}.others", DidYouMean.Unknown("policy", other, scenario.Policies.Keys));
        foreach (var (key, game) in table.Games)
            if (game.Facts.Roles.Distinct().Count() > 1)
                mistakes.Add(
                    path,
                    $"{key} has seats of several roles ({string.Join(", ", game.Facts.Roles.Distinct())}); a league plays games in which any policy may take any seat. Use stages or self-play."
                );
        FrozenVersions.Check(scenario, _options.Policy, _options.Every, path, mistakes);
    }

    private Member Of(string name)
    {
        if (!_members.TryGetValue(name, out var member))
            _members.Add(name, member = new Member());
        return member;
    }
}
