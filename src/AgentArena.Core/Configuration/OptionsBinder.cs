// Binds a tree of names and texts to options records. Knows records and their property types, never what they mean.
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentArena.Core.Configuration;

/// <summary>
/// Kebab-case keys to init-only properties. Leaves may be text (HOCON knows no other) and are read by the property's
/// type. Unknown keys and wrong types are mistakes; all are collected. A property marked <c>required</c> must be given.
/// A key that is null is as good as absent, so that one file can take back what another said.
/// </summary>
public static class OptionsBinder
{
    private static readonly ConcurrentDictionary<Type, Property[]> Cache = new();

    /// <summary>Binds to <typeparamref name="T"/>; null when the node itself cannot be one.</summary>
    public static T? Bind<T>(JsonNode? node, string path, Mistakes mistakes, string? ignore = null)
        where T : class => (T?)Bind(typeof(T), node, path, mistakes, ignore);

    /// <summary>
    /// Binds to a type known at run time. Values that cannot be read keep their defaults, and are mistakes.
    /// </summary>
    public static object? Bind(Type type, JsonNode? node, string path, Mistakes mistakes, string? ignore = null)
    {
        if (node is not JsonObject given)
        {
            mistakes.Add(
                path,
                $"is {Show(node)}; it should be a block {{ … }} with the keys {string.Join(", ", Properties(type).Select(p => p.Key))}."
            );
            return null;
        }
        var made = Activator.CreateInstance(type)!;
        var properties = Properties(type);
        foreach (var (key, value) in given)
        {
            if (key == ignore)
                continue;
            var at = path.Length == 0 ? key : $"{path}.{key}";
            if (Array.Find(properties, p => p.Key == key) is not { } property)
            {
                if (value is null && ignore is not null)
                    continue; // taken back from the plug-in that another file named here
                mistakes.Add(
                    at,
                    properties.Length == 0
                        ? "this takes no options; remove the key."
                        : DidYouMean.Unknown("key", key, properties.Select(p => p.Key))
                );
                continue;
            }
            if (value is not null && Read(property.Member.PropertyType, value, at, mistakes, out var read))
                property.Member.SetValue(made, read);
        }
        foreach (var property in properties)
            if (property.Required && given[property.Key] is null)
                mistakes.Add(
                    path.Length == 0 ? property.Key : $"{path}.{property.Key}",
                    $"is missing. Give it {Want(property.Member.PropertyType)}."
                );
        return made;
    }

    /// <summary>The keys of an options record with their types and defaults, for people.</summary>
    public static IEnumerable<(string Key, string Type, string Default)> Describe(Type type)
    {
        var defaults = Activator.CreateInstance(type)!;
        foreach (var p in Properties(type))
            yield return (
                p.Key,
                Want(p.Member.PropertyType),
                p.Required ? "required" : Print(p.Member.GetValue(defaults))
            );
    }

    /// <summary>PascalCase to kebab-case.</summary>
    public static string Kebab(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (
                i > 0
                && char.IsUpper(name[i])
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])))
            )
                text.Append('-');
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }

    private sealed record Property(string Key, PropertyInfo Member, bool Required);

    private static Property[] Properties(Type type) =>
        Cache.GetOrAdd(type, static t =>
            [
                .. t.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .Where(p => p.SetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0)
                    .Select(p => new Property(
                        Kebab(p.Name),
                        p,
                        p.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute), false)
                    )),
            ]
        );

    private static bool Read(Type type, JsonNode? node, string path, Mistakes mistakes, out object? value)
    {
        value = null;
        var target = Nullable.GetUnderlyingType(type) ?? type;
        if (target == typeof(JsonNode) || target == typeof(JsonObject) && node is JsonObject)
        {
            value = node?.DeepClone();
            return true;
        }
        if (target == typeof(Plugin))
            return ReadPlugin(node, path, mistakes, out value);
        if (target.IsGenericType && target.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            return ReadArray(target.GetGenericArguments()[0], node, path, mistakes, out value);
        if (target.IsGenericType && target.GetGenericTypeDefinition() == typeof(ImmutableSortedDictionary<,>))
            return ReadMap(target.GetGenericArguments()[1], node, path, mistakes, out value);
        if (target.IsClass && target != typeof(string))
        {
            var before = mistakes.Count;
            value = Bind(target, node, path, mistakes);
            return mistakes.Count == before;
        }
        if (node is JsonValue leaf && TryScalar(target, leaf.ToString(), out value))
            return true;
        mistakes.Add(path, $"is {Show(node)}; it should be {Want(type)}.");
        return false;
    }

    private static bool ReadPlugin(JsonNode? node, string path, Mistakes mistakes, out object? value)
    {
        value = null;
        if (node is JsonValue bare)
        {
            value = new Plugin(bare.ToString());
            return true;
        }
        if (node is JsonObject block && block["name"] is JsonValue name)
        {
            var options = (JsonObject)block.DeepClone();
            options.Remove("name");
            value = new Plugin(name.ToString(), options);
            return true;
        }
        mistakes.Add(path, $"is {Show(node)}; it should be a name, or a block {{ name = …, its own options }}.");
        return false;
    }

    private static bool ReadArray(Type element, JsonNode? node, string path, Mistakes mistakes, out object? value)
    {
        value = null;
        if (node is not JsonArray array)
        {
            mistakes.Add(path, $"is {Show(node)}; it should be a list [ … ] of {Want(element)}.");
            return false;
        }
        var before = mistakes.Count;
        var items = Array.CreateInstance(element, array.Count);
        for (var i = 0; i < array.Count; i++)
            if (Read(element, array[i], $"{path}[{i}]", mistakes, out var item))
                items.SetValue(item, i);
        if (mistakes.Count > before)
            return false;
        value = typeof(ImmutableArray)
            .GetMethods()
            .Single(m =>
                m.Name == "Create"
                && m.GetParameters() is [{ ParameterType.IsArray: true } p]
                && m.IsGenericMethod
                && p.GetCustomAttribute<ParamArrayAttribute>() is not null
            )
            .MakeGenericMethod(element)
            .Invoke(null, [items]);
        return true;
    }

    private static bool ReadMap(Type element, JsonNode? node, string path, Mistakes mistakes, out object? value)
    {
        value = null;
        if (node is not JsonObject block)
        {
            mistakes.Add(path, $"is {Show(node)}; it should be a block {{ name = {Want(element)} … }}.");
            return false;
        }
        var before = mistakes.Count;
        var map = (System.Collections.IDictionary)
            typeof(ImmutableSortedDictionary)
                .GetMethods()
                .Single(m => m.Name == "CreateBuilder" && m.GetParameters().Length == 0)
                .MakeGenericMethod(typeof(string), element)
                .Invoke(null, null)!;
        foreach (var (key, child) in block)
            if (child is not null && Read(element, child, $"{path}.{key}", mistakes, out var item))
                map.Add(key, item);
        if (mistakes.Count > before)
            return false;
        value = map.GetType().GetMethod("ToImmutable")!.Invoke(map, null);
        return true;
    }

    private static bool TryScalar(Type type, string text, out object? value)
    {
        var invariant = CultureInfo.InvariantCulture;
        value = null;
        if (type == typeof(string))
            value = text;
        else if (type == typeof(bool))
            value = text switch
            {
                "true" or "on" or "yes" => true,
                "false" or "off" or "no" => false,
                _ => null,
            };
        else if (type == typeof(int))
            value = int.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var i) ? i : null;
        else if (type == typeof(long))
            value = long.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var l) ? l : null;
        else if (type == typeof(double))
            value = double.TryParse(text, NumberStyles.Float, invariant, out var d) && double.IsFinite(d) ? d : null;
        else if (type == typeof(float))
            value = float.TryParse(text, NumberStyles.Float, invariant, out var f) && float.IsFinite(f) ? f : null;
        else if (type == typeof(TimeSpan))
            value = Units.Duration(text);
        else if (type.IsEnum)
            value = Enum.GetValues(type).Cast<object>().FirstOrDefault(v => Kebab(v.ToString()!) == text);
        return value is not null;
    }

    private static string Want(Type type)
    {
        var t = Nullable.GetUnderlyingType(type) ?? type;
        if (t == typeof(string))
            return "a text";
        if (t == typeof(bool))
            return "on or off";
        if (t == typeof(int) || t == typeof(long))
            return "a whole number";
        if (t == typeof(double) || t == typeof(float))
            return "a number";
        if (t == typeof(TimeSpan))
            return "a duration such as 90s, 500 ms or 2 minutes";
        if (t == typeof(Plugin))
            return "a name, or a block { name = … }";
        if (t.IsEnum)
            return "one of " + string.Join(", ", Enum.GetNames(t).Select(Kebab));
        if (t.IsGenericType && t.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            return "a list [ … ] of " + Want(t.GetGenericArguments()[0]);
        return "a block { … }";
    }

    private static string Show(JsonNode? node) =>
        node switch
        {
            null => "empty",
            JsonObject => "a block { … }",
            JsonArray => "a list [ … ]",
            _ => $"'{node}'",
        };

    private static string Print(object? value) =>
        value switch
        {
            null => "none",
            bool b => b ? "on" : "off",
            Enum e => Kebab(e.ToString()),
            TimeSpan t => t.TotalSeconds.ToString(CultureInfo.InvariantCulture) + "s",
            string s => s.Length == 0 ? "\"\"" : s,
            Plugin p => p.Name,
            System.Collections.IEnumerable many => value.GetType().GetProperty("IsDefault")?.GetValue(value) is true
                ? "none"
                : "[" + string.Join(", ", many.Cast<object>().Select(Print)) + "]",
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            _ => "{ … }",
        };
}
