// Mailboxes other than the default: by priority, bounded, or of the user's making. Knows envelopes, not actors.
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Dispatch.MessageQueues
{
    /// <summary>What holds an actor's user messages. Added to by any thread, taken from by one at a time.</summary>
    public interface IMessageQueue
    {
        /// <summary>True when there is something to take.</summary>
        bool HasMessages { get; }

        /// <summary>How many wait.</summary>
        int Count { get; }

        /// <summary>Adds.</summary>
        void Enqueue(IActorRef receiver, Envelope envelope);

        /// <summary>Takes the next.</summary>
        bool TryDequeue(out Envelope envelope);

        /// <summary>Hands what is left to dead letters.</summary>
        void CleanUp(IActorRef owner, IMessageQueue deadletters);
    }

    /// <summary>A queue under a lock.</summary>
    public abstract class BlockingMessageQueue : IMessageQueue
    {
        private protected readonly Lock Gate = new();

        /// <inheritdoc/>
        public bool HasMessages => Count > 0;

        /// <inheritdoc/>
        public int Count
        {
            get
            {
                lock (Gate) return LockedCount;
            }
        }

        /// <summary>How many wait.</summary>
        protected abstract int LockedCount { get; }

        /// <summary>Adds.</summary>
        protected abstract void LockedEnqueue(Envelope envelope);

        /// <summary>Takes the next.</summary>
        protected abstract bool LockedTryDequeue(out Envelope envelope);

        /// <inheritdoc/>
        public virtual void Enqueue(IActorRef receiver, Envelope envelope)
        {
            lock (Gate) LockedEnqueue(envelope);
        }

        /// <inheritdoc/>
        public virtual bool TryDequeue(out Envelope envelope)
        {
            lock (Gate) return LockedTryDequeue(out envelope);
        }

        /// <inheritdoc/>
        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
            while (TryDequeue(out var envelope)) deadletters.Enqueue(owner, envelope);
        }
    }

    /// <summary>First in, first out.</summary>
    public class UnboundedMessageQueue : BlockingMessageQueue
    {
        private readonly Queue<Envelope> _queue = new();

        /// <inheritdoc/>
        protected override int LockedCount => _queue.Count;

        /// <inheritdoc/>
        protected override void LockedEnqueue(Envelope envelope) => _queue.Enqueue(envelope);

        /// <inheritdoc/>
        protected override bool LockedTryDequeue(out Envelope envelope) => _queue.TryDequeue(out envelope);
    }

    /// <summary>Lowest number first; the same number first in, first out.</summary>
    public class UnboundedPriorityMessageQueue(Func<object, int> priorityGenerator, int initialCapacity) : BlockingMessageQueue
    {
        private readonly PriorityQueue<Envelope, (int Priority, long Arrival)> _queue = new(Math.Max(initialCapacity, 4));
        private long _arrivals;

        /// <inheritdoc/>
        protected override int LockedCount => _queue.Count;

        /// <inheritdoc/>
        protected override void LockedEnqueue(Envelope envelope) => _queue.Enqueue(envelope, (priorityGenerator(envelope.Message), _arrivals++));

        /// <inheritdoc/>
        protected override bool LockedTryDequeue(out Envelope envelope) => _queue.TryDequeue(out envelope, out _);
    }

    /// <summary>At most so many; a sender waits for room as long as the push time-out says, then its message goes to dead letters.</summary>
    public sealed class BoundedMessageQueue(int boundedCapacity, TimeSpan pushTimeOut) : IMessageQueue
    {
        private readonly Queue<Envelope> _queue = new();
        private readonly SemaphoreSlim _room = new(boundedCapacity);

        internal Action<IActorRef, Envelope>? Refused { get; set; }

        /// <inheritdoc/>
        public bool HasMessages => Count > 0;

        /// <inheritdoc/>
        public int Count
        {
            get
            {
                lock (_queue) return _queue.Count;
            }
        }

        /// <inheritdoc/>
        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            if (!_room.Wait(pushTimeOut))
            {
                Refused?.Invoke(receiver, envelope);
                return;
            }

            lock (_queue) _queue.Enqueue(envelope);
        }

        /// <inheritdoc/>
        public bool TryDequeue(out Envelope envelope)
        {
            lock (_queue)
                if (!_queue.TryDequeue(out envelope)) return false;
            _room.Release();
            return true;
        }

        /// <inheritdoc/>
        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
            while (TryDequeue(out var envelope)) deadletters.Enqueue(owner, envelope);
        }
    }
}

namespace Akka.Dispatch
{
    using Akka.Dispatch.MessageQueues;

    /// <summary>Makes the queues of a mailbox type named in the configuration as <c>mailbox-type</c>. Needs a constructor (Settings, Config).</summary>
    public abstract class MailboxType(Settings settings, Config config)
    {
        /// <summary>The system's.</summary>
        protected Settings Settings { get; } = settings;

        /// <summary>The mailbox's section.</summary>
        protected Config Config { get; } = config;

        /// <summary>A queue for one actor.</summary>
        public abstract IMessageQueue Create(IActorRef owner, ActorSystem system);
    }

    /// <summary>The default: grows with need.</summary>
    public sealed class UnboundedMailbox(Settings settings, Config config) : MailboxType(settings, config)
    {
        /// <summary>With nothing to set.</summary>
        public UnboundedMailbox() : this(null!, null!) { }

        /// <inheritdoc/>
        public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new UnboundedMessageQueue();
    }

    /// <summary>As the default, which can take stashed messages back in front.</summary>
    public class UnboundedDequeBasedMailbox(Settings settings, Config config) : MailboxType(settings, config)
    {
        /// <inheritdoc/>
        public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new UnboundedMessageQueue();
    }

    /// <summary>Holds <c>mailbox-capacity</c> messages; senders wait <c>mailbox-push-timeout-time</c>.</summary>
    public class BoundedMailbox(Settings settings, Config config) : MailboxType(settings, config)
    {
        /// <inheritdoc/>
        public override IMessageQueue Create(IActorRef owner, ActorSystem system)
        {
            var capacity = Config.GetInt("mailbox-capacity", 1000);
            if (capacity <= 0) throw new ArgumentException($"mailbox-capacity: is {capacity}. A bounded mailbox holds at least one message; give a positive number.");
            return new BoundedMessageQueue(capacity, Config.GetTimeSpan("mailbox-push-timeout-time", TimeSpan.FromSeconds(10))) { Refused = (to, e) => system.DeadLetters.Tell(new Event.DeadLetter(e.Message, e.Sender, to), e.Sender) };
        }
    }

    /// <summary>Serves by priority: derive, and give each message a number, the lowest first.</summary>
    public abstract class UnboundedPriorityMailbox(Settings settings, Config config) : MailboxType(settings, config)
    {
        /// <summary>The usual starting capacity.</summary>
        public const int DefaultCapacity = 11;

        /// <summary>Slots to begin with.</summary>
        public int InitialCapacity { get; } = DefaultCapacity;

        /// <summary>The message's number: lowest first.</summary>
        protected abstract int PriorityGenerator(object message);

        /// <inheritdoc/>
        public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new UnboundedPriorityMessageQueue(PriorityGenerator, InitialCapacity);
    }

    /// <summary>As <see cref="UnboundedPriorityMailbox"/>; equal numbers keep their order (here in both).</summary>
    public abstract class UnboundedStablePriorityMailbox(Settings settings, Config config) : MailboxType(settings, config)
    {
        /// <summary>The usual starting capacity.</summary>
        public const int DefaultCapacity = 11;

        /// <summary>Slots to begin with.</summary>
        public int InitialCapacity { get; } = DefaultCapacity;

        /// <summary>The message's number: lowest first.</summary>
        protected abstract int PriorityGenerator(object message);

        /// <inheritdoc/>
        public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new UnboundedPriorityMessageQueue(PriorityGenerator, InitialCapacity);
    }
}
