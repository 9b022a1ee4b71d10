// What runs one actor: its place in the tree, its present incarnation and behaviour. Sibling files hold mailbox, children, watching, faults and extras.
using System.Diagnostics;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Akka.Actor;

/// <summary>The engine's side of an actor, and the actor's view of its surroundings.</summary>
public sealed partial class ActorCell : IUntypedActorContext, IThreadPoolWorkItem
{
    /// <summary>No incarnation number.</summary>
    public const long UndefinedUid = 0;

    [ThreadStatic] private static ActorCell? _active;

    private readonly ActorSystemImpl _system;
    private readonly ActorCell? _parentCell;
    private readonly LocalActorRef _self;
    private readonly MessageDispatcher _dispatcher;
    private Props _props;
    private ActorBase? _actor;
    private Receive? _behaviour;
    private CellExtras? _extras;
    private string? _name;
    private readonly long _uid;

    /// <param name="system">The system.</param>
    /// <param name="props">How to make the actor.</param>
    /// <param name="parent">The supervisor's cell; null for the root.</param>
    /// <param name="name">Null for a name made of the uid.</param>
    /// <param name="uid">Different for all children of a parent.</param>
    internal ActorCell(ActorSystemImpl system, Props props, ActorCell? parent, string? name, long uid)
    {
        (_system, _props, _parentCell, _name, _uid) = (system, props, parent, name, uid);
        _self = new LocalActorRef(this);
        _dispatcher = system.Dispatchers.For(props);
        _custom = system.Mailboxes.For(props, _self);
        _direct = _custom is null && !system.SerializesMessages;
        _status = Scheduled; // until Start
    }

    /// <summary>The cell whose turn it is on this thread.</summary>
    internal static ActorCell? Active => _active;

    /// <summary>The present actor, or null outside of actors.</summary>
    public static IActorRef GetCurrentSelfOrNoSender() => _active?._self!;

    /// <summary>The present message's sender, or null outside of actors.</summary>
    public static IActorRef GetCurrentSenderOrNoSender() => _active?._current.From!;

    /// <inheritdoc/>
    public IActorRef Self => _self;

    internal LocalActorRef LocalSelf => _self;

    /// <inheritdoc/>
    public Props Props => _props;

    /// <inheritdoc/>
    public ActorSystem System => _system;

    internal ActorSystemImpl SystemImpl => _system;

    /// <inheritdoc/>
    public MessageDispatcher Dispatcher => _dispatcher;

    /// <inheritdoc/>
    public IActorRef Sender => _current.From ?? _system.DeadLetters;

    /// <inheritdoc/>
    public IActorRef Parent => ParentRef;

    internal IInternalActorRef ParentRef => _parentCell is null ? _system.Top : _parentCell._self;

    /// <summary>The incarnation's actor; null between incarnations.</summary>
    internal ActorBase? Actor => _actor;

    /// <summary>The message being handled, or handled last before a failure.</summary>
    internal object? CurrentMessage => _current.Content;

    internal Envelope CurrentEnvelope => _current;

    internal string Name => _name ??= Naming.Of(_uid);

    internal long Uid => _uid;

    internal bool HasMadeUpName => _name is null || _name.StartsWith('$');

    private CellExtras Extras => _extras ??= new CellExtras();

    internal ActorPath MakePath() => _parentCell is null ? _system.RootPath : new ChildActorPath(_parentCell._self.Path, Name, _uid);

    /// <inheritdoc/>
    public ActorSelection ActorSelection(string actorPath) => new(this, actorPath);

    /// <inheritdoc/>
    public ActorSelection ActorSelection(ActorPath actorPath) => new(_system.Provider.RootGuardian, actorPath.ToStringWithoutAddress());

    /// <inheritdoc/>
    public void Become(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        _extras?.Behaviours?.Clear();
        _behaviour = receive;
    }

    /// <inheritdoc/>
    public void BecomeStacked(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        (Extras.Behaviours ??= new Stack<Receive>()).Push(_behaviour!);
        _behaviour = receive;
    }

    /// <inheritdoc/>
    public void UnbecomeStacked() => _behaviour = _extras?.Behaviours is { Count: > 0 } below ? below.Pop() : _actor!.FirstBehaviour;

    /// <inheritdoc/>
    public void Become(UntypedReceive receive) => Become(Handled(receive));

    /// <inheritdoc/>
    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(Handled(receive));

    private static Receive Handled(UntypedReceive receive) => m =>
    {
        receive(m);
        return true;
    };

    /// <summary>Runs an action as if it were a message of this actor's.</summary>
    internal void UseThreadContext(Action action)
    {
        var before = _active;
        _active = this;
        try
        {
            action();
        }
        finally
        {
            _active = before;
        }
    }

    /// <summary>Makes the next incarnation's actor. Called within a turn.</summary>
    private ActorBase NewActor()
    {
        Debug.Assert(ReferenceEquals(_active, this));
        _extras?.Behaviours?.Clear();
        _behaviour = null;
        var actor = _props.NewActor();
        _behaviour ??= actor.FirstBehaviour; // the constructor may have become something else
        if (actor is IActorStash stashing) stashing.Stash = CreateStash();
        if (actor is IWithTimers timing) timing.Timers = Timers();
        if (actor is IInitializableActor initializable) initializable.Init();
        return actor;
    }

    /// <summary>Lets go of an incarnation.</summary>
    private void ClearActor(ActorBase actor)
    {
        if (_extras is { } extras)
        {
            extras.Timers?.CancelAll();
            if (extras.Stashes is { } stashes)
            {
                foreach (var stash in stashes) stash.UnstashAll();
                stashes.Clear();
            }

            extras.Tasks = null;
            extras.Behaviours?.Clear();
        }

        _awaiting = 0;
        if (actor is IDisposable disposable)
            try
            {
                disposable.Dispose();
            }
            catch (Exception e)
            {
                _system.EventStream.Publish(new Event.Error(e, _self.Path.ToString(), actor.GetType(), $"Dispose: {e.Message}"));
            }

        actor.Clear(_self);
        _behaviour = null;
    }
}

/// <summary>Names the engine makes up.</summary>
internal static class Naming
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    /// <summary>$ and the number to base 64, lowest digit first.</summary>
    public static string Of(long number)
    {
        Span<char> text = stackalloc char[12];
        text[0] = '$';
        var length = 1;
        for (var n = number - 1; length == 1 || n > 0; n >>= 6) text[length++] = Digits[(int)(n & 63)];
        return new string(text[..length]);
    }
}
