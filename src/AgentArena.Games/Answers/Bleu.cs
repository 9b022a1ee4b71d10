// How alike texts are by shared word sequences, and the clusters that come of it. Knows words, never what they mean.

namespace AgentArena.Games.Answers;

/// <summary>
/// Sentence BLEU (Papineni et al. 2002): brevity penalty times the geometric mean of the clipped precisions of 1 to 4
/// words, a precision without a match counted as 0.1 over its denominator (method 1 of Chen and Cherry 2014); 0 where
/// no word is shared. And average-linkage clustering of the distances 1 − BLEU, as R-Zero, TTCS and Active-Zero cluster
/// their questions; equal texts are at distance 0, which BLEU does not say of texts of fewer than four words.
/// </summary>
public static class Bleu
{
    private const int Longest = 4;
    private const double Epsilon = 0.1;

    /// <summary>BLEU of a text against one reference; words are what white space divides.</summary>
    public static double Score(string reference, string text)
    {
        var (r, c) = (Words(reference), Words(text));
        if (c.Length == 0 || r.Length == 0)
            return 0;
        var sum = 0.0;
        for (var n = 1; n <= Longest; n++)
        {
            var known = Grams(r, n);
            var (matches, all) = (0, Math.Max(1, c.Length - n + 1));
            foreach (var (gram, count) in Grams(c, n))
                matches += Math.Min(count, known.GetValueOrDefault(gram));
            if (n == 1 && matches == 0)
                return 0;
            sum += Math.Log((matches > 0 ? matches : Epsilon) / all) / Longest;
        }
        var brevity = c.Length > r.Length ? 1 : Math.Exp(1 - (double)r.Length / c.Length);
        return brevity * Math.Exp(sum);
    }

    /// <summary>
    /// The share of all texts that lie in each text's cluster, when clusters nearer than <paramref name="threshold"/>
    /// by mean distance are joined, the nearest first.
    /// </summary>
    public static double[] ClusterShares(IReadOnlyList<string> texts, double threshold)
    {
        var distances = new double[texts.Count, texts.Count];
        for (var i = 0; i < texts.Count; i++)
        for (var j = i + 1; j < texts.Count; j++)
            distances[i, j] = distances[j, i] = texts[i] == texts[j] ? 0 : 1 - Score(texts[i], texts[j]);
        var clusters = Enumerable.Range(0, texts.Count).Select(i => new List<int> { i }).ToList();
        while (clusters.Count > 1)
        {
            var (near, a, b) = (double.MaxValue, 0, 0);
            for (var i = 0; i < clusters.Count; i++)
            for (var j = i + 1; j < clusters.Count; j++)
            {
                var mean = 0.0;
                foreach (var x in clusters[i])
                foreach (var y in clusters[j])
                    mean += distances[x, y];
                mean /= clusters[i].Count * clusters[j].Count;
                if (mean < near)
                    (near, a, b) = (mean, i, j);
            }
            if (near >= threshold)
                break;
            clusters[a].AddRange(clusters[b]);
            clusters.RemoveAt(b);
        }
        var shares = new double[texts.Count];
        foreach (var cluster in clusters)
        foreach (var i in cluster)
            shares[i] = (double)cluster.Count / texts.Count;
        return shares;
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static Dictionary<string, int> Grams(string[] words, int n)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i + n <= words.Length; i++)
        {
            var gram = string.Join(' ', words, i, n);
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }
        return counts;
    }
}
