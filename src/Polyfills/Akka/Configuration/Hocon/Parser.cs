// Reads HOCON text into a tree and has it resolved: knows the grammar (keys, separators, concatenation, includes) and
// leaves characters to HoconText, meaning to Resolver, files to the include callback.
namespace Akka.Configuration.Hocon;

/// <summary>The HOCON parser.</summary>
public class Parser
{
    private const int Deepest = 256;
    private readonly HoconText _text;
    private readonly Func<string, HoconRoot>? _include;
    private readonly List<string> _path = [];
    private int _depth;

    private Parser(string text, Func<string, HoconRoot>? include)
    {
        _text = new HoconText(text);
        _include = include;
    }

    /// <summary>Parses a whole text.</summary>
    /// <param name="text">HOCON (and so also JSON) whose root is an object, with or without braces.</param>
    /// <param name="includeCallback">Given the name in <c>include "name"</c>, returns its parsed content; null or an I/O error means it is missing.</param>
    /// <exception cref="HoconParserException">The text is malformed, a substitution is circular or unresolved, or an include is missing.</exception>
    public static HoconRoot Parse(string text, Func<string, HoconRoot>? includeCallback)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tree = new Parser(text, includeCallback).Root();
        return Resolver.Resolve(tree);
    }

    private ObjectNode Root()
    {
        _text.BlankLines();
        if (_text.Now == '[')
            throw new HoconParserException(_text.Mark, "the text begins with '['. A configuration is an object: key = value lines, or { … }. Give the list a key.");
        if (_text.Now != '{')
        {
            var open = new ObjectNode(_text.Mark);
            Fields(open, null);
            return open;
        }

        var root = Braces();
        _text.BlankLines();
        if (!_text.End)
            throw new HoconParserException(_text.Mark, $"'{_text.Now}' stands after the '}}' that closes the whole text. Nothing but comments may follow. Remove it, or remove the outer braces.");
        return root;
    }

    private ObjectNode Braces()
    {
        var open = _text.Mark;
        Enter(open);
        _text.Skip();
        var node = new ObjectNode(open);
        Fields(node, open);
        _text.Skip();
        _depth--;
        return node;
    }

    private void Enter(Mark at)
    {
        if (++_depth > Deepest)
            throw new HoconParserException(at, $"braces and brackets are nested more than {Deepest} deep. Flatten the text.");
    }

    /// <summary>Reads fields up to the closing brace (not consumed) or, when <paramref name="open"/> is null, the end of the text.</summary>
    private void Fields(ObjectNode into, Mark? open)
    {
        _text.BlankLines();
        while (true)
        {
            if (_text.End)
            {
                if (open is { } o) throw new HoconParserException(o, "the '{' opened here is never closed. Each '{' needs its '}'. Add the missing '}'.");
                return;
            }

            if (_text.Now == '}')
            {
                if (open is null) throw new HoconParserException(_text.Mark, "this '}' closes nothing. Each '}' needs its '{'. Remove it, or add the '{' it belongs to.");
                return;
            }

            Field(into);
            Separator('}', "field");
        }
    }

    private void Separator(char close, string what)
    {
        var newline = _text.BlankLines();
        if (_text.Now == ',')
        {
            _text.Skip();
            _text.BlankLines();
            if (_text.Now == ',')
                throw new HoconParserException(_text.Mark, $"two commas in a row. One comma or a new line stands between two {what}s. Remove one.");
        }
        else if (!newline && !_text.End && _text.Now != close && _text.Now != '}')
        {
            throw new HoconParserException(_text.Mark, $"expected ',', a new line or '{close}' after the {what}, found '{_text.Now}'. Begin the next {what} on a new line, or put text that holds '{_text.Now}' in quotes.");
        }
    }

    private void Field(ObjectNode into)
    {
        var at = _text.Mark;
        if (_text.Now != '"' && TryInclude(into)) return;
        var key = Path(at, "key", '\0');
        if (_text.BlankLines() && _text.Now is not ('{' or '=' or ':') && !_text.Sees("+="))
            throw new HoconParserException(at, $"'{string.Join('.', key)}' has no value. A field is key = value, key : value or key {{ … }}. Add a value, or remove the key.");

        _path.AddRange(key);
        var append = _text.Take("+=");
        if (!append && _text.Now is '=' or ':') _text.Skip();
        else if (!append && _text.Now != '{')
        {
            var found = _text.End ? "the end of the text" : $"'{_text.Now}'";
            throw new HoconParserException(_text.Mark, $"expected '=', ':', '+=' or '{{' after the key '{string.Join('.', key)}', found {found}. A field is key = value, key : value or key {{ … }}.");
        }

        var value = Value(at, $"'{string.Join('.', key)}'");
        if (append)
        {
            var self = new ReferenceNode(at, [.. _path], true, []);
            value = new ConcatNode(at, [self, new ArrayNode(at, [value])]);
        }

        into.Put(key, value);
        _path.RemoveRange(_path.Count - key.Length, key.Length);
    }

    /// <summary>A dotted path of quoted and unquoted elements, up to a separator or <paramref name="close"/>.</summary>
    private string[] Path(Mark at, string what, char close)
    {
        var elements = new List<string>();
        var element = "";
        var quoted = false;
        var gap = "";
        while (true)
        {
            if (_text.Now == '"') { element += gap + _text.Quoted(); quoted = true; }
            else if (_text.Now == '.' && !_text.End)
            {
                Close();
                _text.Skip();
                _text.Blanks();
                continue;
            }
            else
            {
                var run = _text.Unquoted(inKey: true);
                if (run.Length == 0) break;
                element += gap + run;
            }

            gap = _text.Blanks();
        }

        Close();
        return [.. elements];

        void Close()
        {
            if (element.Length == 0 && !quoted)
            {
                var found = _text.End ? "the end of the text" : _text.Now == '\n' ? "the end of the line" : $"'{_text.Now}'";
                throw new HoconParserException(elements.Count == 0 ? at : _text.Mark, $"expected a {what}, found {found}. A {what} is a name such as a.b-c, each part plain or in quotes. Put special characters in quotes.");
            }

            elements.Add(element);
            (element, quoted, gap) = ("", false, "");
        }
    }

    private Node Value(Mark owner, string name)
    {
        _text.Blanks();
        if (_text.Now == '\n' || _text.AtComment)
        {
            _text.BlankLines();
            if (_text.Now is not ('{' or '['))
                throw new HoconParserException(owner, $"{name} has no value. A value stands on the same line as its key. Add one, or write \"\" for empty text.");
        }

        var at = _text.Mark;
        var parts = new List<Node>();
        while (!_text.End)
        {
            var gapAt = _text.Mark;
            var gap = _text.Blanks();
            if (_text.End || _text.Now is '\n' or ',' or '}' or ']' || _text.AtComment) break;
            if (parts.Count > 0 && gap.Length > 0) parts.Add(new TextNode(gapAt, gap, false) { IsGap = true });
            parts.Add(Part());
        }

        return parts.Count switch
        {
            0 => throw new HoconParserException(owner, $"{name} has no value. Add one, or write \"\" for empty text."),
            1 => parts[0],
            _ => new ConcatNode(at, parts),
        };
    }

    private Node Part()
    {
        var at = _text.Mark;
        switch (_text.Now)
        {
            case '{': return Braces();
            case '[': return Brackets();
            case '"': return new TextNode(at, _text.Quoted(), true);
            case '$' when _text.Sees("${"): return Reference(at);
        }

        var run = _text.Unquoted(inKey: false);
        if (run.Length > 0) return new TextNode(at, run, false);
        throw new HoconParserException(at, $"'{_text.Now}' cannot stand in an unquoted value. Put the value in quotes; begin another field on a new line or after ','.");
    }

    private ArrayNode Brackets()
    {
        var open = _text.Mark;
        Enter(open);
        _text.Skip();
        _text.BlankLines();
        var items = new List<Node>();
        while (_text.Now != ']')
        {
            if (_text.End || _text.Now == '}')
                throw new HoconParserException(open, "the '[' opened here is never closed. Each '[' needs its ']'. Add the missing ']'.");
            items.Add(Value(_text.Mark, "the list item"));
            Separator(']', "list item");
        }

        _text.Skip();
        _depth--;
        return new ArrayNode(open, items);
    }

    private ReferenceNode Reference(Mark at)
    {
        _text.Skip(2);
        var optional = _text.Take("?");
        _text.Blanks();
        var path = Path(at, "path inside ${…}", '}');
        if (!_text.Take("}"))
            throw new HoconParserException(at, "the '${' opened here is never closed. A substitution is ${path} or ${?path}. Add the missing '}'.");
        return new ReferenceNode(at, path, optional, []);
    }

    private bool TryInclude(ObjectNode into)
    {
        if (!_text.Sees("include")) return false;
        var at = _text.Mark;
        var ahead = new Include(_text);
        if (ahead.Name is not { } name) return false;
        if (_include is null)
            throw new HoconParserException(at, $"include \"{name}\": this text is parsed without a way to include others. Parse it with an include callback, or put the content here.");
        HoconRoot? included;
        try
        {
            included = _include(name);
        }
        catch (IOException e)
        {
            throw new HoconParserException(at, $"include \"{name}\": not found ({e.Message}). Give the name of an existing file, or remove the include.", e);
        }

        if (included is null)
            throw new HoconParserException(at, $"include \"{name}\": not found. Give the name of an existing file, or remove the include.");
        var tree = (ObjectNode)included.Tree().Under([.. _path]);
        foreach (var (key, value) in tree.Fields) into.Put([key], value);
        return true;
    }
}
