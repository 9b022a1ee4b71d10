// Writes word problems: an opening, turns of the story, a question; each turn is one step of arithmetic. Knows words
// and numbers, no game.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core;
using AgentArena.Games.Questions;

namespace AgentArena.Games.Corpus;

/// <summary>A story under way: what was told, what was calculated, who has how many of what.</summary>
internal sealed class Story(StorySeed seed)
{
    private readonly int _largest = 400 * seed.Scale;
    private RandomStream _chance = new(seed.Words),
        _numbers = new(seed.Numbers);
    private readonly List<string> _told = [];
    private readonly List<ChainStep> _steps = [];
    private string _who = "",
        _other = "",
        _unit = "";
    private string? _question;
    private int _value;

    /// <summary>The problem of a seed; null where the story came to a point where no turn fits.</summary>
    public static WorkedProblem? Tell(StorySeed seed)
    {
        var story = new Story(seed);
        story.Open();
        for (var tries = 0; story._steps.Count < seed.Steps; tries++)
        {
            if (tries > 20)
                return null;
            story.Turn(last: story._steps.Count == seed.Steps - 1);
        }
        story._told.Add(story._question ?? story.Ask());
        return new WorkedProblem(string.Join(' ', story._told), [.. story._steps]);
    }

    private string Pick(ImmutableArray<string> words) => words[_chance.Next(words.Length)];

    private string Pick(params ReadOnlySpan<string> words) => words[_chance.Next(words.Length)];

    // Small numbers are met more often than large ones.
    private int Factor(int low, int high) =>
        low + Math.Min(_numbers.Next(high - low + 1), _numbers.Next(high - low + 1));

    // What is added and taken away; factors stay as they are, since their products grow by themselves.
    private int Number(int low, int high) => Factor(low, high * seed.Scale);

    private void Say(FormattableString text) => _told.Add(text.ToString(CultureInfo.InvariantCulture));

    private void Step(int left, char sign, int right, string? unit = null)
    {
        _unit = unit ?? _unit;
        _value = ChainStep.Of(left, sign, right)!.Value;
        _steps.Add(new ChainStep(left, sign, right, _value, _unit));
    }

    private void Open()
    {
        _who = Pick(StoryWords.Names);
        do _other = Pick(StoryWords.Names);
        while (_other == _who);
        _unit = Pick(StoryWords.Things);
        int a = Number(2, 60),
            b = Number(2, 40),
            k = Factor(2, 9);
        switch (_chance.Next(9))
        {
            case 0 or 1:
                Say($"{_who} has {a} {_unit}.");
                _value = a;
                break;
            case 2:
                Say($"There are {a} {_unit} in the {Pick(StoryWords.Places)} of {_who}.");
                _value = a;
                break;
            case 3:
                (b, k) = (Factor(2, 12), Factor(2, 12));
                var holders = Pick(StoryWords.Holders);
                Say($"{_who} {Pick("buys", "has", "gets", "fills")} {b} {holders} of {k} {_unit} each.");
                Step(b, '*', k);
                break;
            case 4:
                Say($"{_who} has {a} {_unit} and {_other} has {b}. They put them together.");
                Step(a, '+', b);
                break;
            case 5:
                var day = _chance.Next(6);
                var gathers = Pick("collects", "sorts", "buys", "finds");
                Say($"{_who} {gathers} {a} {_unit} on {StoryWords.Days[day]} and {b} on {StoryWords.Days[day + 1]}.");
                Step(a, '+', b);
                break;
            case 6:
                (a, b) = (Factor(2, 20), Factor(2, 9));
                _unit = "coins";
                Say($"{_who} {Pick("earns", "saves", "gets")} {a} coins a day for {b} days.");
                Step(a, '*', b);
                break;
            case 7:
                var more = b >= a || _chance.Next(2) == 0;
                Say($"{_other} has {a} {_unit}. {_who} has {b} {(more ? "more" : "fewer")} than {_other}.");
                Step(a, more ? '+' : '-', b);
                break;
            default:
                a = Factor(2, 30);
                Say($"{_other} has {a} {_unit}. {_who} has {k} times as many.");
                Step(a, '*', k);
                break;
        }
    }

    private void Turn(bool last)
    {
        int k = Number(2, 40),
            f = Factor(2, 9);
        switch (_chance.Next(last ? 11 : 8))
        {
            case 0 or 1 when _value + k <= _largest:
                var then = Pick("Then", "Later", "After that", "Now");
                Say($"{then} {_who} {Pick("gets", "finds", "buys", "receives")} {k} more {_unit}.");
                Step(_value, '+', k);
                break;
            case 2 or 3 when _value > k:
                if (_chance.Next(2) == 0)
                    Say($"{_who} {Pick("loses", "uses", "sells", "breaks")} {k} {_unit}.");
                else
                    Say($"{_who} gives {k} {_unit} to {_other}.");
                Step(_value, '-', k);
                break;
            case 4 when _value * f <= _largest && f <= 4:
                var times = f switch
                {
                    2 => "doubles",
                    3 => "triples",
                    _ => "grows fourfold",
                };
                Say($"{Pick("Then", "In a year", "Soon")} the number of {_unit} {times}.");
                Step(_value, '*', f);
                break;
            case 5 when _value % 2 == 0 && _value > 2:
                Say($"{_who} {Pick("gives away", "loses", "sells")} half of the {_unit}.");
                Step(_value, '/', 2);
                break;
            case 6 when _unit != "coins" && f * _value <= _largest:
                Say($"{_who} sells all the {_unit} for {f} coins each.");
                Step(_value, '*', f, "coins");
                break;
            case 7 when _value + k <= _largest:
                Say($"{_other} brings {_who} {k} {_unit}.");
                Step(_value, '+', k);
                break;
            case 8 when _value % f == 0 && _value > f:
                Say($"{_who} shares the {_unit} equally among {f} friends.");
                Step(_value, '/', f);
                _question = $"How many {_unit} does each friend get?";
                break;
            case 9 when _value % f == 0 && _value > f:
                var holders = Pick(StoryWords.Holders);
                Say($"{_who} packs the {_unit} into {holders} of {f} each.");
                Step(_value, '/', f, holders);
                _question = $"How many {holders} does {_who} need?";
                break;
            case 10 when _value < k + 20:
                var goal = _value + k;
                Say($"{_who} wants to have {goal} {_unit}.");
                Step(goal, '-', _value);
                _question = $"How many more {_unit} does {_who} need?";
                break;
        }
    }

    private string Ask() =>
        Pick(
            $"How many {_unit} does {_who} have now?",
            $"How many {_unit} are there in the end?",
            $"How many {_unit} does {_who} have?"
        );
}

/// <summary>What a story is told from: other numbers with the same words make a variant.</summary>
/// <param name="Steps">Equations of its chain.</param>
/// <param name="Words">Seed of what is told.</param>
/// <param name="Numbers">Seed of the numbers.</param>
/// <param name="Scale">How many times larger than usual the numbers are that are added and taken away.</param>
internal sealed record StorySeed(int Steps, ulong Words, ulong Numbers, int Scale = 1);

/// <summary>Draws word problems.</summary>
internal static class Stories
{
    /// <summary>Shares of problems of one, two, three and four steps.</summary>
    public static readonly ImmutableArray<double> Lengths = [0.4, 0.35, 0.17, 0.08];

    /// <summary>A problem.</summary>
    public static WorkedProblem Draw(ref RandomStream chance) => Draw(ref chance, out _);

    /// <summary>A problem harder than those of a corpus: three to six steps, larger numbers.</summary>
    public static WorkedProblem Long(ref RandomStream chance)
    {
        var steps = 3 + chance.Next(4);
        while (true)
            if (Story.Tell(new(steps, chance.NextUInt64(), chance.NextUInt64(), Scale: 2)) is { } told)
                return told;
    }

    /// <summary>A problem, or now and then a bare sum.</summary>
    public static WorkedProblem Any(ref RandomStream chance) =>
        chance.NextDouble() < 0.3 ? Sum(ref chance) : Draw(ref chance);

    // Asked as CoMAS asks where nothing was dealt.
    private static WorkedProblem Sum(ref RandomStream chance)
    {
        var sign = "+-*"[chance.Choose([0.4, 0.35, 0.25])];
        var (a, b) =
            sign == '*'
                ? (2 + chance.Next(11), 2 + chance.Next(11))
                : (2 + chance.Next(chance.Next(2) == 0 ? 28 : 88), 2 + chance.Next(38));
        if (sign == '-' && a < b)
            (a, b) = (b, a);
        return new WorkedProblem(
            ComasWords.Sum(a, sign.ToString(), b).Question,
            [new ChainStep(a, sign, b, ChainStep.Of(a, sign, b)!.Value, "")]
        );
    }

    /// <summary>A problem and what it was told from.</summary>
    public static WorkedProblem Draw(ref RandomStream chance, out StorySeed seed)
    {
        var steps = 1 + chance.Choose(Lengths.AsSpan());
        while (true)
        {
            seed = new StorySeed(steps, chance.NextUInt64(), chance.NextUInt64());
            if (Story.Tell(seed) is { } told)
                return told;
        }
    }

    /// <summary>The same story with other numbers.</summary>
    public static WorkedProblem Vary(StorySeed seed, ref RandomStream chance)
    {
        while (true)
            if (Story.Tell(seed with { Numbers = chance.NextUInt64() }) is { } told)
                return told;
    }

    /// <summary>A wrong chain of a problem.</summary>
    public static WrongChain Spoil(WorkedProblem problem, ref RandomStream chance)
    {
        while (true)
            if (problem.Spoil(ref chance) is { } wrong)
                return wrong;
    }
}
