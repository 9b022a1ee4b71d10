// Turns the tree of a text into values: knows layers, what a value made of itself sees, circles, and the environment as
// the last resort. Refuses to know how text is written.
using System.Text;
using System.Text.Json.Nodes;

namespace AgentArena.Hocon;

/// <summary>
/// A substitution sees the last value of its path, as far as that is not made of the substitution itself: layers that
/// are being expanded hide themselves and all above them, so that a field can be made of what it was before. Each
/// substitution is resolved once. Only what is asked for is expanded; a block's fields are made last, when nothing is
/// being followed.
/// </summary>
internal sealed class Resolver(BlockNode root, Reading reading, Func<string, string?> environment)
{
    private readonly Dictionary<ReferenceNode, Node?> _known = [];
    private readonly HashSet<Node> _following = []; // joins and substitutions that are being expanded
    private readonly List<ReferenceNode> _chain = []; // the substitutions among them, in order
    private readonly HashSet<ReferenceNode> _making = []; // those whose values are being made: none may hold itself
    private int _depth;

    /// <summary>Where each value stands, by its path.</summary>
    public Dictionary<string, Place> Places { get; } = new(StringComparer.Ordinal);

    /// <summary>All values; those that cannot be made are left out.</summary>
    /// <exception cref="UnreadableException">Final: they grow beyond measure.</exception>
    public JsonObject Resolve() => Block([root], "", 0);

    /// <summary>The value that layers make; false where they make none.</summary>
    private bool Make(List<Node> layers, string path, int depth, out JsonNode? value)
    {
        value = null;
        List<ReferenceNode>? used = null;
        var shape = Expand(layers, layers.Count, ref used);
        if (shape is null or BrokenNode)
            return false;
        reading.Charge(3 + path.Length / 64, shape.At); // a value that is made costs more than a step
        if (depth > Reading.Deepest)
            throw new UnreadableException(
                shape.At,
                $"{path[..Math.Min(path.Length, 80)]}…: values lie more than "
                    + $"{Reading.Deepest} deep in each other. Flatten them.",
                final: true
            );
        if (used?.Find(_making.Contains) is { } again)
        {
            Fault(
                again,
                $"circular substitution: {again.Field} is made of {again.Name}, which holds it. A value "
                    + "cannot hold itself. Substitute a part that does not."
            );
            return false;
        }
        Places[path] = layers[^1].At;
        if (used is not null)
            _making.UnionWith(used);
        value = shape switch
        {
            BlockNode block => Block([block], path, depth),
            MergedNode merged => Block(merged.Blocks, path, depth),
            ListNode list => List(list, path, depth),
            TextNode text => JsonValue.Create(text.Text),
            _ => null,
        };
        if (used is not null)
            _making.ExceptWith(used);
        return true;
    }

    private JsonObject Block(IReadOnlyList<BlockNode> blocks, string path, int depth)
    {
        var made = new JsonObject();
        foreach (var key in blocks.SelectMany(b => b.Fields.Keys).Distinct(StringComparer.Ordinal))
            if (Make(Layers(blocks, key), path.Length == 0 ? key : $"{path}.{key}", depth + 1, out var value))
                made[key] = value;
        return made;
    }

    private JsonArray List(ListNode list, string path, int depth)
    {
        var made = new JsonArray();
        foreach (var item in list.Items)
            if (Make([item], $"{path}[{made.Count}]", depth + 1, out var value))
                made.Add(value);
        return made;
    }

    private List<Node> Layers(IReadOnlyList<BlockNode> blocks, string key)
    {
        if (blocks is [var one])
            return one.Fields.GetValueOrDefault(key) ?? [];
        var layers = new List<Node>();
        foreach (var block in blocks)
            if (block.Fields.TryGetValue(key, out var more))
                layers.AddRange(more);
        reading.Charge(blocks.Count + layers.Count, root.At);
        return layers;
    }

    /// <summary>
    /// What the lowest <paramref name="count"/> layers come to: a text, null, a list, a block, several; nothing where
    /// they leave none. The substitutions among the layers themselves are added to those used.
    /// </summary>
    private Node? Expand(IReadOnlyList<Node> layers, int count, ref List<ReferenceNode>? used)
    {
        if (++_depth > Reading.LongestChain)
            throw new UnreadableException(
                layers[0].At,
                $"more than {Reading.LongestChain} substitutions follow one another. Shorten the chain.",
                final: true
            );
        var blocks = new List<BlockNode>(); // the highest first
        Node? plain = null;
        while (count > 0 && plain is null)
        {
            var layer = layers[--count];
            reading.Charge(0, layer.At);
            switch (layer is ReferenceNode or JoinNode ? Follow(layer, ref used) : layer)
            {
                case null:
                    break;
                case BlockNode block:
                    blocks.Add(block);
                    break;
                case MergedNode merged:
                    blocks.AddRange(merged.Blocks.Reverse());
                    break;
                case AppendNode when blocks.Count > 0:
                    plain = layer;
                    break;
                case AppendNode:
                    plain = Append(layers, ref count, ref used);
                    break;
                case var other:
                    plain = other;
                    break;
            }
        }
        _depth--;
        blocks.Reverse();
        return blocks switch
        {
            [] => plain,
            [var only] => only,
            _ => new MergedNode(blocks),
        };
    }

    private Node Append(IReadOnlyList<Node> layers, ref int count, ref List<ReferenceNode>? used)
    {
        var (last, items) = ((AppendNode)layers[count], new List<Node> { ((AppendNode)layers[count]).Item });
        for (; count > 0 && layers[count - 1] is AppendNode below; count--)
            items.Add(below.Item);
        items.Reverse();
        reading.Charge(items.Count, last.At);
        var list = count == 0 ? null : Expand(layers, count, ref used);
        count = 0;
        if (list is BrokenNode)
            return list;
        if (list is null or ListNode)
            return new ListNode(last.At, [.. (list as ListNode)?.Items ?? [], .. items]);
        reading.Note(
            new HoconFault(
                last.At,
                last.Field,
                $"'+=' adds to a list, but the value before it is {list.Kind}. Begin with a list: {last.Field} = [ … ]."
            )
        );
        return BrokenNode.Instance;
    }

    private Node? Follow(Node layer, ref List<ReferenceNode>? used)
    {
        if (layer is ReferenceNode reference)
        {
            (used ??= []).Add(reference);
            return Target(reference);
        }
        var join = (JoinNode)layer;
        _following.Add(join);
        var parts = new List<(Node Part, Node Value)>();
        foreach (var part in join.Parts)
        {
            if (part is ReferenceNode r)
                (used ??= []).Add(r);
            if ((part is ReferenceNode known ? Target(known) : part) is { } value)
                parts.Add((part, value));
        }
        _following.Remove(join);
        return Joined(join, parts);
    }

    private Node? Joined(JoinNode join, List<(Node Part, Node Value)> parts)
    {
        if (parts.Exists(p => p.Value is BrokenNode))
            return BrokenNode.Instance;
        if (parts.Exists(p => Family(p.Value) > 0))
            parts.RemoveAll(p => p.Part is TextNode { IsGap: true });
        if (parts.TrueForAll(p => p.Part is TextNode { IsGap: true }))
            return null;
        if (parts is [var (_, only)])
            return only;
        var first = parts[0].Value;
        foreach (var (part, value) in parts)
            if (Family(value) != Family(first))
            {
                var what = part is ReferenceNode r ? $"${{{r.Name}}} is {value.Kind} and" : value.Kind;
                reading.Note(ValueJoin.Mixed(part.At, what, first.Kind).Fault with { Path = join.Field });
                return BrokenNode.Instance;
            }
        reading.Charge(parts.Count, join.At);
        switch (first)
        {
            case ListNode:
                var items = parts.SelectMany(p => ((ListNode)p.Value).Items).ToList();
                reading.Charge(items.Count, join.At);
                return new ListNode(join.At, items);
            case BlockNode or MergedNode:
                var blocks = parts.SelectMany(p => p.Value is MergedNode m ? m.Blocks : [(BlockNode)p.Value]).ToList();
                reading.Charge(blocks.Count, join.At);
                return new MergedNode(blocks);
            default:
                var text = new StringBuilder();
                foreach (var (_, value) in parts)
                {
                    var word = value is TextNode t ? t.Text : "null";
                    reading.Charge(word.Length / 8, join.At);
                    text.Append(word);
                }
                return new TextNode(join.At, text.ToString());
        }

        static int Family(Node node) =>
            node switch
            {
                ListNode => 1,
                BlockNode or MergedNode => 2,
                _ => 0,
            };
    }

    // The value of a substitution; null where it has none and need not.
    private Node? Target(ReferenceNode reference)
    {
        if (_known.TryGetValue(reference, out var known))
            return known;
        _following.Add(reference);
        _chain.Add(reference);
        var circle = false;
        var found = reference.Prefix.Length > 0 ? Find([.. reference.Prefix, .. reference.Path], ref circle) : null;
        found ??= Find(reference.Path, ref circle);
        _following.Remove(reference);
        if (found is null && environment(reference.Name) is { } variable)
            found = new TextNode(reference.At, variable);
        if (found is null && !reference.Optional)
        {
            if (circle)
                Fault(
                    reference,
                    $"circular substitution: {Circle()}. A value cannot be made from itself. Give one "
                        + "of them a value of its own."
                );
            else if (!reading.Incomplete)
                Fault(
                    reference,
                    $"unresolved substitution ${{{reference.Name}}}: neither the text nor the "
                        + $"environment has it. Define '{reference.Name}', or write ${{?{reference.Name}}} where it may "
                        + "be absent."
                );
            found = BrokenNode.Instance;
        }
        _chain.RemoveAt(_chain.Count - 1);
        return _known[reference] = found;
    }

    private Node? Find(string[] path, ref bool circle)
    {
        IReadOnlyList<BlockNode> blocks = [root];
        List<ReferenceNode>? used = null;
        for (var i = 0; ; i++)
        {
            var layers = Layers(blocks, path[i]);
            var visible = 0;
            while (visible < layers.Count && !_following.Contains(layers[visible]))
                visible++;
            reading.Charge(visible, root.At);
            var shape = visible == 0 ? null : Expand(layers, visible, ref used);
            circle |= shape is null && visible < layers.Count;
            if (i == path.Length - 1 || shape is BrokenNode)
                return shape;
            if (shape is not (BlockNode or MergedNode))
                return null;
            blocks = shape is MergedNode merged ? merged.Blocks : [(BlockNode)shape];
        }
    }

    // The paths of the circle that the last substitution closes.
    private string Circle()
    {
        var end = _chain[^1].Name;
        var begin = _chain.FindIndex(r => r.Field == end);
        return string.Join(" -> ", [end, .. _chain.Skip(Math.Max(begin, 0)).Select(r => r.Name)]);
    }

    private void Fault(ReferenceNode at, string text) => reading.Note(new HoconFault(at.At, at.Field, text));
}
