// A folder for the files of a test whose store lives as long as its kit; gone when the test process ends.
namespace Akka.Persistence.Tests;

internal static class TempFolder
{
    public static string New()
    {
        var folder = Directory.CreateTempSubdirectory("arena-persistence-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
