// What a role says to a model, before any template turns it into tokens.
namespace AgentArena.Core.Models;

/// <summary>Who speaks a message.</summary>
public enum Speaker
{
    /// <summary>Standing instructions.</summary>
    System,

    /// <summary>The game, to the seat.</summary>
    User,

    /// <summary>The seat's own earlier words.</summary>
    Assistant,

    /// <summary>A tool's answer.</summary>
    Tool,
}

/// <summary>One message.</summary>
public sealed record Message(Speaker Speaker, string Text);
