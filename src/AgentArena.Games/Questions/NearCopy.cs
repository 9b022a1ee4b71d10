// Whether a question is a near copy of another. Knows letters, words and numbers, never what is asked.
using System.Text;

namespace AgentArena.Games.Questions;

/// <summary>
/// The similarity filter of TTCS: the share of common letters above 0.60 (rising to 0.88 for texts under 80 letters),
/// the Jaccard overlap of words above 0.70, or the likeness of what is left when words are taken out and numbers made
/// alike above 0.90, where each text has at least two numbers.
/// </summary>
public static class NearCopy
{
    private const int MostLetters = 2000,
        Short = 80;

    /// <summary>1 where the text is no near copy, else 1 − the greatest likeness that says so.</summary>
    public static double Novelty(string source, string text)
    {
        var worst = 0.0;
        var shortest = Math.Min(source.Length, text.Length);
        if (
            Ratio(source, text) is var letters
            && letters > (shortest >= Short ? 0.60 : 0.68 + 0.20 * (Short - shortest) / Short)
        )
            worst = letters;
        if (Jaccard(source, text) is var words && words > 0.70)
            worst = Math.Max(worst, words);
        var (a, b) = (Skeleton(source), Skeleton(text));
        if (a.Count(c => c == '#') >= 2 && b.Count(c => c == '#') >= 2 && Ratio(a, b) is var bones && bones > 0.90)
            worst = Math.Max(worst, bones);
        return 1 - worst;
    }

    /// <summary>2M/T, M the length of the longest common subsequence, T the length of both texts together.</summary>
    public static double Ratio(string a, string b)
    {
        (a, b) = (a.Length <= MostLetters ? a : a[..MostLetters], b.Length <= MostLetters ? b : b[..MostLetters]);
        if (a.Length + b.Length == 0)
            return 1;
        var (row, above) = (new int[b.Length + 1], new int[b.Length + 1]);
        foreach (var letter in a)
        {
            (row, above) = (above, row);
            for (var j = 1; j <= b.Length; j++)
                row[j] = b[j - 1] == letter ? above[j - 1] + 1 : Math.Max(above[j], row[j - 1]);
        }
        return 2.0 * row[b.Length] / (a.Length + b.Length);
    }

    /// <summary>Common words over all words.</summary>
    public static double Jaccard(string a, string b)
    {
        var (x, y) = (Words(a), Words(b));
        var common = x.Count(y.Contains);
        return x.Count + y.Count == 0 ? 1 : (double)common / (x.Count + y.Count - common);
    }

    /// <summary>The signs of a text with each number as # and all words left out.</summary>
    public static string Skeleton(string text)
    {
        var bones = new StringBuilder();
        var inNumber = false;
        foreach (var c in text)
        {
            var digit = char.IsAsciiDigit(c);
            if (digit && !inNumber)
                bones.Append('#');
            else if (!digit && "+-*/=^<>()%".Contains(c))
                bones.Append(c);
            inNumber = digit || (inNumber && c is '.' or ',');
        }
        return bones.ToString();
    }

    private static HashSet<string> Words(string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        var word = new StringBuilder();
        foreach (var c in text.ToLowerInvariant() + " ")
            if (char.IsLetterOrDigit(c))
                word.Append(c);
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        return words;
    }
}
