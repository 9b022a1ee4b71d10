// Turns the tree of a text into values: knows layers, look-back of self references, cycles, and the environment as the
// last resort; refuses to know how text is written.
using System.Runtime.CompilerServices;

namespace Akka.Configuration.Hocon;

internal sealed class Resolver
{
    private readonly ObjectNode _root;
    private readonly List<Node> _open = [];          // nodes being evaluated, outermost first
    private readonly List<string> _asked = [];       // substitutions being followed, for the message about a cycle
    private readonly List<HoconSubstitution> _found = [];
    private int _direct;                             // from here on in _open, no object lies between us and the node

    private Resolver(ObjectNode root) => _root = root;

    public static HoconRoot Resolve(ObjectNode tree)
    {
        var resolver = new Resolver(tree);
        return new HoconRoot(resolver.Eval(tree)!, resolver._found, tree);
    }

    /// <summary>The value of a node, always fresh; null where an optional substitution left nothing.</summary>
    private HoconValue? Eval(Node node)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new HoconParserException(node.At, "substitutions follow one another too deep. Shorten the chain.");
        _open.Add(node);
        var value = node switch
        {
            TextNode t => HoconValue.Of(new HoconLiteral(t.Text, t.Quoted)),
            ObjectNode o => EvalObject(o),
            ArrayNode a => HoconValue.Of(new HoconArray(a.Items.Select(Eval).OfType<HoconValue>())),
            ConcatNode c => EvalConcat(c),
            ReferenceNode r => EvalReference(r),
            LayersNode l => EvalLayers(l),
            _ => throw new InvalidOperationException(node.GetType().Name),
        };
        _open.RemoveAt(_open.Count - 1);
        return value;
    }

    private HoconValue EvalObject(ObjectNode node)
    {
        var outer = _direct;
        _direct = _open.Count;
        var result = new HoconObject();
        foreach (var (key, field) in node.Fields)
            if (Eval(field) is { } value)
                result.Items[key] = value;
        _direct = outer;
        return HoconValue.Of(result);
    }

    private HoconValue? EvalLayers(LayersNode node)
    {
        var above = Eval(node.Above);
        if (above is null) return Eval(node.Below);
        if (!above.IsObject()) return above;
        var below = Eval(node.Below);
        if (below is null || !below.IsObject()) return above;
        below.GetObject()!.Merge(above.GetObject()!);
        return below;
    }

    private HoconValue? EvalConcat(ConcatNode node)
    {
        var parts = new List<(Node Node, HoconValue Value)>();
        var structured = false;
        foreach (var part in node.Parts)
        {
            if (Eval(part) is not { } value) continue;
            parts.Add((part, value));
            structured |= !value.IsString();
        }

        if (structured) parts.RemoveAll(p => p.Node is TextNode { IsGap: true });
        if (parts.Count == 0 || parts.TrueForAll(p => p.Node is TextNode { IsGap: true })) return null;
        if (!structured)
        {
            // Gaps at the edge were between parts, one of which has vanished.
            while (parts[0].Node is TextNode { IsGap: true }) parts.RemoveAt(0);
            while (parts[^1].Node is TextNode { IsGap: true }) parts.RemoveAt(parts.Count - 1);
            if (parts.Count == 1) return parts[0].Value;
            return HoconValue.Of(new HoconLiteral(string.Concat(parts.Select(p => p.Value.Raw)), parts.Exists(p => p.Node is TextNode { Quoted: true })));
        }

        var whole = parts[0].Value;
        foreach (var (at, next) in parts.Skip(1))
        {
            if (whole.IsObject() && next.IsObject()) whole.GetObject()!.Merge(next.GetObject()!);
            else if (whole.IsArray() && next.IsArray()) whole = HoconValue.Of(new HoconArray([.. whole.GetArray(), .. next.GetArray()]));
            else
                throw new HoconParserException(at.At, $"{next.Kind} follows {whole.Kind} within one value. Only objects with objects, lists with lists and texts with texts can be joined. Begin a new line or put ',' between them.");
        }

        return whole;
    }

    private HoconValue? EvalReference(ReferenceNode node)
    {
        var name = string.Join('.', node.Path);
        var cycle = false;
        var value = node.Prefix.Length > 0 ? Follow([.. node.Prefix, .. node.Path], name, ref cycle) : null;
        value ??= Follow(node.Path, name, ref cycle);
        if (value is null && Environment.GetEnvironmentVariable(name) is { } variable)
            value = HoconValue.Of(new HoconLiteral(variable, true));
        if (value is null && !node.Optional)
        {
            throw new HoconParserException(node.At, cycle
                ? $"circular substitution: {string.Join(" -> ", Cycle(name))}. A value cannot be made from itself. Give one of them a value of its own."
                : $"unresolved substitution ${{{name}}}: neither the text nor the environment has it. Define '{name}', or write ${{?{name}}} where it may be absent.");
        }

        _found.Add(new HoconSubstitution(name) { ResolvedValue = value });
        return value;
    }

    /// <summary>The paths of a cycle that closes at <paramref name="name"/>, which either was asked for or is the field it began in.</summary>
    private IEnumerable<string> Cycle(string name) =>
        _asked.Contains(name) ? [.. _asked.SkipWhile(a => a != name), name] : [name, .. _asked, name];

    private HoconValue? Follow(string[] path, string name, ref bool cycle)
    {
        var found = Find(_root, path, 0);
        if (found is null) return null;
        var usable = LookBack(found, 0);
        if (usable is null)
        {
            cycle = true;
            return null;
        }

        _asked.Add(name);
        var value = Eval(usable);
        _asked.RemoveAt(_asked.Count - 1);
        return value;
    }

    /// <summary>The node at a path, layered where several values meet there; null when there is none.</summary>
    private Node? Find(Node node, string[] path, int at)
    {
        if (at == path.Length) return node;
        // A substitution standing directly in a field's value sees that field's earlier value, not the one being made.
        var visible = LookBack(node, _direct);
        switch (visible)
        {
            case ObjectNode o:
                return o.Fields.TryGetValue(path[at], out var field) ? Find(field, path, at + 1) : null;
            case LayersNode l:
                var above = Find(l.Above, path, at);
                if (!CanBeObject(l.Above)) return above;
                return Join(Find(l.Below, path, at), above);
            case ConcatNode c:
                Node? joined = null;
                foreach (var part in c.Parts) joined = Join(joined, Find(part, path, at));
                return joined;
            case ReferenceNode r when !_open.Contains(r):
                _open.Add(r);
                var target = r.Prefix.Length > 0 ? Find(_root, [.. r.Prefix, .. r.Path, .. path[at..]], 0) : null;
                target ??= Find(_root, [.. r.Path, .. path[at..]], 0);
                _open.Remove(r);
                return target;
            default:
                return null;
        }
    }

    private static bool CanBeObject(Node node) => node switch
    {
        ObjectNode or ReferenceNode => true,
        LayersNode l => CanBeObject(l.Above),
        ConcatNode c => c.Parts.TrueForAll(p => p is ObjectNode or ReferenceNode or TextNode { IsGap: true }),
        _ => false,
    };

    private static Node? Join(Node? below, Node? above) =>
        below is null ? above : above is null ? below : new LayersNode(below, above);

    /// <summary>What a node means to one who is part of making it: the layers under those still being made, or null.</summary>
    private Node? LookBack(Node node, int from)
    {
        var open = _open.IndexOf(node, from) >= 0;
        if (node is not LayersNode layers) return open && from == 0 ? null : node;
        var above = LookBack(layers.Above, from);
        if (!open && ReferenceEquals(above, layers.Above) && !(_open.IndexOf(layers.Above, from) >= 0)) return layers;
        var below = LookBack(layers.Below, from);
        return open || above is null ? below : Join(below, above);
    }
}
