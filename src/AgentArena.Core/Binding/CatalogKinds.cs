// The kinds of plug-ins that this room defines, by name.
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Tools;

namespace AgentArena.Core.Binding;

/// <summary>Kinds of plug-ins in a catalogue.</summary>
public static class CatalogKinds
{
    extension(Catalog catalog)
    {
        /// <summary>Rules.</summary>
        public Registry<Game> Games => catalog.Of<Game>("game");

        /// <summary>Ways of speaking.</summary>
        public Registry<Role> Roles => catalog.Of<Role>("role");

        /// <summary>Who can fill a seat.</summary>
        public Registry<Player> Players => catalog.Of<Player>("player");

        /// <summary>Tools that can sit at a seat.</summary>
        public Registry<Tool> Tools => catalog.Of<Tool>("tool");

        /// <summary>Scores of finished episodes.</summary>
        public Registry<Reward> Rewards => catalog.Of<Reward>("reward");

        /// <summary>From rewards to weights.</summary>
        public Registry<Advantage> Advantages => catalog.Of<Advantage>("advantage");

        /// <summary>Who plays whom.</summary>
        public Registry<Matchmaker> Matchmakers => catalog.Of<Matchmaker>("matchmaker");
    }
}
