// What is wrong in a text, and where. Knows no grammar.
namespace AgentArena.Hocon;

/// <summary>A place in a file.</summary>
/// <param name="File">The file as the user would name it.</param>
/// <param name="Line">Counted from 1; 0 where the file as a whole is meant.</param>
/// <param name="Column">Counted from 1, in UTF-16 units.</param>
public readonly record struct Place(string File, int Line, int Column)
{
    /// <summary>Line and column, without the file.</summary>
    internal string Within => $"line {Line}, column {Column}";

    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? File : $"{File}: {Within}";
}

/// <summary>One mistake in a text.</summary>
/// <param name="At">Where it is.</param>
/// <param name="Path">The dotted path of the field it is in; empty where it belongs to none.</param>
/// <param name="Text">What is wrong. What would be right. What to do.</param>
public sealed record HoconFault(Place At, string Path, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{At}: {Message}";

    /// <summary>Path and text, without the place.</summary>
    public string Message => Path.Length == 0 ? Text : $"{Path}: {Text}";
}

/// <summary>Leads from a fault to where reading can go on, or out of the reader where it cannot; never leaves it.</summary>
internal sealed class UnreadableException(HoconFault fault, bool final = false) : Exception(fault.Text)
{
    public HoconFault Fault => fault;

    /// <summary>Whether nothing after it can be read.</summary>
    public bool Final => final;
}

/// <summary>The faults of one reading, and how much may be read in all. Bad input costs bounded time and room.</summary>
internal sealed class Reading
{
    /// <summary>The deepest nesting of blocks, lists and includes, and of values that are made.</summary>
    public const int Deepest = 256;

    /// <summary>The longest chain of substitutions, each made of the next.</summary>
    public const int LongestChain = 128;

    /// <summary>The most characters of all files together.</summary>
    public const int MostCharacters = 8 << 20;

    private const int MostFaults = 50, MostFiles = 1000, MostWork = 1_000_000;
    private int _files, _characters, _work;

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

    /// <summary>Notes a file that is not there or cannot be read.</summary>
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
        Faults.Add(fault);
        if (Faults.Count >= MostFaults) throw HoconText.Unreadable(fault.At, $"these are {MostFaults} mistakes; what follows is not read. Mend them first.", final: true);
    }

    /// <summary>Counts a file's text.</summary>
    public void Take(string text, Place at)
    {
        _characters += text.Length;
        if (_characters > MostCharacters) throw HoconText.Unreadable(at, $"the files are longer than {MostCharacters >> 20} MiB together. Keep data in files of its own.", final: true);
        if (++_files > MostFiles) throw HoconText.Unreadable(at, $"more than {MostFiles} files are included, counting each time. Include each once.", final: true);
    }

    /// <summary>Counts a step of resolving, or a value that is made.</summary>
    public void Charge(int steps, Place at)
    {
        if ((_work += 1 + steps) > MostWork) throw HoconText.Unreadable(at, "these are more values than are read: substitutions double them again and again, or data stands in the text. Substitute less; keep data in files of its own.", final: true);
    }
}
