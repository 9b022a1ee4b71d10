// The reader: files or text in, one resolved tree with the place of each value, or every fault, out.
using System.Text.Json.Nodes;

namespace AgentArena.Hocon;

/// <summary>
/// What a reading came to. Objects, lists and texts: HOCON's numbers and switches are texts here, as written, and are
/// read by whoever knows what a key means; the bare word null is null.
/// </summary>
public sealed class HoconDocument
{
    private readonly Dictionary<string, Place> _places;

    internal HoconDocument(JsonObject? root, Dictionary<string, Place> places, IReadOnlyList<HoconFault> faults) =>
        (Root, _places, Faults) = (root, places, faults);

    /// <summary>
    /// The resolved tree; null where a text is malformed or missing. Where an include is missing or a substitution
    /// leads nowhere, it holds all else, so that what can be checked of it can be.
    /// </summary>
    public JsonObject? Root { get; }

    /// <summary>Every fault, in the order found; none in a sound text.</summary>
    public IReadOnlyList<HoconFault> Faults { get; }

    /// <summary>Whether the text gives a path such as <c>a.b[0].c</c> a value.</summary>
    public bool Holds(string path) => _places.ContainsKey(path);

    /// <summary>Where the value of a path stands, or else the nearest that would hold it; null where none is.</summary>
    public Place? PlaceOf(string path)
    {
        while (!_places.ContainsKey(path))
        {
            var end = path.LastIndexOfAny(['.', '[']);
            if (end <= 0)
                return null;
            path = path[..end];
        }
        return _places[path];
    }
}

/// <summary>
/// Reads HOCON as its specification words it (lightbend/config, HOCON.md), but for this: an include that finds no file
/// is a fault; only files are included, from beside the file that names them, in HOCON or JSON; blanks around the dots
/// of a path do not count; a tab may stand in a quoted text; <c>include</c> before a separator is a key; a block whose
/// keys are numbers is no list. No input throws: what is wrong with it is in <see cref="HoconDocument.Faults"/>.
/// Reading costs bounded time and room whatever the input.
/// </summary>
public static class HoconReader
{
    /// <summary>Reads files, each laid over those before it, as if one file included them in this order.</summary>
    public static HoconDocument Read(params IReadOnlyList<string> files) =>
        Read(Environment.GetEnvironmentVariable, files);

    /// <summary>Reads files with an environment of the caller's.</summary>
    public static HoconDocument Read(Func<string, string?> environment, params IReadOnlyList<string> files) =>
        Read(environment, files.Count == 0 ? "" : files[0], (reading, root) =>
        {
            var includes = new Includes(reading);
            foreach (var file in files)
                includes.Read(file, root);
        });

    /// <summary>Reads a text.</summary>
    /// <param name="text">HOCON, and so also JSON, whose root is an object, with or without braces.</param>
    /// <param name="name">What to call it in faults; includes are looked up beside it.</param>
    /// <param name="environment">What substitutions find that the text does not hold; the process's where null.</param>
    public static HoconDocument ReadText(
        string text,
        string name = "text",
        Func<string, string?>? environment = null
    ) => Read(environment, name, (reading, root) => Parser(text, name, reading).Root(root));

    /// <summary>Reads one value, as it stands behind <c>key =</c>: the tree has it at <c>value</c>.</summary>
    /// <inheritdoc cref="ReadText"/>
    public static HoconDocument ReadValue(
        string text,
        string name = "value",
        Func<string, string?>? environment = null
    ) => Read(environment, name, (reading, root) =>
        {
            if (Parser(text, name, reading).WholeValue() is { } value)
                root.Put(["value"], value);
        });

    private static HoconParser Parser(string text, string name, Reading reading)
    {
        var at = new Place(name, 0, 0);
        reading.Take(text, at);
        return HoconText.LoneSurrogate(text) is var half and >= 0
            ? throw new UnreadableException(
                at,
                $"the text holds half of a character (U+{(int)text[half]:X4}) at "
                    + $"offset {half}. Write whole ones.",
                final: true
            )
            : new HoconParser(new HoconText(text, name), reading, new Includes(reading), [], 0);
    }

    private static HoconDocument Read(Func<string, string?>? environment, string name, Action<Reading, BlockNode> parse)
    {
        var (reading, root) = (new Reading(), new BlockNode(new Place(name, 0, 0)));
        var resolver = new Resolver(root, reading, environment ?? Environment.GetEnvironmentVariable);
        JsonObject? tree = null;
        try
        {
            parse(reading, root);
            if (!reading.Malformed)
                tree = resolver.Resolve();
        }
        catch (UnreadableException e)
        {
            reading.Faults.Add(e.Fault);
        }
        return new HoconDocument(tree, resolver.Places, reading.Faults);
    }
}
