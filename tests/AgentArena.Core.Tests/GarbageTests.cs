// Nothing a model says may throw: any text at every parser, checker, game and reward of this room.
using System.Diagnostics;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Roles;
using AgentArena.Core.Tests.Games;
using AgentArena.Core.Tests.Rewards;
using AgentArena.Games.Answers;
using AgentArena.Games.Documents;
using AgentArena.Tests;

namespace AgentArena.Core.Tests;

public class GarbageTests
{
    [Fact]
    public void The_checker_judges_any_text_and_says_the_same_both_ways()
    {
        var garbage = new GarbageText(1);
        var before = "1";
        for (var i = 0; i < 20_000; i++)
        {
            var text = garbage.Next();
            AnswerChecker.Judge(before, text);
            AnswerChecker.Judge(text, before);
            AnswerChecker
                .Compare(before, text)
                .Verdict.ShouldBe(AnswerChecker.Compare(text, before).Verdict, $"'{before}' and '{text}'");
            before = text;
        }
    }

    // A mark, a phrase or a wrapping of its own would be taken off once only, so the text is one that has none.
    [Fact]
    public void Whatever_is_read_equals_itself()
    {
        var garbage = new GarbageText(2);
        for (var i = 0; i < 5_000; i++)
        {
            var answer = garbage.Answer(3);
            AnswerChecker.Compare(answer, answer).Verdict.ShouldBe(Verdict.Right, answer);
            AnswerChecker.Compare(answer, $" {answer} ").Verdict.ShouldBe(Verdict.Right, answer);
        }
    }

    [Fact]
    public void Marks_tags_scores_and_short_answers_are_read_from_any_text()
    {
        var garbage = new GarbageText(3);
        for (var i = 0; i < 20_000; i++)
        {
            var text = garbage.Next();
            FinalAnswer.Marked(text);
            FinalAnswer.Last(text);
            foreach (var format in Enum.GetValues<AnswerFormat>())
            foreach (var whole in (bool[])[true, false])
                Answer.Last(format, text, whole);
            ScoreText.Numbers(text).ShouldAllBe(n => double.IsFinite(n));
            ScoreText.Scores(text, "answer");
            ShortAnswer.Words(text);
        }
    }

    [Theory]
    [MemberData(nameof(Tables.All), MemberType = typeof(Tables))]
    public void Every_game_reads_checks_and_plays_any_text(string entry)
    {
        var (game, garbage) = (Tables.Open(entry), new GarbageText(4));
        var players = Enum.GetValues<AnswerFormat>()
            .Select(f =>
                Standard.Catalog.Roles.Create(
                    new Plugin(
                        "player",
                        JsonNode
                            .Parse(
                                $$"""{"format":"{{f.ToString()
                .ToLowerInvariant()}}","constrained":"off"}"""
                            )!
                            .AsObject()
                    )
                )
            )
            .ToArray();
        Tables.Play(game, 1, (live, _) =>
        {
            foreach (var turn in game.Turns(live))
            {
                for (var i = 0; i < 12; i++)
                {
                    var text = garbage.Next();
                    foreach (
                        var move in (Move?[])
                            [
                                game.Read(turn, text),
                                new Move(text),
                                .. players.Select(p => p.Parse(game, turn, text).Move),
                            ]
                    )
                        if (move is { } read && game.Check(live, turn, read) is null)
                            game.Outcome(game.Play(live, turn, read));
                }
            }
        });
    }

    // What a reward needs beyond its defaults.
    private static readonly Dictionary<string, string> Needed = new(StringComparer.Ordinal)
    {
        ["gate"] = """{"of":"outcome"}""",
        ["shaped"] = """{"of":"outcome"}""",
        ["trust"] = """{"of":"outcome"}""",
        ["likelihood"] = """{"form":"mean"}""",
        ["measure"] = """{"measure":"right"}""",
        ["outcome"] = """{"answers":["7"]}""",
    };

    public static TheoryData<string> Rewards => [.. Standard.Catalog.Rewards.Names];

    [Theory]
    [MemberData(nameof(Rewards))]
    public void Every_reward_scores_any_text(string name)
    {
        var garbage = new GarbageText(5);
        foreach (var reward in Forms(name))
        {
            for (var i = 0; i < 150; i++)
            {
                var table = new Table("proposer", "solver", "solver", "judge", "judge")
                {
                    Right = garbage.Next(),
                    Task = i % 2 == 0 ? null : """{"answer":["7"]}""",
                };
                for (var seat = 0; seat < 5; seat++)
                {
                    var text = garbage.Next();
                    if (i % 7 == seat)
                        table.Mumbles(seat, text);
                    else
                        table.Says(seat, i % 3 == 0 && seat > 2 ? $"<score>{text}</score>" : text, garbage.Next());
                }
                var episode = table.Ends();
                reward.Score(episode).Length.ShouldBe(5);
                for (var seat = 0; seat < 5; seat++)
                    reward.Credits(episode, seat);
                foreach (var _ in reward.Wants(episode)) { }
            }
        }
    }

    // By its defaults, and in every other form it has.
    private static IEnumerable<Reward> Forms(string name)
    {
        var given = JsonNode.Parse(Needed.GetValueOrDefault(name, "{}"))!.AsObject();
        yield return Rewarding.Make(name, given.ToJsonString());
        var type = Standard.Catalog.Rewards[name].OptionsType;
        foreach (
            var property in type.GetProperties()
                .Where(p => (Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType).IsEnum)
        )
        {
            foreach (
                var value in Enum.GetNames(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
            )
            {
                var options = given.DeepClone().AsObject();
                options[Core.Configuration.OptionsBinder.Kebab(property.Name)] = Core.Configuration.OptionsBinder.Kebab(
                    value
                );
                if (
                    Standard.Catalog.Rewards.Create(
                        new Plugin(name, options),
                        "reward",
                        new Core.Configuration.Mistakes()
                    ) is
                    { } reward
                )
                    yield return reward;
            }
        }
    }

    // Bounded by work, not by length: what is slow here would be slow everywhere.
    [Fact]
    public void No_text_keeps_the_checker_long()
    {
        string[] pieces =
        [
            "((",
            "{",
            @"\frac{1}{",
            @"\sqrt{",
            "^{2",
            @"\left\{",
            "|",
            "|x",
            "1,",
            "x,",
            "9!",
            @"\begin{array}{cc}&",
            "$$",
            "$x",
            "<answer>",
            @"\boxed{",
            "####",
            "the answer is ",
            "±1,",
            "f(",
            "-",
            "x=",
            "1:",
            "\u0305",
            "３̅",
            @"\binom{5000}{2500}",
            "9^9^",
            @"\sum_{k=1}^{400}",
            @"\text{",
            "and ",
            "∪",
            "[0,",
            "5 million ",
        ];
        AnswerChecker.Judge("1", "2");
        foreach (var piece in pieces)
        {
            foreach (var times in (int[])[30, 600, 50_000])
            {
                var text = string.Concat(Enumerable.Repeat(piece, times));
                foreach (
                    var (gold, reply) in ((string, string)[])
                        [("1", text), (text, "1"), (text, text + "1"), ("x", $@"\boxed{{{text}}}")]
                )
                {
                    var quickest = double.MaxValue;
                    for (var i = 0; i < 3 && quickest > 100; i++) // another process may have had the processor
                    {
                        var began = Stopwatch.GetTimestamp();
                        AnswerChecker.Judge(gold, reply);
                        quickest = Math.Min(quickest, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                    }
                    quickest.ShouldBeLessThan(1000, $"{piece} {times} times");
                }
            }
        }
    }
}
