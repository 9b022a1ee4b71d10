// One benchmark a name. Each prints its figures and, where there is one, its peer's beside them.
using AgentArena.Benchmarks;

var all = new SortedDictionary<string, (string What, Action<string[]> Run)>(StringComparer.Ordinal)
{
    ["actors"] = ("messages between pairs of actors, births and deaths, bytes of an idle actor", ActorBench.Run),
    ["model"] = (
        "sampling and learning of the network alone, as shares of the machine's matrix product",
        ModelSpeed.Run
    ),
    ["journal"] = ("events a second into the SQLite journal, and what one costs", JournalWrites.Run),
    ["tensors"] = (
        "microseconds an operator from .NET; GFLOP/s of float32 products on one and two threads",
        Tensors.Run
    ),
    ["end-to-end"] = (
        "self-play and learning games a second on each journal beside two PyTorch loops, and what the journal costs",
        EndToEnd.Start
    ),
    ["in-flight"] = (
        "bytes of a waiting game, and throughput with a hundred thousand games in flight beside a hundred",
        InFlight.Run
    ),
    ["update"] = (
        "tokens a second of a full update beside PyTorch, and the share of the matrix product it reaches",
        UpdateBench.Run
    ),
    ["bandits"] = (
        "every advantage with every loss that makes sense with it, on three small tasks: reward, entropy, seconds",
        Bandits.Run
    ),
    ["fuzz"] = (
        "a million hostile texts at whatever reads what others wrote: no exception, the worst time of one",
        FuzzBench.Run
    ),
    ["tokenizers"] = (
        "published tokenizers: MB encoded and decoded a second beside the reference library, and texts that differ",
        TokenizerBench.Run
    ),
    ["executor"] = ("checks of small programs a second in the sandbox", ExecutorBench.Run),
};

if (args.Length == 0 || !all.TryGetValue(args[0], out var chosen))
{
    Console.WriteLine("dotnet run -c Release --project tests/AgentArena.Benchmarks -- NAME [options]");
    foreach (var (name, (what, _)) in all)
        Console.WriteLine($"  {name, -12} {what}");
    return args.Length == 0 ? 0 : 2;
}
chosen.Run(args[1..]);
return 0;
