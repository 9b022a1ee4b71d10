// Reads a small part of Python into a tree. Total: what it does not know is no program. Runs nothing.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AgentArena.Games.Corpus;

/// <summary>What is not of the part of Python that is read, or does not run.</summary>
internal sealed class ProgramFault(string message) : Exception(message);

/// <summary>Reads programs and arguments.</summary>
internal sealed class ProgramReader
{
    private const int Deepest = 40;
    private readonly List<(int Indent, List<string> Tokens)> _lines = [];
    private List<string> _tokens = [];
    private int _line,
        _at,
        _depth;

    /// <summary>A program that defines <c>f</c>; null where it is none, or uses what is not known here.</summary>
    public static FunctionNode? Program(string text)
    {
        try
        {
            var reader = new ProgramReader();
            foreach (var line in text.Split('\n'))
                if (line.Trim().Length > 0)
                    reader._lines.Add((line.Length - line.TrimStart(' ').Length, Tokens(line.Trim())));
            return reader.Function();
        }
        catch (ProgramFault)
        {
            return null;
        }
    }

    /// <summary>The arguments of a call, <c>3, [1, 2]</c>; null where they cannot be read.</summary>
    public static ImmutableArray<Node>? Arguments(string text)
    {
        try
        {
            var reader = new ProgramReader { _tokens = Tokens(text.Trim()) };
            var arguments = reader.Until("");
            return reader._at == reader._tokens.Count ? arguments : null;
        }
        catch (ProgramFault)
        {
            return null;
        }
    }

    private FunctionNode Function()
    {
        if (_lines.Count == 0)
            throw new ProgramFault("empty");
        Open(0);
        Want("def");
        Want("f");
        Want("(");
        var parameters = ImmutableArray.CreateBuilder<string>();
        while (Now != ")")
        {
            parameters.Add(Word());
            if (!Take(","))
                break;
        }
        Want(")");
        Want(":");
        End();
        var body = Block(0);
        return _line == _lines.Count
            ? new FunctionNode(parameters.ToImmutable(), body)
            : throw new ProgramFault("more than one function");
    }

    private ImmutableArray<Statement> Block(int outer)
    {
        if (_line >= _lines.Count || _lines[_line].Indent <= outer)
            throw new ProgramFault("no block");
        var indent = _lines[_line].Indent;
        var body = ImmutableArray.CreateBuilder<Statement>();
        while (_line < _lines.Count && _lines[_line].Indent == indent)
            body.Add(Read(indent));
        return _line < _lines.Count && _lines[_line].Indent > indent
            ? throw new ProgramFault("indent")
            : body.ToImmutable();
    }

    private Statement Read(int indent)
    {
        if (++_depth > Deepest)
            throw new ProgramFault("too deep");
        Open(_line);
        var made = Statement(indent);
        _depth--;
        return made;
    }

    private Statement Statement(int indent)
    {
        if (Take("return"))
            return new Statement.Return(Ended(Listed()));
        if (Take("if"))
        {
            var condition = Headed();
            var then = Block(indent);
            ImmutableArray<Statement> otherwise = [];
            if (_line < _lines.Count && _lines[_line].Indent == indent)
            {
                if (_lines[_line].Tokens[0] == "else")
                {
                    Open(_line);
                    Want("else");
                    Want(":");
                    End();
                    otherwise = Block(indent);
                }
                else if (_lines[_line].Tokens[0] == "elif")
                {
                    _lines[_line].Tokens[0] = "if";
                    otherwise = [Read(indent)];
                }
            }
            return new Statement.If(condition, then, otherwise);
        }
        if (Take("for"))
        {
            var variable = Word();
            Want("in");
            return new Statement.For(variable, Headed(), Block(indent));
        }
        if (_tokens.Count > 1 && _tokens[1] is "=" or "+=" or "-=" or "*=")
        {
            var (variable, sign) = (Word(), _tokens[1]);
            _at++;
            var value = Ended(Listed());
            return new Statement.Assign(
                variable,
                sign == "=" ? value : new Node.Binary(sign[..1], new Node.Name(variable), value)
            );
        }
        return new Statement.Do(Ended(Expression()));
    }

    private Node Headed()
    {
        var node = Expression();
        Want(":");
        return Ended(node);
    }

    private Node Ended(Node node)
    {
        End();
        return node;
    }

    // An expression, or several with commas between them: a tuple.
    private Node Listed()
    {
        var first = Expression();
        if (Now != ",")
            return first;
        var items = ImmutableArray.CreateBuilder<Node>();
        items.Add(first);
        while (Take(",") && Now is not ("" or ")"))
            items.Add(Expression());
        return new Node.Listed(items.ToImmutable(), Tuple: true);
    }

    private Node Expression()
    {
        if (++_depth > Deepest)
            throw new ProgramFault("too deep");
        var node = Or();
        if (Take("if"))
        {
            var condition = Or();
            Want("else");
            node = new Node.Choice(node, condition, Expression());
        }
        _depth--;
        return node;
    }

    private Node Or() => Chained(And, "or");

    private Node And() => Chained(Not, "and");

    private Node Not() => Take("not") ? new Node.Unary("not", Not()) : Compared();

    private Node Compared()
    {
        var left = Sum();
        if (Now is "==" or "!=" or "<" or ">" or "<=" or ">=" or "in")
            return new Node.Binary(Next(), left, Sum());
        if (Now == "not" && _at + 1 < _tokens.Count && _tokens[_at + 1] == "in")
        {
            _at += 2;
            return new Node.Unary("not", new Node.Binary("in", left, Sum()));
        }
        return left;
    }

    private Node Sum() => Chained(Product, "+", "-");

    private Node Product() => Chained(Signed, "*", "//", "%");

    private Node Signed() => Take("-") ? new Node.Unary("-", Signed()) : Postfix();

    private Node Chained(Func<Node> part, params ReadOnlySpan<string> signs)
    {
        var node = part();
        while (signs.Contains(Now))
            node = new Node.Binary(Next(), node, part());
        return node;
    }

    private Node Postfix()
    {
        var node = Atom();
        while (true)
            if (Take("."))
            {
                var method = Word();
                Want("(");
                node = new Node.Method(node, method, Until(")"));
                Want(")");
            }
            else if (Take("["))
            {
                Node? from = Now == ":" ? null : Expression();
                if (!Take(":"))
                    node = new Node.Index(node, from!);
                else
                {
                    Node? to = Now is "]" or ":" ? null : Expression();
                    var by = Take(":") && Now != "]" ? Expression() : null;
                    node = new Node.Slice(node, from, to, by);
                }
                Want("]");
            }
            else
                return node;
    }

    private Node Atom()
    {
        var token = Next();
        if (token is "True" or "False")
            return new Node.Literal(token == "True");
        if (token == "None")
            return new Node.Literal(null);
        if (char.IsAsciiDigit(token[0]))
            return new Node.Literal(
                long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw new ProgramFault("number")
            );
        if (token[0] == '\'')
            return new Node.Literal(token[1..]);
        if (token == "(")
        {
            if (Take(")"))
                return new Node.Listed([], Tuple: true);
            var inner = Listed();
            Want(")");
            return inner;
        }
        if (token == "[")
        {
            if (Take("]"))
                return new Node.Listed([], Tuple: false);
            var first = Expression();
            if (Take("for"))
            {
                var variable = Word();
                Want("in");
                var over = Or();
                var condition = Take("if") ? Or() : null;
                Want("]");
                return new Node.Comprehension(first, variable, over, condition);
            }
            var items = ImmutableArray.CreateBuilder<Node>();
            items.Add(first);
            while (Take(",") && Now != "]")
                items.Add(Expression());
            Want("]");
            return new Node.Listed(items.ToImmutable(), Tuple: false);
        }
        if (!char.IsAsciiLetter(token[0]) && token[0] != '_')
            throw new ProgramFault(token);
        if (!Take("("))
            return new Node.Name(token);
        var arguments = Until(")");
        Want(")");
        return new Node.Call(token, arguments);
    }

    private ImmutableArray<Node> Until(string close)
    {
        var items = ImmutableArray.CreateBuilder<Node>();
        while (Now != close)
        {
            items.Add(Expression());
            if (!Take(","))
                break;
        }
        return items.ToImmutable();
    }

    private string Now => _at < _tokens.Count ? _tokens[_at] : "";

    private string Next() => _at < _tokens.Count ? _tokens[_at++] : throw new ProgramFault("end");

    private string Word() =>
        Next() is var word && (char.IsAsciiLetter(word[0]) || word[0] == '_') ? word : throw new ProgramFault(word);

    private bool Take(string token)
    {
        if (Now != token)
            return false;
        _at++;
        return true;
    }

    private void Want(string token)
    {
        if (!Take(token))
            throw new ProgramFault($"{token} is missing");
    }

    private void Open(int line) => (_line, _tokens, _at) = (line, _lines[line].Tokens, 0);

    private void End()
    {
        if (_at < _tokens.Count)
            throw new ProgramFault(Now);
        _line++;
    }

    // Words, numbers, signs, and texts with a quote before them.
    private static List<string> Tokens(string line)
    {
        var tokens = new List<string>();
        for (var i = 0; i < line.Length; )
        {
            var (c, start) = (line[i], i);
            if (c == ' ')
                i++;
            else if (char.IsAsciiLetterOrDigit(c) || c == '_')
            {
                while (i < line.Length && (char.IsAsciiLetterOrDigit(line[i]) || line[i] == '_'))
                    i++;
                tokens.Add(line[start..i]);
            }
            else if (c is '\'' or '"')
            {
                var text = new StringBuilder("'");
                for (i++; i < line.Length && line[i] != c; i++)
                    text.Append(line[i] == '\\' ? throw new ProgramFault("escape") : line[i]);
                if (i++ >= line.Length)
                    throw new ProgramFault("open text");
                tokens.Add(text.ToString());
            }
            else
            {
                i +=
                    i + 1 < line.Length
                    && (line[i + 1] == '=' && "=!<>+-*".Contains(c) || c == '/' && line[i + 1] == '/')
                        ? 2
                        : 1;
                tokens.Add(line[start..i]);
            }
        }
        return tokens.Count > 0 ? tokens : throw new ProgramFault("empty");
    }
}
