// This room's plug-ins and files, for its tests.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Data;
using AgentArena.Core.Players;
using AgentArena.Games;
using AgentArena.Learning;

namespace AgentArena.Core.Tests;

internal static class Standard
{
    public static Catalog Catalog { get; } =
        new Catalog(new TestFiles()).With(new CorePlugins()).With(new GamePlugins()).With(new LearningPlugins());

    /// <summary>A bot of the catalogue.</summary>
    public static Bot Bot(Plugin plugin) => (Bot)Catalog.Players.Create(plugin);

    /// <summary>Files by their path from the tests' own folder: this room opens none itself.</summary>
    private sealed class TestFiles : DataFiles
    {
        public override IReadOnlyDictionary<string, string> Hashes => new Dictionary<string, string>();

        public override IEnumerable<DataRow> Rows(string name)
        {
            Stream stream;
            try
            {
                stream = File.OpenRead(Path.IsPathRooted(name) ? name : Path.Combine(AppContext.BaseDirectory, name));
            }
            catch (IOException e)
            {
                throw new DataException($"'{name}' cannot be read ({e.Message}).", e);
            }
            using (stream)
                foreach (var row in DataText.Rows(stream, Path.GetFileName(name)))
                    yield return row;
        }

        public override string Folder(string name) => Path.Combine(AppContext.BaseDirectory, name);
    }
}
