// Reads the path of a field or a substitution: names, plain or in quotes, with dots between them. Knows nothing of what
// lies there.
using System.Text;

namespace AgentArena.Hocon;

internal static class FieldPath
{
    /// <summary>A dotted path of quoted and unquoted elements, up to what cannot belong to one.</summary>
    /// <param name="text">Where it begins.</param>
    /// <param name="what">What a message calls it.</param>
    /// <exception cref="UnreadableException">There is none.</exception>
    public static string[] Read(HoconText text, string what)
    {
        var elements = new List<string>();
        var element = new StringBuilder();
        var (quoted, gap) = (false, "");
        while (true)
        {
            if (text.Now == '.')
            {
                Close();
                text.Skip();
                text.Blanks();
                continue;
            }
            string piece;
            if (text.Now == '"')
                (piece, quoted) = (text.Quoted(), true);
            else if ((piece = text.Unquoted(inKey: true)).Length == 0)
                break;
            element.Append(gap).Append(piece);
            gap = text.Blanks();
        }
        Close();
        return [.. elements];

        void Close()
        {
            if (element.Length == 0 && !quoted)
                throw new UnreadableException(
                    text.Here,
                    $"expected {what}, found {text.Shown}. It is a name such "
                        + "as a.b-c, each part plain or in quotes. Put special characters in quotes."
                );
            elements.Add(element.ToString());
            element.Clear();
            (quoted, gap) = (false, "");
        }
    }
}
