// A configuration: typed readings by dotted path, and fallbacks that are asked where a path is missing. Knows no files.
using System.Diagnostics.CodeAnalysis;
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>
/// An immutable configuration. A path is dotted (<c>a.b-c."x.y"</c>). A missing path yields the default; a value that does not
/// fit its reading throws <see cref="FormatException"/> naming the path.
/// </summary>
public class Config
{
    /// <summary>A configuration without keys.</summary>
    public Config() : this(new HoconRoot(HoconValue.Of(new HoconObject()))) { }

    /// <summary>The configuration of a parsed text.</summary>
    public Config(HoconRoot root)
    {
        ArgumentNullException.ThrowIfNull(root);
        (Root, Substitutions) = (root.Value, root.Substitutions);
    }

    /// <summary>A configuration with another behind it.</summary>
    public Config(Config source, Config? fallback)
    {
        ArgumentNullException.ThrowIfNull(source);
        (Root, Substitutions, Fallback) = (source.Root, source.Substitutions, fallback);
    }

    /// <summary>A configuration without keys.</summary>
    public static Config Empty => ConfigurationFactory.Empty;

    /// <summary>Asked where a path is missing here.</summary>
    public Config? Fallback { get; private set; }

    /// <summary>True when neither this nor a fallback has a key.</summary>
    public virtual bool IsEmpty => Root.IsEmpty && (Fallback is null || Fallback.IsEmpty);

    /// <summary>The value of the whole text, without fallbacks.</summary>
    public virtual HoconValue Root { get; }

    /// <summary>The substitutions that the text held.</summary>
    public IEnumerable<HoconSubstitution> Substitutions { get; set; }

    /// <summary>True when the path has a value here or in a fallback.</summary>
    public virtual bool HasPath(string path) => Node(path) != null;

    /// <summary>The value at a path, or null.</summary>
    public HoconValue? GetValue(string path) => Node(path);

    /// <summary>on, true, yes or off, false, no.</summary>
    public virtual bool GetBoolean(string path, bool @default = false) => Read(path, @default, v => v.GetBoolean());

    /// <summary>A whole number.</summary>
    public virtual int GetInt(string path, int @default = 0) => Read(path, @default, v => v.GetInt());

    /// <summary>A whole number.</summary>
    public virtual long GetLong(string path, long @default = 0) => Read(path, @default, v => v.GetLong());

    /// <summary>Text; numbers and booleans as written.</summary>
    [return: NotNullIfNotNull(nameof(@default))]
    public virtual string? GetString(string path, string? @default = null) => Read(path, @default, v => v.GetString());

    /// <summary>A floating-point number.</summary>
    public virtual float GetFloat(string path, float @default = 0) => Read(path, @default, v => v.GetFloat());

    /// <summary>A decimal number.</summary>
    public virtual decimal GetDecimal(string path, decimal @default = 0) => Read(path, @default, v => v.GetDecimal());

    /// <summary>A floating-point number.</summary>
    public virtual double GetDouble(string path, double @default = 0) => Read(path, @default, v => v.GetDouble());

    /// <summary>A duration such as 500ms, 10s, 2m, infinite; a bare number means milliseconds.</summary>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) =>
        Read(path, @default.GetValueOrDefault(), v => v.GetTimeSpan(allowInfinite));

    /// <summary>A size in bytes such as 512b, 64kB, 1MiB.</summary>
    public virtual long? GetByteSize(string path) => Read<long?>(path, null, v => v.GetByteSize());

    /// <summary>A size in bytes such as 512b, 64kB, 1MiB.</summary>
    public virtual long? GetByteSize(string path, long? def) => Read(path, def, v => v.GetByteSize());

    /// <summary>A list; empty where the path is missing.</summary>
    public virtual IList<string> GetStringList(string path) => Read<IList<string>>(path, [], v => v.GetStringList());

    /// <summary>A list, or the given one where the path is missing.</summary>
    public virtual IList<string> GetStringList(string path, string[] defaultPaths) => Read<IList<string>>(path, defaultPaths, v => v.GetStringList());

    /// <inheritdoc cref="GetStringList(string)"/>
    public virtual IList<bool> GetBooleanList(string path) => Read<IList<bool>>(path, [], v => v.GetBooleanList());

    /// <inheritdoc cref="GetStringList(string)"/>
    public virtual IList<decimal> GetDecimalList(string path) => Read<IList<decimal>>(path, [], v => v.GetDecimalList());

    /// <inheritdoc cref="GetStringList(string)"/>
    public virtual IList<float> GetFloatList(string path) => Read<IList<float>>(path, [], v => v.GetFloatList());

    /// <inheritdoc cref="GetStringList(string)"/>
    public virtual IList<double> GetDoubleList(string path) => Read<IList<double>>(path, [], v => v.GetDoubleList());

    /// <inheritdoc cref="GetStringList(string)"/>
    public virtual IList<int> GetIntList(string path) => Read<IList<int>>(path, [], v => v.GetIntList());

    /// <inheritdoc cref="GetStringList(string)"/>
    public virtual IList<long> GetLongList(string path) => Read<IList<long>>(path, [], v => v.GetLongList());

    /// <inheritdoc cref="GetStringList(string)"/>
    public virtual IList<byte> GetByteList(string path) => Read<IList<byte>>(path, [], v => v.GetByteList());

    /// <summary>The configuration below a path, with the fallbacks' behind it; null where the path is missing everywhere.</summary>
    public virtual Config? GetConfig(string path)
    {
        var here = Own(path);
        var behind = Fallback?.GetConfig(path);
        if (here is null) return behind;
        var config = new Config(new HoconRoot(here));
        return behind is null ? config : config.WithFallback(behind);
    }

    /// <summary>This configuration with another behind all it has.</summary>
    public virtual Config WithFallback(Config? fallback)
    {
        if (ReferenceEquals(fallback, this)) throw new ArgumentException("A configuration cannot be its own fallback. Pass another.", nameof(fallback));
        return fallback is null ? this : new Config(this, Fallback is null ? fallback : Fallback.WithFallback(fallback));
    }

    /// <summary>The top-level fields, this configuration's before its fallbacks'.</summary>
    public virtual IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var config = this; config != null; config = config.Fallback)
            foreach (var field in config.Root.GetObject()?.Items ?? [])
                if (seen.Add(field.Key))
                    yield return field;
    }

    /// <inheritdoc/>
    public override string ToString() => ToString(false);

    /// <summary>The configuration as HOCON that parses back to the same, with or without what lies behind it.</summary>
    public string ToString(bool includeFallback)
    {
        if (!includeFallback || Fallback is null) return Root.ToString();
        var whole = Parser.Parse(Fallback.ToString(true), null).Value;
        whole.GetObject()!.Merge(Parser.Parse(Root.ToString(), null).Value.GetObject()!);
        return whole.ToString();
    }

    /// <summary>HOCON text behind a configuration.</summary>
    public static Config operator +(Config config, string fallback) => config.WithFallback(ConfigurationFactory.ParseString(fallback));

    /// <summary>A configuration behind HOCON text.</summary>
    public static Config operator +(string configHocon, Config fallbackConfig) => ConfigurationFactory.ParseString(configHocon).WithFallback(fallbackConfig);

    /// <summary>Parses HOCON text.</summary>
    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    private T Read<T>(string path, T @default, Func<HoconValue, T> read)
    {
        var value = Node(path);
        if (value is null) return @default;
        try
        {
            return read(value);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{path}: {e.Message}", e);
        }
    }

    private HoconValue? Node(string path) => Own(path) ?? Fallback?.Node(path);

    private HoconValue? Own(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        HoconValue? value = Root;
        foreach (var key in path.Contains('"', StringComparison.Ordinal) ? Quoted(path) : path.Split('.'))
        {
            value = value.GetChildObject(key);
            if (value is null) return null;
        }

        return value;
    }

    private static IEnumerable<string> Quoted(string path)
    {
        var key = "";
        var quoted = false;
        foreach (var c in path)
        {
            if (c == '"') quoted = !quoted;
            else if (c != '.' || quoted) key += c;
            else
            {
                yield return key;
                key = "";
            }
        }

        yield return key;
    }
}

/// <summary>Questions to a configuration that may be null.</summary>
public static class ConfigExtensions
{
    /// <summary>The configuration with a fallback, or the fallback alone where it is null.</summary>
    public static Config? SafeWithFallback(this Config? config, Config? fallback) =>
        config is null ? fallback : ReferenceEquals(config, fallback) ? config : config.WithFallback(fallback);

    /// <summary>True for null and for a configuration without keys.</summary>
    public static bool IsNullOrEmpty([NotNullWhen(false)] this Config? config) => config is null || config.IsEmpty;
}
