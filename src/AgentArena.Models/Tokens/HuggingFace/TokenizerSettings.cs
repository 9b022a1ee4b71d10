// What stands beside a tokenizer.json: special tokens by role, ends of generation, the chat template. Knows no merges.
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace AgentArena.Models.Tokens.HuggingFace;

/// <summary>A file of a tokenizer as it was read, to be written beside a checkpoint.</summary>
internal sealed record TokenizerFile(string Name, byte[] Bytes);

/// <summary>
/// The settings of <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c>, <c>generation_config.json</c> and a
/// chat template of its own file. Any of them may be missing.
/// </summary>
internal sealed class TokenizerSettings
{
    private const long MostBytes = 256L << 20;
    private static readonly string[] Roles =
    [
        "bos_token",
        "eos_token",
        "unk_token",
        "pad_token",
        "sep_token",
        "cls_token",
        "mask_token",
    ];

    /// <summary>Special tokens by role, as templates name them: <c>bos_token</c>, <c>eos_token</c> and so on.</summary>
    public Dictionary<string, string> Named { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids that end generation by <c>generation_config.json</c>.</summary>
    public List<int> EndIds { get; } = [];

    /// <summary>The chat template's source; null where there is none.</summary>
    public string? Template { get; private set; }

    /// <summary>Where the template stands.</summary>
    public string TemplatePlace { get; private set; } = "tokenizer_config.json: chat_template";

    /// <summary>
    /// Whether bos and eos are put around a text by settings, in place of the file's post-processor; null where the
    /// post-processor says.
    /// </summary>
    public (bool Begin, bool End)? Framed { get; private set; }

    /// <summary>Tokens that the settings add, by id, with their place.</summary>
    public List<(int Id, string Content, FilePlace Place)> Added { get; } = [];

    /// <summary>The files that were read.</summary>
    public List<TokenizerFile> Files { get; } = [];

    /// <summary>Reads what is there.</summary>
    /// <param name="pathOf">The path of a file by its plain name.</param>
    public static TokenizerSettings Read(Func<string, string> pathOf)
    {
        var settings = new TokenizerSettings();
        settings.Json(pathOf("special_tokens_map.json"), "special_tokens_map.json", settings.ReadNames);
        settings.Json(pathOf("tokenizer_config.json"), "tokenizer_config.json", settings.ReadConfig);
        settings.Json(pathOf("generation_config.json"), "generation_config.json", settings.ReadGeneration);
        settings.Json(pathOf("chat_template.json"), "chat_template.json", settings.ReadTemplate);
        if (pathOf("chat_template.jinja") is var path && File.Exists(path))
        {
            var bytes = ReadBytes(path);
            settings.Files.Add(new TokenizerFile("chat_template.jinja", bytes));
            (settings.Template, settings.TemplatePlace) = (Encoding.UTF8.GetString(bytes), path);
        }
        return settings;
    }

    /// <summary>A file's bytes, unpacked where its name ends with <c>.gz</c>.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, or is larger than anybody's tokenizer.</exception>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? new GZipStream(file, CompressionMode.Decompress)
                : file;
            using var bytes = new MemoryStream();
            var buffer = new byte[1 << 16];
            while (stream.Read(buffer) is > 0 and var read)
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > MostBytes)
                    throw new InvalidDataException(
                        $"{path}: is larger than {MostBytes >> 20} MiB. Give a tokenizer's file."
                    );
            }
            return bytes.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path}: cannot be read ({e.Message}). Give a file that can.", e);
        }
    }

    /// <summary>JSON of bytes.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static JsonDocument Parse(byte[] bytes, string path)
    {
        try
        {
            var text = bytes.AsMemory();
            return JsonDocument.Parse(text.Span.StartsWith("\uFEFF"u8) ? text[3..] : text);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"{path}: is no JSON ({e.Message}). Copy it again from where it is whole.",
                e
            );
        }
    }

    private void Json(string path, string name, Action<FilePlace> read)
    {
        if (!File.Exists(path))
            return;
        var bytes = ReadBytes(path);
        using var json = Parse(bytes, path);
        Files.Add(new TokenizerFile(name, bytes));
        read(new FilePlace(path, "", json.RootElement));
    }

    private void ReadConfig(FilePlace place)
    {
        ReadNames(place);
        ReadTemplate(place);
        if (!place["added_tokens_decoder"].IsNull)
            foreach (var token in place["added_tokens_decoder"].Value.EnumerateObject())
            {
                var here = place["added_tokens_decoder"][token.Name];
                if (!int.TryParse(token.Name, out var id))
                    throw here.Refuse("is no id", "Name tokens by their ids.");
                Added.Add((id, here["content"].Text(), here with { Value = default }));
            }
        // The Llama classes rebuild the post-processor of these two settings.
        if (place["tokenizer_class"].TextOrNull()?.StartsWith("LlamaTokenizer", StringComparison.Ordinal) == true)
            Framed = (place["add_bos_token"].Flag(otherwise: true), place["add_eos_token"].Flag());
    }

    private void ReadNames(FilePlace place)
    {
        foreach (var role in Roles)
        {
            var token = place[role];
            if (token.IsNull)
                continue;
            Named[role] = token.Value.ValueKind == JsonValueKind.Object ? token["content"].Text() : token.Text();
        }
    }

    private void ReadGeneration(FilePlace place)
    {
        var ends = place["eos_token_id"];
        if (ends.Value.ValueKind == JsonValueKind.Array)
            EndIds.AddRange(ends.Items().Select(e => e.Number(int.MaxValue)));
        else if (!ends.IsNull)
            EndIds.Add(ends.Number(int.MaxValue));
    }

    // One template, or several by name, of which the default one is taken.
    private void ReadTemplate(FilePlace place)
    {
        var template = place["chat_template"];
        if (template.IsNull)
            return;
        TemplatePlace = $"{place.File}: chat_template";
        if (template.Value.ValueKind == JsonValueKind.String)
        {
            Template = template.Text();
            return;
        }
        foreach (var named in template.Items())
            if (named["name"].Text() == "default")
                Template = named["template"].Text();
        if (Template is null)
            throw template.Refuse("has no template of the name default", "Name one of them default.");
    }
}
