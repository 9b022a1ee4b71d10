// Expressions from tokens, with Jinja's precedence. Knows what may stand where, not what it means.
using System.Globalization;

namespace AgentArena.Models.Tokens.Templates;

/// <summary>Reads tokens one after another.</summary>
internal sealed class TokenReader(IReadOnlyList<Token> tokens)
{
    private int _at;

    public Token Now => tokens[_at];

    public Token Ahead => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public int Line => Now.Line;

    public Token Take() => tokens[_at < tokens.Count - 1 ? _at++ : _at];

    public bool Is(TokenKind kind, string text) => Now.Kind == kind && Now.Text == text;

    public bool IsOperator(params ReadOnlySpan<string> signs) =>
        Now.Kind == TokenKind.Operator && signs.Contains(Now.Text);

    public bool Skip(string sign)
    {
        if (!Is(TokenKind.Operator, sign))
            return false;
        Take();
        return true;
    }

    public bool SkipName(string name)
    {
        if (!Is(TokenKind.Name, name))
            return false;
        Take();
        return true;
    }

    public void Want(string sign)
    {
        if (!Skip(sign))
            throw Unexpected($"'{sign}'");
    }

    public string Name()
    {
        if (Now.Kind != TokenKind.Name)
            throw Unexpected("a name");
        return Take().Text;
    }

    public TemplateException Unexpected(string wanted) =>
        TemplateException.At(
            Line,
            $"{(Now.Kind == TokenKind.End ? "the end" : $"'{Now.Text}'")} stands where {wanted} should"
        );
}

/// <summary>Parses expressions.</summary>
internal sealed class ExpressionParser(TokenReader read)
{
    private const int MostDepth = 100;
    private int _depth;

    /// <summary>An expression, with an inline <c>if</c>.</summary>
    public Expression Whole()
    {
        if (++_depth > MostDepth)
            throw TemplateException.At(read.Line, $"expressions nest more than {MostDepth} deep");
        var value = Or();
        while (read.SkipName("if"))
        {
            var condition = Or();
            value = new Choice(read.Line, condition, value, read.SkipName("else") ? Whole() : null);
        }
        _depth--;
        return value;
    }

    /// <summary>An expression, or several with commas between: a list.</summary>
    public Expression Several()
    {
        var (line, first) = (read.Line, Whole());
        if (!read.IsOperator(","))
            return first;
        List<Expression> items = [first];
        while (read.Skip(",") && !Ends())
            items.Add(Whole());
        return new ListOf(line, items);
    }

    /// <summary>An expression without an inline <c>if</c>, as a loop goes over.</summary>
    public Expression WithoutIf() => Or();

    /// <summary>The filters behind a <c>|</c>, or those of a filter block.</summary>
    public (string Name, Given Given) Filter()
    {
        var (line, name) = (read.Line, read.Name());
        while (read.Skip("."))
            name += "." + read.Name();
        if (!TemplateFilters.Known(name))
            throw TemplateException.At(
                line,
                Core.Configuration.DidYouMean.Unknown("filter", name, TemplateFilters.Names)
            );
        return (name, read.IsOperator("(") ? Parenthesised() : Given.None);
    }

    private bool Ends() =>
        read.Now.Kind is TokenKind.BlockEnd or TokenKind.PrintEnd or TokenKind.End
        || read.IsOperator(")", "]", "}", "=");

    private Expression Or()
    {
        var left = And();
        while (read.SkipName("or"))
            left = new Logic(read.Line, false, left, And());
        return left;
    }

    private Expression And()
    {
        var left = Negated();
        while (read.SkipName("and"))
            left = new Logic(read.Line, true, left, Negated());
        return left;
    }

    private Expression Negated()
    {
        var (line, times) = (read.Line, 0);
        while (read.SkipName("not"))
            times++;
        var value = Compared();
        for (; times > 0; times--)
            value = new Not(line, value);
        return value;
    }

    private Expression Compared()
    {
        var (line, first) = (read.Line, Added());
        List<(string, Expression)> links = [];
        while (true)
        {
            if (read.IsOperator("==", "!=", "<", "<=", ">", ">="))
                links.Add((read.Take().Text, Added()));
            else if (read.SkipName("in"))
                links.Add(("in", Added()));
            else if (read.Is(TokenKind.Name, "not") && read.Ahead is { Kind: TokenKind.Name, Text: "in" })
            {
                read.Take();
                read.Take();
                links.Add(("not in", Added()));
            }
            else
                return links.Count == 0 ? first : new Comparison(line, first, links);
        }
    }

    private Expression Added() => Chain(Concatenated, "+", "-");

    private Expression Concatenated() => Chain(Multiplied, "~");

    private Expression Multiplied() => Chain(Raised, "*", "/", "//", "%");

    private Expression Raised() => Chain(() => Unary(filters: true), "**");

    private Expression Chain(Func<Expression> part, params string[] signs)
    {
        var left = part();
        while (read.IsOperator(signs))
        {
            var sign = read.Take();
            left = new Sum(sign.Line, sign.Text, left, part());
        }
        return left;
    }

    private Expression Unary(bool filters)
    {
        var line = read.Line;
        if (++_depth > MostDepth)
            throw TemplateException.At(line, $"expressions nest more than {MostDepth} deep");
        Expression value;
        if (read.IsOperator("-", "+"))
            value = new Signed(line, read.Take().Text == "-", Unary(filters: false));
        else
            value = Postfix(Primary());
        _depth--;
        return filters ? FilteredAndTested(value) : value;
    }

    private Expression Primary()
    {
        var token = read.Take();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => new Literal(token.Line, true),
                    "false" or "False" => new Literal(token.Line, false),
                    "none" or "None" => new Literal(token.Line, null),
                    _ => new NameOf(token.Line, token.Text),
                };
            case TokenKind.Text:
                var text = token.Text;
                while (read.Now.Kind == TokenKind.Text)
                    text += read.Take().Text;
                return new Literal(token.Line, text);
            case TokenKind.Integer:
                return long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
                    ? new Literal(token.Line, whole)
                    : throw TemplateException.At(token.Line, $"{token.Text} is too large");
            case TokenKind.Float:
                return new Literal(token.Line, double.Parse(token.Text, CultureInfo.InvariantCulture));
            case TokenKind.Operator when token.Text == "(":
                if (read.Skip(")"))
                    return new ListOf(token.Line, []);
                var inner = Several();
                read.Want(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return new ListOf(token.Line, Separated("]", Whole));
            case TokenKind.Operator when token.Text == "{":
                return new MapOf(token.Line, Separated("}", () =>
                    {
                        var key = Whole();
                        read.Want(":");
                        return (key, Whole());
                    }));
            default:
                throw TemplateException.At(
                    token.Line,
                    $"{(token.Kind == TokenKind.End ? "the end" : $"'{token.Text}'")} stands where a value should"
                );
        }
    }

    private List<T> Separated<T>(string end, Func<T> part)
    {
        List<T> parts = [];
        while (!read.Skip(end))
        {
            if (parts.Count > 0)
            {
                read.Want(",");
                if (read.Skip(end))
                    break;
            }
            parts.Add(part());
        }
        return parts;
    }

    private Expression Postfix(Expression value)
    {
        while (true)
        {
            var line = read.Line;
            if (read.Skip("."))
                value =
                    read.Now.Kind == TokenKind.Integer
                        ? new Item(
                            line,
                            value,
                            new Literal(line, long.Parse(read.Take().Text, CultureInfo.InvariantCulture))
                        )
                        : new Attribute(line, value, read.Name());
            else if (read.Skip("["))
                value = Subscript(line, value);
            else if (read.IsOperator("("))
                value = new Call(line, value, Parenthesised());
            else
                return value;
        }
    }

    private Expression Subscript(int line, Expression value)
    {
        Expression?[] parts = [null, null, null];
        var (colons, given) = (0, false);
        while (!read.Skip("]"))
        {
            if (read.Skip(":"))
            {
                if (++colons > 2)
                    throw read.Unexpected("']'");
                given = false;
            }
            else if (given)
            {
                throw read.Unexpected("']'");
            }
            else
            {
                (parts[colons], given) = (Whole(), true);
            }
        }
        if (colons > 0)
            return new Slice(line, value, parts[0], parts[1], parts[2]);
        return new Item(line, value, parts[0] ?? throw TemplateException.At(line, "[] asks for nothing"));
    }

    private Given Parenthesised()
    {
        read.Want("(");
        List<Expression> values = [];
        List<(string, Expression)> named = [];
        Separated(")", () =>
        {
            if (read.IsOperator("*", "**"))
                throw TemplateException.At(read.Line, "arguments spread by * are not supported");
            if (read.Now.Kind == TokenKind.Name && read.Ahead is { Kind: TokenKind.Operator, Text: "=" })
            {
                var name = read.Take().Text;
                read.Take();
                named.Add((name, Whole()));
            }
            else if (named.Count > 0)
                throw read.Unexpected("a named argument");
            else
                values.Add(Whole());
            return true;
        });
        return new Given(values, named);
    }

    private Expression FilteredAndTested(Expression value)
    {
        while (true)
        {
            var line = read.Line;
            if (read.Skip("|"))
            {
                var (name, given) = Filter();
                value = new Filtered(line, value, name, given);
            }
            else if (read.SkipName("is"))
                value = Test(line, value);
            else if (read.IsOperator("("))
                value = new Call(line, value, Parenthesised());
            else
                return value;
        }
    }

    private Expression Test(int line, Expression value)
    {
        var negated = read.SkipName("not");
        var name = read.Name();
        if (!TemplateTests.Known(name))
            throw TemplateException.At(line, Core.Configuration.DidYouMean.Unknown("test", name, TemplateTests.Names));
        var given = Given.None;
        if (read.IsOperator("("))
            given = Parenthesised();
        else if (
            read.Now.Kind is TokenKind.Text or TokenKind.Integer or TokenKind.Float
            || read.IsOperator("[", "{")
            || (
                read.Now.Kind == TokenKind.Name
                && read.Now.Text is not ("else" or "or" or "and" or "if" or "is" or "in" or "not")
            )
        )
            given = new Given([Postfix(Primary())], []);
        Expression tested = new Tested(line, value, name, given);
        return negated ? new Not(line, tested) : tested;
    }
}
