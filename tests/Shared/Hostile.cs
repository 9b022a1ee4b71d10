// Random texts for parsers that must be total: whatever people's models and servers have said, cut, doubled and mixed
// with any Unicode.
using System.Text;
using AgentArena.Core;

namespace AgentArena.Testing;

/// <summary>
/// Makes texts out of pieces that mean something to a parser, and of anything else. The same seed makes the same texts.
/// </summary>
public sealed class Hostile(ulong seed, params string[] pieces)
{
    private static readonly string[] Signs =
    [
        "\0",
        "\t",
        "\n",
        "\r\n",
        " ",
        "\u00a0",
        "\u200b",
        "\u2028",
        "\ufeff",
        "\ud800",
        "\udc00",
        "\ud83d\ude00",
        "\uff15",
        "\u0665",
        "\u2212",
        "×",
        "½",
        "Ⅷ",
        "e\u0301",
        "\u202e",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
        "\"",
        "'",
        "`",
        "```",
        "\\",
        "$",
        "$$",
        "**",
        "_",
        "~",
        ".",
        ",",
        ":",
        ";",
        "!",
        "=",
        "-",
        "+",
        "e",
        "0",
        "9",
        "1e999",
        "null",
        "true",
        "NaN",
    ];

    private RandomStream _stream = new(seed);

    /// <summary>The next text: mostly short, now and then long.</summary>
    public string Next()
    {
        var text = new StringBuilder();
        for (var n = _stream.Next(_stream.Next(20) == 0 ? 400 : 12); n >= 0; n--)
        {
            var piece = _stream.Next(3) switch
            {
                0 when pieces.Length > 0 => pieces[_stream.Next(pieces.Length)],
                1 => Signs[_stream.Next(Signs.Length)],
                _ => ((char)_stream.Next(_stream.Next(4) == 0 ? 0x10000 : 0x80)).ToString(),
            };
            if (piece.Length > 1 && _stream.Next(6) == 0)
                piece = piece[_stream.Next(piece.Length)..];
            if (_stream.Next(40) == 0)
                piece = string.Concat(Enumerable.Repeat(piece, 1 + _stream.Next(200)));
            text.Append(piece);
        }
        return text.ToString();
    }

    /// <summary>A number below <paramref name="limit"/>.</summary>
    public int Pick(int limit) => _stream.Next(limit);
}
