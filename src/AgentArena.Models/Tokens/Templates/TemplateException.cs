// What is wrong with a template or with what it was given. Knows no more than words.
namespace AgentArena.Models.Tokens.Templates;

/// <summary>
/// A template that cannot be read, does what is not supported, spends more than it may, or refuses its messages.
/// </summary>
/// <param name="fault">What is wrong, with the line where it is known.</param>
public sealed class TemplateException(string fault) : Exception(fault)
{
    /// <summary>A fault of a line.</summary>
    internal static TemplateException At(int line, string fault) => new($"line {line}: {fault}");
}
