// The signs of mathematics by all their LaTeX names. One character each, so that parsers ask for one thing.
namespace AgentArena.Games.Answers;

/// <summary>Commands by what they mean.</summary>
internal static class Signs
{
    /// <summary>Braces of a set, and the close that is not printed (\right.).</summary>
    public const char OpenSet = '⦃',
        CloseSet = '⦄',
        NoClose = '⍽';

    /// <summary>The end of a matrix row, and a wide blank, which may part two answers.</summary>
    public const char RowEnd = '␤',
        Wide = '␣';

    private const string Names = """
        ≤ le leq leqslant leqq
        ≥ ge geq geqslant geqq
        < lt
        > gt
        ≠ ne neq
        ≈ approx approxeq simeq doteq
        ≡ equiv
        ≅ cong
        ∼ sim
        ∝ propto
        ∈ in isin
        ∉ notin
        ∋ ni
        ⊂ subset
        ⊆ subseteq
        ⊃ supset
        ⊇ supseteq
        ∪ cup bigcup
        ∩ cap bigcap
        ∖ setminus backslash smallsetminus
        ∅ emptyset varnothing
        → to rightarrow longrightarrow
        ← leftarrow gets
        ⇒ Rightarrow implies Longrightarrow
        ⇔ iff Leftrightarrow Longleftrightarrow
        ↦ mapsto
        ± pm
        ∓ mp
        × times
        · cdot bullet ast
        ÷ div
        ∞ infty infin
        ° circ degree
        ′ prime
        ∠ angle measuredangle
        △ triangle
        ⟨ langle
        ⟩ rangle
        ⌊ lfloor
        ⌋ rfloor
        ⌈ lceil
        ⌉ rceil
        ∥ parallel Vert lVert rVert
        | vert mid lvert rvert
        ¬ neg lnot
        ∧ land wedge
        ∨ lor vee
        ∀ forall
        ∃ exists
        ⊥ perp bot
        ∂ partial
        ∇ nabla
        ∫ int
        … ldots dots cdots dotsc dotsb dotsm vdots
        ⦃ lbrace
        ⦄ rbrace
        ( lparen
        ) rparen
        [ lbrack
        ] rbrack
        % percent
        ¤ dollar
        £ pounds
        € euro
        □ square
        ∴ therefore
        """;

    // Letters, by command.
    private const string Letters = """
        α alpha
        β beta
        γ gamma
        δ delta
        ε epsilon varepsilon
        ζ zeta
        η eta
        θ theta vartheta
        ι iota
        κ kappa
        λ lambda
        μ mu
        ν nu
        ξ xi
        π pi
        ρ rho varrho
        σ sigma
        τ tau
        υ upsilon
        φ phi varphi
        χ chi
        ψ psi
        ω omega
        Γ Gamma
        Δ Delta
        Θ Theta
        Λ Lambda
        Ξ Xi
        Π Pi
        Σ Sigma
        Φ Phi
        Ψ Psi
        Ω Omega
        ℓ ell
        ℏ hbar
        ı imath
        ℝ R reals Reals
        ℤ Z
        ℕ N
        ℚ Q
        ℂ
        """;

    // Sizes, styles and spacing that say nothing.
    private const string Idle = """
        left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm limits nolimits
        displaystyle textstyle scriptstyle scriptscriptstyle mathopen mathclose mathrel mathbin mathord mathpunct
        mathstrut strut nonumber notag allowbreak nobreak hfill centering noindent tiny small large Large normalsize
        rm bf it sf tt cal em bfseries itshape relax protect ensuremath
        """;

    // Fonts of mathematics: what they hold is what it was. Fonts of text: what they hold is words.
    private const string MathFonts = """
        mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak mathnormal boldsymbol bm pmb mathop operatorname
        boxed fbox framebox Boxed underline uline overbrace underbrace
        """;

    private const string TextFonts =
        "text textbf textit textrm textsf texttt textnormal textup textmd textsl textsc mbox hbox emph";

    // Spaces by name; and commands whose one argument is not shown.
    private const string Spaces = "enspace enskip thinspace medspace thickspace space nbsp";

    private const string Unshown = "color hspace vspace phantom hphantom vphantom label tag kern mspace pagecolor rule";

    private static readonly Dictionary<string, char> ByName = Table(Names),
        LetterByName = Table(Letters);

    private static readonly HashSet<string> IdleNames = Set(Idle),
        MathFontNames = Set(MathFonts),
        TextFontNames = Set(TextFonts),
        SpaceNames = Set(Spaces),
        UnshownNames = Set(Unshown);

    /// <summary>Commands that are none of these and yet known, so that \\frac can be told from a new line and then
    /// frac.</summary>
    private static readonly HashSet<string> Rest = Set(
        """
        frac dfrac tfrac cfrac sqrt binom dbinom tbinom choose over sum prod lim begin end quad qquad not
        pmod bmod mod mathbb textcolor vec overrightarrow overline bar hat widehat tilde dot
        sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh ln log lg exp max min gcd sgn
        """
    );

    /// <summary>A command that does the same in another size is that command.</summary>
    public static string Plain(string command) =>
        command switch
        {
            "dfrac" or "tfrac" or "cfrac" => "frac",
            "dbinom" or "tbinom" => "binom",
            "overrightarrow" => "vec",
            "overline" => "bar",
            "widehat" => "hat",
            _ => command,
        };

    /// <summary>The sign that a command is; null where it is none.</summary>
    public static char? Sign(string command) => ByName.TryGetValue(command, out var sign) ? sign : null;

    /// <summary>The letter that a command is; null where it is none.</summary>
    public static char? Letter(string command) => LetterByName.TryGetValue(command, out var letter) ? letter : null;

    public static bool IsIdle(string command) => IdleNames.Contains(command);

    public static bool IsMathFont(string command) => MathFontNames.Contains(command);

    public static bool IsTextFont(string command) => TextFontNames.Contains(command);

    public static bool IsSpace(string command) => SpaceNames.Contains(command);

    public static bool IsUnshown(string command) => UnshownNames.Contains(command);

    /// <summary>Whether LaTeX, or people who write it, have such a command.</summary>
    public static bool IsKnown(string command) =>
        Rest.Contains(command)
        || ByName.ContainsKey(command)
        || LetterByName.ContainsKey(command)
        || IsIdle(command)
        || IsMathFont(command)
        || IsTextFont(command)
        || IsSpace(command)
        || IsUnshown(command);

    private static Dictionary<string, char> Table(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .SelectMany(names => names.Skip(1).Select(name => (name, sign: names[0][0])))
            .ToDictionary(p => p.name, p => p.sign, StringComparer.Ordinal);

    private static HashSet<string> Set(string text) =>
        [.. text.Split([' ', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
