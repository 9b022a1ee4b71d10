// How seats name a policy's earlier weights. Knows no weight.
using System.Globalization;

namespace AgentArena.Core.Play;

/// <summary>A policy's weights as they were at one version, played by their checkpoint and never trained on.</summary>
public static class FrozenPolicy
{
    /// <summary>The name of a version at a seat: <c>policy@version</c>.</summary>
    public static string Name(string policy, int version) =>
        string.Create(CultureInfo.InvariantCulture, $"{policy}@{version}");

    /// <summary>The policy at a seat, whether frozen or not.</summary>
    public static string PolicyOf(string seat) =>
        seat.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? seat[..at] : seat;

    /// <summary>The version a seat's policy is frozen at; null where it plays its newest weights.</summary>
    public static int? Version(string seat) =>
        seat.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at
        && int.TryParse(seat.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
}
