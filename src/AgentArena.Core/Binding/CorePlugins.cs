// The registration of players and of the role that most seats speak in: one line each. Knows names and options, no game.
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Core.Roles;

namespace AgentArena.Core.Binding;

/// <summary>Who can fill a seat, and how it speaks there.</summary>
public sealed class CorePlugins : IPluginSource
{
    /// <inheritdoc/>
    public void AddTo(Catalog catalog)
    {
        AddPlayers(catalog.Players);
        AddRoles(catalog.Roles);
    }

    private static void AddPlayers(Registry<Player> to)
    {
        to.Add("person", "somebody at the terminal", "", (NoOptions _) => new PersonPlayer());
        to.Add("policy", "one reply sampled from the policy's weights", "", (NoOptions _) => new PolicyPlayer());
        to.Add("remote", "a chat model behind an OpenAI-compatible endpoint", "", (RemoteSpec o, Catalog c) =>
            new RemotePlayer(o, c)
        );
        to.Add(
            "tool",
            "a tool: it is asked what the turn asks of it, and its answer is the move",
            "",
            (ToolPlayer.Options o, Catalog c) => new ToolPlayer(o, c)
        );
    }

    private static void AddRoles(Registry<Role> to)
    {
        to.Add(
            "player",
            "observation parts as a prompt, the last answer in the asked format as a move",
            "",
            (PlayerRole.Options o) => new PlayerRole(o)
        );
    }
}
