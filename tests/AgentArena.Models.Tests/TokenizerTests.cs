// Text survives, conversations only grow, moves are one token where the cut allows it.
using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using AgentArena.Core;
using AgentArena.Core.Models;
using AgentArena.Models.Tokens;

namespace AgentArena.Models.Tests;

public class TokenizerTests
{
    public static readonly TheoryData<string> Hard =
    [
        "",
        " ",
        "  \n\n\t x",
        "a  b",
        "<eos><bos>",
        "é漢字🂡🂢",
        "\r\n\r",
        "\0\u0001",
        "[0] [10]",
        "ﬁ\u0301\u200D👩‍🚀",
        "check checkbet  check",
    ];

    [Theory, MemberData(nameof(Hard))]
    public void Text_comes_back(string text)
    {
        foreach (
            var tokenizer in new[]
            {
                Toys.Tokenizer,
                new TextTokenizer(BpeTrainer.Train(["12 + 34 = 46"], ["46"], new() { SingleDigits = true }), true),
            }
        )
        {
            var ids = tokenizer.Encode(text);
            tokenizer.Decode(ids.AsSpan()).ShouldBe(text);
            ids.ShouldAllBe(id => !Vocabulary.IsSpecial(id));
        }
    }

    [Fact]
    public void Random_unicode_comes_back()
    {
        foreach (var text in Random(300, 5))
            Toys.Tokenizer.Decode(Toys.Tokenizer.Encode(text).AsSpan()).ShouldBe(text);
    }

    [Fact]
    public void Half_a_character_comes_back_as_the_replacement_character() =>
        Toys.Tokenizer.Decode(Toys.Tokenizer.Encode("a\uD800b").AsSpan()).ShouldBe("a\uFFFDb");

    [Fact]
    public void A_long_run_of_one_letter_comes_back() // and is not merged in quadratic time, which this would not survive
    {
        var text = new string('e', 200_000);
        Toys.Tokenizer.Decode(Toys.Tokenizer.Encode(text).AsSpan()).ShouldBe(text);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Ids_are_those_of_Hugging_Faces_tokenizer_on_the_saved_vocabulary(bool singleDigits)
    {
        string[] corpus =
        [
            "the cat sat on the mat, 12 + 345 = 357!",
            "check bet fold call  raise\n\traise 20",
            "naïve café — 漢字",
        ];
        var ours = new TextTokenizer(
            BpeTrainer.Train(corpus, ["raise 20"], new() { Vocabulary = 340, SingleDigits = singleDigits }),
            singleDigits
        );
        var folder = Directory.CreateTempSubdirectory().FullName;
        ours.Save(folder);
        var file = Path.Combine(folder, "tokenizer.json");
        File.WriteAllText(file, AsTokenizerJson(folder, singleDigits));
        var theirs = new Tokenizers.DotNet.Tokenizer(file);
        foreach (var text in corpus.Concat(Hard.Cast<object[]>().Select(h => (string)h[0])).Concat(Random(200, 7)))
            ours.Encode(text).AsEnumerable().ShouldBe(theirs.Encode(text).Select(id => (int)id), text);
        Directory.Delete(folder, true);
    }

    // The vocabulary's files as one that Hugging Face's library reads.
    private static string AsTokenizerJson(string folder, bool singleDigits) =>
        new JsonObject
        {
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "vocab.json"))),
                ["merges"] = new JsonArray([
                    .. File.ReadLines(Path.Combine(folder, "merges.txt")).Skip(1).Select(l => (JsonNode)l),
                ]),
            },
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["pretokenizers"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = "Split",
                        ["behavior"] = "Isolated",
                        ["invert"] = false,
                        ["pattern"] = new JsonObject { ["Regex"] = BpeTrainer.Pieces(singleDigits).ToString() },
                    },
                    new JsonObject
                    {
                        ["type"] = "ByteLevel",
                        ["add_prefix_space"] = false,
                        ["trim_offsets"] = false,
                        ["use_regex"] = false,
                    }
                ),
            },
        }.ToJsonString();

    private static IEnumerable<string> Random(int count, ulong seed)
    {
        var chance = new RandomStream(seed);
        for (var n = 0; n < count; n++)
        {
            var text = new StringBuilder();
            for (var i = chance.Next(30); i >= 0; i--)
            {
                var letter = " check";
                var rune = chance.Next(4) switch
                {
                    0 => chance.Next(128),
                    1 => letter[chance.Next(letter.Length)],
                    2 => chance.Next(0x3000),
                    _ => chance.Next(0x110000),
                };
                text.Append(Rune.IsValid(rune) ? new Rune(rune).ToString() : "?");
            }
            yield return text.ToString();
        }
    }

    [Fact]
    public void A_conversation_only_grows()
    {
        var chance = new RandomStream(6);
        ImmutableArray<int> ids = [];
        for (var n = 0; n < 50; n++)
        {
            ImmutableArray<Message> more =
            [
                .. Enumerable
                    .Range(0, chance.Next(3))
                    .Select(_ => new Message(
                        (Speaker)chance.Next(4),
                        Toys.Moves[chance.Next(4)] + new string(' ', chance.Next(3))
                    )),
            ];
            var grown = Toys.Tokenizer.Append(ids, more);
            grown.AsSpan()[..ids.Length].SequenceEqual(ids.AsSpan()).ShouldBeTrue();
            grown[0].ShouldBe(Vocabulary.Begin);
            grown[^1].ShouldBe(Vocabulary.Mark(Speaker.Assistant));
            grown.Count(id => id == Vocabulary.Begin).ShouldBe(1);
            // The reply that was sampled is appended as it was, whatever it spells.
            ids = [.. grown, .. Toys.Tokenizer.Encode("check")];
        }
    }

    [Fact]
    public void Moves_are_one_token_and_the_rest_is_short()
    {
        foreach (var move in Toys.Moves)
            Toys.Tokenizer.Encode(move).Length.ShouldBe(1);
        foreach (var question in Toys.Questions)
            Toys.Tokenizer.Append([], question.Messages).Length.ShouldBeLessThanOrEqualTo(10);
        var boxes = BpeTrainer.Train(
            ["Your move: [0], [1]"],
            Enumerable.Range(0, 9).Select(i => $"[{i}]"),
            new() { Vocabulary = 300 }
        );
        var tokenizer = new TextTokenizer(boxes, false);
        for (var i = 0; i < 9; i++)
            tokenizer.Encode($"[{i}]").Length.ShouldBe(1);
    }

    [Fact]
    public void Training_is_deterministic_and_within_its_size()
    {
        string[] corpus = ["the cat sat on the mat", "the hat"];
        BpeTrainer
            .Train(corpus, [], new() { Vocabulary = 275 })
            .Merges.ShouldBe(BpeTrainer.Train(corpus.Reverse(), [], new() { Vocabulary = 275 }).Merges);
        BpeTrainer.Train(corpus, ["incomprehensibilities"], new() { Vocabulary = 270 }).Count.ShouldBe(270);
        Should
            .Throw<ArgumentException>(() => BpeTrainer.Train(corpus, [], new() { Vocabulary = 100 }))
            .Message.ShouldContain("263");
    }

    [Fact]
    public void Files_come_back_and_damage_is_named()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        Toys.Tokenizer.Save(folder);
        var loaded = Vocabulary.Load(folder);
        loaded.Tokens.ShouldBe(Toys.Tokenizer.Vocabulary.Tokens);
        var merges = Path.Combine(folder, "merges.txt");
        var lines = File.ReadAllLines(merges);
        File.WriteAllLines(merges, lines[..^3]);
        Should.Throw<InvalidDataException>(() => Vocabulary.Load(folder)).Message.ShouldContain("vocab.json");
        File.WriteAllLines(merges, lines.Reverse());
        Should.Throw<InvalidDataException>(() => Vocabulary.Load(folder)).Message.ShouldContain("merge");
        Directory.Delete(folder, true);
    }
}
