// Unicode's normal forms C and D over a table of this project's. The base library's normalisation needs ICU, which this
// program runs without, and would change with the machine; ids must not.
using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AgentArena.Models.Tokens.HuggingFace;

/// <summary>
/// Canonical decomposition and composition (Unicode Standard Annex 15) by the tables of Unicode 9.0, which the
/// reference implementation of these tokenizers normalises with.
/// </summary>
public static class CanonicalForm
{
    private const int FirstSyllable = 0xAC00,
        Leads = 0x1100,
        Vowels = 0x1161,
        Tails = 0x11A7,
        LeadCount = 19,
        VowelCount = 21,
        TailCount = 28,
        SyllableCount = LeadCount * VowelCount * TailCount;

    // Below it nothing combines with what stands before, and nothing decomposes in form C.
    private const char FirstMark = '\u0300';

    private static readonly Tables Known = Tables.Read();

    /// <summary>Form C: composed. The text itself where nothing changes.</summary>
    public static string Compose(string text) =>
        text.AsSpan().ContainsAnyExceptInRange('\0', (char)(FirstMark - 1)) && Known.MayChange(text)
            ? Composed(Decomposed(text))
            : text;

    /// <summary>Form D: decomposed.</summary>
    public static string Decompose(string text) =>
        text.AsSpan().ContainsAnyExceptInRange('\0', '\u007F') ? Text(Decomposed(text)) : text;

    private static string Text(List<int> codes)
    {
        var text = new StringBuilder(codes.Count);
        foreach (var code in codes)
            if (code < 0x10000)
                text.Append((char)code);
            else
                text.Append(char.ConvertFromUtf32(code));
        return text.ToString();
    }

    private static List<int> Decomposed(string text)
    {
        var codes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Split(rune.Value, codes);
        // Marks in order of their class, stable; a code of class 0 is a wall.
        var span = CollectionsMarshal.AsSpan(codes);
        for (var from = 0; from < span.Length; )
        {
            if (Known.Class(span[from]) == 0)
            {
                from++;
                continue;
            }
            var to = from;
            while (to < span.Length && Known.Class(span[to]) != 0)
                to++;
            if (to - from > 1)
                Sort(span[from..to]);
            from = to;
        }
        return codes;
    }

    // Marks are few beside a letter; a hostile run of a million is sorted in n log n all the same.
    private static void Sort(Span<int> marks)
    {
        var keyed = new (int Class, int Place, int Code)[marks.Length];
        for (var i = 0; i < marks.Length; i++)
            keyed[i] = (Known.Class(marks[i]), i, marks[i]);
        Array.Sort(keyed);
        for (var i = 0; i < marks.Length; i++)
            marks[i] = keyed[i].Code;
    }

    private static void Split(int code, List<int> into)
    {
        if (code < 0xC0)
        {
            into.Add(code);
        }
        else if (code - FirstSyllable is >= 0 and < SyllableCount and var syllable)
        {
            into.Add(Leads + syllable / (VowelCount * TailCount));
            into.Add(Vowels + syllable % (VowelCount * TailCount) / TailCount);
            if (syllable % TailCount > 0)
                into.Add(Tails + syllable % TailCount);
        }
        else if (Known.Parts.TryGetValue(code, out var parts))
        {
            Split(parts.First, into);
            if (parts.Second != 0)
                Split(parts.Second, into);
        }
        else
        {
            into.Add(code);
        }
    }

    private static string Composed(List<int> codes)
    {
        var (starter, kept, last) = (-1, 0, -1);
        foreach (var code in codes.ToArray())
        {
            var kind = Known.Class(code);
            // Blocked where something of the same or a higher class stands between it and the starter.
            if (starter >= 0 && last < kind && Pair(codes[starter], code) is { } whole)
            {
                codes[starter] = whole;
                continue;
            }
            if (kind == 0)
                starter = kept;
            last = kind == 0 ? -1 : kind;
            codes[kept++] = code;
        }
        codes.RemoveRange(kept, codes.Count - kept);
        return Text(codes);
    }

    private static int? Pair(int first, int second)
    {
        if (
            first - Leads is >= 0 and < LeadCount and var lead
            && second - Vowels is >= 0 and < VowelCount and var vowel
        )
            return FirstSyllable + (lead * VowelCount + vowel) * TailCount;
        if (
            first - FirstSyllable is >= 0 and < SyllableCount and var syllable
            && syllable % TailCount == 0
            && second - Tails is > 0 and < TailCount and var tail
        )
            return first + tail;
        return Known.Wholes.TryGetValue((first, second), out var whole) ? whole : null;
    }

    private sealed class Tables
    {
        private const int Codes = 0x30000;
        private readonly Dictionary<int, byte> _classes = [];

        // What form C may change: marks, what is never composed, and second parts of what is.
        private readonly BitArray _suspects = new(Codes);

        public Dictionary<int, (int First, int Second)> Parts { get; } = [];

        public Dictionary<(int, int), int> Wholes { get; } = [];

        public int Class(int code) => code < FirstMark ? 0 : _classes.GetValueOrDefault(code);

        public bool MayChange(string text)
        {
            foreach (var rune in text.EnumerateRunes())
                if (rune.Value < Codes && _suspects[rune.Value])
                    return true;
            return false;
        }

        public static Tables Read()
        {
            using var stream = typeof(CanonicalForm).Assembly.GetManifestResourceStream("canonical.txt")!;
            using var lines = new StreamReader(stream);
            var tables = new Tables();
            while (lines.ReadLine() is { } line)
            {
                if (line[0] == '#')
                    continue;
                var parts = line.Split(' ');
                if (parts[0] == "C")
                {
                    var kind = byte.Parse(parts[1], CultureInfo.InvariantCulture);
                    for (var code = Hex(parts[2]); code <= Hex(parts[^1]); code++)
                    {
                        tables._classes[code] = kind;
                        tables._suspects[code] = true;
                    }
                    continue;
                }
                var (whole, pair) = (Hex(parts[1]), (Hex(parts[2]), parts.Length > 3 ? Hex(parts[3]) : 0));
                tables.Parts[whole] = pair;
                if (parts[0] == "D")
                    tables.Wholes[pair] = whole;
                tables._suspects[parts[0] == "D" ? pair.Item2 : whole] = true;
            }
            for (var vowel = Vowels; vowel < Vowels + VowelCount; vowel++)
                tables._suspects[vowel] = true;
            for (var tail = Tails + 1; tail < Tails + TailCount; tail++)
                tables._suspects[tail] = true;
            return tables;
        }

        private static int Hex(string code) => int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
