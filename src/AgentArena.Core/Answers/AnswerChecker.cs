// Whether two answers are the same mathematics in other clothes. Knows forms, never problems; total and bounded on hostile text.
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace AgentArena.Core.Answers;

/// <summary>
/// Compares answers by value. Equal are: integers, decimals, fractions and mixed numbers of one value (a decimal written with three or
/// more places stands for what rounds to it, unless that is a decimal too); with or without thousands separators, degrees, a unit, a currency or a
/// percent sign on one side (two different units differ; 50% is also 0.5); LaTeX in any dressing; sets and bare lists in any order;
/// tuples, intervals, matrices and unions by their parts; ± as its two values; choices by their letter; equations by their solution set
/// where they differ by a factor; expressions that agree at seeded points; words without regard to case.
/// </summary>
public static partial class AnswerChecker
{
    private const int MaxLength = 2000, MaxParts = 64, Points = 4;

    private const double Tolerance = 1e-9;

    /// <summary>Whether <paramref name="reply"/>'s final answer is <paramref name="reference"/>. The reference may be a bare answer or a whole solution with a mark (####, \boxed).</summary>
    public static bool Check(string reference, string reply) =>
        FinalAnswer.Last(reply) is { } given && Same(FinalAnswer.Marked(reference) ?? reference, given)
        || FinalAnswer.Marked(reply) is null && reply.Length <= MaxLength && Same(FinalAnswer.Marked(reference) ?? reference, reply);

    /// <summary>Whether two answers are the same. Symmetric.</summary>
    public static bool Same(string a, string b)
    {
        if (a.Length > MaxLength || b.Length > MaxLength) return false;
        var (x, y) = (AnswerText.Clean(a), AnswerText.Clean(b));
        if (x.Length == 0 || y.Length == 0) return false;
        return Same(x, y, 0);
    }

    private static bool Same(string x, string y, int depth)
    {
        if (depth > 6) return false;
        if (x == y) return true;
        if (Choice(x, y) is { } choice) return choice;
        if (PlusMinus(x) is { } xs) return PlusMinus(y) is { } other ? AsBag(xs, other, depth) : AsBag(xs, Parts(y), depth);
        if (PlusMinus(y) is { } ys) return AsBag(ys, Parts(x), depth);
        if (Equations(x, y, depth) is { } equations) return equations;
        if (Unions(x, y, depth) is { } unions) return unions;
        if (Matrices(x, y, depth) is { } matrices) return matrices;
        if (Collections(x, y, depth) is { } collections) return collections;
        return Quantities(x, y) ?? Words(x) == Words(y);
    }

    // (C), C., option C, (C) because …: the letter decides where one side is nothing but a letter from A to J.
    private static bool? Choice(string x, string y)
    {
        var (a, b) = (ChoiceAlone().Match(x), ChoiceAlone().Match(y));
        if (!a.Success && !b.Success) return null;
        if (a.Success && b.Success) return a.Groups[2].Value == b.Groups[2].Value;
        var (alone, longer) = a.Success ? (a, y) : (b, x);
        return ChoiceFirst().Match(longer) is { Success: true } first ? first.Groups[3].Value == alone.Groups[2].Value : null;
    }

    private static List<string>? PlusMinus(string x)
    {
        if (!x.Contains(@"\pm", StringComparison.Ordinal)) return null;
        var opened = Parts(x);
        var parts = new List<string>();
        foreach (var part in opened)
        {
            if (!part.Contains(@"\pm", StringComparison.Ordinal)) parts.Add(part);
            else parts.AddRange([part.Replace(@"\pm", "+").Replace(@"\mp", "-"), part.Replace(@"\pm", "-").Replace(@"\mp", "+")]);
        }
        return parts.Count <= MaxParts ? parts : null;
    }

    private static bool? Equations(string x, string y, int depth)
    {
        var (a, b) = (Sides(x), Sides(y));
        if (a is null && b is null) return null;
        if (a is { } one && b is { } two)
        {
            if (Words(one.Left) == Words(two.Left)) return Same(one.Right, two.Right, depth + 1);
            return Proportional($"({one.Left})-({one.Right})", $"({two.Left})-({two.Right})");
        }
        // x = 5 against 5: only where the left side is a name.
        var (named, bare) = a is { } left ? (left, y) : (b!.Value, x);
        return Name().IsMatch(named.Left) ? Same(named.Right, bare, depth + 1) : null;
    }

    private static (string Left, string Right)? Sides(string x)
    {
        foreach (var sign in (string[])["=", @"\in ", @"\approx"])
            if (AnswerText.Split(x, sign) is [{ Length: > 0 } left, { Length: > 0 } right] && !left.EndsWith('<') && !left.EndsWith('>') && !left.Contains(','))
                return (left, right);
        return null;
    }

    private static bool? Unions(string x, string y, int depth)
    {
        List<string> a = AnswerText.Split(x, @"\cup"), b = AnswerText.Split(y, @"\cup");
        if (a.Count == 1 && b.Count == 1) return null;
        return a.Count == b.Count && AsBag(a, b, depth);
    }

    private static bool? Matrices(string x, string y, int depth)
    {
        var (a, b) = (Matrix().Match(x), Matrix().Match(y));
        if (!a.Success && !b.Success) return null;
        if (!a.Success || !b.Success) return false;
        static List<List<string>> Rows(Match m) => [.. m.Groups[2].Value.Split(AnswerText.RowEnd).Select(row => row.Split('&').Select(cell => cell.Trim()).ToList()).Where(row => row is not [""])];
        List<List<string>> p = Rows(a), q = Rows(b);
        return p.Count == q.Count && p.Count <= MaxParts && p.Zip(q).All(rows => InOrder(rows.First, rows.Second, depth));
    }

    private static bool? Collections(string x, string y, int depth)
    {
        var (a, b) = (Brackets(x), Brackets(y));
        if (a is null && b is null) return null;
        var (p, q) = (a ?? ("", [x]), b ?? ("", [y]));
        if (p.Parts.Count != q.Parts.Count || p.Parts.Count > MaxParts) return false;
        bool unordered(string kind) => kind is "{}" or ",";
        if (unordered(p.Kind) && unordered(q.Kind)) return AsBag(p.Parts, q.Parts, depth);
        if (p.Kind == q.Kind || p.Kind is "," or "" && q.Kind is not "{}" || q.Kind is "," or "" && p.Kind is not "{}") return InOrder(p.Parts, q.Parts, depth);
        return p.Parts.Count == 1 && (p.Kind == "" || q.Kind == "") && Same(p.Parts[0], q.Parts[0], depth + 1);   // {5} and 5
    }

    // A tuple or interval "(]", a set "{}", a bare list ","; null for a single thing.
    private static (string Kind, List<string> Parts)? Brackets(string x)
    {
        if (x.StartsWith(@"\{", StringComparison.Ordinal) && x.EndsWith(@"\}", StringComparison.Ordinal)) return ("{}", AnswerText.Split(x[2..^2], ","));
        if (x.Length > 2 && x[0] == '{' && x[^1] == '}' && AnswerText.Closing(x, 0) == x.Length - 1 && x.Contains(',')) return ("{}", AnswerText.Split(x[1..^1], ","));
        if (x.Length > 2 && x[0] is '(' or '[' && x[^1] is ')' or ']' && AnswerText.Closing(x, 0) == x.Length - 1 && AnswerText.Split(x[1..^1], ",") is { Count: > 1 } parts)
            return ($"{x[0]}{x[^1]}", parts);
        return Parts(x) is { Count: > 1 } bare ? (",", bare) : null;
    }

    // The members of a bare list or of a set: commas, "and", "or".
    private static List<string> Parts(string x)
    {
        if (x.StartsWith(@"\{", StringComparison.Ordinal) && x.EndsWith(@"\}", StringComparison.Ordinal)) x = x[2..^2];
        var joined = Joiners().Replace(x, ",");
        var parts = AnswerText.Split(joined, ",");
        return parts.All(p => p.Length > 0) ? parts : [x];
    }

    private static bool InOrder(List<string> a, List<string> b, int depth) => a.Count == b.Count && a.Zip(b).All(pair => Same(pair.First, pair.Second, depth + 1));

    // As bags: each part has its own partner. Sameness is an equivalence but for rounding, so that the first free partner will do.
    private static bool AsBag(List<string> a, List<string> b, int depth)
    {
        if (a.Count != b.Count || a.Count > MaxParts) return false;
        var free = new List<string>(b);
        foreach (var part in a)
        {
            var partner = free.FindIndex(other => Same(part, other, depth + 1));
            if (partner < 0) return false;
            free.RemoveAt(partner);
        }
        return true;
    }

    private static bool? Quantities(string x, string y)
    {
        if (Based().Match(x) is var p && Based().Match(y) is var q && (p.Success || q.Success))
        {
            string digits(Match m, string text) => m.Success ? m.Groups[1].Value : text;
            return digits(p, x) == digits(q, y) && (!p.Success || !q.Success || p.Groups[2].Value == q.Groups[2].Value);
        }
        if (ByValue(x, y) is true) return true;
        var (a, b) = (Quantity.Read(x), Quantity.Read(y));
        if (!a.HasUnit && !b.HasUnit) return ByValue(x, y);
        if (!a.FitsWith(b)) return false;
        if (ByValue(a.Number, b.Number) is not { } same) return null;
        if (same) return true;
        return a.IsPercent != b.IsPercent && (ByValue(a.IsPercent ? $"({a.Number})/100" : a.Number, b.IsPercent ? $"({b.Number})/100" : b.Number) ?? false);
    }

    // By exact value where both are plain numerals, at points otherwise; null where one is no expression.
    private static bool? ByValue(string x, string y)
    {
        var (a, b) = (Numeral.Read(x), Numeral.Read(y));
        if (a is { } p && b is { } q && (p.Places >= 0 == q.Places >= 0 || p.Equals(q))) return p.Equals(q);
        var names = new List<string>();
        if (Formula.Parse(x, names) is not { } f || Formula.Parse(y, names) is not { } g) return null;
        if (names.Count == 0 && (a?.Places ?? -1, b?.Places ?? -1) is var (left, right) && left >= 3 != right >= 3)
        {
            var places = Math.Max(left, right);
            return Close(f([]), g([]), 0.5000001 * Math.Pow(10, -places), 0);
        }
        return AtPoints(names, (u, v) => Close(u, v, 1e-12, Tolerance), f, g);
    }

    private static bool Proportional(string x, string y)
    {
        var names = new List<string>();
        if (Formula.Parse(x, names) is not { } f || Formula.Parse(y, names) is not { } g) return false;
        Complex? ratio = null;
        return AtPoints(names, (u, v) =>
        {
            if (Complex.Abs(u) < 1e-12 || Complex.Abs(v) < 1e-12) return false;
            ratio ??= u / v;
            return Close(u / v, ratio.Value, 0, 1e-8);
        }, f, g);
    }

    private static bool AtPoints(List<string> names, Func<Complex, Complex, bool> agree, Formula.Value f, Formula.Value g)
    {
        var chance = new RandomStream(RandomStream.Derive(20, "answer-points", names.Count));
        var point = new Complex[names.Count];
        var seen = 0;
        for (var i = 0; i < (names.Count == 0 ? 1 : 3 * Points) && seen < Points; i++)
        {
            for (var k = 0; k < point.Length; k++) point[k] = 0.3 + 2.4 * chance.NextDouble();
            var (u, v) = (f(point), g(point));
            if (Complex.IsNaN(u) || Complex.IsNaN(v)) continue;
            if (!agree(u, v)) return false;
            seen++;
        }
        return seen > 0;
    }

    private static bool Close(Complex u, Complex v, double absolute, double relative)
    {
        if (!Complex.IsFinite(u) || !Complex.IsFinite(v)) return u == v;
        return Complex.Abs(u - v) <= absolute + relative * Math.Max(Complex.Abs(u), Complex.Abs(v));
    }

    private static string Words(string x) => Noise().Replace(x, "").ToLower(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(option |choice )?\(? ?([A-J]) ?\)?$", RegexOptions.NonBacktracking)]
    private static partial Regex ChoiceAlone();

    [GeneratedRegex(@"^((option|choice|answer) )?\(?([A-J])(\)|\.|:|$)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex ChoiceFirst();

    [GeneratedRegex(@"^(\\?[A-Za-z]+(_\{?\w+\}?)?'?|[A-Za-z]\^\{-1\}) ?(\([a-z, ]+\))?$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    [GeneratedRegex(@"^\\begin ?\{(pmatrix|bmatrix|vmatrix|matrix|array)\}(.*)\\end ?\{(pmatrix|bmatrix|vmatrix|matrix|array)\}$", RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Matrix();

    [GeneratedRegex(@",? (and|or) ", RegexOptions.NonBacktracking)]
    private static partial Regex Joiners();

    [GeneratedRegex(@"^(\d+) ?_ ?\{? ?(\d+) ?\}?$", RegexOptions.NonBacktracking)]
    private static partial Regex Based();

    [GeneratedRegex(@"[\s\{\}\\'""!?.;:]|^the ", RegexOptions.NonBacktracking)]
    private static partial Regex Noise();
}
