// A small algebraic expression: numbers, letters, the usual functions, in LaTeX or plain signs; evaluated at points. Bounded; never throws.
using System.Globalization;
using System.Numerics;

namespace AgentArena.Core.Answers;

/// <summary>A parsed expression over complex numbers.</summary>
internal sealed class Formula
{
    private const int MaxLength = 1000, MaxDepth = 40;

    private static readonly HashSet<string> Functions =
        ["sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "ln", "log", "lg", "exp", "sqrt", "cbrt", "abs"];

    private readonly string _s;
    private readonly List<string> _names;
    private int _at;
    private int _depth;

    private Formula(string s, List<string> names) => (_s, _names) = (s, names);

    /// <summary>What to multiply out at a point; the point has a value for each name.</summary>
    public delegate Complex Value(Complex[] point);

    /// <summary>Parses <paramref name="text"/>; unknown letters join <paramref name="names"/>. Null where it is no expression.</summary>
    public static Value? Parse(string text, List<string> names)
    {
        if (text.Length is 0 or > MaxLength) return null;
        var parser = new Formula(text, names);
        var value = parser.Sum();
        parser.Space();
        return parser._at == text.Length ? value : null;
    }

    private void Space()
    {
        while (_at < _s.Length && _s[_at] == ' ') _at++;
    }

    private char Peek()
    {
        Space();
        return _at < _s.Length ? _s[_at] : '\0';
    }

    private bool Take(string token)
    {
        Space();
        if (string.CompareOrdinal(_s, _at, token, 0, token.Length) != 0) return false;
        if (token[0] == '\\' && _at + token.Length < _s.Length && char.IsAsciiLetter(_s[_at + token.Length])) return false;
        _at += token.Length;
        return true;
    }

    private Value? Sum()
    {
        if (++_depth > MaxDepth || Product() is not { } sum) return null;
        while (true)
        {
            var left = sum;
            if (Take("+"))
            {
                if (Product() is not { } right) return null;
                sum = p => left(p) + right(p);
            }
            else if (Take("-"))
            {
                if (Product() is not { } right) return null;
                sum = p => left(p) - right(p);
            }
            else
            {
                _depth--;
                return sum;
            }
        }
    }

    private Value? Product()
    {
        if (Unary() is not { } product) return null;
        while (true)
        {
            var left = product;
            if (Take("*") || Take(@"\cdot") || Take(@"\times"))
            {
                if (Unary() is not { } right) return null;
                product = p => left(p) * right(p);
            }
            else if (Take("/") || Take(@"\div"))
            {
                if (Unary() is not { } right) return null;
                product = p => left(p) / right(p);
            }
            else if (Peek() is var next && (char.IsAsciiLetter(next) || next is '(' or '{' or '[' || next == '\\'))
            {
                if (Power() is not { } right) return null;
                product = p => left(p) * right(p);
            }
            else return product;
        }
    }

    private Value? Unary()
    {
        var minus = false;
        while (Peek() is '-' or '+') minus ^= _s[_at++] == '-';
        return Power() is not { } value ? null : minus ? p => -value(p) : value;
    }

    private Value? Power()
    {
        if (++_depth > MaxDepth || Atom() is not { } value) return null;
        while (Take("!"))
        {
            var of = value;
            value = p => Factorial(of(p));
        }
        if (Take("^"))
        {
            var root = value;
            if (Exponent() is not { } power) return null;
            value = p => Raise(root(p), power(p));
        }
        _depth--;
        return value;
    }

    private Value? Exponent()
    {
        var minus = Take("-");
        var value = Argument();
        if (value is null) return null;
        if (Take("^"))
        {
            var root = value;
            if (Exponent() is not { } power) return null;
            value = p => Raise(root(p), power(p));
        }
        return minus ? p => -value(p) : value;
    }

    // A group, or one digit or sign, as LaTeX takes arguments; whole numbers where they are plain text (x^10).
    private Value? Argument(bool oneDigit = false)
    {
        if (Peek() == '{') return Group('{', '}');
        if (oneDigit && char.IsAsciiDigit(Peek()))
        {
            var digit = _s[_at++] - '0';
            return _ => digit;
        }
        return ++_depth > MaxDepth || Atom() is not { } value ? null : Left(value);
    }

    private Value Left(Value value)
    {
        _depth--;
        return value;
    }

    private Value? Group(char open, char close)
    {
        if (Peek() != open) return null;
        _at++;
        var value = Sum();
        if (Peek() != close) return null;
        _at++;
        return value;
    }

    private Value? Atom() => Peek() switch
    {
        >= '0' and <= '9' or '.' => Number(),
        '(' => Group('(', ')'),
        '{' => Group('{', '}'),
        '[' => Group('[', ']'),
        '|' => Absolute(),
        '\\' => Command(),
        var c when char.IsAsciiLetter(c) => Letters(),
        _ => null,
    };

    private Value? Number()
    {
        var value = Digits();
        if (value is null) return null;
        // A mixed number: a whole number, then a fraction of whole numbers.
        var mark = _at;
        var whole = value.Value;
        if (whole == Math.Floor(whole))
        {
            if (Take(@"\frac") && Argument(oneDigit: true) is { } over && Argument(oneDigit: true) is { } under && IsMixed(_s.AsSpan(mark, _at - mark)))
                return p => whole + over(p) / under(p);
            _at = mark;
            if (_at < _s.Length && _s[_at] == ' ' && char.IsAsciiDigit(Peek()) && Digits() is { } a && Take("/") && char.IsAsciiDigit(Peek()) && Digits() is { } b && a < b)
                return _ => whole + a / b;
            _at = mark;
        }
        return _ => whole;
    }

    private static bool IsMixed(ReadOnlySpan<char> fraction)
    {
        foreach (var c in fraction.TrimStart()[@"\frac".Length..])
            if (!char.IsAsciiDigit(c) && c is not ('{' or '}' or ' ')) return false;
        return true;
    }

    private double? Digits()
    {
        Space();
        var start = _at;
        while (_at < _s.Length && char.IsAsciiDigit(_s[_at])) _at++;
        if (_at < _s.Length && _s[_at] == '.') for (_at++; _at < _s.Length && char.IsAsciiDigit(_s[_at]);) _at++;
        // 3e5, 3E-5
        if (_at > start && _at + 1 < _s.Length && _s[_at] is 'e' or 'E' && (char.IsAsciiDigit(_s[_at + 1]) || _s[_at + 1] is '-' or '+' && _at + 2 < _s.Length && char.IsAsciiDigit(_s[_at + 2])))
            for (_at += 2; _at < _s.Length && char.IsAsciiDigit(_s[_at]);) _at++;
        return double.TryParse(_s.AsSpan(start, _at - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private Value? Absolute()
    {
        _at++;
        var value = Sum();
        if (value is null || !Take("|")) return null;
        return p => Complex.Abs(value(p));
    }

    private Value? Command()
    {
        if (Take(@"\frac"))
        {
            if (Argument(oneDigit: true) is not { } over || Argument(oneDigit: true) is not { } under) return null;
            return p => over(p) / under(p);
        }
        if (Take(@"\binom"))
        {
            if (Argument(oneDigit: true) is not { } n || Argument(oneDigit: true) is not { } k) return null;
            return p => Factorial(n(p)) / (Factorial(k(p)) * Factorial(n(p) - k(p)));
        }
        if (Take(@"\sqrt")) return Root();
        if (Take(@"\pi")) return _ => Math.PI;
        if (Take(@"\infty")) return _ => double.PositiveInfinity;
        if (Take(@"\{")) return null;
        var start = ++_at;
        while (_at < _s.Length && char.IsAsciiLetter(_s[_at])) _at++;
        var name = _s[start.._at];
        return Functions.Contains(name) ? Function(name) : name.Length is > 1 and < 12 ? Variable("\\" + name) : null;   // Greek letters
    }

    private Value? Root()
    {
        Value degree = _ => 2;
        if (Peek() == '[')
        {
            if (Group('[', ']') is not { } given) return null;
            degree = given;
        }
        if (Argument(oneDigit: true) is not { } of) return null;
        return p => Raise(of(p), 1 / degree(p));
    }

    private Value? Letters()
    {
        var start = _at;
        while (_at < _s.Length && char.IsAsciiLetter(_s[_at])) _at++;
        var word = _s[start.._at];
        if (word is "pi") return _ => Math.PI;
        if (word is "inf" or "infinity" or "oo") return _ => double.PositiveInfinity;
        if (word is "sqrt") return Root();
        if (Functions.Contains(word)) return Function(word);
        if (word.Length > 3 || word.Length == 3 && word.Any(char.IsUpper)) return null;       // a word, not a product
        _at = start + 1;
        return word[0] switch { 'i' => _ => Complex.ImaginaryOne, 'e' => _ => Math.E, _ => Variable(word[..1]) };
    }

    private Value? Variable(string name)
    {
        if (Take("_"))
        {
            var start = _at;
            if (Argument(oneDigit: true) is null) return null;
            name += "_" + _s[start.._at].Trim('{', '}', ' ');
        }
        var index = _names.IndexOf(name);
        if (index < 0)
        {
            if (_names.Count >= 12) return null;
            _names.Add(name);
            index = _names.Count - 1;
        }
        return p => p[index];
    }

    private Value? Function(string name)
    {
        Value? root = null, power = null;
        for (var i = 0; i < 2; i++)
        {
            if (root is null && name == "log" && Take("_") && (root = Argument(oneDigit: true)) is null) return null;
            if (power is null && Take("^") && (power = Exponent()) is null) return null;
        }
        Value? of;
        if (Peek() is '(' or '{') of = Atom();
        else
        {
            // \sin 2x: what follows without a sign in between.
            of = Power();
            while (of is { } left && Peek() is var next && (char.IsAsciiLetter(next) || next == '\\' && PeekIsOperand()))
                of = Power() is { } right ? p => left(p) * right(p) : null;
        }
        if (of is null) return null;
        Value value = p => Apply(name, of(p), root is null ? 10 : root(p));
        return power is null ? value : p => Raise(value(p), power(p));
    }

    private bool PeekIsOperand()
    {
        foreach (var sign in (string[])[@"\cdot", @"\times", @"\div", @"\sin", @"\cos", @"\tan", @"\log", @"\ln"])
            if (string.CompareOrdinal(_s, _at, sign, 0, sign.Length) == 0) return false;
        return true;
    }

    private static Complex Apply(string name, Complex x, Complex root) => name switch
    {
        "sin" => Complex.Sin(x),
        "cos" => Complex.Cos(x),
        "tan" => Complex.Tan(x),
        "cot" => 1 / Complex.Tan(x),
        "sec" => 1 / Complex.Cos(x),
        "csc" => 1 / Complex.Sin(x),
        "arcsin" => Complex.Asin(x),
        "arccos" => Complex.Acos(x),
        "arctan" => Complex.Atan(x),
        "sinh" => Complex.Sinh(x),
        "cosh" => Complex.Cosh(x),
        "tanh" => Complex.Tanh(x),
        "ln" => Complex.Log(x),
        "log" or "lg" => Complex.Log(x) / Complex.Log(root),
        "exp" => Complex.Exp(x),
        "cbrt" => Raise(x, 1.0 / 3),
        "abs" => Complex.Abs(x),
        _ => Raise(x, 0.5),
    };

    // Real where it can be: odd roots of negative numbers, whole powers without rounding of the angle.
    private static Complex Raise(Complex x, Complex power)
    {
        if (x.Imaginary != 0 || power.Imaginary != 0) return Complex.Pow(x, power);
        var real = Math.Pow(x.Real, power.Real);
        if (!double.IsNaN(real) || double.IsNaN(x.Real) || double.IsNaN(power.Real)) return real;
        var odd = 1 / power.Real;
        if (Math.Abs(odd - Math.Round(odd)) < 1e-12 && (long)Math.Round(odd) % 2 != 0) return -Math.Pow(-x.Real, power.Real);
        return Complex.Pow(x, power);
    }

    private static Complex Factorial(Complex n)
    {
        if (n.Imaginary != 0 || n.Real is < 0 or > 170 || n.Real != Math.Floor(n.Real)) return double.NaN;
        var product = 1.0;
        for (var i = 2; i <= n.Real; i++) product *= i;
        return product;
    }
}
