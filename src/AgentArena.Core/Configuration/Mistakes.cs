// Mistakes of the user, collected so that all are told at once.
namespace AgentArena.Core.Configuration;

/// <summary>One mistake: the place (a scenario path), and what is wrong, what would be right, what to do.</summary>
public sealed record Mistake(string Path, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Path.Length == 0 ? Text : $"{Path}: {Text}";
}

/// <summary>A list that grows while a scenario is read.</summary>
public sealed class Mistakes
{
    private readonly List<Mistake> _all = [];

    /// <summary>How many so far.</summary>
    public int Count => _all.Count;

    /// <summary>All so far, in the order found.</summary>
    public IReadOnlyList<Mistake> All => _all;

    /// <summary>Adds one.</summary>
    public void Add(string path, string text) => _all.Add(new Mistake(path, text));

    /// <summary>Throws when there is any.</summary>
    /// <exception cref="ScenarioException">With all of them.</exception>
    public void ThrowIfAny()
    {
        if (_all.Count > 0)
            throw new ScenarioException(_all);
    }
}

/// <summary>The user's mistakes, all of them. Exit code 2.</summary>
public sealed class ScenarioException(IReadOnlyList<Mistake> mistakes)
    : Exception(string.Join(Environment.NewLine, mistakes))
{
    /// <summary>All mistakes, in the order found.</summary>
    public IReadOnlyList<Mistake> Mistakes => mistakes;
}

/// <summary>Nearest names, for messages.</summary>
public static class DidYouMean
{
    /// <summary>"unknown kind 'x'. Known: a, b. Did you mean a?"</summary>
    public static string Unknown(string kind, string name, IEnumerable<string> known)
    {
        var names = known.ToArray();
        var near = names.Select(n => (Name: n, Distance: Distance(name, n))).OrderBy(x => x.Distance).FirstOrDefault();
        var hint =
            near.Name is not null && near.Distance <= Math.Max(2, name.Length / 3) ? $" Did you mean {near.Name}?" : "";
        return $"unknown {kind} '{name}'. Known: {string.Join(", ", names)}.{hint}";
    }

    /// <summary>Edit distance with transpositions (optimal string alignment).</summary>
    public static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        for (var j = 1; j <= b.Length; j++)
        {
            var cost = a[i - 1] == b[j - 1] ? 0 : 1;
            d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
        }
        return d[a.Length, b.Length];
    }
}
