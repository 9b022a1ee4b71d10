// Tokenizers of the tests: the published ones beside their reference, and small ones made for one construct.
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Models.Tokens;
using AgentArena.Models.Tokens.HuggingFace;

namespace AgentArena.Models.Tests;

/// <summary>A tokenizer and Hugging Face's library on the same file.</summary>
internal sealed class TokenizerFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly Lazy<Tokenizers.DotNet.Tokenizer> _reference;

    private TokenizerFiles(byte[] json, string? config)
    {
        File.WriteAllBytes(Path, json);
        if (config is not null)
            File.WriteAllText(System.IO.Path.Combine(_folder.FullName, "tokenizer_config.json"), config);
        _reference = new(() => new Tokenizers.DotNet.Tokenizer(Path));
    }

    public string Folder => _folder.FullName;

    public string Path => System.IO.Path.Combine(_folder.FullName, "tokenizer.json");

    public HuggingFaceTokenizer Ours => field ??= (HuggingFaceTokenizer)TokenizerFolder.Read(Folder);

    public static TokenizerFiles Published(string name)
    {
        using var file = File.OpenRead(Data($"tokenizers/{name}.tokenizer.json.gz"));
        using var stream = new GZipStream(file, CompressionMode.Decompress);
        using var json = new MemoryStream();
        stream.CopyTo(json);
        return new(json.ToArray(), File.ReadAllText(Data($"tokenizers/{name}.tokenizer_config.json")));
    }

    /// <summary>A tokenizer of parts; those that are left out are what a small byte-level one has.</summary>
    public static TokenizerFiles Of(
        string? normalizer = null,
        string? preTokenizer = null,
        JsonObject? model = null,
        string? decoder = null,
        string? postProcessor = null,
        string? added = null,
        string? config = null
    ) =>
        new(
            JsonSerializer.SerializeToUtf8Bytes(
                new JsonObject
                {
                    ["version"] = "1.0",
                    ["truncation"] = null,
                    ["padding"] = null,
                    ["added_tokens"] = JsonNode.Parse(added ?? "[]"),
                    ["normalizer"] = JsonNode.Parse(normalizer ?? "null"),
                    ["pre_tokenizer"] = JsonNode.Parse(preTokenizer ?? ByteLevel),
                    ["post_processor"] = JsonNode.Parse(postProcessor ?? "null"),
                    ["decoder"] = JsonNode.Parse(decoder ?? ByteLevel),
                    ["model"] = model ?? Bytes(),
                }
            ),
            config
        );

    public const string ByteLevel =
        """{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}""";

    /// <summary>256 bytes, and merges in order.</summary>
    public static JsonObject Bytes(params (string Left, string Right)[] merges) => Bytes(true, merges);

    public static JsonObject Bytes(bool pairs, params (string Left, string Right)[] merges)
    {
        var vocabulary = new JsonObject();
        for (var b = 0; b < 256; b++)
            vocabulary[ByteAlphabet.Of((byte)b).ToString()] = b;
        foreach (var (left, right) in merges)
            vocabulary[left + right] = vocabulary.Count;
        return new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = false,
            ["vocab"] = vocabulary,
            ["merges"] = new JsonArray([
                .. merges.Select(m => pairs ? (JsonNode)new JsonArray(m.Left, m.Right) : $"{m.Left} {m.Right}"),
            ]),
        };
    }

    /// <summary>As Llama 2 has it: characters, merges over U+2581, and bytes for what is neither.</summary>
    public static JsonObject Characters()
    {
        var vocabulary = new JsonObject
        {
            ["<unk>"] = 0,
            ["<s>"] = 1,
            ["</s>"] = 2,
        };
        for (var b = 0; b < 256; b++)
            vocabulary[BpeMerges.ByteToken(b)] = vocabulary.Count;
        foreach (var c in "▁abcdefghijklmnopqrstuvwxyzé漢.,!0123")
            vocabulary[c.ToString()] = vocabulary.Count;
        var merges = new JsonArray();
        foreach (
            var (left, right) in (ReadOnlySpan<(string, string)>)
                [
                    ("▁", "t"),
                    ("h", "e"),
                    ("▁t", "he"),
                    ("▁", "▁"),
                    ("▁▁", "▁▁"),
                    ("l", "l"),
                    ("e", "ll"),
                    ("ell", "o"),
                    ("▁", "a"),
                ]
        )
        {
            vocabulary[left + right] = vocabulary.Count;
            merges.Add($"{left} {right}");
        }
        return new JsonObject
        {
            ["type"] = "BPE",
            ["unk_token"] = "<unk>",
            ["fuse_unk"] = true,
            ["byte_fallback"] = true,
            ["vocab"] = vocabulary,
            ["merges"] = merges,
        };
    }

    /// <summary>The reference's ids; it takes no half of a surrogate pair.</summary>
    public int[] Reference(string text) =>
        [.. _reference.Value.Encode(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))).Select(id => (int)id)];

    /// <summary>The reference's text of ids, special ones left out.</summary>
    public string ReferenceText(IEnumerable<int> ids) => _reference.Value.Decode([.. ids.Select(id => (uint)id)]);

    /// <summary>Asserts that both give the same ids.</summary>
    public void Agree(string text)
    {
        var ids = Ours.EncodeMarked(text);
        var wanted = Reference(text);
        ids.AsSpan()
            .SequenceEqual(wanted)
            .ShouldBeTrue(
                $"{JsonSerializer.Serialize(text)}: [{string.Join(", ", ids)}], "
                    + $"the reference [{string.Join(", ", wanted)}]"
            );
    }

    /// <summary>A file of tests/data.</summary>
    public static string Data(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!Directory.Exists(System.IO.Path.Combine(folder, "tests", "data")))
            folder = System.IO.Path.GetDirectoryName(folder)
                ?? throw new DirectoryNotFoundException("tests/data was not found above the tests.");
        return System.IO.Path.Combine(folder, "tests", "data", name);
    }

    public void Dispose()
    {
        if (_reference.IsValueCreated)
            _reference.Value.Dispose();
        _folder.Delete(true);
    }
}

/// <summary>
/// Random text of all of Unicode, hard where tokenizers are: scripts, marks, runs of white space, tokens by name.
/// </summary>
internal static class UnicodeText
{
    private static readonly string[] Bits =
    [
        "<|im_start|>",
        "<|im_end|>",
        "<|im_",
        "<think>",
        "</think>",
        "<｜User｜>",
        "<｜Assistant｜>",
        "<｜begin▁of▁sentence｜>",
        "<|EOT|>",
        "'s",
        "'ſ",
        "'LL",
        "'re",
        "'D",
        "é",
        "e\u0301",
        "\u0345\u0301",
        "a\u0323\u0307",
        "q\u0307\u0323",
        "\u0958",
        "\u2126",
        "\uFB2A",
        "\uF900",
        "👩‍👩‍👧‍👦",
        "👍🏽",
        "🇩🇪",
        "1️⃣",
        "한국어",
        "\u1112\u1161\u11AB",
        "\u1100\u1161\u11A8",
        "漢字",
        "ひらがな",
        "カタカナ",
        "１２３",
        "𝟘𝟙",
        "𝐀𝐛𝑐",
        "𠀀𠀁",
        "مرحبا",
        "שָׁלוֹם",
        "नमस्ते",
        "ไทย",
        "1234567",
        "3.14",
        "the",
        " Hello",
        "ＡＢ",
        "ǅ",
        "Ⅷ",
        "²",
        "½",
        "!?",
        "...",
        "—",
        "€",
        "\u200D",
        "\u200B",
        "\uFEFF",
        "\0",
        "\u0007",
        "\u001C",
        "\u0085",
        "\u00A0",
        "\u3000",
        "\u2028",
        "\u2029",
        "\u180E",
        "\uFFFD",
        "\uFFFF",
        "\uFDED",
        "\uE000",
        "\uD83D",
        "\uDE00",
        "\U000E0001",
        "\U000F0000",
        "\U0001F3F4\U000E0067\U000E007F",
        "http://a.b/c?d=e&f",
        "x=1;\r\n",
        "\t\t",
        "    ",
    ];

    /// <summary>A text of up to about 30 pieces.</summary>
    public static string Next(Random chance)
    {
        var text = new StringBuilder();
        for (var pieces = chance.Next(30); pieces > 0; pieces--)
            switch (chance.Next(7))
            {
                case 0:
                    Add(chance.Next(0x110000));
                    break;
                case 1:
                    Add(chance.Next(0x3000));
                    break;
                case 2:
                    var start = chance.Next(0x20000) & ~0x7F;
                    for (var letters = chance.Next(1, 6); letters > 0; letters--)
                        Add(start + chance.Next(0x80));
                    break;
                case 3:
                    text.Append(' ', chance.Next(2));
                    for (var letters = chance.Next(1, 10); letters > 0; letters--)
                        text.Append((char)chance.Next('a', 'z' + 1));
                    break;
                case 4:
                    text.Append((char)chance.Next(0x20, 0x7F));
                    break;
                case 5:
                    text.Append(" \n\t\r\u00A0"[chance.Next(5)], chance.Next(100) == 0 ? 300 : chance.Next(1, 9));
                    break;
                default:
                    text.Append(Bits[chance.Next(Bits.Length)]);
                    break;
            }
        return text.ToString();

        void Add(int code) => text.Append(Rune.IsValid(code) ? char.ConvertFromUtf32(code) : "\uD800");
    }
}
