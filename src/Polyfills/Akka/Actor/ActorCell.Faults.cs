// Birth, failure, restart and end of a cell's actor, and its say over failed children.
using System.Reflection;
using System.Runtime.ExceptionServices;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

public sealed partial class ActorCell
{
    private enum WaitsFor : byte
    {
        Nothing,
        Creation,
        Recreation,
        Termination,
    }

    private WaitsFor _waitsFor; // what goes on once the dying children have ended
    private Exception? _recreationCause;
    private IActorRef? _failed; // whose failure suspended this cell; itself or a child

    private SupervisorStrategy Strategy => _props.SupervisorStrategy ?? _actor?.Strategy ?? SupervisorStrategy.DefaultStrategy;

    private void Create()
    {
        _created = true;
        try
        {
            Incarnate();
        }
        catch (Exception e)
        {
            HandleFailure(e, null);
        }
    }

    private void Incarnate()
    {
        try
        {
            var actor = NewActor();
            _actor = actor;
            actor.AroundPreStart();
        }
        catch (Exception e)
        {
            if (_actor is { } half)
            {
                ClearActor(half);
                _actor = null;
            }

            var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            throw new ActorInitializationException(_self, $"{_self.Path}: Exception during creation: {cause.Message}", cause);
        }
    }

    /// <summary>Suspends the cell and its children and leaves the rest to the parent.</summary>
    private void HandleFailure(Exception cause, IActorRef? failedChild)
    {
        if (_failed is not null || _status == Ended) return;
        _suspensions++;
        _failed = failedChild ?? _self;
        SuspendChildren(failedChild);
        ParentRef.SendSystemMessage(new Failed(_self, cause));
    }

    private bool Defers(SystemMessage message) => message switch
    {
        Failed => _waitsFor != WaitsFor.Nothing || _failed is not null || _suspensions > 0,
        Recreate or Suspend or Resume => _waitsFor is WaitsFor.Creation or WaitsFor.Recreation,
        _ => false,
    };

    private void HandleFailed(Failed failed)
    {
        if (failed.Child is not LocalActorRef { Cell: var child } || !ReferenceEquals(child._parentCell, this) || !child._attached) return;
        var before = _current;
        _current = new Envelope(failed, failed.Child);
        try
        {
            if (!Strategy.HandleFailure(this, failed.Child, failed.Cause, child.RestartStats)) throw Kept(failed.Cause);
        }
        finally
        {
            _current = before;
        }
    }

    private static Exception Kept(Exception cause)
    {
        ExceptionDispatchInfo.Throw(cause);
        return cause;
    }

    /// <summary>The restart stats of all children that ever failed, for strategies that treat them all.</summary>
    internal IReadOnlyCollection<ChildRestartStats> AllRestartStats() => [.. ChildCells().Select(static c => c.RestartStats)];

    internal void RestartChild(IActorRef child, Exception cause, bool suspendFirst)
    {
        var target = (IInternalActorRef)child;
        if (suspendFirst) target.SendSystemMessage(new Suspend());
        target.SendSystemMessage(new Recreate(cause));
    }

    internal void ResumeChild(IActorRef child, Exception cause) => ((IInternalActorRef)child).SendSystemMessage(new Resume(cause));

    private void FaultSuspend()
    {
        _suspensions++;
        SuspendChildren(null);
    }

    private void FaultResume(Exception? cause)
    {
        if (_actor is null) FaultCreate();
        else
        {
            var perpetrator = _failed;
            if (_suspensions > 0) _suspensions--;
            if (cause is not null) _failed = null;
            ResumeChildren(cause, perpetrator);
        }
    }

    private void FaultRecreate(Exception cause)
    {
        if (_actor is null)
        {
            FaultCreate();
            return;
        }

        if (_waitsFor != WaitsFor.Nothing)
        {
            FaultResume(null);
            return;
        }

        var failedActor = _actor;
        CancelReceiveTimeout();
        try
        {
            failedActor.AroundPreRestart(cause, _failed is not null ? _current.Content : null!);
        }
        catch (Exception e)
        {
            Publish(new PreRestartException(_self, e, cause, _current.Content), "PreRestart");
        }

        ClearActor(failedActor);
        _actor = null;
        _recreationCause = cause;
        _waitsFor = WaitsFor.Recreation;
        if (!HasDyingChildren) ChildrenEnded();
    }

    private void FinishRecreate()
    {
        var cause = _recreationCause!;
        var survivors = ChildCells();
        _recreationCause = null;
        if (_suspensions > 0) _suspensions--;
        _failed = null;
        try
        {
            var actor = NewActor();
            _actor = actor;
            actor.AroundPostRestart(cause, null!);
        }
        catch (Exception e)
        {
            if (_actor is { } half) ClearActor(half);
            _actor = null;
            throw new PostRestartException(_self, e is TargetInvocationException { InnerException: { } inner } ? inner : e, cause);
        }

        foreach (var survivor in survivors)
            survivor.SendSystem(new Recreate(cause));
    }

    /// <summary>From scratch: there is no incarnation to restart or resume.</summary>
    private void FaultCreate()
    {
        CancelReceiveTimeout();
        StopChildren(false);
        _waitsFor = WaitsFor.Creation;
        if (!HasDyingChildren) ChildrenEnded();
    }

    private void ChildrenEnded()
    {
        var next = _waitsFor;
        if (next != WaitsFor.Termination) _waitsFor = WaitsFor.Nothing;
        switch (next)
        {
            case WaitsFor.Recreation:
                FinishRecreate();
                break;
            case WaitsFor.Creation:
                if (_suspensions > 0) _suspensions--;
                _failed = null;
                Incarnate();
                break;
            case WaitsFor.Termination:
                FinishTerminate();
                break;
        }
    }

    private void Terminate()
    {
        if (_waitsFor == WaitsFor.Termination) return;
        CancelReceiveTimeout();
        UnwatchAll();
        _waitsFor = WaitsFor.Termination;
        _suspensions++; // no more user messages
        if (!StopChildren(true)) FinishTerminate();
    }

    private void FinishTerminate()
    {
        var actor = _actor;
        try
        {
            actor?.AroundPostStop();
        }
        catch (Exception e)
        {
            Publish(e, "PostStop");
        }

        if (actor is not null) ClearActor(actor);
        _actor = null;
        CancelReceiveTimeout();
        CloseMailbox();
        _dispatcher.Detach(this);
        TellWatchers();
        if (_subscribed) _system.EventStream.Unsubscribe(_self);
        ParentRef.SendSystemMessage(new DeathWatchNotification(_self, true, false));
        _extras = null;
        _failed = null;
        _props = Props.None;
        _current = default;
    }

    private void Publish(Exception e, string where) =>
        _system.EventStream.Publish(new Error(e, _self.Path.ToString(), _actor?.GetType() ?? typeof(ActorCell), $"{where}: {e.Message}"));

    private bool _subscribed;

    /// <summary>Remembers to leave the event stream at the end.</summary>
    internal void NoteSubscription() => _subscribed = true;
}
