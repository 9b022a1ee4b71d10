// Reads one text into a block: knows the grammar (keys, separators, joins, includes) and where to go on after a fault.
// Leaves characters to HoconText, paths to FieldPath, braces to Nesting, joins to ValueJoin, meaning to Resolver, files
// to Includes.
namespace AgentArena.Hocon;

internal sealed class HoconParser
{
    private readonly HoconText _text;
    private readonly Reading _reading;
    private readonly Includes _includes;
    private readonly string[]? _prefix;
    private readonly int _outside;
    private readonly List<string> _path = [];
    private readonly Nesting _open;
    private int _lists;

    /// <param name="text">The text, none of it read.</param>
    /// <param name="reading">Told of its faults.</param>
    /// <param name="includes">Finds what it includes.</param>
    /// <param name="prefix">The path it is included at; null within a list, where no path leads.</param>
    /// <param name="depth">How deep it is included.</param>
    public HoconParser(HoconText text, Reading reading, Includes includes, string[]? prefix, int depth)
    {
        (_text, _reading, _includes, _prefix, _outside) = (text, reading, includes, prefix, depth);
        _open = new Nesting(text, reading);
        _path.AddRange(prefix ?? []);
    }

    /// <summary>Reads a whole text, fields with or without braces, into a block.</summary>
    /// <exception cref="UnreadableException">Final: nothing more is to be read.</exception>
    public void Root(BlockNode into)
    {
        _text.BlankLines();
        if (_text.Now == '[')
        {
            Fault(
                _text.Here,
                "the text begins with '['. A configuration is a block: key = value lines, or { … }. "
                    + "Give the list a key."
            );
            return;
        }
        if (_text.Now != '{')
            Fields(into, braces: false);
        else
        {
            Braces(into);
            _text.BlankLines();
            if (!_text.End)
                Fault(
                    _text.Here,
                    $"{_text.Shown} stands after the '}}' that closes the whole text. Only comments "
                        + "may follow. Remove it, or remove the outer braces."
                );
        }
    }

    /// <summary>Reads a text that is one value.</summary>
    public Node? WholeValue()
    {
        try
        {
            _text.BlankLines();
            var value = Value(_text.Here, "has no value");
            _text.BlankLines();
            return _text.End
                ? value
                : throw new UnreadableException(
                    _text.Here,
                    $"expected the end of the value, found {_text.Shown}. Put text that holds it in quotes."
                );
        }
        catch (UnreadableException e)
        {
            Fault(e.Fault);
            return null;
        }
    }

    private BlockNode Braces(BlockNode? into = null)
    {
        var block = into ?? new BlockNode(_text.Here);
        Open();
        Fields(block, braces: true);
        return block;
    }

    // Reads fields up to the closing brace, or without braces to the end of the text.
    private void Fields(BlockNode into, bool braces)
    {
        var depth = _path.Count;
        _text.BlankLines();
        while (!_text.End)
        {
            if (_text.Now is '}' or ']')
            {
                if (_open.Closed())
                    return;
                _text.BlankLines();
                continue;
            }
            try
            {
                Field(into);
                Separator("field");
            }
            catch (UnreadableException e) when (!e.Final)
            {
                Fault(e.Fault);
                Recover();
            }
            _path.RemoveRange(depth, _path.Count - depth);
        }
        if (braces)
            _open.NeverClosed();
    }

    private void Field(BlockNode into)
    {
        if (_text.Sees("include") && Include(into))
            return;
        var start = _text.Here;
        var key = FieldPath.Read(_text, "a key");
        _path.AddRange(key);
        Deepen(_path.Count);
        if (_path.Sum(p => p.Length) > Reading.LongestPath)
            throw new UnreadableException(
                start,
                $"the path of this field is longer than {Reading.LongestPath} characters. Shorten it.",
                final: true
            );
        var lineEnd = _text.Fork();
        if (_text.BlankLines() && !_text.AtSeparator && _text.Now != '{')
        {
            _text.Join(lineEnd);
            throw NoValue(start, "has no value");
        }
        var at = _text.Here;
        var append = _text.Take("+=");
        if (!append && _text.AtSeparator)
            _text.Skip();
        else if (!append && _text.Now != '{')
            throw new UnreadableException(
                at,
                $"expected '=', ':', '+=' or '{{' after the key, found {_text.Shown}. "
                    + "A field is key = value, key : value or key { … }."
            );
        var value = Value(start, "has no value");
        into.Put(key, append ? new AppendNode(value.At, Dotted(), value) : value);
    }

    private void Separator(string what)
    {
        var newline = _text.BlankLines();
        if (_text.Now == ',')
        {
            _text.Skip();
            _text.BlankLines();
            if (_text.Now == ',')
                throw new UnreadableException(
                    _text.Here,
                    $"two commas in a row. One comma or a new line stands between two {what}s. Remove one."
                );
        }
        else if (!newline && !_text.End && _text.Now is not ('}' or ']'))
            throw new UnreadableException(
                _text.Here,
                $"expected ',' or a new line after the {what}, found "
                    + $"{_text.Shown}. Begin the next {what} on a new line, or put text that holds it in quotes."
            );
    }

    private Node Value(Place owner, string nothing)
    {
        _text.Blanks();
        var lineEnd = _text.Fork();
        var later = _text.BlankLines();
        var parts = new List<(string Gap, Node Node)>();
        var at = _text.Here;
        while (!_text.End)
        {
            var gap = _text.Blanks();
            if (_text.End || _text.Now is '\n' or ',' or '}' or ']' || _text.AtComment)
                break;
            if (later && parts is [(_, TextNode or NullNode), ..] && (_text.AtSeparator || _text.Now == '{'))
            {
                // What stands on the next line is another field: this one was left without a value.
                _text.Join(lineEnd);
                throw NoValue(owner, nothing);
            }
            parts.Add((gap, Part()));
        }
        if (parts.Count > 0)
            return ValueJoin.Of(at, Dotted(), parts);
        if (later)
            _text.Join(lineEnd);
        throw NoValue(owner, nothing);
    }

    private Node Part()
    {
        var at = _text.Here;
        if (_text.Now == '{')
            return Braces();
        if (_text.Now == '[')
            return Brackets();
        if (_text.Now == '"')
            return new TextNode(at, _text.Quoted());
        if (_text.Sees("${"))
            return Reference(at);
        return _text.Unquoted(inKey: false) switch
        {
            "" => throw new UnreadableException(
                at,
                $"{_text.Shown} cannot stand in an unquoted value. Put the value "
                    + "in quotes; begin another field on a new line or after ','."
            ),
            "null" => new NullNode(at),
            var word => new TextNode(at, word),
        };
    }

    private ListNode Brackets()
    {
        var (at, items) = (_text.Here, new List<Node>());
        Open();
        _lists++;
        _text.BlankLines();
        while (true)
        {
            if (_text.End)
            {
                _open.NeverClosed();
                break;
            }
            if (_text.Now is '}' or ']')
            {
                if (_open.Closed())
                    break;
                _text.BlankLines();
                continue;
            }
            try
            {
                items.Add(Value(_text.Here, "an item of the list has no value"));
                Separator("item");
            }
            catch (UnreadableException e) when (!e.Final)
            {
                Fault(e.Fault);
                Recover();
            }
        }
        _lists--;
        return new ListNode(at, items);
    }

    private ReferenceNode Reference(Place at)
    {
        _text.Skip(2);
        var optional = _text.Take("?");
        _text.Blanks();
        var path = FieldPath.Read(_text, "a path");
        if (!_text.Take("}"))
            throw new UnreadableException(
                at,
                "the '${' opened here is never closed. A substitution is ${path} or " + "${?path}. Add the missing '}'."
            );
        if (_prefix is null)
            throw new UnreadableException(
                at,
                "a file that is included within a list cannot hold substitutions: no "
                    + "path leads into a list. Give the block a key of its own, and substitute that in the list."
            );
        return new ReferenceNode(at, path, optional, _prefix, Dotted());
    }

    private bool Include(BlockNode into)
    {
        var (at, ahead) = (_text.Here, _text.Fork());
        if (ahead.Unquoted(inKey: true) != "include")
            return false;
        ahead.BlankLines();
        if (ahead.AtSeparator || ahead.Now is '{' or '.')
            return false;
        var open = 0;
        while (ahead.Take("required(") || ahead.Take("file("))
        {
            open++;
            ahead.BlankLines();
        }
        if (ahead.Now != '"')
            throw new UnreadableException(
                at,
                "an include names a file in quotes: include \"x.conf\", or include "
                    + "required(file(\"x.conf\")). To use the word as a key, put it in quotes."
            );
        var name = ahead.Quoted();
        for (; open > 0; open--)
        {
            ahead.BlankLines();
            if (!ahead.Take(")"))
                throw new UnreadableException(at, $"include \"{name}\": a '(' is not closed. Add the missing ')'.");
        }
        _text.Join(ahead);
        var depth = _outside + _open.Depth + 1;
        Deepen(depth);
        _includes.Read(at, name, into, _lists > 0 ? null : [.. _path], depth);
        return true;
    }

    // Goes on at the end of the field or item that holds the fault.
    private void Recover()
    {
        var depth = 0;
        while (!_text.End && !(depth == 0 && _text.Now is ',' or '\n' or '}' or ']'))
        {
            if (_text.AtComment)
                _text.Line();
            else if (_text.Now == '"')
                SkipQuoted();
            else
            {
                depth += _text.Now switch
                {
                    '{' or '[' => 1,
                    '}' or ']' => -1,
                    _ => 0,
                };
                _text.Skip();
            }
        }
        while (_text.BlankLines() | _text.Take(",")) { }
    }

    private void SkipQuoted()
    {
        try
        {
            _text.Quoted();
        }
        catch (UnreadableException e) when (!e.Final)
        {
            // told, or part of what is told
        }
    }

    private void Open()
    {
        Deepen(_outside + _open.Depth + 1);
        _open.Open();
    }

    private void Deepen(int depth)
    {
        if (depth > Reading.Deepest)
            throw new UnreadableException(
                _text.Here,
                $"blocks, lists and includes lie more than {Reading.Deepest} deep. Flatten them.",
                final: true
            );
    }

    private static UnreadableException NoValue(Place at, string nothing) =>
        new(at, $"{nothing}. Add one, or write \"\" for empty text.");

    private void Fault(Place at, string text) => _reading.Malform(new HoconFault(at, "", text));

    private void Fault(HoconFault fault) => _reading.Malform(fault with { Path = Dotted() });

    private string Dotted() => string.Join('.', _path);
}
