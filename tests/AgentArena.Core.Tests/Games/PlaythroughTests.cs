// Playthroughs: golden files hold every game's rules and words still; given moves are checked one by one.
using System.Runtime.CompilerServices;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;

namespace AgentArena.Core.Tests.Games;

public class PlaythroughTests
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(Here())!, "..", "playthroughs");

    public static TheoryData<string> Names => Tables.Names;

    /// <summary>
    /// Run with ARENA_UPDATE_GOLDENS=1 to write the files anew, then read what changed before it is committed.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_golden_file_is_what_the_rules_say(string name)
    {
        var file = Path.Combine(Folder, name + ".txt");
        var text = Playthrough.Run(Standard.Catalog.Games.Create(new Plugin(name)), seed: 1).ToText();
        if (Environment.GetEnvironmentVariable("ARENA_UPDATE_GOLDENS") == "1")
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(file, text);
        }
        File.Exists(file)
            .ShouldBeTrue($"{file} is missing; run with ARENA_UPDATE_GOLDENS=1 and read it before it is committed");
        text.ShouldBe(File.ReadAllText(file));
    }

    [Fact]
    public void No_golden_outlives_its_game() =>
        Directory
            .GetFiles(Folder, "*.txt")
            .Select(Path.GetFileNameWithoutExtension)
            .ShouldBeSubsetOf(Standard.Catalog.Games.Names);

    [Fact]
    public void Chance_is_a_move_like_any_other()
    {
        var json = Playthrough.Run(Tables.Open("kuhn-poker"), 1, ["deal:K", "deal:Q", "check", "bet", "call"]).ToJson();
        json["game"]!.GetValue<string>().ShouldBe("kuhn-poker");
        var steps = json["steps"]!.AsArray();
        steps.Select(s => s!["seat"]!.GetValue<int>()).ShouldBe([-1, -1, 0, 1, 0]);
        steps.Select(s => s!["move"]!.GetValue<string>()).ShouldBe(["deal:K", "deal:Q", "check", "bet", "call"]);
        steps[1]!["legal"]!.ToJsonString().ShouldBe("""["deal:J","deal:Q"]""");
        steps[4]!["legal"]!.ToJsonString().ShouldBe("""["fold","call"]""");
        steps[3]!["observations"]!["1"]!["board"]!.GetValue<string>().ShouldBe("Q pot 2");
        steps[3]!["observations"]!.AsObject().Count.ShouldBe(1);
        json["returns"]!.ToJsonString().ShouldBe("[2,-2]");
        json["open"]!.AsArray().Count.ShouldBe(0);
    }

    [Fact]
    public void A_game_may_be_left_where_the_moves_end()
    {
        var left = Playthrough.Run(Tables.Open("kuhn-poker"), 1, ["deal:K", "deal:Q", "check"]);
        left.Steps.Length.ShouldBe(3);
        left.ToJson()["returns"].ShouldBeNull();
        left.ToJson()["open"]![0]!["legal"]!.ToJsonString().ShouldBe("""["check","bet"]""");
        left.ToText().ShouldEndWith("legal: check, bet\n> …\n");
    }

    [Fact]
    public void A_seed_is_a_game()
    {
        var game = Tables.Open("kuhn-poker");
        Playthrough.Run(game, 5).ToText().ShouldBe(Playthrough.Run(game, 5).ToText());
        Enumerable
            .Range(0, 30)
            .Select(s => string.Join(',', Playthrough.Run(game, (ulong)s).Steps.Select(x => x.Move)))
            .Distinct()
            .Count()
            .ShouldBeGreaterThan(10);
        var again = Playthrough.Run(game, 5);
        Playthrough.Run(game, 5, [.. again.Steps.Select(s => s.Move)]).ToText().ShouldBe(again.ToText());
    }

    [Theory]
    [InlineData("deal:K,deal:K", "kuhn-poker: move 2 'deal:K': is not legal here; chance can draw: deal:J, deal:Q.")]
    [InlineData("deal:K,deal:Q,raise", "kuhn-poker: move 3 'raise': is not legal here; seat 0 can answer: check, bet.")]
    [InlineData(
        "deal:K,deal:Q,check,check,bet",
        "kuhn-poker: move 5 'bet': the game is over after 4 moves. Leave out what follows."
    )]
    public void A_bad_move_is_named_with_what_would_be_right(string moves, string message) =>
        Should
            .Throw<ScenarioException>(() => Playthrough.Run(Tables.Open("kuhn-poker"), 1, moves.Split(',')))
            .Message.ShouldBe(message);

    private static string Here([CallerFilePath] string path = "") => path;
}
