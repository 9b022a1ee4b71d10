// Where one is in a Python literal. Knows blanks and single characters, no value.

namespace AgentArena.Games.Python;

/// <summary>A text and a place in it.</summary>
internal ref struct PythonText(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;

    /// <summary>Characters read.</summary>
    public int At;

    /// <summary>Whether there is none left.</summary>
    public readonly bool End => At >= _text.Length;

    /// <summary>The character here; '\0' at the end.</summary>
    public readonly char Now => At < _text.Length ? _text[At] : '\0';

    /// <summary>The character so many further on, or before; '\0' beyond the end.</summary>
    public readonly char After(int steps) => At + steps < _text.Length ? _text[At + steps] : '\0';

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<char> Rest => _text[At..];

    /// <summary>What was read from there on.</summary>
    public readonly string Since(int start) => _text[start..At].ToString();

    /// <summary>Reads the character here. There must be one.</summary>
    public char Next() => _text[At++];

    /// <summary>Steps over blanks and line ends.</summary>
    public void Space()
    {
        while (Now is ' ' or '\t' or '\n' or '\r')
            At++;
    }

    /// <summary>Steps over blanks and, where it is this one, the character after them.</summary>
    public bool Take(char c)
    {
        Space();
        if (End || Now != c)
            return false;
        At++;
        return true;
    }

    /// <summary>Steps over blanks; the character after them, '\0' at the end.</summary>
    public char Peek()
    {
        Space();
        return Now;
    }
}
