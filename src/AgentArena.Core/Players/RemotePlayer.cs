// The player that is a chat model behind an address.
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Play;

namespace AgentArena.Core.Players;

/// <summary>A chat model behind an OpenAI-compatible endpoint in place of weights of our own.</summary>
public sealed class RemotePlayer : Player
{
    private readonly Role? _role;

    /// <summary>A player for an endpoint.</summary>
    /// <exception cref="ScenarioException">Its role is unknown or has wrong options.</exception>
    public RemotePlayer(RemoteSpec endpoint, Catalog catalog)
    {
        Endpoint = endpoint;
        _role = endpoint.Role is { } role ? catalog.Of<Role>("role").Create(role) : null;
    }

    /// <summary>Where it listens and how it is spoken to.</summary>
    public RemoteSpec Endpoint { get; }

    /// <inheritdoc/>
    public override Role Speaks(Role role) => _role ?? role;

    /// <inheritdoc/>
    public override void Check(Sampling sampling, string path, Mistakes mistakes) =>
        Endpoint.Check(sampling, path, mistakes);

    /// <inheritdoc/>
    /// <remarks>
    /// It keeps no conversation: each request tells it all, so that any one of them can be sent again.
    /// </remarks>
    public override Asking Ask(SeatTurn turn) =>
        new PolicyPlayer.Reply(
            turn,
            turn.Request(
                turn.Open.Refusal is { } refusal
                    ?
                    [
                        .. turn.Role.Render(turn.Turn, first: true),
                        new Message(Speaker.Assistant, turn.Said?.Text ?? ""),
                        new Message(Speaker.User, refusal),
                    ]
                    : turn.Role.Render(turn.Turn, first: true),
                prefix: []
            )
        );
}
