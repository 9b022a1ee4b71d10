// Expectations of messages, blocking and asynchronous.
using Akka.Actor;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>The next message must be of that type.</summary>
    public T ExpectMsg<T>(TimeSpan? timeout = null, string? hint = null) => Expect<T>(timeout, hint, null, null);

    /// <summary>The next message must equal this one.</summary>
    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null) => Expect<T>(timeout, hint ?? $"{message}", (m, _) => Equals(m, message), null);

    /// <summary>The next message must be of that type and satisfy the predicate.</summary>
    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null) => Expect<T>(timeout, hint, (m, _) => isMessage(m), null);

    /// <summary>The next message must be of that type and pass the assertions.</summary>
    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null) => Expect<T>(timeout, hint, null, (m, _) => assert(m));

    /// <summary>The next message must be of that type and satisfy the predicate, with its sender.</summary>
    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null) => Expect<T>(timeout, hint, isMessageAndSender, null);

    /// <summary>The next message must be of that type and pass the assertions, with its sender.</summary>
    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null) => Expect(timeout, hint, null, assertMessageAndSender);

    /// <summary>The next message must be of that type and come from that actor.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? timeout = null, string? hint = null) => Expect<T>(timeout, hint ?? $"from {sender}", (_, s) => s.Equals(sender), null);

    /// <summary>The next message must equal this one and come from that actor.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null) => Expect<T>(timeout, hint ?? $"{message} from {sender}", (m, s) => s.Equals(sender) && Equals(m, message), null);

    /// <summary>The next message must equal one of these.</summary>
    public T ExpectMsgAnyOf<T>(params T[] messages) => Expect<T>(null, $"any of {string.Join(", ", messages)}", (m, _) => messages.Contains(m), null);

    /// <summary>The next messages must equal these, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) => ExpectMsgAllOf(RemainingOrDefault, messages);

    /// <summary>The next messages must equal these, in any order, within a time.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages)
    {
        var got = ReceiveN(messages.Length, max);
        var left = new List<object?>(got);
        foreach (var message in messages)
            if (!left.Remove(message)) _assertions.Fail($"not found among the next {messages.Length} messages: {message}. They were: {string.Join(", ", got)}");
        return [.. got.OfType<T>()];
    }

    /// <summary>Nothing may come for a while.</summary>
    public void ExpectNoMsg() => ExpectNoMsg(RemainingOr(Dilated(TestKitSettings.ExpectNoMessageDefault)));

    /// <summary>Nothing may come for so long.</summary>
    public void ExpectNoMsg(int milliseconds) => ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Nothing may come for so long.</summary>
    public void ExpectNoMsg(TimeSpan duration)
    {
        if (Take(Dilated(duration)) is { } got) _assertions.Fail($"received unexpected message {got.Message} from {got.Sender} during {duration}");
    }

    /// <summary>The next message must be that actor's <see cref="Terminated"/>.</summary>
    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string? hint = null) => Expect<Terminated>(timeout, hint ?? $"Terminated {target}", (t, _) => t.ActorRef.Equals(target), null);

    /// <summary>Drops messages until one satisfies the predicate.</summary>
    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string hint = "") => FishForMessage<object>(isMessage, max, hint);

    /// <summary>Drops messages until one is of that type and satisfies the predicate.</summary>
    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "")
    {
        var end = Clock + RemainingOrDilated(max);
        while (true)
        {
            var got = Take(Max(end - Clock));
            if (got is null) _assertions.Fail($"Timeout ({max ?? RemainingOrDefault}) during FishForMessage<{typeof(T).Name}>, hint: {hint}");
            if (got!.Message is T message && isMessage(message)) return message;
        }
    }

    /// <summary>Drops messages until one is of that type.</summary>
    public T FishUntilMessage<T>(TimeSpan? max = null) => FishForMessage<T>(static _ => true, max);

    /// <summary>The next message, or null when none comes in time.</summary>
    public object? ReceiveOne(TimeSpan? max = null) => Take(RemainingOrDilated(max))?.Message;

    /// <summary>The next so many messages.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages) => ReceiveN(numberOfMessages, RemainingOrDefault);

    /// <summary>The next so many messages, within a time.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max)
    {
        var end = Clock + Dilated(max);
        var got = new List<object>(numberOfMessages);
        while (got.Count < numberOfMessages)
        {
            var next = Take(Max(end - Clock));
            if (next is null) _assertions.Fail($"timeout ({max}) while expecting {numberOfMessages} messages (got {got.Count})");
            got.Add(next!.Message);
        }

        return got;
    }

    /// <summary>Messages of a type, while they come.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue) where T : class
    {
        var end = Clock + RemainingOrDilated(max);
        var got = new List<T>();
        while (got.Count < msgs && Take(Max(end - Clock)) is { } next && filter(next.Message) is { } kept) got.Add(kept);
        return got;
    }

    private RealMessageEnvelope? Take(TimeSpan timeout)
    {
        var got = _messages.Take(timeout, CancellationToken.None);
        if (got is not null) _last = got;
        return got;
    }

    private T Expect<T>(TimeSpan? timeout, string? hint, Func<T, IActorRef, bool>? fits, Action<T, IActorRef>? assert)
    {
        var patience = RemainingOrDilated(timeout);
        return Judge(_messages.Take(patience, CancellationToken.None), patience, hint, fits, assert);
    }

    private T Judge<T>(RealMessageEnvelope? got, TimeSpan patience, string? hint, Func<T, IActorRef, bool>? fits, Action<T, IActorRef>? assert)
    {
        if (got is null) _assertions.Fail($"Failed: Timeout {patience} while waiting for a message of type {typeof(T)} {hint}");
        _last = got;
        if (got!.Message is not T message)
        {
            _assertions.Fail($"Failed: Expected a message of type {typeof(T)} {hint}, but received {{{got.Message}}} (type {got.Message.GetType()}) from {got.Sender}");
            throw new InvalidOperationException("unreachable");
        }

        if (fits is not null && !fits(message, got.Sender)) _assertions.Fail($"Failed: received {{{message}}} from {got.Sender}, which is not what was expected. {hint}");
        assert?.Invoke(message, got.Sender);
        return message;
    }

    // --- asynchronous

    /// <inheritdoc cref="ExpectMsg{T}(TimeSpan?, string?)"/>
    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) => ExpectAsync<T>(timeout, hint, null, null, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(T, TimeSpan?, string?)"/>
    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) => ExpectAsync<T>(timeout, hint ?? $"{message}", (m, _) => Equals(m, message), null, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(Predicate{T}, TimeSpan?, string?)"/>
    public ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) => ExpectAsync<T>(timeout, hint, (m, _) => isMessage(m), null, cancellationToken);

    /// <inheritdoc cref="ExpectMsg{T}(Action{T}, TimeSpan?, string?)"/>
    public ValueTask<T> ExpectMsgAsync<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) => ExpectAsync<T>(timeout, hint, null, (m, _) => assert(m), cancellationToken);

    /// <inheritdoc cref="ExpectNoMsg()"/>
    public ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) => ExpectNoMsgAsync(RemainingOr(Dilated(TestKitSettings.ExpectNoMessageDefault)), cancellationToken);

    /// <inheritdoc cref="ExpectNoMsg(TimeSpan)"/>
    public async ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default)
    {
        if (await _messages.TakeAsync(Dilated(duration), cancellationToken).ConfigureAwait(false) is { } got) _assertions.Fail($"received unexpected message {got.Message} from {got.Sender} during {duration}");
    }

    /// <inheritdoc cref="ExpectTerminated"/>
    public ValueTask<Terminated> ExpectTerminatedAsync(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<Terminated>(timeout, hint ?? $"Terminated {target}", (t, _) => t.ActorRef.Equals(target), null, cancellationToken);

    /// <inheritdoc cref="FishForMessage{T}"/>
    public async ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
    {
        var end = Clock + RemainingOrDilated(max);
        while (true)
        {
            var got = await _messages.TakeAsync(Max(end - Clock), cancellationToken).ConfigureAwait(false);
            if (got is null) _assertions.Fail($"Timeout ({max ?? RemainingOrDefault}) during FishForMessageAsync<{typeof(T).Name}>, hint: {hint}");
            _last = got;
            if (got!.Message is T message && isMessage(message)) return message;
        }
    }

    /// <inheritdoc cref="ReceiveOne"/>
    public async ValueTask<object?> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var got = await _messages.TakeAsync(RemainingOrDilated(max), cancellationToken).ConfigureAwait(false);
        if (got is not null) _last = got;
        return got?.Message;
    }

    private async ValueTask<T> ExpectAsync<T>(TimeSpan? timeout, string? hint, Func<T, IActorRef, bool>? fits, Action<T, IActorRef>? assert, CancellationToken cancel)
    {
        var patience = RemainingOrDilated(timeout);
        return Judge(await _messages.TakeAsync(patience, cancel).ConfigureAwait(false), patience, hint, fits, assert);
    }
}
