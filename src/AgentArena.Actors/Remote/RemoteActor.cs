// A chat model behind an address: so many requests at once, counted in tokens and money. Knows the endpoint's seam, no
// game.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core;
using AgentArena.Core.Games;
using Akka.Actor;

namespace AgentArena.Actors.Remote;

/// <summary>
/// Answers <see cref="GenerateMany"/> from a <see cref="ChatEndpoint"/>. What it says is kept as text without tokens,
/// so that nothing is ever trained on it. What is beyond the bound waits here in order; a request that failed for good
/// fails its game.
/// </summary>
public sealed class RemoteActor : UntypedActor
{
    private sealed record Answered(long Id, ChatReply? Reply, string? Error, int Attempts);

    private readonly string _policy;
    private readonly RemoteSpec _spec;
    private readonly TimeProvider _time;
    private readonly ChatEndpoint _endpoint;
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<(Generate Request, IActorRef Asker)> _queue = new();
    private readonly Dictionary<long, (DateTimeOffset Since, IActorRef Asker)> _running = [];
    private readonly HashSet<long> _cancelled = [];
    private long _answers,
        _failures,
        _retries,
        _promptTokens,
        _replyTokens;

    /// <param name="policy">The policy it sits for.</param>
    /// <param name="spec">Where it is, and its bounds.</param>
    /// <param name="key">The key, from the environment.</param>
    /// <param name="time">The clock.</param>
    public RemoteActor(string policy, RemoteSpec spec, RemoteKey key, TimeProvider time) =>
        (_policy, _spec, _time, _endpoint) = (policy, spec, time, new ChatEndpoint(spec, key, time));

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _stop.Cancel();
        _stop.Dispose();
        _endpoint.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GenerateMany generate:
                foreach (var request in generate.Requests)
                    _queue.Enqueue((request, Sender));
                Send();
                break;
            case CancelGeneration cancel:
                _cancelled.UnionWith(cancel.Ids.Intersect(_queue.Select(q => q.Request.Request.Id)));
                break;
            case Answered answered:
                End(answered);
                Send();
                break;
            case ReportWaits:
                Sender.Tell(
                    new Waits([
                        new Wait(
                            $"remote-{_policy}",
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"{_running.Count} answers on their way, {_queue.Count} requests in line; so far {_answers} answers, {_failures} failures, {_retries} retries, {_promptTokens} + {_replyTokens} tokens, cost {Cost:0.####}"
                            ),
                            _running.Values.Select(r => r.Since).DefaultIfEmpty().Min(),
                            null
                        ),
                    ])
                );
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private double Cost => (_promptTokens * _spec.PromptPrice + _replyTokens * _spec.ReplyPrice) / 1e6;

    private void Send()
    {
        while (_running.Count < _spec.Concurrency && _queue.TryDequeue(out var next))
        {
            var request = next.Request.Request;
            if (_cancelled.Remove(request.Id))
                continue; // nobody waits: no request is paid for
            _running[request.Id] = (_time.GetUtcNow(), next.Asker);
            _ = AskAsync(request).PipeTo(Self);
        }
    }

    private async Task<Answered> AskAsync(Core.Models.SequenceRequest request)
    {
        var attempts = 0;
        try
        {
            return new Answered(
                request.Id,
                await _endpoint.AskAsync(request, () => attempts++, _stop.Token).ConfigureAwait(false),
                null,
                attempts
            );
        }
        catch (Exception e)
        {
            return new Answered(
                request.Id,
                null,
                e is ChatException ? e.Message : $"{e.GetType().Name}: {e.Message}",
                attempts
            );
        }
    }

    private void End(Answered answered)
    {
        if (!_running.Remove(answered.Id, out var running))
            return;
        _retries += Math.Max(0, answered.Attempts - 1);
        if (answered.Reply is { } reply)
        {
            _answers++;
            _promptTokens += reply.PromptTokens;
            _replyTokens += reply.ReplyTokens;
        }
        else
            _failures++;
        // Before the answer, which may end the run: the counters' last figures belong to it.
        Context.System.EventStream.Publish(
            new Progress(
                $"asking {_policy}",
                0,
                0,
                0,
                0,
                ImmutableSortedDictionary<string, double>
                    .Empty.Add($"remote/{_policy}/answers", _answers)
                    .Add($"remote/{_policy}/failures", _failures)
                    .Add($"remote/{_policy}/retries", _retries)
                    .Add($"remote/{_policy}/prompt-tokens", _promptTokens)
                    .Add($"remote/{_policy}/reply-tokens", _replyTokens)
                    .Add($"remote/{_policy}/cost", Cost)
            )
        );
        running.Asker.Tell(
            answered.Reply is { } said
                ? new GeneratedMany([
                    new Generated(
                        answered.Id,
                        new Utterance
                        {
                            Policy = _policy,
                            Version = 0,
                            Text = said.Text,
                            Truncated = said.Truncated,
                        }
                    ),
                ])
                : new GenerateFailed(answered.Id, $"{_policy}: {answered.Error}")
        );
    }
}
