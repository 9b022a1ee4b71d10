// Files for this room's tests: it reads none itself, so the tests hand over a reader.
using System.Runtime.CompilerServices;
using AgentArena.Core.Data;

namespace AgentArena.Core.Tests.Data;

internal static class Reader
{
    [ModuleInitializer]
    internal static void HandOver() => DataFiles.Use(Read);

    private static IEnumerable<DataRow> Read(string file)
    {
        Stream stream;
        try
        {
            stream = File.OpenRead(Path.IsPathRooted(file) ? file : Path.Combine(AppContext.BaseDirectory, file));
        }
        catch (IOException e)
        {
            throw new DataException($"'{file}' cannot be read ({e.Message}).", e);
        }
        using (stream)
            foreach (var row in DataText.Rows(stream, Path.GetFileName(file)))
                yield return row;
    }
}
