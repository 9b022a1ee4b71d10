// The whole experiment, typed. Plug-ins stay names with unbound options here: each room binds its own.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Players;

namespace AgentArena.Core.Scenarios;

/// <summary>The whole experiment. Its resolved source is stored verbatim in the run's first event.</summary>
public sealed record Scenario
{
    /// <summary>For people and for the run folder's name.</summary>
    public string Name { get; init; } = "unnamed";

    /// <summary>The run's one seed: every other stream derives from it by name.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>
    /// Assemblies with plug-ins of the user's own, by path from the scenario's folder.
    /// </summary>
    public ImmutableArray<string> Plugins { get; init; } = [];

    /// <summary>Where relative paths begin; the scenario file's own folder where unset.</summary>
    public string Folder { get; init; } = "";

    /// <summary>What is played: one game.</summary>
    public Plugin? Game { get; init; }

    /// <summary>What is played: several games in one run, by name.</summary>
    public ImmutableSortedDictionary<string, GameShare> Games { get; init; } =
        ImmutableSortedDictionary<string, GameShare>.Empty;

    /// <summary>Networks by name; the block's own options are the models room's.</summary>
    public ImmutableSortedDictionary<string, Plugin> Models { get; init; } =
        ImmutableSortedDictionary<string, Plugin>.Empty;

    /// <summary>Who can sit at the table, by name.</summary>
    public ImmutableSortedDictionary<string, PolicySpec> Policies { get; init; } =
        ImmutableSortedDictionary<string, PolicySpec>.Empty;

    /// <summary>Role (<c>player</c>) or seat (<c>player-1</c>, by seat number) to policy name.</summary>
    public ImmutableSortedDictionary<string, string> Seats { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Role to how it speaks; a role that is absent speaks by the plug-in of its own name.</summary>
    public ImmutableSortedDictionary<string, Plugin> Roles { get; init; } =
        ImmutableSortedDictionary<string, Plugin>.Empty;

    /// <summary>Summed to the reward; the game's payoff where the list is empty.</summary>
    public ImmutableArray<RewardTerm> Rewards { get; init; } = [];

    /// <summary>Who plays whom next.</summary>
    public Plugin Matchmaker { get; init; } = new("self-play");

    /// <summary>How policies learn, unless a policy says otherwise.</summary>
    public LearnSpec Learn { get; init; } = new();

    /// <summary>Policies that take over from the best of them while they learn.</summary>
    public PopulationSpec? Population { get; init; }

    /// <summary>
    /// Games to measure checkpoints by, with rules and seats of their own, by name: <c>./arena eval RUN</c>.
    /// </summary>
    public ImmutableSortedDictionary<string, EvaluationSpec> Evaluation { get; init; } =
        ImmutableSortedDictionary<string, EvaluationSpec>.Empty;

    /// <summary>Bounds on the figures of updates, by gauge; laid over the standard ones.</summary>
    public ImmutableSortedDictionary<string, GaugeSpec> Health { get; init; } =
        ImmutableSortedDictionary<string, GaugeSpec>.Empty;

    /// <summary>How long and how much at once.</summary>
    public RunSpec Run { get; init; } = new();

    /// <summary>The resolved source this was bound from, stored in the run.</summary>
    public JsonObject Source { get; private init; } = [];

    /// <summary>Binds a resolved scenario tree (the content of the <c>scenario { … }</c> block).</summary>
    public static Scenario Bind(JsonObject source, string path, Mistakes mistakes)
    {
        var scenario = OptionsBinder.Bind<Scenario>(source, path, mistakes) ?? new Scenario();
        return scenario with { Source = (JsonObject)source.DeepClone() };
    }

    /// <summary>The games by key: the single one under its own name, or all of <see cref="Games"/>.</summary>
    public ImmutableSortedDictionary<string, GameShare> AllGames =>
        Game is { } game ? Games.SetItem(game.Name, new GameShare { Rules = game }) : Games;

    /// <summary>How a policy learns.</summary>
    public LearnSpec LearnOf(string policy) => Policies.GetValueOrDefault(policy)?.Learn ?? Learn;

    /// <summary>The policy whose weights a policy plays with: itself, or the one it names in <c>of</c>.</summary>
    public string WeightsOf(string policy) => Policies.GetValueOrDefault(policy)?.Of ?? policy;

    /// <summary>
    /// The policy at a seat of a game, by <c>role-seat</c>, then <c>role</c>; null where the scenario names none.
    /// </summary>
    public string? PolicyAt(string role, int seat) => At(Seats, role, seat);

    /// <summary>What a table keyed by <c>role-seat</c> or <c>role</c> says of a seat; null where nothing.</summary>
    public static string? At(ImmutableSortedDictionary<string, string> seats, string role, int seat) =>
        seats.GetValueOrDefault($"{role}-{seat}") ?? seats.GetValueOrDefault(role);
}

/// <summary>Which replies of a game are trained on.</summary>
public enum TrainedReplies
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those held to listed moves while they were sampled.</summary>
    Listed,

    /// <summary>Those in free words.</summary>
    Free,
}

/// <summary>One game of several in a run.</summary>
public sealed record GameShare
{
    /// <summary>The rules.</summary>
    public required Plugin Rules { get; init; }

    /// <summary>Relative share of the games played.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Which replies of it are trained on.</summary>
    public TrainedReplies Train { get; init; }
}

/// <summary>Somebody who can sit at the table: a player, and the weights it plays with where it needs any.</summary>
public sealed record PolicySpec
{
    /// <summary>Who it is: what its weights say, a search with them, a bot, a tool, a remote model, a person.</summary>
    public Plugin Player { get; init; } = new(PolicyPlayer.Name);

    /// <summary>Weights of its own: the name of a network in <c>models</c>.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// Another policy whose newest weights this one plays with, in a way of its own (temperature, search).
    /// </summary>
    public string? Of { get; init; }

    /// <summary>Whether it learns in this run.</summary>
    public bool Train { get; init; }

    /// <summary>A folder written by a checkpoint, to start from.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>How this policy learns, where it differs from <c>scenario.learn</c>.</summary>
    public LearnSpec? Learn { get; init; }

    /// <summary>How its tokens are drawn in play.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Keep the k likeliest tokens; 0 keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>Keep the smallest set of tokens with at least this mass.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>How its tokens are drawn, as models take it.</summary>
    public Sampling Sampling() =>
        this is { Temperature: 1, TopK: 0, TopP: 1 }
            ? Plain
            : new()
            {
                Temperature = (float)Temperature,
                TopK = TopK,
                TopP = (float)TopP,
            };

    private static readonly Sampling Plain = new();
}

/// <summary>One term of the reward.</summary>
public sealed record RewardTerm
{
    /// <summary>Which reward.</summary>
    public required Plugin Reward { get; init; }

    /// <summary>Its weight in the sum.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>The roles it scores; all where empty.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>The games it scores, by key; all where empty.</summary>
    public ImmutableArray<string> Games { get; init; } = [];
}

/// <summary>How a policy learns. Options of advantage, loss and optimiser live beside them.</summary>
public sealed record LearnSpec
{
    /// <summary>Games an update.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>Updates in the whole run; schedules need to know it.</summary>
    public int Updates { get; init; } = 1000;

    /// <summary>
    /// How many updates older than the learner's weights a game may be started with; 0 plays each batch with the newest
    /// weights.
    /// </summary>
    public int MaxStaleness { get; init; }

    /// <summary>Whose moves it learns to make itself, beside its own.</summary>
    public ImitationSpec? Imitation { get; init; }

    /// <summary>What the policy's own teacher is told of a reply, for losses that distil it.</summary>
    public TeacherSpec? Teacher { get; init; }

    /// <summary>Games of earlier batches that each update learns from again; none where unset.</summary>
    public ExperienceReplay? Rehearsal { get; init; }

    /// <summary>From rewards to a weight per token.</summary>
    public Plugin Advantage { get; init; } = new("rae");

    /// <summary>From log-probabilities and weights to a scalar.</summary>
    public Plugin Loss { get; init; } = new("policy-gradient");

    /// <summary>The optimiser.</summary>
    public Plugin Optimizer { get; init; } = new("adamw");
}

/// <summary>
/// Moves of others as demonstrations: each is learned as if it had been said here and earned <see cref="Weight"/>.
/// </summary>
public sealed record ImitationSpec
{
    /// <summary>Policies whose moves are demonstrations: bots, people, searchers.</summary>
    public required ImmutableArray<string> From { get; init; }

    /// <summary>Weight of each demonstrated token.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>The least reward of a seat whose moves are worth learning; all are where unset.</summary>
    public double? MinReward { get; init; }
}

/// <summary>Which replies have a teacher.</summary>
public enum Taught
{
    /// <summary>All.</summary>
    All,

    /// <summary>Those that were not right (SRPO's routing).</summary>
    Wrong,
}

/// <summary>
/// A teacher with privileged context: the policy itself, told more. Its distributions at each token of a reply are what
/// a distilling loss pulls the policy towards (SDPO, SRPO, SD-Zero).
/// </summary>
public sealed record TeacherSpec
{
    /// <summary>
    /// Said after the prompt. <c>{sibling}</c> is the last reply of another member of the group that was right (a reply
    /// without one has no teacher), <c>{reply}</c> the reply itself, <c>{reward}</c> what it earned.
    /// </summary>
    public string Hint { get; init; } = "A right answer: {sibling}\nNow answer yourself.";

    /// <summary>The reward from which on a reply counts as right.</summary>
    public double Right { get; init; } = 1;

    /// <summary>Which replies have a teacher.</summary>
    public Taught Taught { get; init; }
}

/// <summary>Games that checkpoints are measured by.</summary>
public sealed record EvaluationSpec
{
    /// <summary>The rules; the scenario's own game where unset.</summary>
    public Plugin? Rules { get; init; }

    /// <summary>Role or seat to policy, where it differs from the scenario's seats.</summary>
    public ImmutableSortedDictionary<string, string> Seats { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>How many games.</summary>
    public int Games { get; init; } = 256;

    /// <summary>How tokens are drawn; 0 takes the likeliest. As in play where unset.</summary>
    public double? Temperature { get; init; }

    /// <summary>Seed of the games.</summary>
    public long Seed { get; init; } = 1;
}

/// <summary>How long and how much at once.</summary>
public sealed record RunSpec
{
    /// <summary>Games in flight at once.</summary>
    public int InFlight { get; init; } = 256;

    /// <summary>Games in all, where nothing learns; 0 leaves the end to the learners.</summary>
    public long Games { get; init; }

    /// <summary>Updates between checkpoints.</summary>
    public int CheckpointEvery { get; init; } = 200;

    /// <summary>Checkpoints kept beside the newest; older ones are deleted.</summary>
    public int KeepCheckpoints { get; init; } = 2;

    /// <summary>Updates between exact evaluations (exploitability), where the game allows them; 0 for none.</summary>
    public int EvaluateEvery { get; init; } = 100;

    /// <summary>The most tokens a reply may have.</summary>
    public int TokensPerTurn { get; init; } = 16;

    /// <summary>The most tokens a seat may sample in a game; 0 for no limit.</summary>
    public int TokensPerGame { get; init; }

    /// <summary>The most turns a game may have; 0 leaves it to the rules.</summary>
    public int TurnsPerGame { get; init; }

    /// <summary>How often a seat is asked again after a refused answer before it forfeits.</summary>
    public int Reasks { get; init; } = 1;

    /// <summary>How long a turn may wait for its answer before the game is aborted.</summary>
    public TimeSpan TurnDeadline { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Failed games in a row that end the run.</summary>
    public int MostFailures { get; init; } = 20;

    /// <summary>What bounds each game beside its rules.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Play.GameLimits Limits => new(Reasks, TurnsPerGame, TokensPerGame);
}
