// A chat endpoint on loopback that answers as it is told, request by request. For specifications of remote models.
using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentArena.Actors.Tests;

/// <summary>Listens on a free port until disposed.</summary>
public sealed class ChatServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _open;

    private ChatServer(WebApplication app) => _app = app;

    /// <summary>Up to and with the version.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Bodies in the order they came.</summary>
    public ConcurrentQueue<JsonNode> Requests { get; } = new();

    /// <summary>Authorization headers in the order they came.</summary>
    public ConcurrentQueue<string> Keys { get; } = new();

    /// <summary>The most requests that were open at once.</summary>
    public int MostOpen { get; private set; }

    /// <summary>A completion as such endpoints word it.</summary>
    public static string Completion(string text, int prompt = 10, int reply = 3, string reason = "stop") =>
        new JsonObject
        {
            ["choices"] = new JsonArray(
                new JsonObject
                {
                    ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text },
                    ["finish_reason"] = reason,
                }
            ),
            ["usage"] = new JsonObject { ["prompt_tokens"] = prompt, ["completion_tokens"] = reply },
        }.ToJsonString();

    /// <summary>
    /// Starts it. <paramref name="answer"/> gets the request's number (from 0), its body and the response to fill.
    /// </summary>
    public static async Task<ChatServer> StartAsync(Func<int, JsonNode, HttpResponse, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new ChatServer(app);
        var count = -1;
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/v1/chat/completions", async (HttpContext http) =>
        {
            var body = (await JsonNode.ParseAsync(http.Request.Body))!;
            lock (server)
            {
                server.MostOpen = Math.Max(server.MostOpen, ++server._open);
                server.Requests.Enqueue(body);
                server.Keys.Enqueue(http.Request.Headers.Authorization.ToString());
            }
            try
            {
                await answer(Interlocked.Increment(ref count), body, http.Response);
            }
            finally
            {
                lock (server)
                    server._open--;
            }
        });
        await app.StartAsync();
        server.Url = app.Urls.Single() + "/v1";
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
