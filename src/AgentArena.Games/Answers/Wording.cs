// What tokens say as words: their key, a letter of a choice, a phrase. Knows nothing of what an expression means.
using System.Text;

namespace AgentArena.Games.Answers;

internal static class Wording
{
    /// <summary>The tokens as one text, the same for all ways to space them.</summary>
    public static string Key(List<Token> tokens)
    {
        var key = new StringBuilder();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && tokens[i].Kind == tokens[i - 1].Kind && tokens[i].Kind != TokenKind.Sign)
                key.Append(' ');
            key.Append(
                tokens[i].Kind == TokenKind.Number ? tokens[i].Text.Replace(",", "").Replace(" ", "") : tokens[i].Text
            );
        }
        return key.ToString();
    }

    /// <summary>(C), C., option C, C) 5, D, because …: the letter, and whether it stands alone.</summary>
    public static (char Letter, bool Alone) Choice(List<Token> tokens)
    {
        var at = 0;
        if (
            at + 1 < tokens.Count
            && tokens[at] is { Kind: TokenKind.Word, Text: var word }
            && word.ToLowerInvariant() is "option" or "choice" or "answer"
        )
            at++;
        var open = at < tokens.Count && tokens[at].Sign is '(' or '[';
        if (open)
            at++;
        if (at >= tokens.Count || tokens[at] is not { Kind: TokenKind.Word, Text: [>= 'A' and <= 'J' and var letter] })
            return ('\0', false);
        at++;
        var closed = at < tokens.Count && tokens[at].Sign is ')' or ']';
        if (open && !closed)
            return ('\0', false);
        if (closed)
            at++;
        if (at == tokens.Count)
            return (letter, true);
        var ended =
            closed
            || tokens[at].Sign is '.' or ':'
            || tokens[at].Sign == ','
                && at + 1 < tokens.Count
                && tokens[at + 1] is { Kind: TokenKind.Word, Text.Length: > 1 };
        return (ended ? letter : '\0', false);
    }

    /// <summary>
    /// Nothing but words. A word of two or three letters alone may be a product, and is left to the algebra.
    /// </summary>
    public static Words? Read(List<Token> tokens)
    {
        if (
            tokens.Count == 0
            || !tokens.All(t =>
                t.Kind == TokenKind.Word || t.Sign is '-' or '\'' or '.' or ',' or '!' or '?' or ';' or '"'
            )
        )
            return null;
        var words = tokens.Where(t => t.Kind == TokenKind.Word).Select(t => t.Text).ToList();
        if (words.Count == 0 || words.Max(w => w.Length) < 2)
            return null;
        if (
            words.Count == 1
            && tokens.Count == 1
            && (words[0].Length < 4 && !tokens[0].Prose && !Unit.IsProse(words[0]) || IsMath(words[0]))
        )
            return null;
        if (words.Count > 1 && words.All(w => w.Length == 1 || w is "and" or "or" || IsMath(w)))
            return null;
        if (tokens[0].Sign is '-' && words.All(w => w.Length == 1 || IsMath(w)))
            return null;
        return new Words(Plain(words));
    }

    /// <summary>Whether a word names a constant or a function.</summary>
    public static bool IsMath(string word) =>
        word is "pi" or "inf" or "infinity" or "oo" or "sqrt" or "cbrt" || Functions.Named(word) is not null;

    /// <summary>Words as they are compared: small, singular, without articles.</summary>
    public static string Plain(IEnumerable<string> words) =>
        string.Join(
            ' ',
            words.Select(w => Unit.Singular(w.ToLowerInvariant())).Where(w => w is not ("the" or "a" or "an"))
        );
}
