// Statements from tokens. Knows the tags; expressions are parsed beside it.
namespace AgentArena.Models.Tokens.Templates;

/// <summary>Parses a template.</summary>
internal sealed class TemplateParser
{
    private const int MostDepth = 60;
    private static readonly string[] Tags =
    [
        "for",
        "if",
        "set",
        "macro",
        "filter",
        "with",
        "generation",
        "break",
        "continue",
        "raw",
    ];
    private readonly TokenReader _read;
    private readonly ExpressionParser _expressions;
    private int _depth;
    private int _loops;

    private TemplateParser(List<Token> tokens)
    {
        _read = new TokenReader(tokens);
        _expressions = new ExpressionParser(_read);
    }

    /// <summary>The statements of a template.</summary>
    /// <exception cref="TemplateException">What is not Jinja, or not supported, with its line.</exception>
    public static IReadOnlyList<Statement> Parse(string source)
    {
        var parser = new TemplateParser(TemplateLexer.Cut(source));
        var (body, _) = parser.Body();
        return body;
    }

    // Statements up to one of the ends, which is taken with its name; no ends are the template's own.
    private (IReadOnlyList<Statement> Body, string End) Body(params ReadOnlySpan<string> ends)
    {
        if (++_depth > MostDepth)
            throw TemplateException.At(_read.Line, $"blocks nest more than {MostDepth} deep");
        var opened = _read.Line;
        List<Statement> body = [];
        while (true)
        {
            var token = _read.Take();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    body.Add(new Data(token.Line, token.Text));
                    break;
                case TokenKind.PrintBegin:
                    body.Add(new Print(token.Line, _expressions.Several()));
                    Close(TokenKind.PrintEnd, "}}");
                    break;
                case TokenKind.BlockBegin:
                    var tag = _read.Name();
                    if (ends.Contains(tag))
                    {
                        _depth--;
                        return (body, tag);
                    }
                    body.Add(Tag(token.Line, tag));
                    break;
                default:
                    if (ends.Length > 0)
                        throw TemplateException.At(opened, $"a block that begins here has no {ends[^1]}");
                    _depth--;
                    return (body, "");
            }
        }
    }

    private Statement Tag(int line, string tag) =>
        tag switch
        {
            "if" => If(line),
            "for" => For(line),
            "set" => Set(line),
            "macro" => Macro(line),
            "filter" => FilterBlock(line),
            "with" => With(line),
            "generation" => Generation(line),
            "break" or "continue" => Leaving(line, tag),
            _ => throw TemplateException.At(line, Core.Configuration.DidYouMean.Unknown("tag", tag, Tags)),
        };

    private If If(int line)
    {
        List<(Expression, IReadOnlyList<Statement>)> cases = [];
        IReadOnlyList<Statement> otherwise = [];
        while (true)
        {
            var condition = _expressions.Several();
            End();
            var (body, end) = Body("elif", "else", "endif");
            cases.Add((condition, body));
            if (end == "elif")
                continue;
            if (end == "else")
            {
                End();
                (otherwise, _) = Body("endif");
            }
            End();
            return new If(line, cases, otherwise);
        }
    }

    private For For(int line)
    {
        var target = Target();
        if (!_read.SkipName("in"))
            throw _read.Unexpected("'in'");
        var over = _expressions.WithoutIf();
        var where = _read.SkipName("if") ? _expressions.Whole() : null;
        if (_read.Is(TokenKind.Name, "recursive"))
            throw TemplateException.At(line, "recursive loops are not supported");
        End();
        _loops++;
        var (body, end) = Body("else", "endfor");
        _loops--;
        IReadOnlyList<Statement> otherwise = [];
        if (end == "else")
        {
            End();
            (otherwise, _) = Body("endfor");
        }
        End();
        return new For(line, target, over, where, body, otherwise);
    }

    private Target Target()
    {
        var (line, enclosed) = (_read.Line, _read.Skip("("));
        List<string> names = [_read.Name()];
        string? attribute = null;
        if (_read.Skip("."))
            attribute = _read.Name();
        else
            while (_read.Skip(","))
                names.Add(_read.Name());
        if (enclosed)
            _read.Want(")");
        return new Target(line, names, attribute);
    }

    private Statement Set(int line)
    {
        var target = Target();
        if (_read.Skip("="))
        {
            var value = _expressions.Several();
            End();
            return new Set(line, target, value);
        }
        var filters = Filters();
        End();
        var (body, _) = Body("endset");
        End();
        return new Captured(line, target, filters, body);
    }

    private Captured FilterBlock(int line)
    {
        List<(string, Given)> filters = [_expressions.Filter(), .. Filters()];
        End();
        var (body, _) = Body("endfilter");
        End();
        return new Captured(line, null, filters, body);
    }

    private List<(string, Given)> Filters()
    {
        List<(string, Given)> filters = [];
        while (_read.Skip("|"))
            filters.Add(_expressions.Filter());
        return filters;
    }

    private Within With(int line)
    {
        List<(string, Expression)> names = [];
        while (_read.Now.Kind == TokenKind.Name)
        {
            var name = _read.Name();
            _read.Want("=");
            names.Add((name, _expressions.Whole()));
            if (!_read.Skip(","))
                break;
        }
        End();
        var (body, _) = Body("endwith");
        End();
        return new Within(line, names, body);
    }

    private Within Generation(int line)
    {
        End();
        var (body, _) = Body("endgeneration");
        End();
        return new Within(line, [], body);
    }

    private Leave Leaving(int line, string tag)
    {
        if (_loops == 0)
            throw TemplateException.At(line, $"{tag} stands outside a loop");
        End();
        return new Leave(line, tag == "break" ? Flow.Break : Flow.Continue);
    }

    private Macro Macro(int line)
    {
        var name = _read.Name();
        List<(string, Expression?)> parameters = [];
        _read.Want("(");
        while (!_read.Skip(")"))
        {
            if (parameters.Count > 0)
                _read.Want(",");
            parameters.Add((_read.Name(), _read.Skip("=") ? _expressions.Whole() : null));
        }
        End();
        var loops = _loops;
        _loops = 0;
        var (body, _) = Body("endmacro");
        _loops = loops;
        if (_read.Now.Kind == TokenKind.Name)
            _read.Take(); // endmacro may repeat the name
        End();
        return new Macro(line, name, parameters, body);
    }

    private void End() => Close(TokenKind.BlockEnd, "%}");

    private void Close(TokenKind kind, string end)
    {
        if (_read.Now.Kind != kind)
            throw _read.Unexpected($"'{end}'");
        _read.Take();
    }
}
