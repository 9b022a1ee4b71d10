// status.json: what every actor of a live run waits for. Knows no meaning of what it writes.
using System.Text.Json;
using AgentArena.Actors.Journal;

namespace AgentArena.Actors;

/// <summary>Replaces the file as a whole.</summary>
public static class StatusFile
{
    /// <summary>Writes; a disk that refuses is the journal's to report.</summary>
    public static void Write(string path, object status)
    {
        try
        {
            AtomicFile.Write(path, JsonSerializer.Serialize(status, EventJson.Options));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // nobody waits for it
        }
    }
}
