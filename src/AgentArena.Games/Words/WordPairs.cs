// Pairs of near words with what is true of each: the cards of undercover word. Data alone.
using System.Collections.Immutable;

namespace AgentArena.Games.Words;

/// <summary>A word and clues that are true of it.</summary>
public sealed record Word(string Name, ImmutableArray<string> Clues);

/// <summary>Two words that share some clues and differ in others.</summary>
public sealed record WordPair(Word First, Word Second)
{
    /// <summary>All pairs.</summary>
    public static readonly ImmutableArray<WordPair> All =
    [
        Of(
            "apple",
            "pear",
            "a fruit from a tree; often in a pie; has a core with pips",
            "crisp when you bite it; red or green; round",
            "soft when ripe; narrow at the top; mostly green or yellow"
        ),
        Of(
            "violin",
            "guitar",
            "has strings; made of wood; heard in bands",
            "played with a bow; held under the chin; the smallest of its family",
            "plucked with fingers; rests on the knee; common around campfires"
        ),
        Of(
            "coffee",
            "tea",
            "a hot drink; keeps you awake; drunk in the morning",
            "made from roasted beans; black and bitter; can be an espresso",
            "made from leaves; steeped for minutes; loved in Britain"
        ),
        Of(
            "river",
            "lake",
            "holds fresh water; fish live there; boats cross it",
            "always flows; ends in the sea; bridges span it",
            "lies still; has a shore all around; freezes over for skating"
        ),
        Of(
            "cat",
            "dog",
            "a pet; has four legs; covered in fur",
            "purrs; climbs trees; cleans itself",
            "barks; fetches a stick; is walked on a leash"
        ),
        Of(
            "train",
            "bus",
            "carries many passengers; runs by timetable; you need a ticket",
            "runs on rails; stops at big stations; has an engine in front and long carriages",
            "drives on the road; has rubber wheels; stops at street corners"
        ),
        Of(
            "sun",
            "moon",
            "seen in the sky; round and bright; rises and sets",
            "gives warmth; too bright to look at; shines by day",
            "shows phases; shines by night; people have walked there"
        ),
        Of(
            "doctor",
            "nurse",
            "works in a hospital; cares for patients; often wears white",
            "writes prescriptions; makes the diagnosis; may operate",
            "changes bandages; stays at the bedside; gives the injections"
        ),
        Of(
            "snow",
            "rain",
            "falls from clouds; is water; makes roads slippery",
            "white and cold; children build figures of it; comes in flakes",
            "comes in drops; calls for an umbrella; leaves puddles"
        ),
        Of(
            "pen",
            "pencil",
            "used for writing; long and thin; fits in a pocket",
            "filled with ink; has a cap; cannot be rubbed out",
            "made of wood and graphite; needs sharpening; can be rubbed out"
        ),
        Of(
            "bread",
            "cake",
            "baked in an oven; made with flour; cut into slices",
            "eaten with cheese; has a crust; needs yeast",
            "sweet; carries candles; comes with icing"
        ),
        Of(
            "chess",
            "poker",
            "played at a table; needs a clever mind; has tournaments",
            "has pieces and a board; nothing is hidden; ends with the king",
            "played with cards; you may bluff; ends with a show of hands"
        ),
    ];

    private static WordPair Of(string first, string second, string shared, string ofFirst, string ofSecond) =>
        new(
            new(first, [.. shared.Split("; "), .. ofFirst.Split("; ")]),
            new(second, [.. shared.Split("; "), .. ofSecond.Split("; ")])
        );
}
