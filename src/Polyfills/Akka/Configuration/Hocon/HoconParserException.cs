// The one error of HOCON text: knows the message (line, column, what would be right), not which file the text came from.
namespace Akka.Configuration.Hocon;

/// <summary>Text that is not HOCON, or whose substitutions or includes cannot be resolved. The message opens with line and column.</summary>
public class HoconParserException : Exception
{
    /// <summary>An error with its message.</summary>
    public HoconParserException(string message) : base(message) { }

    /// <summary>An error with its message and what caused it.</summary>
    public HoconParserException(string message, Exception? innerException) : base(message, innerException) { }

    internal HoconParserException(Mark at, string message, Exception? innerException = null)
        : base($"line {at.Line}, column {at.Column}: {message}", innerException) { }
}
