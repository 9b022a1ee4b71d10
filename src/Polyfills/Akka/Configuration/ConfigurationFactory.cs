// The door to HOCON: text in, Config out. Knows no files; an include is the callback's affair.
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>Makes configurations.</summary>
public static class ConfigurationFactory
{
    /// <summary>A configuration without keys.</summary>
    public static Config Empty => ParseString("");

    /// <summary>Parses HOCON that includes nothing.</summary>
    /// <exception cref="HoconParserException">The text is malformed; the message opens with line and column.</exception>
    public static Config ParseString(string hocon) => ParseString(hocon, null);

    /// <summary>Parses HOCON.</summary>
    /// <param name="hocon">The text.</param>
    /// <param name="includeCallback">Given the name in <c>include "name"</c>, returns its parsed content, or null where it is missing.</param>
    /// <exception cref="HoconParserException">The text is malformed; the message opens with line and column.</exception>
    public static Config ParseString(string hocon, Func<string, HoconRoot>? includeCallback) => new(Parser.Parse(hocon, includeCallback));
}
