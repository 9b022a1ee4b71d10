// Functions by all their names.
namespace AgentArena.Games.Answers;

/// <summary>Names of functions.</summary>
internal static class Functions
{
    private static readonly Dictionary<string, string> ByName = """
        sin cos tan cot sec csc arcsin arccos arctan arccot arcsec arccsc sinh cosh tanh coth sech csch
        arsinh arcosh artanh ln log exp max min gcd lcm sgn floor ceil abs
        tg=tan ctg=cot cotan=cot cosec=csc arctg=arctan arcctg=arccot asin=arcsin acos=arccos atan=arctan
        arcsinh=arsinh arccosh=arcosh arctanh=artanh asinh=arsinh acosh=arcosh atanh=artanh
        lg=log sign=sgn ceiling=ceil
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(n => n.Split('=')).ToDictionary(
        n => n[0],
        n => n[^1],
        StringComparer.Ordinal
    );

    private static readonly Dictionary<string, string> Inverses = new(StringComparer.Ordinal)
    {
        ["sin"] = "arcsin",
        ["cos"] = "arccos",
        ["tan"] = "arctan",
        ["cot"] = "arccot",
        ["sec"] = "arcsec",
        ["csc"] = "arccsc",
        ["sinh"] = "arsinh",
        ["cosh"] = "arcosh",
        ["tanh"] = "artanh",
        ["arcsin"] = "sin",
        ["arccos"] = "cos",
        ["arctan"] = "tan",
    };

    /// <summary>The function's one name; null where there is no such function.</summary>
    public static string? Named(string name) => ByName.GetValueOrDefault(name);

    /// <summary>What f^{-1} means for a function that has an inverse of its own name; null for others.</summary>
    public static string? Inverse(string name) => Inverses.GetValueOrDefault(name);
}
