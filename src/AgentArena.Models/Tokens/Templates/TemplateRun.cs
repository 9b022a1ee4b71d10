// One rendering: what it has written and spent, and the names it knows. Bounds whatever a template may do.
using System.Text;

namespace AgentArena.Models.Tokens.Templates;

/// <summary>
/// The state of one rendering. A template is of unknown origin: depth, work and output are counted, and it is stopped
/// where it spends more than any chat needs.
/// </summary>
internal sealed class TemplateRun
{
    public const int MostDepth = 400,
        MostOutput = 16 << 20;

    // A step is one; sixteen characters of a new text are one; so are two elements of a new list.
    private const long MostWork = 5_000_000;
    private long _work;
    private long _output;
    private int _depth;

    /// <summary>Where the output goes now: blocks that are captured have one of their own.</summary>
    public StringBuilder Output { get; set; } = new();

    /// <summary>The clock; null where a template may not ask for the time.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>The line of what is being done, for faults.</summary>
    public int Line { get; set; }

    /// <summary>Counts work.</summary>
    public void Spend(long work)
    {
        if ((_work += work) > MostWork)
            throw new TemplateException($"does more than {MostWork} steps");
    }

    /// <summary>Counts the length of a text that will be made.</summary>
    public void Room(long length)
    {
        if (length > MostOutput)
            throw new TemplateException($"makes a text of more than {MostOutput} characters");
        Spend(length / 16 + 1);
    }

    /// <summary>Counts a new text's length.</summary>
    public string Made(string text)
    {
        Room(text.Length);
        return text;
    }

    /// <summary>Counts the work of going through a text.</summary>
    public string Looked(string text) => Made(text);

    /// <summary>Two texts as one.</summary>
    public string Joined(string first, string second)
    {
        Room((long)first.Length + second.Length);
        return first + second;
    }

    /// <summary>Goes one deeper.</summary>
    public void Enter()
    {
        Spend(1);
        if (++_depth > MostDepth)
            throw new TemplateException($"nests more than {MostDepth} deep");
    }

    /// <summary>Comes back.</summary>
    public void Leave() => _depth--;

    /// <summary>Writes.</summary>
    public void Write(string text)
    {
        if ((_output += text.Length) > MostOutput)
            throw new TemplateException($"writes more than {MostOutput} characters");
        Output.Append(text);
    }

    /// <summary>What something writes, in place of writing it.</summary>
    public string Captured(Action write)
    {
        var outer = Output;
        Output = new StringBuilder();
        try
        {
            write();
            return Made(Output.ToString());
        }
        finally
        {
            Output = outer;
        }
    }

    /// <summary>A fault at the line that is being run.</summary>
    public TemplateException Fault(string fault) => TemplateException.At(Line, fault);
}

/// <summary>Names and their values, over those around them.</summary>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    public object? this[string name]
    {
        get
        {
            for (var scope = this; scope is not null; scope = scope.Outer)
                if (scope._values.TryGetValue(name, out var value))
                    return value;
            return new Undefined(name);
        }
        set => _values[name] = value;
    }

    private Scope? Outer => outer;
}
