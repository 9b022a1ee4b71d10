// status.json: what every actor of a live run waits for. Knows no meaning of what it writes.
using System.Text.Json;

namespace AgentArena.Actors;

/// <summary>Replaces the file as a whole, so that a reader never sees half of one.</summary>
public static class StatusFile
{
    /// <summary>Writes; a disk that refuses is the journal's to report.</summary>
    public static void Write(string path, object status)
    {
        try
        {
            File.WriteAllText(path + ".tmp", JsonSerializer.Serialize(status, EventJson.Options));
            File.Move(path + ".tmp", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // nobody waits for it
        }
    }
}
