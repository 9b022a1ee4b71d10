// One spelling for each character: whatever Unicode has for digits, signs and letters becomes ASCII or a LaTeX command.
// Decides nothing.
using System.Globalization;
using System.Text;

namespace AgentArena.Games.Answers;

/// <summary>Folds characters.</summary>
internal static class Folding
{
    private const string Super = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ",
        SuperPlain = "0123456789+-=()ni";
    private const string Fractions = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒",
        MathLatin = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        MathGreek = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΘΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂εθκφρπ";

    private static readonly int[] FractionParts =
    [
        1,
        2,
        1,
        3,
        2,
        3,
        1,
        4,
        3,
        4,
        1,
        5,
        2,
        5,
        3,
        5,
        4,
        5,
        1,
        6,
        5,
        6,
        1,
        7,
        1,
        8,
        3,
        8,
        5,
        8,
        7,
        8,
        1,
        9,
        1,
        10,
    ];

    private const string Sub = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙᵢⱼₖₓₐ",
        SubPlain = "0123456789+-=()nijkxa";

    // Each character with what it becomes; a blank follows a command.
    private static readonly Dictionary<char, string> Others = """
        −- ∕/ ⁄/ ∗* ’' ‘' ʹ' ′' ″'' “" ”" „" «" »" 、, 。. ‚, ؍/ ٫. ٬, ˗- ∣| º° ˚° ∘° ￥¥ ＄¤ ﹩¤ ￠¢ ￡£
        〈⟨ 〉⟩ 《⟨ 》⟩ 【[ 】] 〔[ 〕] ❨( ❩) …\ldots ⋯\ldots ∶: ː: ∼~ ∙· •· ⋅· ‧· ⋆· ✕× ✖× ╳× ⨯× ➗÷ ℎh ℯe ⅇe ⅈi ℓl
        µμ ΩΩ ∆Δ ∑\sum ∏\prod ∫\int ⩽≤ ≦≤ ⩾≥ ≧≥ ≃≈ ≅≅ ∖∖ ∅∅ Ø∅ ⌀∅
        ℃°C ℉°F ㎝cm ㎜mm ㎞km ㎏kg ㎎mg ㎖ml
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToDictionary(
        pair => pair[0],
        pair => pair[1] == '\\' ? pair[1..] + " " : pair[1..]
    );

    /// <summary>The folded text; total, and linear in its length.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var folded = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; )
        {
            var c = text[i];
            if (char.IsAsciiLetterOrDigit(c) && i + 1 < text.Length && IsBar(text[i + 1]))
                i = Overline(text, i, folded);
            else if (c < 128)
            {
                folded.Append(c);
                i++;
            }
            else if (Super.Contains(c))
                i = Script(text, i, Super, SuperPlain, '^', folded);
            else if (Sub.Contains(c))
                i = Script(text, i, Sub, SubPlain, '_', folded);
            else
            {
                if (
                    Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length)
                    != System.Buffers.OperationStatus.Done
                )
                    (rune, length) = (Rune.ReplacementChar, 1);
                Fold(rune, folded);
                i += length;
            }
        }
        return folded.ToString();
    }

    /// <summary>The text with the digits of all scripts as ASCII digits, and with a plain minus, point and
    /// slash.</summary>
    public static string Digits(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
                folded.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            else
                folded.Append(
                    rune.Value switch
                    {
                        0x2212 or 0xFF0D => "-",
                        0xFF0E => ".",
                        0xFF0F or 0x2044 => "/",
                        _ => rune.ToString(),
                    }
                );
        }
        return folded.ToString();
    }

    private static bool IsBar(char c) => c is '\u0304' or '\u0305';

    // 3̅, digits with a bar over each: one bar over all.
    private static int Overline(string text, int at, StringBuilder folded)
    {
        folded.Append(@"\overline{");
        for (; at + 1 < text.Length && char.IsAsciiLetterOrDigit(text[at]) && IsBar(text[at + 1]); at += 2)
            folded.Append(text[at]);
        folded.Append('}');
        return at;
    }

    private static int Script(string text, int at, string from, string to, char mark, StringBuilder folded)
    {
        if (mark == '^' && text[at] is '²' or '³')
            SetApartMeasure(folded);
        folded.Append(mark).Append('{');
        for (; at < text.Length && from.IndexOf(text[at]) is >= 0 and var index; at++)
            folded.Append(to[index]);
        folded.Append('}');
        return at;
    }

    // 5m², 12 cm²: people who write it so mean the unit. LaTeX would have said which.
    private static void SetApartMeasure(StringBuilder folded)
    {
        if (folded.Length < 2 || folded[^1] != 'm')
            return;
        var length = folded[^2] is 'c' or 'k' or 'd' or 'm' ? 2 : 1;
        if (folded.Length <= length || !(char.IsAsciiDigit(folded[^(length + 1)]) || folded[^(length + 1)] == ' '))
            return;
        var unit = folded.ToString(folded.Length - length, length);
        folded.Length -= length;
        folded.Append(@"\text{").Append(unit).Append('}');
    }

    private static void Fold(Rune rune, StringBuilder folded)
    {
        var category = Rune.GetUnicodeCategory(rune);
        if (category == UnicodeCategory.DecimalDigitNumber)
            folded.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
        else if (
            category
            is UnicodeCategory.SpaceSeparator
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
        )
            folded.Append(' ');
        else if (category == UnicodeCategory.Format || rune.Value is >= 0xFE00 and <= 0xFE0F) { }
        else if (category == UnicodeCategory.DashPunctuation)
            folded.Append('-');
        else if (rune.IsBmp && Others.TryGetValue((char)rune.Value, out var other))
            folded.Append(other);
        else if (Fractions.IndexOf(rune.ToString(), StringComparison.Ordinal) is >= 0 and var fraction && rune.IsBmp)
            folded.Append(
                CultureInfo.InvariantCulture,
                $@"\frac{{{FractionParts[2 * fraction]}}}{{{FractionParts[2 * fraction + 1]}}}"
            );
        else if (
            category == UnicodeCategory.OtherNumber
            && Rune.GetNumericValue(rune) is >= 0 and <= 50 and var number
            && number == Math.Floor(number)
        )
            folded.Append((int)number);
        else if (rune.Value is > 0xFF00 and < 0xFF5F)
            Fold(new Rune(rune.Value - 0xFEE0), folded);
        else if (rune.Value is >= 0x1D400 and < 0x1D6A4)
            folded.Append(MathLatin[(rune.Value - 0x1D400) % 52]);
        else if (rune.Value is >= 0x1D6A8 and < 0x1D7CC)
            folded.Append(MathGreek[(rune.Value - 0x1D6A8) % 58]);
        else
            folded.Append(rune.ToString());
    }
}
