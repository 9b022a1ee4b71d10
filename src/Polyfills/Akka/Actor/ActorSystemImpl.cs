// One system of actors in this process. Puts the parts together and takes them apart in order.
using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

internal sealed class ActorSystemImpl : ExtendedActorSystem, IActorRefProvider
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private readonly ConcurrentStack<Action> _onTermination = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly ConcurrentDictionary<string, FutureActorRef> _promises = new();
    private long _promiseNames;
    private Serialization.Serialization? _serialization;
    private ActorCell _root = null!, _user = null!, _own = null!;
    private int _terminating;

    public ActorSystemImpl(string name, Config config)
    {
        Name = name;
        Settings = new Settings(this, config);
        RootPath = new RootActorPath(DefaultAddress = new Address("akka", name));
        EventStream = new EventStream(false);
        DeadLetters = new DeadLetterActorRef(this, RootPath / "deadLetters");
        Top = new TopRef(this);
        Dispatchers = new Dispatchers(Settings.Config);
        Mailboxes = new Mailboxes(this);
        Log = new BusLogging(EventStream, $"ActorSystem({name})", typeof(ActorSystem));
        Scheduler = MakeScheduler();
        SerializesMessages = Settings.SerializeAllMessages;
    }

    public override Settings Settings { get; }

    public override string Name { get; }

    public override Serialization.Serialization Serialization => _serialization ?? Interlocked.CompareExchange(ref _serialization, new Serialization.Serialization(this), null) ?? _serialization;

    public override EventStream EventStream { get; }

    public override IActorRef DeadLetters { get; }

    public override Dispatchers Dispatchers { get; }

    public override Mailboxes Mailboxes { get; }

    public override IScheduler Scheduler { get; }

    public override ILoggingAdapter Log { get; }

    public override TimeSpan Uptime => Stopwatch.GetElapsedTime(_began);

    public override Task WhenTerminated => _ended.Task;

    public override IActorRefProvider Provider => this;

    public override IInternalActorRef Guardian => _user.LocalSelf;

    public override IInternalActorRef LookupRoot => _root.LocalSelf;

    public override IInternalActorRef SystemGuardian => _own.LocalSelf;

    public IInternalActorRef RootGuardian => _root.LocalSelf;

    LocalActorRef IActorRefProvider.Guardian => _user.LocalSelf;

    LocalActorRef IActorRefProvider.SystemGuardian => _own.LocalSelf;

    public ActorPath RootPath { get; }

    public Address DefaultAddress { get; }

    public IInternalActorRef Top { get; }

    public bool SerializesMessages { get; }

    internal void Start()
    {
        var strategy = Make<SupervisorStrategyConfigurator>(Settings.SupervisorStrategyClass, "akka.actor.guardian-supervisor-strategy").Create();
        _root = new ActorCell(this, Props.Create<RootGuardianActor>().WithSupervisorStrategy(SupervisorStrategy.StoppingStrategy), null, "/", 1);
        _root.Start();
        _user = _root.Bear(Props.Create<GuardianActor>().WithSupervisorStrategy(strategy), "user");
        _own = _root.Bear(Props.Create<SystemGuardianActor>(_user.Self), "system");
        _root.Self.Tell(new RootGuardianActor.Follow(_own.Self), null);
        Logging.StartLoggers(this);
        foreach (var name in Settings.Config.GetStringList("akka.extensions"))
            if (Activator.CreateInstance(TypeOf(name, "akka.extensions")) is IExtensionId id) RegisterExtension(id);
    }

    public override Task Terminate()
    {
        if (Interlocked.Exchange(ref _terminating, 1) == 0) _user.LocalSelf.Stop();
        return _ended.Task;
    }

    private void RootEnded() => ThreadPool.UnsafeQueueUserWorkItem(static self =>
    {
        while (self._onTermination.TryPop(out var code))
            try
            {
                code();
            }
            catch (Exception e)
            {
                StandardOutLogger.Print(new Error(e, self.Name, typeof(ActorSystem), $"on termination: {e.Message}"));
            }

        foreach (var extension in self._extensions.Values)
            if (extension is { IsValueCreated: true, Value: IDisposable disposable }) disposable.Dispose();
        (self.Scheduler as IDisposable)?.Dispose();
        self._ended.TrySetResult();
    }, this, preferLocal: false);

    public override void RegisterOnTermination(Action code) => _onTermination.Push(code);

    public override void Stop(IActorRef actor)
    {
        if (actor is LocalActorRef { Cell: var cell } && ReferenceEquals(cell.ParentRef, _user.LocalSelf)) _user.Stop(actor);
        else ((IInternalActorRef)actor).Stop();
    }

    public override IActorRef ActorOf(Props props, string? name = null) => _user.ActorOf(props, name);

    public override IActorRef SystemActorOf(Props props, string? name = null) => _own.ActorOf(props, name);

    public override IActorRef SystemActorOf<TActor>(string? name = null) => SystemActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(string actorPath) => new(LookupRoot, actorPath);

    public override ActorSelection ActorSelection(ActorPath actorPath) => new(LookupRoot, actorPath.ToStringWithoutAddress());

    public IActorRef ResolveActorRef(string path) => ActorPath.TryParse(path, out var parsed) ? ResolveActorRef(parsed) : DeadLetters;

    public IActorRef ResolveActorRef(ActorPath actorPath)
    {
        if (actorPath.Address.System != Name) return DeadLetters;
        if (actorPath.Equals(DeadLetters.Path)) return DeadLetters;
        var elements = actorPath.Elements;
        if (elements is ["temp", var promise]) return _promises.TryGetValue(promise, out var waiting) ? waiting : DeadLetters;
        var found = ((IInternalActorRef)_root.LocalSelf).GetChild(elements);
        return found.IsNobody() || (actorPath.Uid != 0 && actorPath.Uid != found.Path.Uid) ? new EmptyLocalActorRef(this, actorPath) : found;
    }

    internal ActorPath Register(FutureActorRef promise)
    {
        var name = Naming.Of(Interlocked.Increment(ref _promiseNames));
        _promises[name] = promise;
        return RootPath / "temp" / name;
    }

    internal void Forget(ActorPath promise) => _promises.TryRemove(promise.Name, out _);

    public override T GetExtension<T>() => _extensions.TryGetValue(typeof(T), out var known) ? (T)known.Value : null!;

    public override bool HasExtension<T>() => _extensions.ContainsKey(typeof(T));

    public override object GetExtension(IExtensionId extensionId) => RegisterExtension(extensionId);

    public override object RegisterExtension(IExtensionId extension) =>
        _extensions.GetOrAdd(extension.ExtensionType, static (_, made) => new Lazy<object>(() => made.Id.CreateExtension(made.System)), (Id: extension, System: this)).Value;

    private IScheduler MakeScheduler()
    {
        var type = TypeOf(Settings.SchedulerClass, "akka.scheduler.implementation");
        return type == typeof(HashedWheelTimerScheduler)
            ? new HashedWheelTimerScheduler(Settings.Config, Log)
            : Activator.CreateInstance(type, Settings.Config, Log) as IScheduler ?? throw new ConfigurationException($"akka.scheduler.implementation: {type} is no scheduler. It must implement IScheduler.");
    }

    private static T Make<T>(string name, string where) where T : class =>
        Activator.CreateInstance(TypeOf(name, where)) as T ?? throw new ConfigurationException($"{where}: {name} is no {typeof(T).Name}. Name a class derived from it.");

    internal static Type TypeOf(string name, string where) =>
        Type.GetType(name, throwOnError: false) ?? throw new ConfigurationException($"{where}: '{name}' is no type that can be found. Write \"Namespace.Class, Assembly\".");

    /// <summary>Above the root.</summary>
    private sealed class TopRef(ActorSystemImpl system) : MinimalActorRef
    {
        public override ActorPath Path { get; } = system.RootPath / "_top";

        public override void SendSystemMessage(ISystemMessage message)
        {
            switch (message)
            {
                case Failed failed:
                    system._root.LocalSelf.Stop();
                    system.EventStream.Publish(new Error(failed.Cause, "/", typeof(ActorSystem), "the root failed; the system ends"));
                    break;
                case DeathWatchNotification:
                    system.RootEnded();
                    break;
            }
        }
    }
}
