// A chat model behind an address: so many requests at once, counted in tokens and money. Knows the endpoint's seam, no
// game.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core.Models;
using AgentArena.Core.Players;
using Akka.Actor;

namespace AgentArena.Actors.Remote;

/// <summary>
/// Answers <see cref="GenerateMany"/> from a <see cref="ChatEndpoint"/>. What it says is kept as text without tokens,
/// so that nothing is ever trained on it. What is beyond the bound waits here in order; a request that failed for good
/// fails its game.
/// </summary>
/// <param name="policy">The policy it sits for.</param>
/// <param name="spec">Where it is, and its bounds; how long a try may take is among them.</param>
/// <param name="key">The key, from the environment.</param>
/// <param name="time">The clock.</param>
public sealed class RemoteActor(string policy, RemoteSpec spec, RemoteKey key, TimeProvider time)
    : BackendActor<SequenceRequest, ChatReply>($"remote-{policy}", spec.Concurrency, deadline: null, time)
{
    private readonly ChatEndpoint _endpoint = new(spec, key, time);
    private long _retries; // counted where requests run, on threads of their own
    private long _answers;
    private long _failures;
    private long _promptTokens;
    private long _replyTokens;

    /// <inheritdoc/>
    protected override string? WaitsFor =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Running} answers on their way, {Open - Running} requests in line; so far {_answers} answers, "
                + $"{_failures} failures, {Interlocked.Read(ref _retries)} retries, "
                + $"{_promptTokens} + {_replyTokens} tokens, cost {Cost:0.####}"
        );

    private double Cost => (_promptTokens * spec.PromptPrice + _replyTokens * spec.ReplyPrice) / 1e6;

    /// <inheritdoc/>
    protected override void PostStop()
    {
        base.PostStop();
        _endpoint.Dispose();
    }

    /// <inheritdoc/>
    protected override bool TryEnqueue(object message)
    {
        if (message is not GenerateMany generate)
            return false;
        foreach (var request in generate.Requests)
            Enqueue(request.Request.Id, request.Request);
        return true;
    }

    /// <inheritdoc/>
    protected override Task<ChatReply> AnswerAsync(SequenceRequest asked, CancellationToken stop)
    {
        var tries = 0;
        return _endpoint.AskAsync(asked, Tried, stop);

        void Tried()
        {
            if (tries++ > 0)
                Interlocked.Increment(ref _retries);
        }
    }

    /// <inheritdoc/>
    protected override void Answered(
        long id,
        SequenceRequest asked,
        IActorRef asker,
        ChatReply? answer,
        Exception? fault
    )
    {
        if (answer is not null)
        {
            _answers++;
            _promptTokens += answer.PromptTokens;
            _replyTokens += answer.ReplyTokens;
        }
        else
            _failures++;
        // Before the answer, which may end the run: the counters' last figures belong to it.
        Context.System.EventStream.Publish(new RemoteAnswered(policy) { Figures = Figures() });
        if (answer is not null)
            asker.Tell(new GeneratedMany([new Generated(id, Said(answer))]));
        else
        {
            var error = fault is ChatException ? fault.Message : $"{fault?.GetType().Name}: {fault?.Message}";
            asker.Tell(new GenerateFailed(id, $"{policy}: {error}"));
        }
    }

    private Utterance Said(ChatReply reply) =>
        new()
        {
            Policy = policy,
            Version = 0,
            Text = reply.Text,
            Truncated = reply.Truncated,
        };

    private ImmutableSortedDictionary<string, double> Figures() =>
        ImmutableSortedDictionary<string, double>
            .Empty.Add($"remote/{policy}/answers", _answers)
            .Add($"remote/{policy}/failures", _failures)
            .Add($"remote/{policy}/retries", Interlocked.Read(ref _retries))
            .Add($"remote/{policy}/prompt-tokens", _promptTokens)
            .Add($"remote/{policy}/reply-tokens", _replyTokens)
            .Add($"remote/{policy}/cost", Cost);
}
