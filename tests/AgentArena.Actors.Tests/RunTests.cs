using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using AgentArena.Learning;

namespace AgentArena.Actors.Tests;

/// <summary>Whole runs in one process, without a network.</summary>
public sealed class RunTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_run_plays_what_it_learns_and_learns_what_it_played(int staleness)
    {
        var result = await Runs.Play(Runs.Kuhn(updates: 6, staleness: staleness), _temp.In("r"));
        result.Reason.ShouldBe("done");
        result.Updates.ShouldBe(6);
        result.Games.ShouldBe(48);
        var audit = Runs.Audit(_temp.In("r"));
        audit.Faults.ShouldBeEmpty();
        audit.Finished.ShouldBe(48);
        audit.Consumed["student"].ShouldBe(48);
        audit.Games.ShouldBe(48);
    }

    [Fact]
    public async Task A_gauge_out_of_bounds_stops_the_run_in_good_order_and_the_log_says_why()
    {
        var result = await Runs.Play(
            Runs.Kuhn(updates: 50, change: s =>
                s["health"] = JsonNode.Parse(
                    """{ "short": { "metric": "reply-length", "at-least": 1e6, "after": 3, "then": "stop" } }"""
                )
            ),
            _temp.In("r")
        );
        result.Reason.ShouldStartWith("health of student: health.short: ");
        result.Updates.ShouldBeInRange(4, 10);
        File.ReadAllText(Path.Combine(_temp.In("r"), "run.log")).ShouldContain("It is the first gauge to move.");
        Runs.Audit(_temp.In("r")).Faults.ShouldBeEmpty();
        File.Exists(Path.Combine(_temp.In("r"), "checkpoints", "student", $"v{result.Updates:D8}", "learner.json"))
            .ShouldBeTrue();
    }

    [Fact]
    public async Task Frozen_versions_are_opponents_also_after_a_stop_and_are_not_trained_on()
    {
        static Scenario League(int updates) => Runs.Kuhn(updates, change: s =>
            {
                s["matchmaker"] = JsonNode.Parse(
                    """{ "name": "league", "policy": "student", "every": 2, "share": 0.5 }"""
                );
                s["run"]!["keep-checkpoints"] = 100;
            });
        var batches = new List<TrainingBatch>();
        using (var stop = new CancellationTokenSource())
            await Runs.Play(League(12), _temp.In("r"), policy => new Noticing(policy, version =>
                {
                    if (version == 7)
                        stop.Cancel();
                }), stop: stop.Token);
        await Runs.Play(League(12), _temp.In("r"), policy => new Recording(policy, batches), resume: true);
        Runs.Audit(_temp.In("r")).Faults.ShouldBeEmpty();
        using var reader = JournalReader.Open(RunFolder.Open(_temp.In("r")));
        var met = new SortedSet<string>();
        foreach (var (number, events) in reader.ReadGames())
        foreach (var seat in ((GameStarted)events[0]).Seats.Where(s => s != "student"))
        {
            met.Add(seat);
            var version = int.Parse(seat["student@".Length..], System.Globalization.CultureInfo.InvariantCulture);
            version.ShouldBeLessThan((int)(number / 8));
            // What a frozen version says is stamped with its version, whatever the newest weights are by then.
            foreach (var move in events.OfType<MoveMade>().Where(m => ((GameStarted)events[0]).Seats[m.Seat] == seat))
                move.Said!.Version.ShouldBe(version);
        }
        met.ShouldContain("student@2");
        met.Count.ShouldBeGreaterThan(2);
        // two seats a game, had both been the learner's
        batches.Sum(b => b.Trajectories).ShouldBeLessThan(batches.Count * 16);
    }

    [Fact]
    public async Task A_leagues_figures_are_written_once_an_update_whether_or_not_a_run_is_resumed()
    {
        var scenario = Runs.Kuhn(20, change: s =>
        {
            s["matchmaker"] = JsonNode.Parse("""{ "name": "league", "policy": "student", "every": 2 }""");
            s["run"]!["keep-checkpoints"] = 100;
        });
        await Runs.Play(scenario, _temp.In("r"));
        await Runs.Play(scenario, _temp.In("r"), resume: true);
        var lines = File.ReadLines(RunFolder.Open(_temp.In("r")).Metrics)
            .Select(l => JsonNode.Parse(l)!)
            .Where(l => l["league/elo/student"] is not null);
        lines.Select(l => l["update"]!.GetValue<int>()).ShouldBe([20]);
    }

    [Fact]
    public async Task A_bots_moves_are_lessons_of_the_policy_that_imitates_it()
    {
        var batches = new List<TrainingBatch>();
        await Runs.Play(Runs.Kuhn(updates: 3, change: s =>
            {
                s["policies"]!["nash"] = JsonNode.Parse("""{ "player": { "name": "always-bet" } }""");
                s["seats"] = JsonNode.Parse("""{ "player-0": "student", "player-1": "nash" }""");
                s["learn"]!["imitation"] = JsonNode.Parse("""{ "from": ["nash"], "weight": 0.5 }""");
            }), _temp.In("r"), policy => new Recording(policy, batches));
        batches.Count.ShouldBe(3);
        batches.ShouldAllBe(b =>
            b.Demonstrations.Length == 8
            && b.Demonstrations.All(d =>
                d.Weight == 0.5f && (d.Text == " bet" || d.Text == " call") && d.Legal.Contains(d.Text)
            )
        );
        batches.ShouldAllBe(b =>
            b.Trajectories == 16 && b.Demonstrations.Select(d => d.Trajectory).SequenceEqual(Enumerable.Range(8, 8))
        );
    }

    [Fact]
    public async Task Earlier_games_are_rehearsed_within_bounds_and_the_same_ones_after_a_crash()
    {
        // By the version an update starts from: what it was given. The second run's model dies at its seventh update.
        async Task<ILookup<int, string>> Play(string run, int crash)
        {
            var updates = new List<(int Version, string Rows)>();
            var result = await Runs.Play(
                Runs.Kuhn(updates: 9, change: s =>
                    s["learn"]!["rehearsal"] = JsonNode.Parse("""{ "share": 0.5, "within": 3 }""")
                ),
                _temp.In(run),
                policy => new Noticing(policy, _ => { })
                {
                    Before = (version, batch) =>
                    {
                        batch.Trajectories.ShouldBe(version == 0 ? 16 : 24);
                        batch.Rows.ShouldAllBe(r => r.Version <= version && r.Version >= version - 3);
                        batch
                            .Rows.Where(r => r.Version < version)
                            .Select(r => r.Trajectory)
                            .Distinct()
                            .Count()
                            .ShouldBe(version == 0 ? 0 : 8);
                        updates.Add(
                            (
                                version,
                                string.Join(
                                    '\n',
                                    batch.Rows.Select(r =>
                                        $"{r.Version} {Row(r.Prompt, r.Tokens, r.LogProbs)} {string.Join(' ', r.Weights)}"
                                    )
                                )
                            )
                        );
                        if (updates.Count == crash)
                            throw new IOException("the device is on fire");
                    },
                }
            );
            result.Reason.ShouldBe("done");
            var audit = Runs.Audit(_temp.In(run));
            audit.Faults.ShouldBeEmpty();
            audit.Consumed["student"].ShouldBe(72, "what is rehearsed is not consumed again");
            return updates.ToLookup(u => u.Version, u => u.Rows);
        }
        var (whole, mended) = (await Play("a", 0), await Play("b", 7));
        mended.SelectMany(u => u).Count().ShouldBeGreaterThan(whole.SelectMany(u => u).Count());
        for (var version = 0; version < 9; version++)
            mended[version].Distinct().ShouldBe(whole[version], $"update from version {version}");
    }

    [Fact]
    public async Task A_game_is_started_with_weights_no_older_than_the_bound()
    {
        await Runs.Play(Runs.Kuhn(updates: 6, batch: 8, staleness: 0), _temp.In("r"));
        using var reader = JournalReader.Open(RunFolder.Open(_temp.In("r")));
        foreach (var (number, events) in reader.ReadGames())
        foreach (var move in events.OfType<MoveMade>())
            move.Said!.Version.ShouldBe((int)(number / 8));
    }

    [Fact]
    public async Task Equal_seeds_play_equal_games()
    {
        await Runs.Play(Runs.Kuhn(), _temp.In("a"));
        await Runs.Play(Runs.Kuhn(), _temp.In("b"));
        Moves("a").ShouldBe(Moves("b"));
        await Runs.Play(Runs.Kuhn(change: s => s["seed"] = 8), _temp.In("c"));
        Moves("c").ShouldNotBe(Moves("a"));
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(2, 8)]
    [InlineData(8, 1)]
    [InlineData(3, 3)]
    public async Task Learners_of_one_game_keep_their_own_pace_and_one_that_is_done_waits_for_nobody(
        int batch,
        int updates
    )
    {
        var scenario = TwoLearners(batch, updates);
        for (var i = 0; i < 5; i++)
        {
            var result = await Runs.Play(scenario, _temp.In($"r{i}"));
            (result.Reason, result.Games).ShouldBe(("done", 48));
            var audit = Runs.Audit(_temp.In($"r{i}"));
            audit.Faults.ShouldBeEmpty();
            (audit.Consumed["zippy"], audit.Consumed["slow"]).ShouldBe((batch * updates, 48));
        }
    }

    [Fact]
    public async Task A_learner_that_was_done_before_a_stop_holds_nobody_up_after_it()
    {
        using var stop = new CancellationTokenSource();
        var scenario = TwoLearners(batch: 1, updates: 12);
        await Runs.Play(scenario, _temp.In("r"), policy => new Noticing(policy, version =>
            {
                if (policy == "slow" && version == 2)
                    stop.Cancel();
            }), stop: stop.Token);
        var result = await Runs.Play(scenario, _temp.In("r"), resume: true);
        (result.Reason, Runs.Audit(_temp.In("r")).Consumed["slow"]).ShouldBe(("done", 48));
    }

    // One learner has done its updates long before the other, and its model is the last to be loaded.
    private static Scenario TwoLearners(int batch, int updates) =>
        Runs.Kuhn(change: s =>
        {
            s["policies"] = JsonNode.Parse(
                $$"""
                {
                  "slow": { "model": "scripted", "train": true, "learn": { "batch": 16, "updates": 3 } },
                  "zippy": { "model": "scripted", "train": true, "learn": { "batch": {{batch}}, "updates": {{updates}} } }
                }
                """
            );
            s["seats"] = JsonNode.Parse("""{ "player-0": "zippy", "player-1": "slow" }""");
        });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_game_that_the_system_failed_is_replaced_and_learned_by_nobody(int staleness)
    {
        var result = await Runs.Play(Runs.Kuhn(updates: 6, staleness: staleness), _temp.In("r"), policy => new Refusing(
            policy,
            n => n % 9 == 4
        ));
        (result.Reason, result.Updates).ShouldBe(("done", 6));
        using var reader = JournalReader.Open(RunFolder.Open(_temp.In("r")));
        var ledger = reader.ReadRun().OfType<GamesFinished>().SelectMany(f => f.Entries).ToArray();
        ledger.Count(e => e.IsScored).ShouldBeGreaterThanOrEqualTo(48);
        var failed = ledger.Where(e => !e.IsScored).ToArray();
        failed.ShouldNotBeEmpty();
        failed.ShouldAllBe(e => e.Kind == OutcomeKind.Aborted);
        reader.ReadGame(failed[0].Game)[^1].ShouldBeOfType<GameFailed>().Error.ShouldContain("exceeds the context");
        var updates = reader.ReadRun().OfType<WeightsUpdated>().ToArray();
        updates.ShouldAllBe(u => u.Games == 8 && u.To - u.From == 8 + u.Dropped.GetValueOrDefault("aborted"));
        Runs.Audit(_temp.In("r")).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_without_learners_plays_as_many_games_as_it_was_asked_to_beside_those_that_failed()
    {
        var scenario = Runs.Kuhn(change: s =>
        {
            s["policies"]!["student"]!["train"] = false;
            s["run"]!["games"] = 30;
        });
        (await Runs.Play(scenario, _temp.In("r"), policy => new Refusing(policy, n => n % 9 == 4))).Reason.ShouldBe(
            "done"
        );
        using var reader = JournalReader.Open(RunFolder.Open(_temp.In("r")));
        reader.ReadRun().OfType<GamesFinished>().SelectMany(f => f.Entries).Count(e => e.IsScored).ShouldBe(30);
    }

    [Fact]
    public async Task A_run_whose_games_all_fail_ends_with_the_reason()
    {
        var fault = await Should.ThrowAsync<RunFailedException>(() =>
            Runs.Play(Runs.Kuhn(), _temp.In("r"), policy => new Refusing(policy, _ => true))
        );
        fault.Message.ShouldContain("20 games in a row failed");
        fault.Message.ShouldContain("exceeds the context");
    }

    [Fact]
    public async Task A_run_is_not_resumed_with_another_scenario_than_it_was_started_with()
    {
        await Runs.Play(Runs.Kuhn(updates: 2), _temp.In("r"));
        var fault = await Should.ThrowAsync<RunFailedException>(() =>
            Runs.Play(Runs.Kuhn(updates: 3), _temp.In("r"), resume: true)
        );
        fault.Message.ShouldContain("scenario.learn.updates is 3; in the journal it is 2");
        (await Runs.Play(Runs.Kuhn(updates: 2), _temp.In("r"), resume: true)).Reason.ShouldBe("done");
    }

    [Fact]
    public async Task The_figures_are_a_fold_of_the_journal()
    {
        var scenario = Runs.Kuhn(updates: 8, change: s => s["run"]!["evaluate-every"] = 3);
        await Runs.Play(scenario, _temp.In("r"));
        var file = RunFolder.Open(_temp.In("r")).Metrics;
        var whole = File.ReadAllLines(file);
        whole.Count(l => l.Contains("\"loss\"")).ShouldBe(8);
        // before the first update, after the third, sixth and last
        whole.Count(l => l.Contains("exploitability")).ShouldBe(4);
        File.WriteAllLines(file, whole.Take(3).Append("{\"policy\": \"student\", \"upd")); // as a kill leaves it
        await Runs.Play(scenario, _temp.In("r"), resume: true);
        File.ReadAllLines(file).ShouldBe(whole);
    }

    [Fact]
    public async Task A_run_of_another_format_is_refused_in_words()
    {
        await Runs.Play(Runs.Kuhn(updates: 1), _temp.In("r"));
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_temp.In("r/journal.db")}"))
        {
            connection.Open();
            using var alter = connection.CreateCommand();
            alter.CommandText =
                "UPDATE journal SET manifest = 'run-started.v1' WHERE persistence_id = 'arena' AND sequence_number = 1";
            alter.ExecuteNonQuery().ShouldBe(1);
        }
        Should
            .Throw<UserException>(() => Runs.Audit(_temp.In("r")))
            .Message.ShouldContain("written in format 1, and this version reads format 2");
        (
            await Should.ThrowAsync<UserException>(() => Runs.Play(Runs.Kuhn(updates: 1), _temp.In("r"), resume: true))
        ).Message.ShouldContain("format 1");
    }

    [Fact]
    public async Task A_stopped_run_goes_on_where_it_was()
    {
        using var stop = new CancellationTokenSource();
        var scenario = Runs.Kuhn(updates: 4000);
        var seen = 0;
        var first = await Runs.Play(scenario, _temp.In("r"), policy => new Noticing(policy, version =>
            {
                if (version == 7 && seen++ == 0)
                    stop.Cancel();
            }), stop: stop.Token);
        first.Reason.ShouldBe("stopped");
        first.Updates.ShouldBeInRange(7, 3999);
        using var again = new CancellationTokenSource();
        var target = first.Updates + 5;
        await Runs.Play(scenario, _temp.In("r"), policy => new Noticing(policy, version =>
            {
                if (version == target)
                    again.Cancel();
            }), resume: true, again.Token);
        var audit = Runs.Audit(_temp.In("r"));
        audit.Faults.ShouldBeEmpty();
        audit.Consumed["student"].ShouldBeGreaterThanOrEqualTo(8L * target);
    }

    [Fact]
    public async Task A_model_that_crashes_is_reloaded_and_what_was_in_flight_is_asked_again()
    {
        var crashes = 0;
        var result = await Runs.Play(Runs.Kuhn(updates: 9), _temp.In("r"), policy => new Crashing(policy, step =>
            step == 40 && Interlocked.Increment(ref crashes) == 1
        ));
        result.Reason.ShouldBe("done");
        crashes.ShouldBeGreaterThanOrEqualTo(1);
        var audit = Runs.Audit(_temp.In("r"));
        audit.Faults.ShouldBeEmpty();
        audit.Consumed["student"].ShouldBe(72);
    }

    [Fact]
    public async Task A_model_that_crashes_again_and_again_ends_the_run_with_the_reason()
    {
        var fault = await Should.ThrowAsync<RunFailedException>(() =>
            Runs.Play(Runs.Kuhn(), _temp.In("r"), policy => new Crashing(policy, _ => true))
        );
        fault.Message.ShouldContain("the device is on fire");
        fault.Message.ShouldContain("resume");
    }

    [Fact]
    public async Task A_seat_that_will_not_answer_properly_forfeits_and_the_game_is_scored()
    {
        var scenario = Runs.Kuhn(updates: 2, change: s => s["roles"]!["player"]!["constrained"] = false);
        await Runs.Play(scenario, _temp.In("r"), policy => ScriptedModel.Saying(policy, "I would rather not"));
        using var reader = JournalReader.Open(RunFolder.Open(_temp.In("r")));
        foreach (var (_, events) in reader.ReadGames())
        {
            events.OfType<MoveRefused>().Count().ShouldBe(2); // asked, asked again
            events.OfType<SeatForfeited>().Single().Seat.ShouldBe(0);
            var outcome = events.OfType<GameEnded>().Single().Outcome;
            outcome.Kind.ShouldBe(OutcomeKind.Forfeited);
            outcome.Payoffs[0].ShouldBeLessThan(0);
        }
        Runs.Audit(_temp.In("r")).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Games_that_fail_in_a_row_end_the_run_with_the_last_reason()
    {
        var scenario = Runs.Kuhn(change: s => s["run"]!["tokens-per-turn"] = 1_000_000);
        var fault = await Should.ThrowAsync<RunFailedException>(() =>
            Runs.Play(scenario, _temp.In("r"), policy => new ScriptedModel(policy, context: 100))
        );
        fault.Message.ShouldContain("games in a row failed");
        fault.Message.ShouldContain("context");
    }

    [Fact]
    public async Task Bots_play_without_any_model()
    {
        var scenario = Runs.Kuhn(change: s =>
        {
            s["policies"] = new System.Text.Json.Nodes.JsonObject
            {
                ["dice"] = new System.Text.Json.Nodes.JsonObject { ["player"] = "random" },
            };
            s["seats"]!["player"] = "dice";
            s["models"] = new System.Text.Json.Nodes.JsonObject();
            s["run"]!["games"] = 100;
        });
        var result = await Runs.Play(scenario, _temp.In("r"));
        result.Games.ShouldBe(100);
        Runs.Audit(_temp.In("r")).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_trained_on_is_what_was_sampled()
    {
        var batches = new List<TrainingBatch>();
        await Runs.Play(Runs.Kuhn(updates: 4), _temp.In("r"), policy => new Recording(policy, batches));
        using var reader = JournalReader.Open(RunFolder.Open(_temp.In("r")));
        var said = reader
            .ReadGames()
            .SelectMany(g => g.Events.OfType<MoveMade>())
            .Select(m => m.Said!)
            .Select(u => Row(u.Prompt, u.Tokens, u.LogProbs))
            .Order()
            .ToArray();
        batches
            .SelectMany(b => b.Rows)
            .Select(r => Row(r.Prompt, r.Tokens, r.LogProbs))
            .Order()
            .ToArray()
            .ShouldBe(said);
    }

    [Fact]
    public async Task A_flipped_bit_in_any_row_is_found_and_the_games_in_it_are_named()
    {
        await Runs.Play(Runs.Kuhn(updates: 2), _temp.In("r"));
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_temp.In("r/journal.db")}");
        connection.Open();
        var stream = new Core.RandomStream(Core.RandomStream.Derive(7, "flip"));
        foreach (var (ordering, id, row, message) in Messages(connection))
        {
            var altered = (byte[])message.Clone();
            altered[stream.Next(altered.Length)] ^= (byte)(1 << stream.Next(8));
            Write(connection, ordering, altered);
            var audit = Runs.Audit(_temp.In("r"));
            audit.Faults.ShouldNotBeEmpty($"{id}, row {row}");
            if (id == "table-0")
            {
                audit.Faults[0].ShouldContain($"row {row}: ");
                foreach (
                    var game in ((TableRow)EventCodec.Read(message, "table-row.v1"))
                        .Events.Select(e => e.Game)
                        .Distinct()
                )
                    audit.Faults[0].ShouldContain($"game-{game}");
            }
            Write(connection, ordering, message);
        }
        Runs.Audit(_temp.In("r")).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_tables_stream_is_read_by_akka_persistence_query_as_well()
    {
        await Runs.Play(Runs.Kuhn(updates: 2), _temp.In("r"));
        using var system = Akka.Actor.ActorSystem.Create(
            "reader",
            ArenaSystem.ConfigOf(RunFolder.Open(_temp.In("r")), null)
        );
        var journal = Akka
            .Persistence.Query.PersistenceQuery.Get(system)
            .ReadJournalFor<Akka.Persistence.Sql.Query.SqlReadJournal>(
                Akka.Persistence.Sql.Query.SqlReadJournal.Identifier
            );
        using var materializer = Akka.Streams.ActorMaterializer.Create(system);
        var rows = await journal
            .CurrentEventsByPersistenceId(TableActor.IdOf(0), 0, long.MaxValue)
            .RunWith(Akka.Streams.Dsl.Sink.Seq<Akka.Persistence.Query.EventEnvelope>(), materializer)
            .WaitAsync(TimeSpan.FromSeconds(20));
        using var reader = JournalReader.Open(RunFolder.Open(_temp.In("r")));
        var plain = reader
            .ReadTable(0)
            .SelectMany(r => r.Events!.Events)
            .Select(e => (e.Game, EventJson.ToJson(e.Event).ToJsonString()))
            .ToArray();
        plain.Length.ShouldBeGreaterThan(48);
        rows.SelectMany(r => ((TableRow)r.Event).Events)
            .Select(e => (e.Game, EventJson.ToJson(e.Event).ToJsonString()))
            .ShouldBe(plain);
    }

    [Fact]
    public async Task A_row_that_is_missing_is_found()
    {
        await Runs.Play(Runs.Kuhn(updates: 6), _temp.In("r"));
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_temp.In("r/journal.db")}"))
        {
            connection.Open();
            using var delete = connection.CreateCommand();
            delete.CommandText = "DELETE FROM journal WHERE persistence_id = 'table-0' AND sequence_number = 2";
            delete.ExecuteNonQuery().ShouldBe(1);
        }
        Runs.Audit(_temp.In("r")).Faults[0].ShouldContain("table-0: row 2 is missing");
    }

    private static List<(long Ordering, string Id, long Row, byte[] Message)> Messages(
        Microsoft.Data.Sqlite.SqliteConnection connection
    )
    {
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT ordering, persistence_id, sequence_number, message FROM journal";
        using var reader = select.ExecuteReader();
        var all = new List<(long, string, long, byte[])>();
        while (reader.Read())
            all.Add((reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3)));
        return all;
    }

    private static void Write(Microsoft.Data.Sqlite.SqliteConnection connection, long ordering, byte[] message)
    {
        using var update = connection.CreateCommand();
        update.CommandText = "UPDATE journal SET message = $m WHERE ordering = $o";
        update.Parameters.AddWithValue("$m", message);
        update.Parameters.AddWithValue("$o", ordering);
        update.ExecuteNonQuery().ShouldBe(1);
    }

    private static string Row(ImmutableArray<int> prompt, ImmutableArray<int> tokens, ImmutableArray<float> logProbs) =>
        string.Join(' ', prompt) + "|" + string.Join(' ', tokens) + "|" + string.Join(' ', logProbs);

    private string[] Moves(string run)
    {
        using var reader = JournalReader.Open(RunFolder.Open(_temp.In(run)));
        return
        [
            .. reader
                .ReadGames()
                .Select(g =>
                    string.Join(
                        ' ',
                        ((GameStarted)g.Events[0]).Chance.Concat(g.Events.OfType<MoveMade>().Select(m => m.Move))
                    )
                ),
        ];
    }

    private sealed class Crashing(string policy, Func<int, bool> when) : Watched(policy)
    {
        private int _step;

        public override void Step(ICollection<SequenceResult> finished)
        {
            if (when(++_step))
                throw new IOException("the device is on fire");
            base.Step(finished);
        }
    }
}
