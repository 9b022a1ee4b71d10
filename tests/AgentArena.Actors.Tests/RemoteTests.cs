// A chat endpoint as a seat: what it says becomes moves, what may pass is tried again, what may not fails the game
// alone, and the key is nowhere.
using System.Diagnostics;
using System.Text.Json.Nodes;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Scenarios;
using Microsoft.AspNetCore.Http;

namespace AgentArena.Actors.Tests;

public sealed class RemoteTests : IDisposable
{
    private const string KeyName = "ARENA_TEST_CHAT_KEY",
        Key = "sk-very-secret-0815";
    private readonly TempFolder _temp = new();

    public RemoteTests() => Environment.SetEnvironmentVariable(KeyName, Key);

    public void Dispose() => _temp.Dispose();

    private static Scenario Against(string url, int games = 4, Action<JsonObject>? change = null) =>
        Runs.Kuhn(change: s =>
        {
            s["policies"] = JsonNode.Parse(
                $$"""
                { "gpt": { "player": { "name": "remote", "url": "{{url}}", "model": "small", "key-env": "{{KeyName}}", "retries": 3, "wait": "10ms", "longest-wait": "2s", "timeout": "10s", "concurrency": 2,
                                       "prompt-price": 2, "reply-price": 10, "role": { "name": "player", "constrained": false, "format": "boxed" } } },
                  "dice": { "player": "random" } }
                """
            );
            s["seats"] = JsonNode.Parse("""{ "player-0": "gpt", "player-1": "dice" }""");
            ((JsonObject)s["run"]!)["games"] = games;
            change?.Invoke(s);
        });

    private static Task Say(HttpResponse to, string text) => to.WriteAsync(text);

    [Fact]
    public async Task Its_replies_are_moves_without_tokens_and_are_counted()
    {
        await using var server = await ChatServer.StartAsync(
            (n, body, to) => Say(to, ChatServer.Completion(n % 2 == 0 ? @"\boxed{bet}" : @"Well: \boxed{bet}", 100, 7))
        );
        var result = await Runs.Play(
            Against(server.Url, change: s =>
                s["roles"] = JsonNode.Parse("""{ "player": { "name": "player", "show": ["board"] } }""")
            ),
            _temp.In("r")
        );
        result.Games.ShouldBe(4);
        Runs.Audit(_temp.In("r")).Faults.ShouldBeEmpty();
        var said = Games(_temp.In("r"))
            .SelectMany(g => g)
            .OfType<MoveMade>()
            .Where(m => m.Seat == 0)
            .Select(m => m.Said!)
            .ToArray();
        said.Length.ShouldBe(4);
        said.ShouldAllBe(u =>
            u.Policy == "gpt" && u.Tokens.IsEmpty && u.Prompt.IsEmpty && u.LogProbs.IsEmpty && u.Text.Contains("boxed")
        );
        // It is told the rules and the format in its own words, though the scenario's role shows the board alone.
        var asked = server.Requests.First();
        asked["model"]!.ToString().ShouldBe("small");
        asked["messages"]![0]!["role"]!.ToString().ShouldBe("system");
        asked["messages"]![0]!["content"]!.ToString().ShouldContain(@"\boxed{answer}");
        server.Keys.ShouldAllBe(k => k == "Bearer " + Key);
        server.MostOpen.ShouldBeLessThanOrEqualTo(2);
        result.Metrics["remote/gpt/answers"].ShouldBe(4);
        result.Metrics["remote/gpt/prompt-tokens"].ShouldBe(400);
        result.Metrics["remote/gpt/reply-tokens"].ShouldBe(28);
        result.Metrics["remote/gpt/cost"].ShouldBe((400 * 2 + 28 * 10) / 1e6, 1e-12);
    }

    [Fact]
    public async Task What_may_pass_is_tried_again_and_the_wait_it_asks_for_is_kept()
    {
        await using var server = await ChatServer.StartAsync(
            async (n, _, to) =>
            {
                switch (n)
                {
                    case 0:
                        to.StatusCode = 429;
                        to.Headers.RetryAfter = "1";
                        break;
                    case 1:
                        to.StatusCode = 500;
                        await Say(to, "overloaded");
                        break;
                    case 2:
                        await Say(to, """{"choices":[{"message":{"cont""");
                        break;
                    default:
                        await Say(to, ChatServer.Completion(@"\boxed{bet}"));
                        break;
                }
            }
        );
        var watch = Stopwatch.StartNew();
        var result = await Runs.Play(Against(server.Url, games: 1), _temp.In("r"));
        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(0.95));
        server.Requests.Count.ShouldBe(4);
        result.Metrics["remote/gpt/retries"].ShouldBe(3);
        result.Metrics["remote/gpt/answers"].ShouldBe(1);
        result.Metrics["remote/gpt/failures"].ShouldBe(0);
        Games(_temp.In("r")).Single()[^1].ShouldBeOfType<GameEnded>();
    }

    [Theory]
    [InlineData(401, """{"error":"bad key sk-very-secret-0815"}""", 1, "answered 401")]
    [InlineData(500, "down", 4, "answered 500")]
    [InlineData(200, "<html>a login page</html>", 4, "no JSON of a chat completion")]
    [InlineData(200, """{"choices":[]}""", 4, "no choices[0].message.content")]
    public async Task What_does_not_pass_fails_its_game_with_the_reason(
        int status,
        string body,
        int requests,
        string reason
    )
    {
        await using var server = await ChatServer.StartAsync(
            async (_, _, to) =>
            {
                to.StatusCode = status;
                await Say(to, body);
            }
        );
        await Should.ThrowAsync<RunFailedException>(
            Runs.Play(
                Against(server.Url, games: 1, change: s => ((JsonObject)s["run"]!)["most-failures"] = 1),
                _temp.In("r")
            )
        );
        server.Requests.Count.ShouldBe(requests);
        var failed = Games(_temp.In("r")).First()[^1].ShouldBeOfType<GameFailed>();
        (failed.Boundary, failed.Error.Contains(reason)).ShouldBe(("model", true), failed.Error);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_asked_for_again()
    {
        await using var server = await ChatServer.StartAsync(
            async (n, _, to) =>
            {
                if (n == 0)
                    await Task.Delay(Timeout.Infinite, to.HttpContext.RequestAborted).ContinueWith(_ => { });
                else
                    await Say(to, ChatServer.Completion(@"\boxed{bet}"));
            }
        );
        var result = await Runs.Play(
            Against(server.Url, games: 1, change: s => s["policies"]!["gpt"]!["player"]!["timeout"] = "4s"),
            _temp.In("r")
        );
        // The counters' last figures may come after the run's end; that the server was asked again, and the game ended
        // well, is in the records.
        result.Games.ShouldBe(1);
        server.Requests.Count.ShouldBeGreaterThanOrEqualTo(2);
        Games(_temp.In("r")).Single()[^1].ShouldBeOfType<GameEnded>().Outcome.Kind.ShouldBe(OutcomeKind.Finished);
    }

    [Fact]
    public async Task A_reply_without_a_move_is_refused_and_the_seat_is_told_why()
    {
        await using var server = await ChatServer.StartAsync(
            (n, _, to) =>
                Say(
                    to,
                    ChatServer.Completion(
                        n == 0 ? "I would rather not." : @"\boxed{bet}",
                        reason: n == 0 ? "length" : "stop"
                    )
                )
        );
        await Runs.Play(Against(server.Url, games: 1), _temp.In("r"));
        var events = Games(_temp.In("r")).Single();
        var refused = events.OfType<MoveRefused>().Single();
        refused.Said!.Truncated.ShouldBeTrue();
        var again = server.Requests.Last()["messages"]!.AsArray();
        again[0]!["role"]!.ToString().ShouldBe("system");
        again[^1]!["content"]!.ToString().ShouldBe(refused.Reason);
    }

    [Fact]
    public async Task The_key_is_in_no_file_of_the_run_and_a_missing_one_is_named()
    {
        await using var server = await ChatServer.StartAsync(
            async (n, _, to) =>
            {
                to.StatusCode = 400;
                await Say(to, $"the key {Key} may not do this");
            }
        );
        await Should.ThrowAsync<RunFailedException>(
            Runs.Play(Against(server.Url, change: s => ((JsonObject)s["run"]!)["most-failures"] = 1), _temp.In("r"))
        );
        foreach (var file in Directory.GetFiles(_temp.In("r"), "*", SearchOption.AllDirectories))
            File.ReadAllText(file, System.Text.Encoding.Latin1).ShouldNotContain(Key, Case.Sensitive, file);
        var missing = await Should.ThrowAsync<UserException>(
            Runs.Play(
                Against(server.Url, change: s =>
                    s["policies"]!["gpt"]!["player"]!["key-env"] = "ARENA_TEST_NO_SUCH_KEY"
                ),
                _temp.In("s")
            )
        );
        missing.Message.ShouldContain("ARENA_TEST_NO_SUCH_KEY is not set");
    }

    private static System.Collections.Immutable.ImmutableArray<GameEvent>[] Games(string path)
    {
        using var reader = JournalReader.Open(RunFolder.Open(path));
        return [.. reader.ReadGames().OrderBy(g => g.Number).Select(g => g.Events)];
    }
}
