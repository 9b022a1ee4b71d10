// Byte-level BPE: identity of encode and decode, agreement with a naive merger, special tokens, limits, offsets.
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace TorchSharp.Tests;

public sealed partial class BpeLaws
{
    private const string Corpus = "the king bets, the queen folds; the king calls and the queen checks. aaaa bbbb abab 1234 ééé 你好你好\n\n  the end\r\n";
    private static readonly Dictionary<string, int> s_special = new() { ["<|end|>"] = 900, ["<|user|>"] = 901 };

    // the pattern of GPT-2 with whatever it leaves over
    [GeneratedRegex(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+|[\s\S]")]
    private static partial Regex Everything();

    private static (Dictionary<string, int> Vocabulary, List<string> Merges) Train(int merges)
    {
        var vocabulary = Enumerable.Range(0, 256).ToDictionary(b => ByteTable.ToChar((byte)b).ToString(), b => b);
        List<List<string>> words = [.. Everything().Matches(Corpus).Select(m => Encoding.UTF8.GetBytes(m.Value).Select(b => ByteTable.ToChar(b).ToString()).ToList())];
        List<string> learned = [];
        while (learned.Count < merges)
        {
            var counts = words.SelectMany(w => w.Zip(w.Skip(1))).GroupBy(p => p).ToDictionary(g => g.Key, g => g.Count());
            if (counts.Count == 0)
            {
                break;
            }
            var best = counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key.First + " " + c.Key.Second, StringComparer.Ordinal).First().Key;
            learned.Add(best.First + " " + best.Second);
            vocabulary.TryAdd(best.First + best.Second, vocabulary.Count);
            words = [.. words.Select(w => Join(w, best))];
        }
        return (vocabulary, learned);
    }

    private static List<string> Join(List<string> word, (string First, string Second) pair)
    {
        List<string> joined = [];
        for (int i = 0; i < word.Count; i++)
        {
            bool both = i + 1 < word.Count && word[i] == pair.First && word[i + 1] == pair.Second;
            joined.Add(both ? word[i++] + word[i] : word[i]);
        }
        return joined;
    }

    private static BpeTokenizer Make(int merges = 60, bool cover = true)
    {
        (Dictionary<string, int> vocabulary, List<string> learned) = Train(merges);
        return BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            Merges = learned,
            ByteLevel = true,
            SpecialTokens = s_special,
            PreTokenizer = cover ? new RegexPreTokenizer(Everything(), s_special) : null,
        });
    }

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        string[] bits = ["the ", "king", " ", "\n", "\r\n", "\t", "  ", "a", "'s", "0", "é", "e\u0301", "你好", "🙂", "👩‍👩‍👧", "\0", "\uFFFD", "\u200B", "<|end|>", "<|", "ا", "\U0010FFFF"];
        for (int n = random.Next(40); n > 0; n--)
        {
            int rune;
            do
            {
                rune = random.Next(0x110000);
            }
            while (rune is >= 0xD800 and < 0xE000);
            text.Append(random.Next(4) == 0 ? char.ConvertFromUtf32(rune) : bits[random.Next(bits.Length)]);
        }
        return text.ToString();
    }

    [Fact]
    public void DecodingGivesBackAnyWellFormedText()
    {
        BpeTokenizer bpe = Make();
        var random = new Random(11);
        for (int i = 0; i < 3000; i++)
        {
            string text = RandomText(random);
            bpe.Decode(bpe.EncodeToIds(text)).ShouldBe(text);
        }
    }

    [Fact]
    public void ALoneSurrogateComesBackAsTheReplacementChar()
    {
        BpeTokenizer bpe = Make();
        bpe.Decode(bpe.EncodeToIds("a\uD83Db")).ShouldBe("a\uFFFDb");
    }

    [Fact]
    public void MergesAreThoseOfTheNaiveMerger()
    {
        (Dictionary<string, int> vocabulary, List<string> merges) = Train(60);
        BpeTokenizer bpe = Make();
        var random = new Random(12);
        for (int i = 0; i < 1000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => "thekingqua b"[random.Next(12)])]);
            int[] expected = [.. Everything().Matches(text).SelectMany(m => Naive(m.Value)).Select(t => vocabulary[t])];
            bpe.EncodeToIds(text).ShouldBe(expected);
        }

        List<string> Naive(string piece)
        {
            List<string> word = [.. Encoding.UTF8.GetBytes(piece).Select(b => ByteTable.ToChar(b).ToString())];
            foreach (string merge in merges)        // rank by rank, left to right: the definition
            {
                string[] parts = merge.Split(' ');
                word = Join(word, (parts[0], parts[1]));
            }
            return word;
        }
    }

    [Fact]
    public void SpecialTokensAreCutOutBeforeEncoding()
    {
        BpeTokenizer bpe = Make();
        IReadOnlyList<int> ids = bpe.EncodeToIds("<|user|>the king<|end|>");
        ids[0].ShouldBe(901);
        ids[^1].ShouldBe(900);
        ids.Skip(1).SkipLast(1).ShouldBe(bpe.EncodeToIds("the king"));
        bpe.Decode(ids).ShouldBe("<|user|>the king<|end|>");
        bpe.Decode(ids, considerSpecialTokens: false).ShouldBe("the king");
        bpe.EncodeToIds("<|en").ShouldNotContain(900);
    }

    [Fact]
    public void WithoutAPreTokenizerSpacesAreLostAsInThePackage()
    {
        BpeTokenizer bpe = Make(cover: false);
        bpe.Decode(bpe.EncodeToIds("the king\n")).ShouldBe("theking");
    }

    [Fact]
    public void TokensTileTheText()
    {
        BpeTokenizer bpe = Make();
        var random = new Random(13);
        for (int i = 0; i < 300; i++)
        {
            string text = RandomText(random);
            IReadOnlyList<EncodedToken> tokens = bpe.EncodeToTokens(text, out string? normalized);
            normalized.ShouldBeNull();
            tokens.Select(t => t.Id).ShouldBe(bpe.EncodeToIds(text));
            tokens.Count.ShouldBe(bpe.CountTokens(text));
            int reached = 0;
            foreach (EncodedToken token in tokens)
            {
                token.Offset.Start.Value.ShouldBeLessThanOrEqualTo(reached);
                token.Offset.End.Value.ShouldBeGreaterThanOrEqualTo(reached);
                reached = token.Offset.End.Value;
            }
            reached.ShouldBe(text.Length);
        }
    }

    [Fact]
    public void ALimitCutsAtATokenAndSaysWhere()
    {
        BpeTokenizer bpe = Make();
        const string Text = "the king folds 🙂 the end";
        IReadOnlyList<int> all = bpe.EncodeToIds(Text);
        for (int n = 1; n <= all.Count; n++)
        {
            IReadOnlyList<int> some = bpe.EncodeToIds(Text, n, out _, out int consumed);
            some.ShouldBe(all.Take(n));
            Text.ShouldStartWith(bpe.Decode(some).TrimEnd('\uFFFD'));
            (consumed == Text.Length).ShouldBe(n == all.Count);
        }
        Should.Throw<ArgumentOutOfRangeException>(() => bpe.EncodeToIds(Text, 0, out _, out _));
    }

    [Fact]
    public void FilesAreReadAndFaultsNamed()
    {
        (Dictionary<string, int> vocabulary, List<string> merges) = Train(20);
        using var v = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(vocabulary));
        using var m = new MemoryStream(Encoding.UTF8.GetBytes("#version: 0.2\n" + string.Join('\n', merges)));
        BpeTokenizer.Create(v, m).Vocabulary.Count.ShouldBe(vocabulary.Count);
        Should.Throw<InvalidOperationException>(() => BpeTokenizer.Create(new BpeOptions(vocabulary) { Merges = ["zz qq"] })).Message.ShouldContain("'zz'");
        Should.Throw<InvalidOperationException>(() => BpeTokenizer.Create(new BpeOptions(vocabulary) { Merges = ["abc"] }));
        Should.Throw<InvalidOperationException>(() => BpeTokenizer.Create(new BpeOptions(vocabulary) { UnknownToken = "<unk>" })).Message.ShouldContain("<unk>");
        Should.Throw<NotSupportedException>(() => BpeTokenizer.Create(new BpeOptions(vocabulary) { EndOfWordSuffix = "</w>" }));
    }

    [Fact]
    public void CharsUnknownToTheVocabularyBecomeTheUnknownToken()
    {
        BpeTokenizer chars = BpeTokenizer.Create(new BpeOptions(new Dictionary<string, int> { ["a"] = 0, ["b"] = 1, ["ab"] = 2, ["?"] = 3 })
        {
            Merges = ["a b"],
            UnknownToken = "?",
            FuseUnknownTokens = true,
            PreTokenizer = new RegexPreTokenizer(Everything(), null),
        });
        chars.EncodeToIds("abxyab").ShouldBe([2, 3, 2]);
        chars.Decode([2, 3, 2]).ShouldBe("ab?ab");
    }

    [Fact]
    public void SentenceTokensFrameTheText()
    {
        (Dictionary<string, int> vocabulary, List<string> merges) = Train(20);
        BpeTokenizer bpe = BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            Merges = merges, ByteLevel = true, SpecialTokens = s_special, PreTokenizer = new RegexPreTokenizer(Everything(), s_special),
            BeginningOfSentenceToken = "<|user|>", EndOfSentenceToken = "<|end|>",
        });
        IReadOnlyList<int> ids = bpe.EncodeToIds("the");
        ids[0].ShouldBe(901);
        ids[^1].ShouldBe(900);
        bpe.EncodeToIds("").ShouldBeEmpty();
    }

    [Fact]
    public void DecodingIntoABufferTellsWhenItIsTooSmall()
    {
        BpeTokenizer bpe = Make();
        IReadOnlyList<int> ids = bpe.EncodeToIds("the king");
        Span<char> room = stackalloc char[8];
        bpe.Decode(ids, room, out int consumed, out int written).ShouldBe(System.Buffers.OperationStatus.Done);
        room[..written].ToString().ShouldBe("the king");
        consumed.ShouldBe(ids.Count);
        bpe.Decode(ids, room[..3], out _, out _).ShouldBe(System.Buffers.OperationStatus.DestinationTooSmall);
    }

    [Fact]
    public void ALongPieceIsMergedInGoodTime()
    {
        BpeTokenizer bpe = Make();
        string text = new('a', 200_000);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        bpe.Decode(bpe.EncodeToIds(text)).ShouldBe(text);
        watch.Elapsed.TotalSeconds.ShouldBeLessThan(5);
    }

    [Fact]
    public void ThreadsMayShareATokenizer()
    {
        BpeTokenizer bpe = Make();
        string[] texts = [.. Enumerable.Range(0, 200).Select(i => RandomText(new Random(i)))];
        int[][] alone = [.. texts.Select(t => Make().EncodeToIds(t).ToArray()).Take(20)];
        Parallel.For(0, 800, i => bpe.Decode(bpe.EncodeToIds(texts[i % 200])).ShouldBe(texts[i % 200]));
        for (int i = 0; i < 20; i++)
        {
            bpe.EncodeToIds(texts[i]).ShouldBe(alone[i]);
        }
    }
}
