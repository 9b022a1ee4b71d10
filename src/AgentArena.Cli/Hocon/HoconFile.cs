// From a HOCON file with all it includes to one tree, or to every mistake in them. Knows files and places, not what a key means.
using System.Text.RegularExpressions;
using Akka.Configuration.Hocon;
using AgentArena.Core.Configuration;

namespace AgentArena.Cli.Hocon;

/// <summary>
/// Reads files. Mistakes of the text are found by our own look at the characters first, since parsers of HOCON differ in what they
/// let pass; a fault does not hide those in other files, and a bad substitution does not hide the next.
/// </summary>
internal sealed partial class HoconFile
{
    private const int MostRepairs = 20;
    private static readonly HoconRoot Nothing = Parser.Parse("", null);
    private readonly Mistakes _mistakes;
    private readonly List<string> _open = [];

    private HoconFile(Mistakes mistakes) => _mistakes = mistakes;

    /// <summary>The file as a tree; null where its mistakes leave nothing to read. Paths in mistakes begin with the file as the user would name it.</summary>
    public static HoconValue? Read(string path, Mistakes mistakes)
    {
        var before = mistakes.Count;
        var root = new HoconFile(mistakes).Parse(path);
        if (root is null) return null;
        if (Circle(root.Value, []) is not { } circle) return root.Value;
        if (mistakes.Count == before) mistakes.Add(path, $"circular substitution at ${{{circle}}}. A value cannot be made from itself. Give one of them a value of its own.");
        return null;
    }

    private HoconRoot? Parse(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _mistakes.Add(path, e is FileNotFoundException or DirectoryNotFoundException ? "no such file. Name an existing one." : $"cannot be read ({e.Message}) Name a file that can.");
            return null;
        }
        _open.Add(Path.GetFullPath(path));
        try
        {
            return Parse(path, text);
        }
        finally
        {
            _open.RemoveAt(_open.Count - 1);
        }
    }

    private HoconRoot? Parse(string path, string text)
    {
        var check = HoconCheck.Of(text);
        foreach (var (at, fault) in check.Faults) _mistakes.Add($"{path}: {at}", fault);
        var included = new Dictionary<string, HoconRoot>(StringComparer.Ordinal);
        foreach (var (at, name) in check.Includes) included[name] = Include(path, at, name);
        if (check.Faults.Count > 0) return null;
        var circles = new List<string>();
        for (var repair = 0; ; repair++)
        {
            try
            {
                return Parser.Parse(text, name => included.GetValueOrDefault(name, Nothing));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                var place = LineAndColumn().Match(e.Message);
                var where = place.Success ? $"{path}: line {place.Groups[1]}, column {place.Groups[2]}" : path;
                // What a circle leaves undefined is a consequence, not another mistake.
                if (Unresolved().Match(e.Message) is var missing && !(missing.Success && circles.Exists(c => c.Contains(missing.Groups[1].Value, StringComparison.Ordinal)))) _mistakes.Add(where, place.Success ? e.Message[place.Length..] : e.Message);
                if (e.Message.Contains("circular", StringComparison.OrdinalIgnoreCase)) circles.Add(e.Message);
                if (repair == MostRepairs || Bad(text, place, e.Message) is not { } offset) return null;
                // Made optional and pointed at nothing, the substitution vanishes and the rest of the text can speak.
                text = text[..offset] + "?arena-absent." + text[offset..];
            }
        }
    }

    private HoconRoot Include(string from, Place at, string name)
    {
        var path = Path.IsPathRooted(name) ? name : Path.Combine(Path.GetDirectoryName(from) ?? "", name);
        if (_open.Contains(Path.GetFullPath(path))) _mistakes.Add($"{from}: {at}", $"include \"{name}\": includes itself ({string.Join(" -> ", _open.Append(Path.GetFullPath(path)).Select(Path.GetFileName))}). Remove one of the includes.");
        else if (!File.Exists(path)) _mistakes.Add($"{from}: {at}", $"include \"{name}\": no such file ({path}). Includes are looked up beside the file that names them. Correct the name, or remove the include.");
        else return Parse(path) ?? Nothing;
        return Nothing;
    }

    // The substitution that an error is about: by its place, or by its name where the parser tells no place.
    private static int? Bad(string text, Match place, string message)
    {
        foreach (var (at, offset, path) in HoconCheck.Of(text).Substitutions)
            if (place.Success ? $"line {at.Line}, column {at.Column}: " == place.Value : path.Length > 0 && message.Contains(path, StringComparison.Ordinal)) return offset;
        return null;
    }

    // Some parsers keep substitutions as live links and would follow a circle without end.
    private static string? Circle(HoconValue value, HashSet<object> open)
    {
        foreach (object element in value.Values)
        {
            if (!open.Add(element)) return (element as HoconSubstitution)?.Path ?? "?";
            var circle = element switch
            {
                HoconObject o => o.Items.Values.Select(v => Circle(v, open)).FirstOrDefault(c => c is not null),
                HoconArray a => a.Select(v => Circle(v, open)).FirstOrDefault(c => c is not null),
                HoconSubstitution { ResolvedValue: { } target } => Circle(target, open),
                _ => null,
            };
            open.Remove(element);
            if (circle is not null) return circle;
        }
        return null;
    }

    [GeneratedRegex(@"[Uu]nresolved substitution:? ?\$?\{?([^}\s]+)")]
    private static partial Regex Unresolved();

    [GeneratedRegex(@"^line (\d+), column (\d+): ")]
    private static partial Regex LineAndColumn();
}
