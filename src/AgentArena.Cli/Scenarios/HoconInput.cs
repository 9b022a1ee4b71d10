// From what the reader of HOCON found to the mistakes that a command tells. Knows neither files nor what a key means.
using System.Text.Json.Nodes;
using AgentArena.Core.Configuration;
using AgentArena.Hocon;

namespace AgentArena.Cli.Scenarios;

/// <summary>Readings of HOCON as commands use them.</summary>
internal static class HoconInput
{
    /// <summary>Files, each laid over those before it; their faults are added to the mistakes.</summary>
    public static HoconDocument Read(Mistakes mistakes, params IReadOnlyList<string> files) =>
        Tell(HoconReader.Read(files), mistakes);

    /// <summary>
    /// One value of the command line, as it stands behind <c>key =</c>. A text that is no HOCON means itself
    /// (<c>a:b</c>), unless it begins as a block, a list or a quoted text, or substitutes: then what is wrong is told.
    /// </summary>
    /// <param name="text">The value.</param>
    /// <param name="option">Whose it is, for mistakes.</param>
    /// <param name="mistakes">Told of them.</param>
    public static JsonNode? Value(string text, string option, Mistakes mistakes)
    {
        var read = HoconReader.ReadValue(text, option);
        var substitutes = text.Contains("${", StringComparison.Ordinal);
        if (read.Faults.Count > 0 && !substitutes && text.AsSpan().TrimStart() is not ['{' or '[' or '"', ..])
            return JsonValue.Create(text);
        return Tell(read, mistakes).Root?["value"]?.DeepClone();
    }

    private static HoconDocument Tell(HoconDocument document, Mistakes mistakes)
    {
        foreach (var fault in document.Faults)
            mistakes.Add(fault.At.ToString(), fault.Message);
        return document;
    }
}
