// The tree that HOCON text is read into before substitutions are resolved: knows layers, concatenations and where each
// piece stood; refuses to know what a substitution means (Resolver) or how the text is written (Parser).
namespace Akka.Configuration.Hocon;

/// <summary>A place in the text, counted from 1.</summary>
internal readonly record struct Mark(int Line, int Column);

internal abstract class Node(Mark at)
{
    public Mark At { get; } = at;

    /// <summary>The same tree as it reads when included below <paramref name="prefix"/>: substitutions look there first.</summary>
    public abstract Node Under(string[] prefix);
}

internal sealed class TextNode(Mark at, string text, bool quoted) : Node(at)
{
    public string Text { get; } = text;
    public bool Quoted { get; } = quoted;
    public bool IsGap { get; init; }
    public override Node Under(string[] prefix) => this;
}

internal sealed class ObjectNode(Mark at) : Node(at)
{
    public Dictionary<string, Node> Fields { get; } = new(StringComparer.Ordinal);

    /// <summary>Assigns a dotted path; what stood there before stays below as a layer, for merging and for looking back.</summary>
    public void Put(ReadOnlySpan<string> path, Node value)
    {
        if (path.Length > 1)
        {
            var inner = new ObjectNode(value.At);
            inner.Put(path[1..], value);
            value = inner;
        }

        Fields[path[0]] = Fields.TryGetValue(path[0], out var below) ? new LayersNode(below, value) : value;
    }

    public override Node Under(string[] prefix)
    {
        var copy = new ObjectNode(At);
        foreach (var (key, value) in Fields) copy.Fields[key] = value.Under(prefix);
        return copy;
    }
}

internal sealed class ArrayNode(Mark at, List<Node> items) : Node(at)
{
    public List<Node> Items { get; } = items;
    public override Node Under(string[] prefix) => new ArrayNode(At, Items.ConvertAll(i => i.Under(prefix)));
}

internal sealed class ConcatNode(Mark at, List<Node> parts) : Node(at)
{
    public List<Node> Parts { get; } = parts;
    public override Node Under(string[] prefix) => new ConcatNode(At, Parts.ConvertAll(p => p.Under(prefix)));
}

internal sealed class ReferenceNode(Mark at, string[] path, bool optional, string[] prefix) : Node(at)
{
    public string[] Path { get; } = path;
    public bool Optional { get; } = optional;
    public string[] Prefix { get; } = prefix;
    public override Node Under(string[] prefix) => new ReferenceNode(At, Path, Optional, [.. prefix, .. Prefix]);
}

/// <summary>Two values given for one key: the later one lies above and wins, or merges where both are objects.</summary>
internal sealed class LayersNode(Node below, Node above) : Node(above.At)
{
    public Node Below { get; } = below;
    public Node Above { get; } = above;
    public override Node Under(string[] prefix) => new LayersNode(Below.Under(prefix), Above.Under(prefix));
}
