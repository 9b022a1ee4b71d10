// One value and its readings as text, number, switch, duration, size, list or object. Knows no path and no file.
using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>A HOCON value. Readings that do not fit throw <see cref="FormatException"/> saying what would be right.</summary>
public class HoconValue : IMightBeAHoconObject
{
    /// <summary>The pieces the value is made of.</summary>
    public List<IHoconElement> Values { get; } = [];

    /// <summary>True when there is nothing in it.</summary>
    public bool IsEmpty => Values.Count == 0 || (Values.Count == 1 && Values[0] is HoconObject { Items.Count: 0 });

    internal static HoconValue Of(IHoconElement element)
    {
        var value = new HoconValue();
        value.Values.Add(element);
        return value;
    }

    internal string Raw => string.Concat(Values.Select(v => v.GetString()));

    internal string Kind => IsObject() ? "an object" : IsArray() ? "a list" : "text";

    /// <summary>This value as a configuration with one key.</summary>
    public Config AtKey(string key)
    {
        var o = new HoconObject();
        o.Items[key] = this;
        return new Config(new HoconRoot(Of(o)));
    }

    /// <inheritdoc/>
    public bool IsObject() => GetObject() != null;

    /// <inheritdoc/>
    public HoconObject? GetObject() => Values.Count > 0 ? Values[0] as HoconObject : null;

    /// <summary>The value under a key of this object, or null.</summary>
    public HoconValue? GetChildObject(string key) => GetObject()?.GetKey(key);

    /// <summary>Adds a piece.</summary>
    public void AppendValue(IHoconElement value) => Values.Add(value);

    /// <summary>Removes all pieces.</summary>
    public void Clear() => Values.Clear();

    /// <summary>Replaces all pieces by one.</summary>
    public void NewValue(IHoconElement value)
    {
        Values.Clear();
        Values.Add(value);
    }

    /// <summary>True for text; numbers and booleans are text too.</summary>
    public bool IsString() => Values.Count > 0 && Values.TrueForAll(v => v.IsString());

    /// <summary>True for a list.</summary>
    public bool IsArray() => Values.Exists(v => v.IsArray());

    /// <summary>The items of a list; empty where this is none.</summary>
    public IList<HoconValue> GetArray() => [.. Values.Where(v => v.IsArray()).SelectMany(v => v.GetArray())];

    /// <summary>The text; null for the bare word null and for what is no text.</summary>
    public string? GetString()
    {
        if (!IsString()) return null;
        var raw = Raw;
        return raw == "null" && !Values.Exists(v => v is HoconLiteral { Quoted: true }) ? null : raw;
    }

    /// <summary>on, true, yes; off, false, no.</summary>
    public bool GetBoolean() => GetString() switch
    {
        "on" or "true" or "yes" => true,
        "off" or "false" or "no" => false,
        _ => throw Wrong("on, off, true, false, yes or no"),
    };

    /// <summary>A decimal number.</summary>
    public decimal GetDecimal() => Number(decimal.TryParse(GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var v), v, "a number");

    /// <summary>A floating-point number.</summary>
    public float GetFloat() => Number(float.TryParse(GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var v), v, "a number");

    /// <summary>A floating-point number.</summary>
    public double GetDouble() => Number(double.TryParse(GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var v), v, "a number");

    /// <summary>A whole number.</summary>
    public long GetLong() => Number(long.TryParse(GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var v), v, "a whole number");

    /// <summary>A whole number.</summary>
    public int GetInt() => Number(int.TryParse(GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var v), v, "a whole number of 32 bits");

    /// <summary>A whole number from 0 to 255.</summary>
    public byte GetByte() => Number(byte.TryParse(GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var v), v, "a whole number from 0 to 255");

    /// <summary>The items of a list, each read in its way.</summary>
    public IList<byte> GetByteList() => Each(v => v.GetByte());

    /// <inheritdoc cref="GetByteList"/>
    public IList<int> GetIntList() => Each(v => v.GetInt());

    /// <inheritdoc cref="GetByteList"/>
    public IList<long> GetLongList() => Each(v => v.GetLong());

    /// <inheritdoc cref="GetByteList"/>
    public IList<bool> GetBooleanList() => Each(v => v.GetBoolean());

    /// <inheritdoc cref="GetByteList"/>
    public IList<float> GetFloatList() => Each(v => v.GetFloat());

    /// <inheritdoc cref="GetByteList"/>
    public IList<double> GetDoubleList() => Each(v => v.GetDouble());

    /// <inheritdoc cref="GetByteList"/>
    public IList<decimal> GetDecimalList() => Each(v => v.GetDecimal());

    /// <inheritdoc cref="GetByteList"/>
    public IList<string> GetStringList() => Each(v => v.GetString()!);

    /// <summary>A duration: a number with ns, us, ms, s, m, h or d (or their names; bare means ms), or infinite.</summary>
    public TimeSpan GetTimeSpan(bool allowInfinite = true)
    {
        var text = GetString() ?? throw Wrong("a duration such as 500ms, 10s or 2m");
        if (allowInfinite && text.Equals("infinite", StringComparison.OrdinalIgnoreCase)) return Timeout.InfiniteTimeSpan;
        return HoconUnits.Duration(text) ?? throw Wrong(allowInfinite ? "a duration such as 500ms, 10s, 2m or infinite" : "a duration such as 500ms, 10s or 2m");
    }

    /// <summary>A size in bytes: a number with b, kB, KiB, MB, MiB and so on (bare letters are powers of 1,024).</summary>
    public long? GetByteSize()
    {
        if (GetString() is not { } text) return null;
        return HoconUnits.Bytes(text) ?? throw Wrong("a size such as 512b, 64kB or 1MiB");
    }

    /// <inheritdoc/>
    public override string ToString() => ToString(0);

    /// <summary>The value as HOCON, lines below it indented by two blanks a level.</summary>
    public virtual string ToString(int indent)
    {
        if (GetObject() is { } o) return o.Items.Count == 0 ? "{}" : "{\n" + o.ToString(indent + 1) + new string(' ', indent * 2) + "}";
        if (IsArray()) return "[" + string.Join(", ", GetArray().Select(v => v.ToString(indent + 1))) + "]";
        return IsString() ? QuoteText(this) : "\"\"";
    }

    internal static string QuoteKey(string key) => key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? key : Quote(key);

    private static string QuoteText(HoconValue value)
    {
        var raw = value.Raw;
        if (raw == "null") return value.GetString() is null ? raw : Quote(raw);
        return raw.Length > 0 && raw.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+') && !raw.Contains("+=", StringComparison.Ordinal) ? raw : Quote(raw);
    }

    private static string Quote(string text)
    {
        var s = new System.Text.StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => s.Append("\\\""),
                '\\' => s.Append("\\\\"),
                '\n' => s.Append("\\n"),
                '\r' => s.Append("\\r"),
                '\t' => s.Append("\\t"),
                < ' ' => s.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => s.Append(c),
            };
        }

        return s.Append('"').ToString();
    }

    private T Number<T>(bool ok, T value, string right) => ok ? value : throw Wrong(right);

    private List<T> Each<T>(Func<HoconValue, T> read) => IsArray() ? [.. GetArray().Select(read)] : throw Wrong("a list such as [a, b]");

    private FormatException Wrong(string right) =>
        new(IsString() ? $"'{Raw}' is not {right}. Write {right}." : $"{Kind} stands where {right} belongs. Write {right}.");
}
