// Single constructs of tokenizer.json: as the reference reads them, or refused by key.
using System.Text.Json.Nodes;
using AgentArena.Models.Tokens;
using AgentArena.Models.Tokens.HuggingFace;

namespace AgentArena.Models.Tests;

public class TokenizerFileTests
{
    private static readonly string[] Texts =
    [
        "",
        " ",
        "the  hello 123 abc",
        "The Hello\n\n there, hello!  ",
        " a\tb  c\r\n\r\n d ",
        "１２３ ½ Ⅷ x²",
        "a<tok>b <tok> c<tok",
        "x <sp>  y<sp>",
        "word<w>word <w> .<w>!",
        "_<w> é<w>",
        "<n>é <n>e\u0301",
        "漢字かな é e\u0301 \u1100\u1161\u11A8",
        "𝐀𝐛 𝟘 🇩🇪 👩‍🚀 𠀀",
        "'s 'S 'ſ 'll don't DON'T 'K",
        "▁the▁ the",
        "\0\u0001\u00A0\u3000x\u2028",
    ];

    private static string Split(string pattern, string behaviour = "Isolated", bool invert = false) =>
        new JsonObject
        {
            ["type"] = "Sequence",
            ["pretokenizers"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "Split",
                    ["pattern"] = new JsonObject { ["Regex"] = pattern },
                    ["behavior"] = behaviour,
                    ["invert"] = invert,
                },
                JsonNode.Parse(TokenizerFiles.ByteLevel)
            ),
        }.ToJsonString();

    private static readonly (string, string)[] Merges =
    [
        ("t", "h"),
        ("th", "e"),
        ("Ġ", "the"),
        ("l", "l"),
        ("e", "ll"),
        ("h", "ell"),
        ("hell", "o"),
        ("Ġ", "hello"),
        ("1", "2"),
        ("12", "3"),
        ("Ġ", "Ġ"),
        ("'", "s"),
        ("Å", "¿"),
        ("'", "Å¿"),
        ("a", "b"),
        ("ab", "c"),
        ("Ċ", "Ċ"),
        ("ð", "Ŀ"),
        ("Ġ", "12"),
    ];

    private static void Agrees(TokenizerFiles files)
    {
        using (files)
        {
            foreach (var text in Texts)
                files.Agree(text);
            for (var seed = 0; seed < 400; seed++)
                files.Agree(UnicodeText.Next(new Random(seed)));
        }
    }

    [Theory]
    [InlineData(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    [InlineData(
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"
            + @"\s*[\r\n]+|\s+(?!\S)|\s+"
    )]
    [InlineData(
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'k)?|"
            + @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s+(?!\S)|\s+"
    )]
    [InlineData(@"(?i:[sk']+)|[一-龥぀-ゟ゠-ヿ]+|\x{1F1E6}?x|\u0041|\x42|[\P{L}&&]")]
    [InlineData(@"\p{^L}++\p{N}?+|\S{2,}?\d*?(?<=1)|(?<!a)b|(?:c|(d))+|[\d\s\-\]^]|.")]
    public void Expressions_cut_as_the_references_do(string pattern)
    {
        if (pattern.Contains("&&") || pattern.Contains("1F1E6"))
        {
            using var refused = TokenizerFiles.Of(preTokenizer: Split(pattern));
            Should
                .Throw<InvalidDataException>(() => refused.Ours)
                .Message.ShouldContain("pre_tokenizer.pretokenizers[0].pattern.Regex");
            pattern = pattern.Replace(@"|\x{1F1E6}?x", "").Replace("&&", "&");
        }
        Agrees(TokenizerFiles.Of(preTokenizer: Split(pattern), model: TokenizerFiles.Bytes(Merges)));
    }

    [Theory]
    [InlineData("Isolated")]
    [InlineData("Removed")]
    [InlineData("MergedWithPrevious")]
    [InlineData("MergedWithNext")]
    [InlineData("Contiguous")]
    public void What_becomes_of_a_cut_is_what_becomes_of_it_there(string behaviour)
    {
        foreach (var invert in new[] { false, true })
        foreach (var pattern in new[] { @"\s", @"\p{N}", "l+" })
            Agrees(
                TokenizerFiles.Of(preTokenizer: Split(pattern, behaviour, invert), model: TokenizerFiles.Bytes(Merges))
            );
    }

    [Theory]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}""")]
    [InlineData(
        """
            {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": true},
            {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}]}
            """
    )]
    [InlineData(
        """
            {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": false},
            {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]}
            """
    )]
    [InlineData(
        """
            {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"String": " ."},
            "behavior": "MergedWithNext", "invert": false}, {"type": "ByteLevel", "add_prefix_space": false,
            "trim_offsets": true}]}
            """
    )]
    public void Steps_before_merging_are_the_references(string preTokenizer) =>
        Agrees(TokenizerFiles.Of(preTokenizer: preTokenizer, model: TokenizerFiles.Bytes(Merges)));

    [Theory]
    [InlineData("""{"type": "NFC"}""")]
    [InlineData("""{"type": "NFD"}""")]
    [InlineData(
        """
            {"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "NFC"}, {"type": "Replace",
            "pattern": {"String": "e"}, "content": "the"}, {"type": "Prepend", "prepend": "12"}]}
            """
    )]
    public void Normal_forms_are_the_references(string normalizer)
    {
        Agrees(TokenizerFiles.Of(normalizer: normalizer, model: TokenizerFiles.Bytes(Merges)));
        using var marks = TokenizerFiles.Of(normalizer: normalizer);
        // Letters with several marks, and Hangul, in any order.
        var chance = new Random(11);
        for (var n = 0; n < 4000; n++)
        {
            var text = new System.Text.StringBuilder();
            for (var i = chance.Next(1, 8); i > 0; i--)
                text.Append(
                    chance.Next(5) switch
                    {
                        0 => (char)chance.Next(0x300, 0x370),
                        1 => (char)chance.Next(0x1100, 0x1200),
                        2 => (char)chance.Next(0x0900, 0x0E00),
                        3 => (char)chance.Next(0xAC00, 0xD7A4),
                        _ => (char)chance.Next(0x41, 0x250),
                    }
                );
            marks.Agree(text.ToString());
        }
    }

    [Fact]
    public void Merges_are_read_in_both_forms_and_whole_pieces_first_where_the_file_says_so()
    {
        foreach (var pairs in new[] { false, true })
        foreach (var whole in new[] { false, true })
        {
            var model = TokenizerFiles.Bytes(pairs, Merges);
            // A token that no merge makes is reached only as a whole piece.
            model["vocab"]!["Ġthere"] = model["vocab"]!.AsObject().Count;
            model["ignore_merges"] = whole;
            Agrees(TokenizerFiles.Of(preTokenizer: Split(@" ?\p{L}+|\s+"), model: model));
        }
    }

    [Fact]
    public void Tokens_by_name_are_found_as_the_reference_finds_them()
    {
        var added = new JsonArray();
        foreach (
            var (content, flags) in (ReadOnlySpan<(string, string)>)
                [
                    ("<tok>", ""),
                    ("<sp>", "lr"),
                    ("<w>", "w"),
                    ("<n>é", "n"),
                    ("<tok", "s"),
                    ("<n>", "ls"),
                    ("hello", "wn"),
                    ("é", "nr"),
                ]
        )
            added.Add(
                new JsonObject
                {
                    ["id"] = 256 + Merges.Length - 1 + (content == "hello" ? -11 : added.Count),
                    ["content"] = content,
                    ["single_word"] = flags.Contains('w'),
                    ["lstrip"] = flags.Contains('l'),
                    ["rstrip"] = flags.Contains('r'),
                    ["normalized"] = flags.Contains('n'),
                    ["special"] = flags.Contains('s'),
                }
            );
        // The order gives the ids; 'hello' is in the vocabulary already.
        var vocabulary = TokenizerFiles.Bytes(Merges)["vocab"]!.AsObject();
        var next = vocabulary.Count;
        foreach (var token in added)
            token!["id"] = vocabulary.TryGetPropertyValue((string)token["content"]!, out var known)
                ? (int)known!
                : next++;
        foreach (var normalizer in new[] { "null", """{"type": "NFC"}""", """{"type": "NFD"}""" })
        {
            using var files = TokenizerFiles.Of(
                normalizer: normalizer,
                added: added.ToJsonString(),
                model: TokenizerFiles.Bytes(Merges)
            );
            foreach (var text in Texts)
                files.Agree(text);
            var chance = new Random(3);
            string[] bits =
            [
                "<tok>",
                "<sp>",
                "<w>",
                "<n>",
                "é",
                "e\u0301",
                " ",
                "  ",
                "a",
                "hello",
                "_",
                "!",
                "\n",
                "²",
                "\u0301",
            ];
            for (var n = 0; n < 3000; n++)
                files.Agree(string.Concat(Enumerable.Range(0, 9).Select(_ => bits[chance.Next(bits.Length)])));
        }
    }

    private static string Special(params (int Id, string Content)[] tokens) =>
        new JsonArray([
            .. tokens.Select(t =>
                (JsonNode)
                    new JsonObject
                    {
                        ["id"] = t.Id,
                        ["content"] = t.Content,
                        ["single_word"] = false,
                        ["lstrip"] = false,
                        ["rstrip"] = false,
                        ["normalized"] = false,
                        ["special"] = true,
                    }
            ),
        ]).ToJsonString();

    private const string Fallback = """
        {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
        {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1,
        "stop": 0}]}
        """;

    [Theory]
    [InlineData(
        """
            {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace",
            "pattern": {"String": " "}, "content": "▁"}]}
            """,
        "null"
    )]
    [InlineData("null", """{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": false}""")]
    [InlineData("null", """{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true}""")]
    [InlineData("null", """{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never", "split": true}""")]
    public void Characters_with_bytes_for_the_rest_are_the_references(string normalizer, string preTokenizer)
    {
        var added = Special((0, "<unk>"), (1, "<s>"), (2, "</s>"));
        using var files = TokenizerFiles.Of(
            normalizer: normalizer,
            preTokenizer: preTokenizer,
            model: TokenizerFiles.Characters(),
            decoder: Fallback,
            added: added
        );
        string[] bits =
        [
            "<s>",
            "</s>",
            " ",
            "  ",
            "    ",
            "the",
            "hello",
            "é",
            "漢",
            "字",
            "😀",
            "\n",
            "Z",
            "▁",
            "a",
            "<0x0A>",
        ];
        var chance = new Random(5);
        for (var n = 0; n < 2000; n++)
        {
            var text = string.Concat(Enumerable.Range(0, chance.Next(9)).Select(_ => bits[chance.Next(bits.Length)]));
            files.Agree(text);
            var ids = files.Ours.EncodeMarked(text);
            files.Ours.Decode(ids.AsSpan()).ShouldBe(files.ReferenceText(ids), text);
            files.Ours.Encode(text).ShouldAllBe(id => !files.Ours.IsSpecial(id));
            var decoder = new TokenDecoder(files.Ours);
            (string.Concat(ids.Select(decoder.Add)) + decoder.Finish()).ShouldBe(files.Ours.Decode(ids.AsSpan()));
        }
        var plain = "the hello é漢字😀\n a  b";
        if (!preTokenizer.Contains("never"))
            files.Ours.Decode(files.Ours.Encode(plain).AsSpan()).ShouldBe(plain);
    }

    [Fact]
    public void What_is_put_around_a_text_is_the_post_processors_or_the_settings()
    {
        var bos = Special((256, "<s>"));
        const string processor = """
            {"type": "Sequence", "processors": [
             {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, "use_regex": true},
             {"type": "TemplateProcessing",
              "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
              "pair": [], "special_tokens": {"<s>": {"id": "<s>", "ids": [256], "tokens": ["<s>"]}}}]}
            """;
        using var by = TokenizerFiles.Of(added: bos, postProcessor: processor);
        by.Ours.EncodeMarked("a", framed: true).ShouldBe([256, .. by.Ours.Encode("a")]);
        by.Ours.EncodeMarked("a").ShouldBe(by.Ours.Encode("a"));
        using var over = TokenizerFiles.Of(
            added: bos,
            postProcessor: processor,
            config: """
            {"tokenizer_class": "LlamaTokenizerFast", "add_bos_token": false, "add_eos_token": true,
            "bos_token": "<s>", "eos_token": "<s>"}
            """
        );
        over.Ours.EncodeMarked("a", framed: true).ShouldBe([.. over.Ours.Encode("a"), 256]);
    }

    public static readonly TheoryData<string, string, string> Unsupported = new()
    {
        { "model.type", "model", """{"type": "Unigram", "vocab": {"a": 0}}""" },
        { "model.dropout", "model.dropout", "0.1" },
        { "model.end_of_word_suffix", "model.end_of_word_suffix", "\"</w>\"" },
        { "model.continuing_subword_prefix", "model.continuing_subword_prefix", "\"##\"" },
        { "model.byte_fallback", "model.byte_fallback", "true" },
        { "model.novel", "model.novel", "1" },
        { "model.vocab[1]", "model.vocab", """{"a": 0, "b": 0}""" },
        { "model.vocab[0]", "model.vocab", """{"a": -1}""" },
        { "model.merges", "model.merges", """["no such"]""" },
        { "model.merges[0]", "model.merges", """["one"]""" },
        { "model.merges[1]", "model.merges", """[["t", "h"], ["a", "b", "c"]]""" },
        { "normalizer.type", "normalizer", """{"type": "NFKC"}""" },
        {
            "normalizer.normalizers[1].type",
            "normalizer",
            """{"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Lowercase"}]}"""
        },
        {
            "normalizer.pattern.Regex",
            "normalizer",
            """{"type": "Replace", "pattern": {"Regex": "a"}, "content": "b"}"""
        },
        { "pre_tokenizer.type", "pre_tokenizer", """{"type": "BertPreTokenizer"}""" },
        {
            "pre_tokenizer.behavior",
            "pre_tokenizer",
            """{"type": "Split", "pattern": {"Regex": "a"}, "behavior": "Odd", "invert": false}"""
        },
        {
            "pre_tokenizer.pattern.Regex",
            "pre_tokenizer",
            """{"type": "Split", "pattern": {"Regex": "\\p{Han}+"}, "behavior": "Isolated", "invert": false}"""
        },
        {
            "pre_tokenizer.pattern.Regex",
            "pre_tokenizer",
            """{"type": "Split", "pattern": {"Regex": "(a)\\1"}, "behavior": "Isolated", "invert": false}"""
        },
        {
            "pre_tokenizer.pattern.Regex",
            "pre_tokenizer",
            """{"type": "Split", "pattern": {"Regex": "a*"}, "behavior": "Isolated", "invert": false}"""
        },
        {
            "pre_tokenizer.pattern.Regex",
            "pre_tokenizer",
            """{"type": "Split", "pattern": {"Regex": "\\bx"}, "behavior": "Isolated", "invert": false}"""
        },
        { "post_processor.type", "post_processor", """{"type": "BertProcessing"}""" },
        { "decoder", "decoder", """{"type": "WordPiece"}""" },
        { "added_tokens[0].id", "added_tokens", """[{"id": 900, "content": "x", "special": true}]""" },
        { "added_tokens[0].content", "added_tokens", """[{"id": 900, "content": "", "special": true}]""" },
        { "novel", "novel", "1" },
    };

    [Theory, MemberData(nameof(Unsupported))]
    public void What_is_not_supported_is_refused_by_key(string key, string path, string value)
    {
        using var files = TokenizerFiles.Of(model: TokenizerFiles.Bytes(("t", "h")));
        var json = JsonNode.Parse(File.ReadAllText(files.Path))!;
        var (at, last) = (json, path.Split('.')[^1]);
        foreach (var part in path.Split('.')[..^1])
            at = at[part]!;
        at[last] = JsonNode.Parse(value);
        File.WriteAllText(files.Path, json.ToJsonString());
        var message = Should.Throw<InvalidDataException>(() => files.Ours).Message;
        message.ShouldStartWith($"{files.Path}: {key} ");
        message.Split(". ").Length.ShouldBeGreaterThan(1, "a remedy follows the fault");
    }

    [Fact]
    public void Files_that_are_missing_cut_or_contradict_each_other_are_named()
    {
        using var files = TokenizerFiles.Of();
        File.WriteAllText(
            Path.Combine(files.Folder, "tokenizer_config.json"),
            """{"added_tokens_decoder": {"7": {"content": "<z>"}}}"""
        );
        Should.Throw<InvalidDataException>(() => files.Ours).Message.ShouldContain("added_tokens_decoder.7 is '<z>'");
        File.WriteAllText(Path.Combine(files.Folder, "tokenizer_config.json"), "{");
        Should.Throw<InvalidDataException>(() => files.Ours).Message.ShouldContain("tokenizer_config.json: is no JSON");
        File.WriteAllText(files.Path, File.ReadAllText(files.Path)[..500]);
        Should.Throw<InvalidDataException>(() => TokenizerFolder.Read(files.Path)).Message.ShouldContain("is no JSON");
        File.Delete(files.Path);
        Should
            .Throw<InvalidDataException>(() => TokenizerFolder.Read(files.Folder))
            .Message.ShouldContain("holds no tokenizer");
        Should.Throw<InvalidDataException>(() => TokenizerFolder.Read("/nowhere")).Message.ShouldContain("neither");
    }

    [Fact]
    public void A_long_run_without_a_cut_is_not_merged_in_quadratic_time() // which this would not survive
    {
        using var files = TokenizerFiles.Of(
            normalizer: """{"type": "Replace", "pattern": {"String": " "}, "content": "▁"}""",
            preTokenizer: "null",
            model: TokenizerFiles.Characters(),
            decoder: Fallback
        );
        var text = string.Concat(Enumerable.Repeat("hello é 😀 ", 50_000));
        files.Ours.Decode(files.Ours.Encode(text).AsSpan()).ShouldBe(text);
    }
}
