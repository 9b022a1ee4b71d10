// Units of measure and currencies by all their names, and what else may be counted. A closed list; converts nothing.
namespace AgentArena.Games.Answers;

/// <summary>Reads what follows a number.</summary>
internal static class Unit
{
    /// <summary>Units with a meaning of their own in comparisons.</summary>
    public const string Percent = "%",
        Degree = "°",
        Dollar = "¤";

    // The name we keep, then the others; plurals with s are understood.
    private const string Names = """
        % percent pct percentage
        ° degree deg
        °C celsius
        °F fahrenheit
        ¤ dollar buck usd
        € euro eur
        £ gbp
        ¥ yen jpy
        ₹ rupee rs inr
        yuan rmb cny
        ¢ cent
        m meter metre
        cm centimeter centimetre
        mm millimeter millimetre
        km kilometer kilometre
        dm decimeter decimetre
        nm nanometer nanometre
        μm micrometer micrometre micron
        in inch inche
        ft foot feet
        yd yard
        mi mile
        g gram gm
        kg kilogram kilo
        mg milligram
        lb pound
        oz ounce
        ton tonne
        l liter litre
        ml milliliter millilitre cc
        cl centiliter centilitre
        gal gallon
        qt quart
        pt pint
        tbsp tablespoon
        tsp teaspoon
        acre
        hectare ha
        s second sec
        ms millisecond
        min minute
        h hour hr
        day
        week wk
        month
        year yr
        hz hertz
        khz kilohertz
        mhz megahertz
        n newton
        j joule
        kj kilojoule
        w watt
        kw kilowatt
        kwh
        v volt
        a amp ampere
        c coulomb
        f farad
        k kelvin
        pa pascal
        kpa kilopascal
        atm atmosphere
        mol mole
        ev
        cal calorie
        kcal kilocalorie
        rad radian
        ohm
        bit
        byte
        rpm
        mph
        kph kmh kmph
        """;

    // What a number of things is called where the name's plural has no s, or stands for the count alone.
    private static readonly HashSet<string> Countable = new(StringComparer.Ordinal)
    {
        "people",
        "children",
        "men",
        "women",
        "mice",
        "geese",
        "fish",
        "sheep",
        "deer",
        "teeth",
        "oxen",
        "dice",
        "feet",
        "each",
        "apiece",
        "total",
        "only",
        "exactly",
        "st",
        "nd",
        "rd",
        "th",
        "altogether",
        "unit",
    };

    // Words that change what is said: they are never dropped as a label.
    private static readonly HashSet<string> Meaningful = new(StringComparer.Ordinal)
    {
        "plus",
        "minus",
        "times",
        "over",
        "less",
        "more",
        "fewer",
        "least",
        "most",
        "is",
        "isn't",
        "are",
        "was",
        "were",
        "has",
        "have",
        "does",
        "not",
        "no",
        "or",
        "and",
        "but",
        "nor",
        "than",
        "if",
        "unless",
        "between",
        "from",
        "to",
        "choose",
        "mod",
        "modulo",
        "remainder",
        "out",
        "squared",
        "cubed",
        "factorial",
        "root",
        "divided",
        "multiplied",
        "hundred",
        "thousand",
        "million",
        "billion",
        "trillion",
        "dozen",
        "ten",
        "half",
        "halve",
        "halves",
        "third",
        "quarter",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "hundredth",
        "thousandth",
        "score",
        "yes",
        "this",
        "its",
        "us",
        "as",
        "thus",
        "versus",
        "equals",
        "makes",
        "means",
        "wrong",
        "incorrect",
        "false",
        "true",
        "am",
        "pm",
        "negative",
        "positive",
        "north",
        "south",
        "east",
        "west",
        "perhaps",
        "always",
        "sometimes",
        "per",
        "x",
        "twice",
        "double",
        "triple",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "infinity",
        "pi",
        "sqrt",
        "log",
        "sin",
        "cos",
        "tan",
        "point",
    };

    // Short words that are no products of letters.
    private static readonly HashSet<string> Short = new(StringComparer.Ordinal)
    {
        "the",
        "of",
        "so",
        "in",
        "to",
        "it",
        "we",
        "an",
        "at",
        "by",
        "be",
        "he",
        "she",
        "for",
        "all",
        "any",
        "on",
        "get",
        "let",
        "our",
        "sum",
        "can",
        "how",
        "now",
        "new",
        "old",
        "day",
        "who",
        "why",
        "yet",
        "add",
        "set",
        "end",
        "few",
        "due",
        "may",
        "see",
        "say",
        "use",
        "way",
        "odd",
        "box",
        "men",
        "big",
        "red",
        "was",
    };

    private static readonly Dictionary<string, string> ByName = Names
        .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' '))
        .SelectMany(names => names.Select(name => (name, kept: names[0])))
        .ToDictionary(p => p.name, p => p.kept, StringComparer.Ordinal);

    /// <summary>Whether a short word is one, and no product of its letters.</summary>
    public static bool IsProse(string word) =>
        word.Length > 1
        && word.ToLowerInvariant() is var name
        && (Short.Contains(name) || name.Length < 4 && Meaningful.Contains(name));

    /// <summary>How a number word multiplies: hundred, dozens; null where the word is none.</summary>
    public static long? Scale(string word) =>
        Singular(word.ToLowerInvariant()) switch
        {
            "ten" => 10,
            "dozen" => 12,
            "score" => 20,
            "hundred" => 100,
            "thousand" => 1000,
            "million" => 1_000_000,
            "billion" => 1_000_000_000,
            "trillion" => 1_000_000_000_000,
            _ => null,
        };

    /// <summary>The unit a word names; null where it names none. One letter is read as it is written: m, not
    /// M.</summary>
    public static string? Named(string word)
    {
        if (word == "Ω")
            return "ohm";
        if (word.Length == 1)
            return
                word[0]
                    is 'm'
                        or 's'
                        or 'g'
                        or 'h'
                        or 'l'
                        or 'L'
                        or 'A'
                        or 'C'
                        or 'F'
                        or 'J'
                        or 'K'
                        or 'N'
                        or 'V'
                        or 'W'
                        or '%'
                        or '°'
                        or '¤'
                        or '€'
                        or '£'
                        or '¥'
                        or '₹'
                        or '¢'
                ? word.ToLowerInvariant()
                : null;
        var name = word.ToLowerInvariant();
        return ByName.TryGetValue(name, out var kept) || ByName.TryGetValue(Singular(name), out kept) ? kept : null;
    }

    /// <summary>Whether the words only say what was counted, and no more: red apples, clips in total, students per
    /// class.</summary>
    /// <param name="marked">Whether they were set apart from the number as text: then any words will do that change
    /// nothing.</param>
    public static bool IsLabel(IReadOnlyList<string> words, bool marked)
    {
        if (words.Count is 0 or > 12)
            return false;
        var counts = false;
        foreach (var word in words)
        {
            var name = word.ToLowerInvariant();
            // students per class; 3 times
            var links = name is "per" or "to" && words.Count > 1 && counts || name == "times" && words.Count == 1;
            if (!links && (Meaningful.Contains(name) || Meaningful.Contains(Singular(name))))
                return false;
            counts |=
                marked
                || Countable.Contains(name)
                || Named(name) is not null && name.Length > 1
                || name.Length > 3 && name[^1] == 's' && name[^2] is not ('s' or 'u' or 'i');
        }
        return counts || words is ["times"];
    }

    /// <summary>Without the plural's s.</summary>
    public static string Singular(string word) =>
        word.Length > 3 && word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i')
        || word is "lbs" or "yds" or "hrs" or "gms" or "kgs" or "cms" or "kms" or "mls" or "ins"
            ? word[..^1]
            : word;
}
