// Hostile text at whatever reads what others wrote: no exception, and how long one input may take. Knows readers by
// name, not what they read.
using System.Diagnostics;
using System.Globalization;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Roles;
using AgentArena.Games.Answers;

namespace AgentArena.Benchmarks;

/// <summary>
/// Throws the same seeded garbage at each reader in turn and prints, by reader: inputs, microseconds each, and the
/// worst input's
/// milliseconds (the least of three tries, since other processes may hold the processor). Options: <c>--count N</c>
/// (1,000,000),
/// <c>--seconds S</c> (600: what is not done by then is left out), <c>--seed N</c>. Ends with an error where anything
/// threw.
/// </summary>
internal static class FuzzBench
{
    private const double Bound = 100;

    /// <summary>Something that reads: one input at a time, the one before it beside it. What reads slowly is given
    /// every n-th input only.</summary>
    private sealed record Reader(string Name, int Every, Action<string, string> Read)
    {
        public long Inputs { get; set; }

        public double Total { get; set; }

        public double Worst { get; set; }

        public string WorstInput { get; set; } = "";

        public List<string> Thrown { get; } = [];
    }

    public static void Run(string[] args)
    {
        var (count, seconds, seed) = (1_000_000L, 600L, 1L);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value =
                i + 1 < args.Length
                && long.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number > 0
                    ? number
                    : throw new ArgumentException($"fuzz: {args[i]} has no value. Give a whole number of 1 or more.");
            if (args[i] == "--count")
                count = value;
            else if (args[i] == "--seconds")
                seconds = value;
            else if (args[i] == "--seed")
                seed = value;
            else
                throw new ArgumentException(
                    $"fuzz: {args[i]} is unknown. Options are --count N, --seconds S and --seed N."
                );
        }
        Reader[] readers = [.. Readers()];
        var garbage = new GarbageText((ulong)seed);
        var (before, began, done) = ("1", Stopwatch.GetTimestamp(), 0L);
        foreach (var reader in readers)
            for (var i = 0; i < 200; i++)
                Try(reader, garbage.Answer(2), "1", counts: false); // compiled before it counts
        for (; done < count && Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; done++)
        {
            var text = garbage.Next();
            foreach (var reader in readers)
                if (done % reader.Every == 0)
                    Try(reader, text, before, counts: true);
            before = text;
        }
        Print(readers, done, count, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>All that is thrown at. A reader of another room is one more line.</summary>
    private static IEnumerable<Reader> Readers()
    {
        yield return new("checker", 1, (text, before) => AnswerChecker.Judge(before, text));
        yield return new("checker, as gold", 1, (text, before) => AnswerChecker.Judge(text, before));
        yield return new("final answer", 1, (text, _) =>
        {
            FinalAnswer.Marked(text);
            FinalAnswer.Last(text);
        });
        yield return new("marks", 1, (text, _) =>
        {
            foreach (var format in Enum.GetValues<AnswerFormat>())
                Answer.Last(format, text, wholeReply: false);
        });
        yield return new("scores", 1, (text, _) =>
        {
            ScoreText.Numbers(text);
            ScoreText.Scores(text, "score");
        });
        foreach (var (name, read) in FuzzDoors.All)
            yield return new(name, 1, (text, _) => read(text));
        foreach (var name in Standard.Catalog.Games.Names)
        {
            var game = Standard.Catalog.Games.Create(new Plugin(name));
            var state = game.Begin();
            yield return new(name, 25, (text, _) =>
            {
                foreach (var turn in game.Turns(state))
                foreach (var move in (Move?[])[game.Read(turn, text), new Move(text)])
                    if (move is { } read && game.Check(state, turn, read) is null)
                        game.Outcome(game.Play(state, turn, read));
            });
        }
    }

    // The rules' state at the first turn of a player's.
    private static GameState Begin(this Game game)
    {
        var chance = new RandomStream(1);
        var state = game.Start(new GameSetup(1));
        for (var i = 0; i < 20 && game.Turns(state).FirstOrDefault(t => t.IsChance) is { } turn; i++)
            state = game.Play(state, turn, Game.Sample(turn, ref chance));
        return state;
    }

    private static void Try(Reader reader, string text, string before, bool counts)
    {
        try
        {
            var took = Timed(reader, text, before);
            if (!counts)
                return;
            reader.Inputs++;
            reader.Total += took;
            for (var i = 0; i < 2 && took > Math.Max(reader.Worst, 1); i++)
                took = Math.Min(took, Timed(reader, text, before));
            if (took > reader.Worst)
                (reader.Worst, reader.WorstInput) = (took, text);
        }
        catch (Exception e)
        {
            if (reader.Thrown.Count < 5)
                reader.Thrown.Add(
                    $"{e.GetType().Name}: {e.Message} at {e.StackTrace?.Split('\n')[0].Trim()} of {Shown(text)}"
                );
        }
    }

    private static double Timed(Reader reader, string text, string before)
    {
        var began = Stopwatch.GetTimestamp();
        reader.Read(text, before);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static void Print(Reader[] readers, long done, long count, double seconds)
    {
        var culture = CultureInfo.InvariantCulture;
        Console.WriteLine(string.Create(culture, $"{done:#,0} of {count:#,0} inputs in {seconds:0} s"));
        foreach (var r in readers)
        {
            Console.WriteLine(
                string.Create(
                    culture,
                    $"{r.Name, -20} {r.Inputs, 10:#,0} inputs {r.Total * 1000 / Math.Max(1, r.Inputs), 8:0.0} us each, worst {r.Worst, 7:0.00} ms: {Shown(r.WorstInput)}"
                )
            );
            foreach (var thrown in r.Thrown)
                Console.WriteLine($"    {thrown}");
        }
        var worst = readers.MaxBy(r => r.Worst)!;
        Console.WriteLine(
            string.Create(
                culture,
                $"worst of one input: {worst.Worst:0.0} ms ({worst.Name}); the bound is {Bound:0} ms"
            )
        );
        var threw = string.Join(", ", readers.Where(r => r.Thrown.Count > 0).Select(r => r.Name));
        if (threw.Length > 0)
            throw new InvalidOperationException($"fuzz: {threw} threw; see above.");
        if (worst.Worst > Bound)
            throw new InvalidOperationException($"fuzz: {worst.Name} took over {Bound:0} ms for one input; see above.");
    }

    private static string Shown(string text)
    {
        var line = string.Concat(text.Take(80).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '·' : c));
        return text.Length <= 80 ? line : $"{line}… ({text.Length} characters)";
    }
}
