// Where a pretraining run stands, beside its weights: what was read and seen. A checkpoint holds it, so that a run goes
// on as if nothing had happened.
using System.Text.Json;

namespace AgentArena.Models.Pretraining;

/// <summary>The place of a checkpoint.</summary>
public sealed record PretrainPlace
{
    /// <summary>The file within a checkpoint.</summary>
    public const string File = "pretraining.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
    };

    /// <summary>Updates made.</summary>
    public int Updates { get; init; }

    /// <summary>The next document of the stream.</summary>
    public long Documents { get; init; }

    /// <summary>Token positions computed, prompts included.</summary>
    public long Tokens { get; init; }

    /// <summary>Tokens learned from.</summary>
    public long Learned { get; init; }

    /// <summary>Seconds of training so far, measuring left out.</summary>
    public double Seconds { get; init; }

    /// <summary>What the run is made of, as text: another run is not continued.</summary>
    public string Recipe { get; init; } = "";

    /// <summary>Writes it into a folder.</summary>
    public void Write(string folder) =>
        System.IO.File.WriteAllText(Path.Combine(folder, File), JsonSerializer.Serialize(this, Json));

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">There is none, or it cannot be read.</exception>
    public static PretrainPlace Read(string folder)
    {
        var path = Path.Combine(folder, File);
        try
        {
            return JsonSerializer.Deserialize<PretrainPlace>(System.IO.File.ReadAllText(path), Json)
                ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new InvalidDataException(
                $"{path}: cannot be read ({e.Message}). Delete this checkpoint; the one before it will do.",
                e
            );
        }
    }
}
