// How patient tests are, from akka.test in the configuration.
using Akka.Actor;
using Akka.Configuration;

namespace Akka.TestKit;

/// <summary>How patient tests are.</summary>
public class TestKitSettings(Config config) : IExtension
{
    /// <summary>An Ask's or a condition's.</summary>
    public TimeSpan DefaultTimeout { get; } = config.GetTimeSpan("akka.test.default-timeout", TimeSpan.FromSeconds(5));

    /// <summary>A single expected message's.</summary>
    public TimeSpan SingleExpectDefault { get; } = config.GetTimeSpan("akka.test.single-expect-default", TimeSpan.FromSeconds(3));

    /// <summary>How long nothing must come.</summary>
    public TimeSpan ExpectNoMessageDefault { get; } = config.GetTimeSpan("akka.test.expect-no-message-default", TimeSpan.FromMilliseconds(100));

    /// <summary>An event filter's.</summary>
    public TimeSpan TestEventFilterLeeway { get; } = config.GetTimeSpan("akka.test.filter-leeway", TimeSpan.FromSeconds(3));

    /// <summary>All of these are multiplied with it.</summary>
    public double TestTimeFactor { get; } = config.GetDouble("akka.test.timefactor", 1);
}
