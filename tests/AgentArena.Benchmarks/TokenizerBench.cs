// How fast published tokenizers encode and decode beside the reference library, and whether they agree. Knows files, no
// model.
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using AgentArena.Models.Tokens;

namespace AgentArena.Benchmarks;

internal static class TokenizerBench
{
    private const int Rounds = 5;

    public static void Run(string[] args)
    {
        var folder = args.FirstOrDefault(a => !a.StartsWith('-')) ?? Find("tests/data/tokenizers");
        foreach (var file in Directory.GetFiles(folder, "*tokenizer.json*").Order(StringComparer.Ordinal))
            Measure(file);
    }

    private static void Measure(string file)
    {
        var clock = Stopwatch.StartNew();
        var ours = TokenizerFolder.Read(file);
        var (loaded, plain) = (clock.Elapsed.TotalSeconds, Plain(file));
        using var theirs = new Tokenizers.DotNet.Tokenizer(plain);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Path.GetFileName(file)}: {ours.Count} ids, read in {loaded:0.00} s"
            )
        );
        foreach (var (kind, texts) in Texts())
        {
            var size = texts.Sum(t => Encoding.UTF8.GetByteCount(t)) / 1e6;
            var differ = texts.Count(t => !ours.EncodeMarked(t).SequenceEqual(theirs.Encode(t).Select(i => (int)i)));
            var ids = texts.Select(t => ours.EncodeMarked(t)).ToArray();
            var (mine, reference) = (new List<double>(), new List<double>());
            // In turn, so that both meet the same machine; the middle of five is told.
            for (var round = 0; round < Rounds; round++)
            {
                mine.Add(Seconds(() => texts.ForEach(t => ours.EncodeMarked(t))));
                reference.Add(Seconds(() => texts.ForEach(t => theirs.Encode(t))));
            }
            var decoding = Enumerable
                .Range(0, Rounds)
                .Select(_ => Seconds(() => Array.ForEach(ids, i => ours.Decode(i.AsSpan()))))
                .ToList();
            var (encode, peer, decode) = (size / Middle(mine), size / Middle(reference), size / Middle(decoding));
            Console.WriteLine(
                (
                    $"  {kind, -14} {size, 6:0.00} MB  encode {encode, 6:0.0} MB/s, reference {peer, 6:0.0} MB/s "
                    + $"({encode / peer:0.0} x)  decode {decode, 6:0.0} MB/s  {differ} of {texts.Count} texts differ"
                )
            );
        }
        File.Delete(plain);
    }

    // Short texts as games have them, long ones, code, and all of Unicode.
    private static IEnumerable<(string, List<string>)> Texts()
    {
        var problems = File.ReadLines(Find("data/math/gsm8k-100.jsonl"))
            .Select(l => JsonDocument.Parse(l).RootElement)
            .SelectMany(r => new[] { r.GetProperty("question").GetString()!, r.GetProperty("answer").GetString()! })
            .ToList();
        yield return ("word problems", [.. Enumerable.Repeat(problems, 20).SelectMany(p => p)]);
        var whole = string.Join("\n\n", Enumerable.Repeat(problems, 10).SelectMany(p => p));
        yield return ("one long text", [whole]);
        var code = Directory.GetFiles(Find("tests/peers"), "*.py").Select(File.ReadAllText).ToList();
        yield return ("programs", [.. Enumerable.Repeat(code, 10).SelectMany(c => c)]);
        var chance = new RandomStream(1);
        yield return ("any unicode", [.. Enumerable.Range(0, 2000).Select(_ => Any(ref chance))]);
    }

    private static string Any(ref RandomStream chance)
    {
        var text = new StringBuilder();
        for (var i = 0; i < 200; i++)
        {
            var code = chance.Next(chance.Next(2) == 0 ? 0x3000 : 0x20000);
            text.Append(Rune.IsValid(code) ? new Rune(code).ToString() : " ");
        }
        return text.ToString();
    }

    private static double Seconds(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Plain(string file)
    {
        var plain = Path.GetTempFileName();
        using var from = File.OpenRead(file);
        using Stream stream = file.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(from, CompressionMode.Decompress)
            : from;
        using var to = File.Create(plain);
        stream.CopyTo(to);
        return plain;
    }

    private static string Find(string path)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (Path.Exists(Path.Combine(folder, path)))
                return Path.Combine(folder, path);
        throw new FileNotFoundException($"{path} was not found above the program. Run it from within the repository.");
    }
}
