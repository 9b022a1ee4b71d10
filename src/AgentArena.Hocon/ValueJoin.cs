// Joins values that stand side by side: texts with texts, lists with lists, blocks with blocks. Reads nothing, and
// resolves no substitution.
using System.Text;

namespace AgentArena.Hocon;

internal static class ValueJoin
{
    /// <summary>
    /// Values side by side: what is known already is joined here, what holds a substitution once that is known.
    /// </summary>
    /// <param name="at">Where they begin.</param>
    /// <param name="field">The path they are the value of.</param>
    /// <param name="parts">The values, each with the blanks before it.</param>
    public static Node Of(Place at, string field, List<(string Gap, Node Node)> parts)
    {
        if (parts is [var (_, only)])
            return only;
        var joined = new List<Node>();
        for (var i = 0; i < parts.Count; i++)
        {
            var (gap, node) = parts[i];
            var before = joined.Count == 0 ? null : joined[^1];
            if (node is TextNode or NullNode)
            {
                var text = new StringBuilder(before is null or TextNode ? "" : gap);
                for (var more = false; i < parts.Count && parts[i].Node is TextNode or NullNode; i++, more = true)
                    text.Append(more ? parts[i].Gap : "").Append(parts[i].Node is TextNode t ? t.Text : "null");
                // A blank between a text and a substitution belongs to the text.
                if (i < parts.Count && parts[i].Node is ReferenceNode)
                    text.Append(parts[i].Gap);
                i--;
                node = new TextNode(node.At, text.ToString());
            }
            if (before is BlockNode below && node is BlockNode above)
                below.Merge(above);
            else if (before is ListNode first && node is ListNode second)
                first.Items.AddRange(second.Items);
            else
            {
                if (before is not (null or ReferenceNode) && node is not ReferenceNode)
                    throw Mixed(node.At, node.Kind, before.Kind);
                if (gap.Length > 0 && before is not (null or TextNode) && node is not TextNode)
                    joined.Add(new TextNode(node.At, gap) { IsGap = true });
                joined.Add(node);
            }
        }
        return joined is [var one] ? one : new JoinNode(at, field, joined);
    }

    /// <summary>The fault of joining what cannot be joined.</summary>
    public static UnreadableException Mixed(Place at, string kind, string before) =>
        new(
            at,
            $"{kind} follows {before} within one value. Only blocks with blocks, lists with lists and texts with "
                + "texts can be joined. Begin a new line or put ',' between them."
        );
}
