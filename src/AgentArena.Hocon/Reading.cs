// The faults of one reading, and how much it may cost. Knows no grammar.
namespace AgentArena.Hocon;

/// <summary>Bad input costs bounded time, room and patience: what exceeds a bound ends the reading.</summary>
internal sealed class Reading
{
    /// <summary>The deepest nesting of blocks, lists and includes, and of values that are made.</summary>
    public const int Deepest = 256;

    /// <summary>
    /// The longest chain of substitutions, each made of the next. On top of what is deepest it fits half a megabyte of
    /// stack, the least that any platform gives a thread.
    /// </summary>
    public const int LongestChain = 128;

    /// <summary>The most characters of all files together.</summary>
    public const int MostCharacters = 8 << 20;

    /// <summary>The most characters of a field's path.</summary>
    public const int LongestPath = 4096;

    private const int MostFaults = 50,
        MostFiles = 1000,
        MostWork = 1_000_000;
    private int _files,
        _characters,
        _work;

    /// <summary>In the order found.</summary>
    public List<HoconFault> Faults { get; } = [];

    /// <summary>A text could not be parsed to its end: what was read of it means nothing.</summary>
    public bool Malformed { get; private set; }

    /// <summary>An include was not found: what is missing now is a consequence.</summary>
    public bool Incomplete { get; private set; }

    /// <summary>Notes a fault of the text itself.</summary>
    /// <exception cref="UnreadableException">These are enough.</exception>
    public void Malform(HoconFault fault)
    {
        Malformed = true;
        Note(fault);
    }

    /// <summary>Notes an include that is not there or cannot be read.</summary>
    /// <exception cref="UnreadableException">These are enough.</exception>
    public void Miss(HoconFault fault)
    {
        Incomplete = true;
        Note(fault);
    }

    /// <summary>Notes a fault that leaves the rest readable.</summary>
    /// <exception cref="UnreadableException">These are enough.</exception>
    public void Note(HoconFault fault)
    {
        if (Faults.Contains(fault))
            return; // met again on another way
        Faults.Add(fault);
        Bound(
            Faults.Count < MostFaults,
            fault.At,
            $"these are {MostFaults} mistakes; what follows is not read. Mend them first."
        );
    }

    /// <summary>Counts a file and its text.</summary>
    /// <exception cref="UnreadableException">There is too much of them.</exception>
    public void Take(string text, Place at)
    {
        _characters += text.Length;
        Bound(
            _characters <= MostCharacters,
            at,
            $"the files are longer than {MostCharacters >> 20} MiB together. Keep data in files of its own."
        );
        Bound(
            ++_files <= MostFiles,
            at,
            $"more than {MostFiles} files are included, counting each time. Include each once."
        );
    }

    /// <summary>Counts steps of resolving: one, and so many more.</summary>
    /// <exception cref="UnreadableException">There are too many.</exception>
    public void Charge(int more, Place at) =>
        Bound(
            (_work += 1 + more) <= MostWork,
            at,
            "these are more values than are read: substitutions double them again and again, or data stands in the text. "
                + "Substitute less; keep data in files of its own."
        );

    private static void Bound(bool holds, Place at, string fault)
    {
        if (!holds)
            throw new UnreadableException(at, fault, final: true);
    }
}
