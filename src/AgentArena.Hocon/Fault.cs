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
    /// <summary>Path and text, without the place.</summary>
    public string Message => Path.Length == 0 ? Text : $"{Path}: {Text}";

    /// <inheritdoc/>
    public override string ToString() => $"{At}: {Message}";
}

/// <summary>
/// Leads from a fault to where reading can go on, or out of the reader where it cannot; never leaves it.
/// </summary>
internal sealed class UnreadableException(Place at, string text, bool final = false) : Exception(text)
{
    public HoconFault Fault { get; } = new(at, "", text);

    /// <summary>Whether nothing after it can be read.</summary>
    public bool Final => final;
}
