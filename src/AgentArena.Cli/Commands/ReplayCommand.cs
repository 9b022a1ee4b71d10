// arena replay: any game ever played, as it was; checked, scored anew, or played on from a turn. Never writes to the
// run.
using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using AgentArena.Actors;
using AgentArena.Actors.Journal;
using AgentArena.Actors.Tools;
using AgentArena.Cli.Play;
using AgentArena.Core;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Scenarios;

namespace AgentArena.Cli.Commands;

internal static class ReplayCommand
{
    private const int Shown = 10;

    public static Command Make(Door door)
    {
        var (run, config) = (Given.Run(), Given.Config());
        var game = new Argument<string?>("GAME")
        {
            Description = "A game's number; without it the run's games are summed up.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var check = new Option<bool>("--check")
        {
            Description = "Re-apply every event of every game; exit 1 naming the first that differs.",
        };
        var reward = new Option<string?>("--reward")
        {
            Description = "Score with another reward: a name, or { name = …, its options }.",
            HelpName = "NAME",
        };
        var branch = Given.Number<int>(
            "--branch",
            "Play the game on from this turn id, with fresh samples of the newest weights; chance falls as it fell.",
            0
        );
        var seed = Given.Number<long>(
            "--seed",
            "Seed of the fresh samples (default: another each time; it is printed).",
            0
        );
        var json = Given.Json("One game's events as JSON, a line each, as the journal holds them.");
        var command = new Command("replay", "Show, check, re-score or branch the games of a run.")
        {
            run,
            game,
            check,
            json,
            reward,
            branch,
            seed,
            config,
        };
        command.SetAction(parsed =>
        {
            var reading = RunReading.Open(parsed.GetValue(run)!, parsed.GetValue(config));
            var number = Number(parsed.GetValue(game));
            if (parsed.GetValue(check))
                return Check(reading, door);
            var scoring = parsed.GetValue(reward) is { } name
                ? Plugins.Create(reading.Ground.Catalog.Rewards, name, "--reward")
                : null;
            if (number is not { } n)
            {
                if (parsed.GetValue(json))
                    throw new UserException(
                        "--json: needs a game. Write ./arena replay RUN GAME --json, or ./arena export RUN --format jsonl for all of them."
                    );
                if (parsed.GetValue(branch) is not null)
                    throw new UserException(
                        "--branch: needs a game to branch from. Write ./arena replay RUN GAME --branch TURN."
                    );
                SumUp(reading, scoring, door.Out);
                return Exit.Done;
            }
            var episode = reading.Episode(n);
            if (parsed.GetValue(json))
                foreach (var e in episode.Events)
                    door.Out.WriteLine(EventJson.ToJson(e).ToJsonString(EventJson.Options));
            else if (parsed.GetValue(branch) is { } turn)
                Branch(reading, episode, turn, (ulong?)parsed.GetValue(seed), door.Out);
            else
            {
                door.Out.Write(EpisodeText.Write(episode));
                if (scoring is not null)
                    door.Out.WriteLine($"{parsed.GetValue(reward)}: {Scores(scoring, episode)}");
            }
            return Exit.Done;
        });
        return command;
    }

    private static int Check(RunReading reading, Door door)
    {
        using var journal = reading.Journal();
        var report = RunAudit.Check(journal, _ => reading.Ground.Catalog);
        if (report.Faults.IsEmpty)
        {
            door.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"sound: {report.Games:#,0} games, {report.Events:#,0} events re-applied; {report.Finished:#,0} finished{string.Concat(report.Consumed.Select(c => $", {c.Value:#,0} of them learned by {c.Key}"))}"
                )
            );
            return Exit.Done;
        }
        foreach (var fault in report.Faults)
            door.Error.WriteLine(fault);
        door.Error.WriteLine(
            $"{reading.Folder.Path}: the journal is not what was played. Restore journal.db from a copy."
        );
        return Exit.Ours;
    }

    private static void SumUp(RunReading reading, Reward? scoring, TextWriter to)
    {
        var invariant = CultureInfo.InvariantCulture;
        var kinds = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var sums = new SortedDictionary<(string Game, int Seat), (double Sum, long Count)>();
        var last = new Queue<string>();
        using var journal = reading.Games();
        foreach (var (number, events) in journal.ReadGames())
        {
            var episode = new Episode(number, reading.RulesOf(number, events[0]), events);
            var kind = episode.Outcome is { } outcome ? OptionsBinder.Kebab(outcome.Kind.ToString()) : "running";
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            var scored = episode.Outcome is { IsScored: true };
            if (scored)
            {
                IReadOnlyList<double> scores = scoring is null ? episode.Outcome!.Payoffs : scoring.Score(episode);
                for (var seat = 0; seat < scores.Count; seat++)
                {
                    var key = (episode.Started.Game, seat);
                    var (sum, count) = sums.GetValueOrDefault(key);
                    if (!double.IsNaN(scores[seat]))
                        sums[key] = (sum + scores[seat], count + 1);
                }
            }
            last.Enqueue(
                $"  {number, 8}  {episode.Started.Game}  {string.Join(" ", events.OfType<MoveMade>().Select(m => m.Move))}  {kind}{(episode.Outcome?.Note is { } note ? $": {note}" : "")}"
            );
            if (last.Count > Shown)
                last.Dequeue();
        }
        to.WriteLine(
            string.Create(
                invariant,
                $"{reading.Folder.Path}: {kinds.Values.Sum():#,0} games ({string.Join(", ", kinds.Select(k => $"{k.Value.ToString("#,0", invariant)} {k.Key}"))})"
            )
        );
        foreach (var ((game, seat), (sum, count)) in sums)
            to.WriteLine(
                string.Create(
                    invariant,
                    $"  {game}, seat {seat}: mean {(scoring is null ? "payoff" : "score")} {sum / count:+0.0000;-0.0000;0.0000}"
                )
            );
        if (last.Count == 0)
            return;
        to.WriteLine("the newest:");
        foreach (var line in last)
            to.WriteLine(line);
        to.WriteLine($"one of them: ./arena replay {reading.Folder.Path} GAME");
    }

    private static string Scores(Reward scoring, Episode episode) =>
        episode.Outcome is { IsScored: true }
            ? string.Join(
                ", ",
                scoring
                    .Score(episode)
                    .Select((s, seat) => string.Create(CultureInfo.InvariantCulture, $"seat {seat} {s:0.######}"))
            )
            : "the game has no scored outcome";

    private static void Branch(RunReading reading, Episode episode, int turn, ulong? seed, TextWriter to)
    {
        var before = episode
            .Events.TakeWhile(e =>
                e switch
                {
                    MoveMade m => m.Turn != turn,
                    MoveRefused r => r.Turn != turn,
                    SeatForfeited f => f.Turn != turn,
                    GameEnded or GameFailed => false,
                    _ => true,
                }
            )
            .ToImmutableArray();
        if (
            before.Length == episode.Events.Length
            || !episode.Game.Turns(new Episode(episode.Number, episode.Game, before).State).Any(t => t.Id == turn)
        )
            throw new UserException(
                $"--branch: game {episode.Number} was never at turn {turn}. Its turns: {string.Join(", ", episode.Steps.Select(s => s.Turn.Id).Distinct())}."
            );
        var drawn = seed ?? RandomStream.Derive((ulong)Stopwatch.GetTimestamp(), "branch", Environment.ProcessId) >> 1;
        var tools = Waiting.For(Toolbox.StartAsync(reading.Ground, CancellationToken.None));
        try
        {
            // One model for all seats of a policy.
            var sitting = episode
                .Started.Seats.Distinct()
                .ToDictionary(
                    name => name,
                    name =>
                        tools.Tools.TryGetValue(name, out var tool)
                            ? new Contestant(name, reading.Ground.PlayerOf(name), new PolicySpec()) { Tool = tool }
                            : reading.Contestant(name, episode.Started.Game)
                );
            var seats = episode.Started.Seats.Select(name => sitting[name]).ToImmutableArray();
            var played = new Rollouts(reading.Ground, drawn)
                .Play([new RolloutGame(episode.Number, episode.Started.Game, seats, before)])
                .Single();
            to.WriteLine(
                $"branched at turn {turn}: played on by {string.Join(", ", seats.Select(s => s.Name).Distinct())} with --seed {drawn}; the run is unchanged"
            );
            to.Write(EpisodeText.Write(played));
        }
        finally
        {
            Waiting.For(tools.DisposeAsync());
        }
    }

    private static long? Number(string? text) =>
        text is null ? null
        : long.TryParse(
            text.StartsWith("game-", StringComparison.Ordinal) ? text[5..] : text,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var n
        )
            ? n
        : throw new UserException(
            $"GAME: is '{text}'; it should be a game's number, as ./arena replay RUN lists them."
        );
}
