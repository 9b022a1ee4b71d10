// How fast actors are: messages, births and deaths, bytes. Uses the public API only, so that both stacks can be
// measured.
using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;

namespace AgentArena.Benchmarks;

/// <summary>Messages between pairs, spawning and stopping, and the memory of idle actors.</summary>
public static class ActorBench
{
    private const int InFlight = 100;

    private sealed class Ball;

    private sealed record Serve(IActorRef To, long Messages, TaskCompletionSource Over);

    private sealed class Player : UntypedActor
    {
        private IActorRef? _to;
        private long _left;
        private TaskCompletionSource? _over;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Ball:
                    Sender.Tell(message, Self);
                    if (_over is not null && --_left == 0)
                        _over.TrySetResult();
                    break;
                case Serve serve:
                    (_to, _left, _over) = (serve.To, serve.Messages / 2, serve.Over);
                    var ball = new Ball();
                    for (var i = 0; i < InFlight; i++)
                        _to.Tell(ball, Self);
                    break;
            }
        }
    }

    private sealed class Typed : ReceiveActor
    {
        public Typed()
        {
            Receive<string>(static _ => { });
            Receive<int>(static _ => { });
            Receive<Ball>(_ => Sender.Tell(_, Self));
        }
    }

    private sealed class Idle : ReceiveActor
    {
        public Idle() => Receive<string>(static _ => { });
    }

    private sealed record Breed(int Count, TaskCompletionSource Over);

    private sealed class Parent : UntypedActor
    {
        private int _left;
        private TaskCompletionSource? _over;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Breed breed:
                    (_left, _over) = (breed.Count, breed.Over);
                    for (var i = 0; i < Math.Min(64, breed.Count); i++)
                        Next();
                    break;
                case Terminated:
                    if (--_left == 0)
                        _over!.TrySetResult();
                    else if (_left >= 64)
                        Next();
                    break;
            }
        }

        private static void Next()
        {
            var child = Context.ActorOf(Props.Create<Idle>());
            Context.Watch(child);
            Context.Stop(child);
        }
    }

    /// <summary>Prints one line a figure.</summary>
    public static void Run(string[] args)
    {
        var scale = args.Length > 0 ? double.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 1;
        using var system = ActorSystem.Create(
            "bench",
            ConfigurationFactory.ParseString("akka { loglevel = ERROR, log-dead-letters = off }")
        );
        for (var round = 0; round < 3; round++)
        {
            Pairs(system, 1, (long)(20_000_000 * scale), $"1 pair, {InFlight} in flight");
            Pairs(system, 32, (long)(60_000_000 * scale), $"32 pairs, {InFlight} in flight each");
        }

        Typed3(system, (long)(20_000_000 * scale));
        for (var round = 0; round < 3; round++)
            Births(system, (int)(500_000 * scale));
        Memory(system, (int)(100_000 * scale));
        system.Terminate().GetAwaiter().GetResult();
    }

    private static void Pairs(ActorSystem system, int pairs, long messages, string name)
    {
        var over = new TaskCompletionSource[pairs];
        var servers = new IActorRef[pairs];
        var (watch, busy) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        for (var i = 0; i < pairs; i++)
        {
            over[i] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            servers[i] = system.ActorOf(Props.Create<Player>());
            servers[i].Tell(new Serve(system.ActorOf(Props.Create<Player>()), messages / pairs, over[i]));
        }

        Task.WaitAll(over.Select(o => o.Task).ToArray());
        Print(
            name,
            messages / watch.Elapsed.TotalSeconds / 1e6,
            $"million messages/s, {Cpu(busy, messages):0.0} ns of processor each"
        );
        foreach (var server in servers)
            system.Stop(server);
    }

    private static void Typed3(ActorSystem system, long messages)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (watch, busy) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var server = system.ActorOf(Props.Create<Player>());
        server.Tell(new Serve(system.ActorOf(Props.Create<Typed>()), messages, over));
        over.Task.Wait();
        Print(
            "1 pair, one a ReceiveActor of three handlers",
            messages / watch.Elapsed.TotalSeconds / 1e6,
            $"million messages/s, {Cpu(busy, messages):0.0} ns of processor each"
        );
        system.Stop(server);
    }

    private static void Births(ActorSystem system, int count)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var parent = system.ActorOf(Props.Create<Parent>());
        var (watch, busy) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        parent.Tell(new Breed(count, over));
        over.Task.Wait();
        Print(
            "start, watch and stop a child",
            watch.Elapsed.TotalMicroseconds / count,
            $"us each, {Cpu(busy, count):0} ns of processor"
        );
        system.Stop(parent);
    }

    private static void Memory(ActorSystem system, int count)
    {
        var refs = new IActorRef[count];
        system.ActorOf(Props.Create<Idle>()).Ask<ActorIdentity>(new Identify(1)).Wait();
        var before = GC.GetTotalMemory(true);
        for (var i = 0; i < count; i++)
            refs[i] = system.ActorOf(Props.Create<Idle>());
        foreach (var one in refs)
            one.Tell("hello");
        refs[^1].Ask<ActorIdentity>(new Identify(1)).Wait();
        Print("an idle actor that has had a message", (GC.GetTotalMemory(true) - before) / (double)count, "bytes");
        GC.KeepAlive(refs);
    }

    // What the process used, on however many cores: stays true on a machine with other things to do.
    private static double Cpu(TimeSpan before, long count) =>
        (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / count;

    private static void Print(string name, double value, string unit) =>
        Console.WriteLine($"{name, -48} {value, 10:0.00} {unit}");
}
