// The forms of an include line: include "x", file("x"), required("x"), required(file("x")). Knows no files.
namespace Akka.Configuration.Hocon;

internal sealed class Include
{
    /// <summary>Reads an include line that begins here; when it is a key that merely begins with the word, reads nothing.</summary>
    public Include(HoconText text)
    {
        var copy = text.Fork();
        copy.Skip("include".Length);
        if (copy.Blanks().Length == 0 && copy.Now != '"') return;
        var at = copy.Mark;
        var open = 0;
        while (copy.Take("required(") || copy.Take("file("))
        {
            open++;
            copy.Blanks();
        }

        if (copy.Now != '"')
        {
            if (open == 0 && !copy.Sees("url(") && !copy.Sees("classpath(")) return;
            throw new HoconParserException(at, "an include names a file in quotes: include \"x.conf\", or include required(file(\"x.conf\")).");
        }

        var name = copy.Quoted();
        for (; open > 0; open--)
        {
            copy.Blanks();
            if (!copy.Take(")")) throw new HoconParserException(at, $"include \"{name}\": a '(' is not closed. Add the missing ')'.");
        }

        text.Join(copy);
        Name = name;
    }

    public string? Name { get; }
}
