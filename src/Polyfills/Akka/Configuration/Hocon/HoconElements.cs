// What a HOCON value can hold: objects, lists, literals, and the record of a substitution. Knows no text and no files.
using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>A piece of a value.</summary>
public interface IHoconElement
{
    /// <summary>True for text (numbers and booleans are text too).</summary>
    bool IsString();

    /// <summary>The text; null where this is none, or the literal null.</summary>
    string? GetString();

    /// <summary>True for a list.</summary>
    bool IsArray();

    /// <summary>The items of a list.</summary>
    IList<HoconValue> GetArray();
}

/// <summary>Something that may turn out to be an object.</summary>
public interface IMightBeAHoconObject
{
    /// <summary>True for an object.</summary>
    bool IsObject();

    /// <summary>The object, or null.</summary>
    HoconObject? GetObject();
}

/// <summary>A piece of text.</summary>
public class HoconLiteral : IHoconElement
{
    /// <summary>Empty text.</summary>
    public HoconLiteral() { }

    internal HoconLiteral(string value, bool quoted) => (Value, Quoted) = (value, quoted);

    /// <summary>The text as it means, without quotes or escapes.</summary>
    public string Value { get; set; } = "";

    internal bool Quoted { get; }

    /// <inheritdoc/>
    public bool IsString() => true;

    /// <inheritdoc/>
    public string GetString() => Value;

    /// <inheritdoc/>
    public bool IsArray() => false;

    /// <inheritdoc/>
    public IList<HoconValue> GetArray() => throw new NotSupportedException("A literal is not a list.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A list.</summary>
public class HoconArray : List<HoconValue>, IHoconElement
{
    /// <summary>An empty list.</summary>
    public HoconArray() { }

    internal HoconArray(IEnumerable<HoconValue> items) : base(items) { }

    /// <inheritdoc/>
    public bool IsString() => false;

    /// <inheritdoc/>
    public string GetString() => throw new NotSupportedException("A list is not text.");

    /// <inheritdoc/>
    public bool IsArray() => true;

    /// <inheritdoc/>
    public IList<HoconValue> GetArray() => this;

    /// <inheritdoc/>
    public override string ToString() => "[" + string.Join(",", this) + "]";
}

/// <summary>A substitution that the text held, and what it became.</summary>
public class HoconSubstitution(string path)
{
    /// <summary>The path inside ${…}.</summary>
    public string Path { get; set; } = path;

    /// <summary>What it resolved to; null for an optional one that resolved to nothing.</summary>
    public HoconValue? ResolvedValue { get; set; }
}

/// <summary>An object: keys to values, in the order they were first written.</summary>
public class HoconObject : IHoconElement
{
    /// <summary>The fields; keys are single path elements.</summary>
    public Dictionary<string, HoconValue> Items { get; } = new(StringComparer.Ordinal);

    /// <summary>The fields with nested objects as dictionaries.</summary>
    public IDictionary<string, object> Unwrapped => Items.ToDictionary(
        kv => kv.Key, kv => kv.Value.GetObject() is { } o ? (object)o.Unwrapped : kv.Value, StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool IsString() => false;

    /// <inheritdoc/>
    public string GetString() => throw new NotSupportedException("An object is not text.");

    /// <inheritdoc/>
    public bool IsArray() => false;

    /// <inheritdoc/>
    public IList<HoconValue> GetArray() => throw new NotSupportedException("An object is not a list.");

    /// <summary>The value of a key, or null.</summary>
    public HoconValue? GetKey(string key) => Items.GetValueOrDefault(key);

    /// <summary>The value of a key, made empty where missing.</summary>
    public HoconValue GetOrCreateKey(string key)
    {
        if (!Items.TryGetValue(key, out var value)) Items[key] = value = new HoconValue();
        return value;
    }

    /// <summary>Merges another object into this one; the other wins, objects under the same key merge.</summary>
    public void Merge(HoconObject other)
    {
        foreach (var (key, theirs) in other.Items)
        {
            if (Items.TryGetValue(key, out var mine) && mine.GetObject() is { } o && theirs.GetObject() is { } t) o.Merge(t);
            else Items[key] = theirs;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => ToString(0);

    /// <summary>The fields as HOCON lines, indented by two blanks a level.</summary>
    public string ToString(int indent)
    {
        var s = new StringBuilder();
        foreach (var (key, value) in Items)
            s.Append(' ', indent * 2).Append(HoconValue.QuoteKey(key)).Append(" : ").Append(value.ToString(indent)).Append('\n');
        return s.ToString();
    }
}

/// <summary>A parsed text.</summary>
public class HoconRoot
{
    private readonly ObjectNode? _tree;

    /// <summary>A root without substitutions.</summary>
    public HoconRoot(HoconValue value) : this(value, []) { }

    /// <summary>A root with the substitutions its text held.</summary>
    public HoconRoot(HoconValue value, IEnumerable<HoconSubstitution> substitutions) => (Value, Substitutions) = (value, substitutions);

    internal HoconRoot(HoconValue value, IEnumerable<HoconSubstitution> substitutions, ObjectNode tree) : this(value, substitutions) => _tree = tree;

    /// <summary>The value of the whole text.</summary>
    public HoconValue Value { get; }

    /// <summary>The substitutions that the text held.</summary>
    public IEnumerable<HoconSubstitution> Substitutions { get; }

    /// <summary>The text's tree before substitution, so that an include still sees what the including text overrides.</summary>
    internal ObjectNode Tree() => _tree ?? (ToNode(Value) as ObjectNode ?? new ObjectNode(default));

    private static Node ToNode(HoconValue value)
    {
        if (value.GetObject() is { } o)
        {
            var node = new ObjectNode(default);
            foreach (var (key, field) in o.Items) node.Fields[key] = ToNode(field);
            return node;
        }

        return value.IsArray()
            ? new ArrayNode(default, [.. value.GetArray().Select(ToNode)])
            : new TextNode(default, value.Raw, value.Values.Exists(v => v is HoconLiteral { Quoted: true }));
    }
}
