// The tree that a text is read into before substitutions are resolved: knows layers and where each piece stood. Refuses
// to know what a substitution means (Resolver) or how the text is written (HoconParser).
namespace AgentArena.Hocon;

/// <summary>A piece of a text. Nodes are told apart by reference: one node is one place in a file.</summary>
internal abstract class Node(Place at)
{
    public Place At { get; } = at;

    /// <summary>What it is, in the words of a message.</summary>
    public virtual string Kind => "text";
}

internal sealed class TextNode(Place at, string text) : Node(at)
{
    public string Text { get; } = text;

    /// <summary>Blanks between two values; they vanish where those turn out to be blocks or lists.</summary>
    public bool IsGap { get; init; }
}

internal sealed class NullNode(Place at) : Node(at)
{
    public override string Kind => "null";
}

internal sealed class ListNode(Place at, List<Node> items) : Node(at)
{
    public List<Node> Items { get; } = items;
    public override string Kind => "a list";
}

/// <summary>
/// Fields in braces, or what several of them in a row come to. A field holds every value it was given that can still
/// matter, as layers, the first lowest: a value that is no block clears those below it, blocks in a row are merged as
/// they come.
/// </summary>
internal sealed class BlockNode(Place at) : Node(at)
{
    public OrderedDictionary<string, List<Node>> Fields { get; } = new(StringComparer.Ordinal);
    public override string Kind => "a block";

    /// <summary>Gives a dotted path a value.</summary>
    public void Put(ReadOnlySpan<string> path, Node value)
    {
        if (!Fields.TryGetValue(path[0], out var layers))
            Fields.Add(path[0], layers = []);
        if (path.Length == 1)
        {
            Lay(layers, value);
            return;
        }
        if (layers is not [.., BlockNode])
            layers.Add(new BlockNode(value.At));
        ((BlockNode)layers[^1]).Put(path[1..], value);
    }

    /// <summary>Lays another block's fields over these.</summary>
    public void Merge(BlockNode over)
    {
        foreach (var (key, above) in over.Fields)
        {
            if (!Fields.TryGetValue(key, out var layers))
                Fields.Add(key, layers = []);
            foreach (var layer in above)
                Lay(layers, layer);
        }
    }

    private static void Lay(List<Node> layers, Node value)
    {
        if (value is BlockNode block && layers is [.., BlockNode top])
            top.Merge(block);
        else
        {
            if (value is TextNode or NullNode or ListNode)
                layers.Clear();
            layers.Add(value);
        }
    }
}

/// <summary>
/// Several values side by side, one a substitution at least: texts, blocks or lists to be joined once it is known.
/// </summary>
internal sealed class JoinNode(Place at, string field, IReadOnlyList<Node> parts) : Node(at)
{
    public string Field { get; } = field;
    public IReadOnlyList<Node> Parts { get; } = parts;
}

/// <summary>The item of a <c>+=</c>, added to the list that the layers below it make.</summary>
internal sealed class AppendNode(Place at, string field, Node item) : Node(at)
{
    public string Field { get; } = field;
    public Node Item { get; } = item;
}

/// <summary><c>${path}</c> or <c>${?path}</c>.</summary>
/// <param name="at">Where its <c>$</c> stands.</param>
/// <param name="path">The path within the braces.</param>
/// <param name="optional">Whether it may be absent.</param>
/// <param name="prefix">Where the file it stands in was included; the path is looked up below it first.</param>
/// <param name="field">The path of the field it stands in.</param>
internal sealed class ReferenceNode(Place at, string[] path, bool optional, string[] prefix, string field) : Node(at)
{
    public string[] Path { get; } = path;
    public bool Optional { get; } = optional;
    public string[] Prefix { get; } = prefix;
    public string Field { get; } = field;
    public string Name { get; } = string.Join('.', path);
}

/// <summary>Only while resolving: a block that others lie over, the lowest first.</summary>
internal sealed class MergedNode(IReadOnlyList<BlockNode> blocks) : Node(blocks[^1].At)
{
    public IReadOnlyList<BlockNode> Blocks { get; } = blocks;
    public override string Kind => "a block";
}

/// <summary>Only while resolving: a value that could not be made, whose fault is told already.</summary>
internal sealed class BrokenNode() : Node(default)
{
    public static BrokenNode Instance { get; } = new();
}
