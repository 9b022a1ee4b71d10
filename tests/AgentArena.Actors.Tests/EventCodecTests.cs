using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;

namespace AgentArena.Actors.Tests;

/// <summary>
/// How events look on disk and as JSON. Both are contracts: a log of today must open in every later version.
/// </summary>
public sealed class EventCodecTests
{
    private static readonly Utterance Said = new()
    {
        Policy = "student",
        Version = 17,
        Text = " bet",
        Prompt = [1, 5, 9],
        Tokens = [12],
        LogProbs = [-0.6931472f],
        Allowed =
        [
            [12, 15],
        ],
    };

    private static readonly Utterance Full = Said with
    {
        Text = "né\ud83d\ud83d\ude00",
        Values = [0.25f],
        Versions = [17, 18],
        Ends = [3, 9],
        Truncated = true,
        Temperature = 0.7f,
    };

    public static TheoryData<GameEvent, string> Games =>
        new()
        {
            {
                new GameStarted("kuhn-poker", new GameSetup(42), ["student", "student"])
                {
                    Chance = ["deal:K", "deal:Q"],
                },
                """{"event":"game-started.v1","game":"kuhn-poker","setup":{"seed":42},"seats":["student","student"],"chance":["deal:K","deal:Q"]}"""
            },
            {
                new MoveMade(0, 1, "bet") { Said = Said },
                """{"event":"move-made.v1","turn":0,"seat":1,"move":"bet","said":{"policy":"student","version":17,"text":" bet","prompt":[1,5,9],"tokens":[12],"log-probs":[-0.6931472],"allowed":[[12,15]],"temperature":1}}"""
            },
            {
                new MoveMade(0, 0, "rock") { Tools = [new ToolCall("search", "q", "a")] },
                """{"event":"move-made.v1","turn":0,"seat":0,"move":"rock","tools":[{"tool":"search","input":"q","output":"a"}]}"""
            },
            { new MoveRefused(2, 0, "no"), """{"event":"move-refused.v1","turn":2,"seat":0,"reason":"no"}""" },
            { new SeatForfeited(2, 0, "no"), """{"event":"seat-forfeited.v1","turn":2,"seat":0,"reason":"no"}""" },
            {
                new Measured("likelihood", 1, [0.5]),
                """{"event":"measured.v1","name":"likelihood","seat":1,"values":[0.5]}"""
            },
            {
                new GameEnded(new Outcome(OutcomeKind.Finished, [1, -1]) { Note = "showdown" }),
                """{"event":"game-ended.v1","outcome":{"kind":"finished","payoffs":[1,-1],"note":"showdown"}}"""
            },
            { new GameFailed("rules", "boom"), """{"event":"game-failed.v1","boundary":"rules","error":"boom"}""" },
        };

    // In base 64: the payload that was written when the format was fixed.
    public static TheoryData<object, string> Persisted =>
        new()
        {
            {
                new TableRow([
                    (3, new GameStarted("kuhn-poker", new GameSetup(42), ["a", "a"]) { Chance = ["deal:K"] }),
                    (3, new MoveMade(0, 1, "bet") { Said = Said }),
                    (3, new GameEnded(new Outcome(OutcomeKind.Finished, [1, -1]))),
                ]),
                "AAMGAAEUa3Vobi1wb2tlcioAAAAAAAAAAAACAQJhAwEBDGRlYWw6SwABAAEBBmJldAEOc3R1ZGVudAIRAQggYmV0AQMCChIBARgBGHIxvwEBAhgeAAAABQACBAIAAABA9CJW"
            },
            {
                new GamesAssigned([new Assignment(3, "kuhn-poker", new GameSetup(1, "{}") { Group = 2 }, ["a", "b"])]),
                "AAEGARRrdWhuLXBva2VyAQAAAAAAAAABBHt9AQQCAQJhAQJix1Wv4w=="
            },
            {
                new GamesFinished([
                    new LedgerEntry(3, OutcomeKind.Finished, [0.5, -2]) { Rows = new RowSpan(1, 7, 9) },
                ]),
                "AAEGAAIBAAAAAAAA4D8GAAABDgQXPCQa"
            },
            {
                new TableSnapshot([new GameSoFar(3, 7, 9, [new GameFailed("rules", "boom")])]),
                "AAEGDgQBBgEKcnVsZXMBCGJvb23njupV"
            },
            {
                new RunStarted(new() { ["seed"] = "7" }, 7, "1.0"),
                "AHsic2NlbmFyaW8iOnsic2VlZCI6IjcifSwic2VlZCI6NywiYnVpbGQiOiIxLjAiLCJmb3JtYXQiOjJ9g/87uA=="
            },
            {
                new GamesMeasured("student", 3, [new GameMeasured(7, [new Measured("bare", 1, [-0.5])])]),
                "AHsicG9saWN5Ijoic3R1ZGVudCIsInZlcnNpb24iOjMsImdhbWVzIjpbeyJnYW1lIjo3LCJ2YWx1ZXMiOlt7Im5hbWUiOiJiYXJlIiwic2VhdCI6MSwidmFsdWVzIjpbLTAuNV19XX1dfcA1LVQ="
            },
            {
                new WeightsUpdated("student", 1, 0, 8)
                {
                    Games = 8,
                    Rows = 20,
                    Seconds = 1.5,
                },
                "AHsicG9saWN5Ijoic3R1ZGVudCIsInZlcnNpb24iOjEsImZyb20iOjAsInRvIjo4LCJnYW1lcyI6OCwicm93cyI6MjAsInNlY29uZHMiOjEuNX1Qo8De"
            },
            {
                new FiguresTaken(
                    "student",
                    1,
                    8,
                    ImmutableSortedDictionary<string, double>.Empty.Add("exploitability", 0.25)
                )
                {
                    Seconds = 2,
                },
                "AHsicG9saWN5Ijoic3R1ZGVudCIsInZlcnNpb24iOjEsImdhbWVzIjo4LCJmaWd1cmVzIjp7ImV4cGxvaXRhYmlsaXR5IjowLjI1fSwic2Vjb25kcyI6Mn2Eq98X"
            },
            {
                new WeightsAdopted("ann", 4, "ben", 5, -0.5, 0.25, new LearnSettings(1.2, 0.8)),
                "AHsicG9saWN5IjoiYW5uIiwidmVyc2lvbiI6NCwicGFyZW50IjoiYmVuIiwicGFyZW50LXZlcnNpb24iOjUsInNjb3JlIjotMC41LCJwYXJlbnQtc2NvcmUiOjAuMjUsInNldHRpbmdzIjp7InJhdGUiOjEuMiwiZW50cm9weSI6MC44fX1LM1mD"
            },
            { new RunEnded("done"), "AHsicmVhc29uIjoiZG9uZSJ9gh/Yzg==" },
        };

    [Theory]
    [MemberData(nameof(Games))]
    public void A_games_event_looks_in_JSON_as_it_always_did(GameEvent e, string expected) =>
        EventJson.ToJson(e).ToJsonString(EventJson.Options).ShouldBe(expected);

    [Theory]
    [MemberData(nameof(Persisted))]
    public void What_is_persisted_is_written_as_it_always_was_and_reads_back(object e, string expected)
    {
        var bytes = EventCodec.Write(e);
        Convert.ToBase64String(bytes).ShouldBe(expected);
        EventCodec.Write(EventCodec.Read(bytes, EventCodec.ManifestOf(e))).ShouldBe(bytes);
    }

    [Fact]
    public void Every_kind_of_event_has_a_golden()
    {
        Games
            .Select(row => EventJson.NameOf((GameEvent)row[0]))
            .Distinct()
            .Order()
            .ShouldBe(EventJson.AllNames.Order());
        Persisted
            .Select(row => EventCodec.ManifestOf(row[0]))
            .Distinct()
            .Order()
            .ShouldBe(EventCodec.AllManifests.Order());
        typeof(GameEvent)
            .Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(GameEvent)))
            .Order(TypeName)
            .ShouldBe(Games.Select(row => row[0].GetType()).Distinct().Order(TypeName));
    }

    private static readonly Comparer<Type> TypeName = Comparer<Type>.Create(
        (a, b) => string.CompareOrdinal(a.Name, b.Name)
    );

    [Fact]
    public void Every_part_of_every_event_comes_back()
    {
        GameEvent[] events =
        [
            .. Games.Select(row => (GameEvent)row[0]),
            new GameStarted("g", new GameSetup(ulong.MaxValue, "task") { Group = -5 }, ["a", "b@3"]),
            new MoveMade(5, 2, "x")
            {
                Said = Full,
                Chance = ["c"],
                Tools = [new ToolCall("t", "", "o"), new ToolCall("t", "i", "")],
            },
            new MoveRefused(1, 1, "why") { Said = Full },
            new GameEnded(
                new Outcome(
                    OutcomeKind.Truncated,
                    [double.NaN, -0.0, 1e300, double.PositiveInfinity, 12345678901, -0.1]
                )
                {
                    Note = "n",
                    Product = "{}",
                    Measures = ImmutableSortedDictionary<string, double>.Empty.Add("valid", 1).Add("rate", 1 / 3.0),
                }
            ),
        ];
        var row = new TableRow([.. events.Select((e, i) => ((long)(i * i) - 3, e))]);
        var read = (TableRow)EventCodec.Read(EventCodec.Write(row), "table-row.v1");
        read.Events.Select(e => e.Game).ShouldBe(row.Events.Select(e => e.Game));
        foreach (var (was, now) in events.Zip(read.Events.Select(e => e.Event)))
            Json(now).ShouldBe(Json(was));
        var half = new TableRow([
            (
                1,
                new MoveMade(0, 0, "x")
                {
                    Said = Said with
                    {
                        Allowed =
                        [
                            [12, 15],
                            default,
                        ],
                    },
                }
            ),
        ]);
        ((MoveMade)((TableRow)EventCodec.Read(EventCodec.Write(half), "table-row.v1")).Events[0].Event)
            .Said!.Allowed[1]
            .IsDefault.ShouldBeTrue();
        BitConverter
            .DoubleToInt64Bits(((GameEnded)read.Events[^1].Event).Outcome.Payoffs[1])
            .ShouldBe(BitConverter.DoubleToInt64Bits(-0.0));
    }

    // Lone surrogates cannot be seen in JSON: texts are compared beside it.
    private static string Json(GameEvent e) =>
        JsonSerializer.Serialize(e, e.GetType(), EventJson.Options)
        + ((e as MoveMade)?.Said?.Text ?? (e as MoveRefused)?.Said?.Text);

    [Fact]
    public void A_row_of_long_texts_is_compressed_and_comes_back()
    {
        var text = string.Join(' ', Enumerable.Range(0, 20_000).Select(i => i % 97));
        var row = new TableRow([(1, new MoveRefused(0, 0, text))]);
        var bytes = EventCodec.Write(row);
        bytes.Length.ShouldBeLessThan(text.Length / 4);
        ((MoveRefused)((TableRow)EventCodec.Read(bytes, "table-row.v1")).Events[0].Event).Reason.ShouldBe(text);
    }

    [Theory]
    [MemberData(nameof(Persisted))]
    public void No_byte_can_change_unseen(object e, string _)
    {
        var bytes = EventCodec.Write(e);
        for (var i = 0; i < bytes.Length; i++)
        for (var bit = 0; bit < 8; bit++)
        {
            var altered = (byte[])bytes.Clone();
            altered[i] ^= (byte)(1 << bit);
            Should
                .Throw<InvalidDataException>(() => EventCodec.Read(altered, EventCodec.ManifestOf(e)))
                .Message.ShouldContain("altered");
        }
        for (var length = 0; length < bytes.Length; length++)
            Should
                .Throw<InvalidDataException>(() => EventCodec.Read(bytes.AsSpan(0, length), EventCodec.ManifestOf(e)))
                .Message.ShouldContain("altered");
    }

    [Fact]
    public void Bytes_that_were_sealed_but_never_written_give_one_kind_of_error()
    {
        var stream = new RandomStream(1);
        var bytes = EventCodec.Write(Persisted.First()[0]);
        for (var i = 0; i < 20_000; i++)
        {
            var body = bytes[1..^4];
            for (var n = stream.Next(4); n >= 0; n--)
                body[stream.Next(body.Length)] = (byte)stream.Next(256);
            var payload = EventCodec.Sealed("table-row.v1", body);
            try
            {
                EventCodec.Read(payload, "table-row.v1").ShouldBeOfType<TableRow>();
            }
            catch (InvalidDataException) { }
        }
    }

    [Fact]
    public void A_manifest_that_is_not_the_events_own_is_refused()
    {
        var bytes = EventCodec.Write(new RunEnded("done"));
        Should.Throw<InvalidDataException>(() => EventCodec.Read(bytes, "run-started.v2"));
        Should
            .Throw<InvalidDataException>(() => EventCodec.Read(bytes, "run-ended.v9"))
            .Message.ShouldContain("unknown event");
    }

    [Fact]
    public void Games_of_one_row_share_what_they_say()
    {
        GameEvent[] Game() =>
            [
                new GameStarted("kuhn-poker", new GameSetup(7), ["student", "student"])
                {
                    Chance = ["deal:K", "deal:Q"],
                },
                new MoveMade(0, 0, "bet") { Said = Said with { Prompt = [.. Enumerable.Range(0, 30)] } },
                new MoveMade(1, 1, "call") { Said = Said with { Prompt = [.. Enumerable.Range(0, 32)] } },
                new GameEnded(new Outcome(OutcomeKind.Finished, [1, -1])),
            ];
        var row = new TableRow([.. Enumerable.Range(0, 100).SelectMany(n => Game().Select(e => ((long)n, e)))]);
        (EventCodec.Write(row).Length / 100).ShouldBeLessThan(100);
    }
}
