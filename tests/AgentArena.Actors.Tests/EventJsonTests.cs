using System.Text;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;
using AgentArena.Core.Runs;

namespace AgentArena.Actors.Tests;

/// <summary>How events look on disk. These texts are a contract: a log of today must open in every later version.</summary>
public sealed class EventJsonTests
{
    private static readonly Utterance Said = new()
    {
        Policy = "student", Version = 17, Text = " bet", Prompt = [1, 5, 9], Tokens = [12], LogProbs = [-0.6931472f], Allowed = [[12, 15]],
    };

    public static TheoryData<object, string> Golden => new()
    {
        { new GameStarted("kuhn-poker", new GameSetup(42), ["student", "student"]) { Chance = ["deal:K", "deal:Q"] }, """{"game":"kuhn-poker","setup":{"seed":42},"seats":["student","student"],"chance":["deal:K","deal:Q"]}""" },
        { new MoveMade(0, 1, "bet") { Said = Said }, """{"turn":0,"seat":1,"move":"bet","said":{"policy":"student","version":17,"text":" bet","prompt":[1,5,9],"tokens":[12],"log-probs":[-0.6931472],"allowed":[[12,15]],"temperature":1}}""" },
        { new MoveMade(0, 0, "rock") { Tools = [new ToolCall("search", "q", "a")] }, """{"turn":0,"seat":0,"move":"rock","tools":[{"tool":"search","input":"q","output":"a"}]}""" },
        { new MoveRefused(2, 0, "no"), """{"turn":2,"seat":0,"reason":"no"}""" },
        { new SeatForfeited(2, 0, "no"), """{"turn":2,"seat":0,"reason":"no"}""" },
        { new Measured("likelihood", 1, [0.5]), """{"name":"likelihood","seat":1,"values":[0.5]}""" },
        { new GameEnded(new Outcome(OutcomeKind.Finished, [1, -1]) { Note = "showdown" }), """{"outcome":{"kind":"finished","payoffs":[1,-1],"note":"showdown"}}""" },
        { new GameFailed("rules", "boom"), """{"boundary":"rules","error":"boom"}""" },
        { new GamesAssigned([new Assignment(3, "kuhn-poker", new GameSetup(1, "{}"), ["a", "b"])]), """{"games":[{"number":3,"game":"kuhn-poker","setup":{"seed":1,"task":"{}"},"seats":["a","b"]}]}""" },
        { new GamesFinished([new LedgerEntry(3, OutcomeKind.Aborted, [])]), """{"entries":[{"game":3,"kind":"aborted"}]}""" },
        { new GamesMeasured("student", 3, [new GameMeasured(7, [new Measured("bare", 1, [-0.5])])]), """{"policy":"student","version":3,"games":[{"game":7,"values":[{"name":"bare","seat":1,"values":[-0.5]}]}]}""" },
        { new WeightsUpdated("student", 1, 0, 8) { Games = 8, Rows = 20 }, """{"policy":"student","version":1,"from":0,"to":8,"games":8,"rows":20}""" },
        { new RunStarted(new() { ["seed"] = "7" }, 7, "1.0"), """{"scenario":{"seed":"7"},"seed":7,"build":"1.0"}""" },
        { new WeightsAdopted("ann", 4, "ben", 5, -0.5, 0.25, new LearnSettings(1.2, 0.8)), """{"policy":"ann","version":4,"parent":"ben","parent-version":5,"score":-0.5,"parent-score":0.25,"settings":{"rate":1.2,"entropy":0.8}}""" },
        { new RunEnded("done"), """{"reason":"done"}""" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void An_event_is_written_as_it_always_was_and_reads_back(object e, string expected)
    {
        var bytes = EventJson.Write(e);
        var text = Encoding.UTF8.GetString(bytes);
        (text[..^18] + "}").ShouldBe(expected);
        Encoding.UTF8.GetString(EventJson.Write(EventJson.Read(bytes, EventJson.ManifestOf(e)))).ShouldBe(text);
    }

    [Fact]
    public void Every_kind_of_event_has_a_golden() =>
        Golden.Select(row => EventJson.ManifestOf(row[0])).Distinct().Order().ShouldBe(EventJson.AllManifests.Order());

    [Fact]
    public void No_byte_can_change_unseen()
    {
        var e = new MoveMade(0, 1, "bet") { Said = Said };
        var bytes = EventJson.Write(e);
        for (var i = 0; i < bytes.Length; i++)
            for (var bit = 0; bit < 8; bit++)
            {
                var altered = (byte[])bytes.Clone();
                altered[i] ^= (byte)(1 << bit);
                Should.Throw<InvalidDataException>(() => EventJson.Read(altered, "move-made.v1")).Message.ShouldContain("altered");
            }
    }

    [Fact]
    public void A_manifest_that_is_not_the_events_own_is_refused()
    {
        var bytes = EventJson.Write(new SeatForfeited(2, 0, "no"));
        Should.Throw<InvalidDataException>(() => EventJson.Read(bytes, "move-refused.v1"));
        Should.Throw<InvalidDataException>(() => EventJson.Read(bytes, "move-made.v9")).Message.ShouldContain("unknown event");
    }
}
