// Reads the texts and bytes of Python literals: prefixes, quotes, escapes, literals side by side. Knows no other value.
using System.Globalization;
using System.Text;
using static AgentArena.Games.Python.PythonValue;

namespace AgentArena.Games.Python;

internal static class PythonStrings
{
    /// <summary>One text, or bytes, of all the literals side by side here; null where there is none.</summary>
    public static PythonValue? Read(ref PythonText text)
    {
        var whole = new StringBuilder();
        bool? bytes = null;
        while (true)
        {
            var mark = text.At;
            var prefix = "";
            text.Space();
            while (char.IsAsciiLetter(text.Now) && prefix.Length < 2)
                prefix += char.ToLowerInvariant(text.Next());
            if (text.Now is not ('\'' or '"') || prefix is not ("" or "r" or "b" or "u" or "br" or "rb"))
            {
                text.At = mark;
                break;
            }
            if (bytes is { } earlier && earlier != prefix.Contains('b'))
                return null;
            bytes = prefix.Contains('b');
            if (!Quoted(ref text, whole, prefix.Contains('r'), bytes.Value))
                return null;
        }
        return bytes switch
        {
            null => null,
            true => new Bytes(whole.ToString()),
            false => new Str(whole.ToString()),
        };
    }

    private static bool Quoted(ref PythonText text, StringBuilder into, bool raw, bool bytes)
    {
        var quote = text.Now;
        var triple = text.After(1) == quote && text.After(2) == quote;
        text.At += triple ? 3 : 1;
        while (!text.End)
        {
            var c = text.Next();
            if (c == quote && (!triple || text.Now == quote && text.After(1) == quote))
            {
                if (triple)
                    text.At += 2;
                return true;
            }
            if (c == '\n' && !triple || bytes && c > 127)
                return false;
            if (c != '\\')
                into.Append(c);
            else if (text.End)
                return false;
            else if (raw)
                into.Append('\\').Append(text.Next());
            else if (!Escape(ref text, into, bytes))
                return false;
        }
        return false;
    }

    private static bool Escape(ref PythonText text, StringBuilder into, bool bytes)
    {
        var c = text.Next();
        switch (c)
        {
            case '\n':
                return true;
            case '\\' or '\'' or '"':
                into.Append(c);
                return true;
            case 'n':
                into.Append('\n');
                return true;
            case 't':
                into.Append('\t');
                return true;
            case 'r':
                into.Append('\r');
                return true;
            case 'a':
                into.Append('\a');
                return true;
            case 'b':
                into.Append('\b');
                return true;
            case 'f':
                into.Append('\f');
                return true;
            case 'v':
                into.Append('\v');
                return true;
            case 'x':
                return Code(ref text, into, 2);
            case 'u' when !bytes:
                return Code(ref text, into, 4);
            case 'U' when !bytes:
                return Code(ref text, into, 8);
            case 'N' when !bytes:
                return false;
            case >= '0' and <= '7':
                var value = c - '0';
                for (var i = 0; i < 2 && text.Now is >= '0' and <= '7'; i++)
                    value = value * 8 + (text.Next() - '0');
                into.Append((char)value);
                return true;
            default:
                into.Append('\\').Append(c);
                return true;
        }
    }

    private static bool Code(ref PythonText text, StringBuilder into, int digits)
    {
        if (
            text.Rest.Length < digits
            || !uint.TryParse(
                text.Rest[..digits],
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var code
            )
            || code > 0x10FFFF
        )
            return false;
        text.At += digits;
        if (code < 0x10000)
            into.Append((char)code);
        else
            into.Append(char.ConvertFromUtf32((int)code));
        return true;
    }
}
