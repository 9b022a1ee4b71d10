// Finds whatever tokenizer a folder or a file holds: this project's own, or a published one. Knows no ids.
using AgentArena.Models.Storage;
using AgentArena.Models.Tokens.HuggingFace;

namespace AgentArena.Models.Tokens;

/// <summary>Reads tokenizers by path.</summary>
public static class TokenizerFolder
{
    private const string File = "tokenizer.json";

    /// <summary>
    /// The tokenizer of a model's folder (a checkpoint of this project, or one with <c>tokenizer.json</c>), or of a
    /// file, plain or gzipped. Beside a file <c>NAME.tokenizer.json</c> its settings are looked for as
    /// <c>NAME.tokenizer_config.json</c>.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// None there, damaged or not supported; the message names file, fault and remedy.
    /// </exception>
    public static ITokenizer Read(string path)
    {
        if (System.IO.File.Exists(path))
            return OfFile(path);
        if (!Directory.Exists(path))
            throw new InvalidDataException(
                $"{path}: is neither a folder nor a file. Give a model's folder, or its {File}."
            );
        if (Published(path) is { } file)
            return OfFile(file);
        if (System.IO.File.Exists(Path.Combine(path, ModelFolder.Manifest)))
            return ModelFolder.ReadTokenizer(path);
        throw new InvalidDataException(
            $"{path}: has neither {File} nor {ModelFolder.Manifest}, so it holds no tokenizer. "
                + $"Give a model's folder, or its {File}."
        );
    }

    /// <summary>A folder's published tokenizer file; null where it has none.</summary>
    internal static string? Published(string folder)
    {
        foreach (var name in (string[])[File, File + ".gz"])
            if (System.IO.File.Exists(Path.Combine(folder, name)))
                return Path.Combine(folder, name);
        return null;
    }

    private static HuggingFaceTokenizer OfFile(string path)
    {
        var (folder, name) = (Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));
        var at = name.LastIndexOf(File, StringComparison.Ordinal);
        var before = at > 0 ? name[..at] : "";
        return new HuggingFaceTokenizer(TokenizerReading.Read(path, other => Path.Combine(folder, before + other)));
    }
}
