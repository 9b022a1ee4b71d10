// The test kit for xunit 2: failures are xunit's, logs go to the test's output.
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2;

/// <summary>Derive a test class from this; each test has a system of its own, which ends with it.</summary>
public class TestKit : TestKitBase, IDisposable
{
    private readonly bool _ownsSystem;
    private bool _disposed;

    /// <summary>With a system that lives on, or one of its own.</summary>
    public TestKit(ActorSystem? system = null, ITestOutputHelper? output = null) : base(XunitAssertions.Instance, system, null, null, null)
    {
        Output = output;
        _ownsSystem = system is null;
        Listen();
    }

    /// <summary>With a system of its own.</summary>
    public TestKit(Config config, string? actorSystemName = null, ITestOutputHelper? output = null) : base(XunitAssertions.Instance, null, config, actorSystemName, null)
    {
        Output = output;
        _ownsSystem = true;
        Listen();
    }

    /// <summary>With a system of its own, and HOCON text for it.</summary>
    public TestKit(string config, ITestOutputHelper? output = null) : this(ConfigurationFactory.ParseString(config), null, output) { }

    /// <summary>The test's output, or null.</summary>
    protected ITestOutputHelper? Output { get; }

    private void Listen()
    {
        if (Output is null) return;
        var logger = ((ExtendedActorSystem)Sys).SystemActorOf(Props.Create(typeof(TestOutputLogger), Output));
        Sys.EventStream.Subscribe(logger, typeof(LogEvent));
    }

    /// <summary>Before the system ends.</summary>
    protected virtual void AfterAll() { }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the system.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (_disposed || !disposing) return;
        _disposed = true;
        AfterAll();
        if (_ownsSystem) Shutdown();
    }

    private sealed class XunitAssertions : ITestKitAssertions
    {
        public static readonly XunitAssertions Instance = new();

        public void Fail(string format = "", params object?[] args) => Xunit.Assert.Fail(args.Length == 0 ? format : string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args));

        public void AssertTrue(bool condition, string format = "", params object?[] args)
        {
            if (!condition) Fail(format, args);
        }
    }
}

/// <summary>Prints to a test's output.</summary>
public sealed class TestOutputLogger(ITestOutputHelper output) : DefaultLogger
{
    /// <inheritdoc/>
    protected override void Print(LogEvent logEvent)
    {
        try
        {
            output.WriteLine(logEvent.ToString());
        }
        catch (InvalidOperationException)
        {
            // the test has ended; nobody reads its output any more
        }
    }
}
