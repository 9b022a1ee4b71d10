// From a tokenizer.json and its neighbours to a tokenizer: every part read, checked against the others, or refused by
// key.
using System.Collections.Immutable;
using System.Text;

namespace AgentArena.Models.Tokens.HuggingFace;

/// <summary>Everything a <see cref="HuggingFaceTokenizer"/> is made of.</summary>
internal sealed class TokenizerReading
{
    private const string Blank = "\u2581";
    private readonly List<AddedToken> _added = [];

    private TokenizerReading(
        string file,
        FilePlace root,
        TokenizerSettings settings,
        ImmutableArray<TokenizerFile> files
    )
    {
        (File, Settings, Files) = (file, settings, files);
        // Truncation and padding belong to batches of training and are set anew by whoever encodes.
        root.Object(
            "version",
            "truncation",
            "padding",
            "added_tokens",
            "normalizer",
            "pre_tokenizer",
            "post_processor",
            "decoder",
            "model"
        );
        Normalizer = TextNormalizer.Read(root["normalizer"]);
        Cuts = PreTokenizer.Read(root["pre_tokenizer"]);
        Merges = BpeMerges.Read(root["model"], Cuts.ByteLevel);
        ReadAdded(root["added_tokens"]);
        foreach (var (id, content, place) in settings.Added)
            if (!_added.Exists(t => t.Id == id && t.Content == content))
                throw place.Refuse(
                    $"is '{content}', which {file} does not have",
                    "Save the tokenizer again, so that its files agree."
                );
        foreach (var token in _added)
            Names[token.Id] = token.Content;
        Special = [.. _added.Where(t => t.Special).Select(t => t.Id)];
        foreach (var name in settings.Named.Values)
            if (_added.Find(t => t.Content == name) is { } token)
                Special.Add(token.Id);
            else if (Merges.Vocabulary.TryGetValue(name, out var id) && Names.TryAdd(id, name))
                Special.Add(id);
        foreach (var end in settings.EndIds)
            if (_added.Exists(t => t.Id == end))
                Special.Add(end);
        // A role that the settings give makes a token special, whatever the list says.
        _added = [.. _added.Select(t => t with { Special = Special.Contains(t.Id) })];
        Merges.Forbid(Special, root["model"]);
        Bytes = new byte[]?[
            1 + Math.Max(Merges.Vocabulary.Values.Max(), _added.Select(t => t.Id).DefaultIfEmpty().Max())
        ];
        ReadDecoder(root["decoder"]);
        (Before, After) = settings.Framed is { } framed
            ? (Role("bos_token", framed.Begin), Role("eos_token", framed.End))
            : Frame(root["post_processor"]);
    }

    public string File { get; }

    public TokenizerSettings Settings { get; }

    public ImmutableArray<TokenizerFile> Files { get; }

    public TextNormalizer Normalizer { get; }

    public PreTokenizer Cuts { get; }

    public BpeMerges Merges { get; }

    public IReadOnlyList<AddedToken> Added => _added;

    /// <summary>How tokens by name are written.</summary>
    public Dictionary<int, string> Names { get; } = [];

    /// <summary>Ids that no text becomes.</summary>
    public HashSet<int> Special { get; }

    /// <summary>What an id adds to a text; null for an id that stands for nothing.</summary>
    public byte[]?[] Bytes { get; }

    /// <summary>Whether a text's first blank is not part of it.</summary>
    public bool DropsBlank { get; private set; }

    /// <summary>Ids put before a single text.</summary>
    public ImmutableArray<int> Before { get; }

    /// <summary>Ids put after a single text.</summary>
    public ImmutableArray<int> After { get; }

    /// <summary>Reads a tokenizer from the path of its <c>tokenizer.json</c>, plain or gzipped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pathOf">The path of a file beside it by its plain name.</param>
    /// <exception cref="InvalidDataException">
    /// Missing, damaged, contradictory or not supported: the message names file, key and remedy.
    /// </exception>
    public static TokenizerReading Read(string path, Func<string, string> pathOf)
    {
        var bytes = TokenizerSettings.ReadBytes(path);
        using var json = TokenizerSettings.Parse(bytes, path);
        var settings = TokenizerSettings.Read(pathOf);
        return new TokenizerReading(
            path,
            new FilePlace(path, "", json.RootElement),
            settings,
            [new TokenizerFile("tokenizer.json", bytes), .. settings.Files]
        );
    }

    // The reference gives ids by order, whatever the file says: a file that says otherwise would be read otherwise.
    private void ReadAdded(FilePlace list)
    {
        foreach (var place in list.Items())
        {
            place.Object("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
            var token = new AddedToken(
                place["id"].Number(1 << 24),
                place["content"].Text(),
                place["special"].Flag(),
                place["normalized"].Flag(),
                place["single_word"].Flag(),
                place["lstrip"].Flag(),
                place["rstrip"].Flag()
            );
            if (token.Content.Length == 0)
                throw place["content"].Refuse("is empty", "Leave the token out.");
            if (_added.Exists(t => t.Content == token.Content))
                throw place["content"].Refuse($"is '{token.Content}' a second time", "Leave one of them out.");
            var next = Math.Max(Merges.Vocabulary.Count, _added.Select(t => t.Id + 1).DefaultIfEmpty().Max());
            var expected = Merges.Vocabulary.TryGetValue(token.Content, out var known) ? known : next;
            if (token.Id != expected)
                throw place["id"]
                    .Refuse(
                        $"is {token.Id} for '{token.Content}', but its order gives it {expected}",
                        "Number added tokens on from the vocabulary without gaps."
                    );
            _added.Add(token);
        }
    }

    private void ReadDecoder(FilePlace place)
    {
        var (blank, bytesByName) = (false, false);
        Read(place);
        if (!Cuts.ByteLevel && !bytesByName)
            throw place.Refuse("has no ByteFallback step", "Use a decoder that fits the model's byte_fallback.");
        foreach (var (token, id) in Merges.Vocabulary)
            Bytes[id] = Spelled(token);
        foreach (var token in _added)
            Bytes[token.Id] = Encoding.UTF8.GetBytes(token.Content);

        byte[] Spelled(string token)
        {
            if (Cuts.ByteLevel)
                return ByteAlphabet.Bytes(token) ?? Encoding.UTF8.GetBytes(token);
            if (
                token is ['<', '0', 'x', _, _, '>']
                && byte.TryParse(
                    token.AsSpan(3, 2),
                    System.Globalization.NumberStyles.AllowHexSpecifier,
                    null,
                    out var b
                )
            )
                return [b];
            return Encoding.UTF8.GetBytes(blank ? token.Replace(Blank, " ", StringComparison.Ordinal) : token);
        }

        void Read(FilePlace step)
        {
            var type = step.IsNull ? "null" : step["type"].Text();
            switch (type)
            {
                case "Sequence":
                    foreach (var inner in step.Object("type", "decoders")["decoders"].Items())
                        Read(inner);
                    break;
                case "ByteLevel" when Cuts.ByteLevel:
                    break;
                case "ByteFallback" when !Cuts.ByteLevel:
                    bytesByName = true;
                    break;
                case "Fuse":
                    break;
                case "Replace"
                    when step["pattern"]["String"].TextOrNull() == Blank && step["content"].TextOrNull() == " ":
                    blank = true;
                    break;
                case "Metaspace" when step["replacement"].TextOrNull() == Blank:
                    blank = true;
                    DropsBlank = step["prepend_scheme"].TextOrNull() != "never";
                    break;
                case "Strip"
                    when step["content"].TextOrNull() == " "
                        && step["start"].Number(1) == 1
                        && step["stop"].Number(1) == 0:
                    DropsBlank = true;
                    break;
                default:
                    throw step.Refuse(
                        $"is {type} as it stands, which is not supported here",
                        "Use ByteLevel for a byte-level vocabulary; else Replace (U+2581), ByteFallback, Fuse, Strip."
                    );
            }
        }
    }

    private (ImmutableArray<int> Before, ImmutableArray<int> After) Frame(FilePlace place)
    {
        if (place.IsNull)
            return ([], []);
        switch (place["type"].Text())
        {
            case "ByteLevel":
                return ([], []); // it moves offsets, no ids
            case "Sequence":
                var parts = place.Object("type", "processors")["processors"].Items().Select(Frame).ToList();
                return ([.. parts.SelectMany(p => p.Before)], [.. parts.SelectMany(p => p.After)]);
            case "TemplateProcessing":
                return Template(place.Object("type", "single", "pair", "special_tokens"));
            case var other:
                throw place["type"]
                    .Refuse(
                        $"is {other}; ByteLevel, TemplateProcessing and Sequence are supported",
                        "Use a tokenizer with one of these."
                    );
        }
    }

    private static (ImmutableArray<int> Before, ImmutableArray<int> After) Template(FilePlace place)
    {
        var (before, after) = (ImmutableArray.CreateBuilder<int>(), ImmutableArray.CreateBuilder<int>());
        var into = before;
        foreach (var item in place["single"].Items())
        {
            if (item["SpecialToken"].IsNull)
            {
                into = after;
                continue;
            }
            var name = item["SpecialToken"]["id"].Text();
            foreach (var id in place["special_tokens"][name]["ids"].Items())
                into.Add(id.Number(1 << 24));
        }
        return (before.ToImmutable(), after.ToImmutable());
    }

    private ImmutableArray<int> Role(string role, bool wanted)
    {
        if (!wanted || !Settings.Named.TryGetValue(role, out var name))
            return [];
        foreach (var (id, known) in Names)
            if (known == name)
                return [id];
        throw new InvalidDataException(
            $"tokenizer_config.json: {role} is '{name}', which {File} does not have. "
                + "Save the tokenizer again, so that its files agree."
        );
    }
}
