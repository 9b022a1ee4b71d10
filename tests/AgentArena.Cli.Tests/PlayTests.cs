using AgentArena.Core.Scenarios;

namespace AgentArena.Cli.Tests;

/// <summary>A person at a seat, through a pipe.</summary>
public sealed class PlayTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    private static Outcome Play(string typed, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = Program.Invoke(
            ["play", .. arguments],
            new Door(TextWriter.Synchronized(output), TextWriter.Synchronized(error), Terminal: false)
            {
                In = new StringReader(typed),
            }
        );
        return new Outcome(code, output.ToString(), error.ToString());
    }

    private string Scenario()
    {
        File.WriteAllText(
            _temp.In("board.conf"),
            """
            scenario {
              name = board
              games { a { rules = tic-tac-toe }, b { rules = kuhn-poker } }
              models { scripted = scripted }
              policies { student { model = scripted, train = on } }
              seats { player = student }
              roles { player { name = player, show = [board], constrained = on } }
              learn { batch = 8, updates = 4 }
              run { in-flight = 8, evaluate-every = 0, checkpoint-every = 2 }
            }
            """
        );
        return _temp.In("board.conf");
    }

    private static string EveryCell =>
        string.Concat(Enumerable.Repeat(string.Concat(Enumerable.Range(0, 9).Select(c => $"{c}\n")), 5));

    [Fact]
    public void A_game_is_left_found_again_finished_and_replayed()
    {
        var left = Play("north\nmoves\n4\nquit\n", Scenario(), "--seat", "0", "--seed", "5", "--out", _temp.In("p"));
        left.Code.ShouldBe(0, left.Error);
        left.Out.ShouldContain("you are player-0 against student (player-1)");
        left.Out.ShouldContain("You are seat 0 in tic-tac-toe");
        left.Out.ShouldContain("refused: 'north' is no legal move. Legal: 0, 1, 2, 3, 4, 5, 6, 7, 8.");
        left.Out.ShouldContain("player-0> 0, 1, 2, 3, 4, 5, 6, 7, 8\n");
        left.Out.ShouldContain($"Go on with: ./arena play {_temp.In("p")}");
        var done = Play(EveryCell, _temp.In("p"));
        done.Code.ShouldBe(0, done.Error);
        done.Out.ShouldContain("game 0 finished: ");
        done.Out.ShouldContain("person ");
        Arena.Invoke("replay", _temp.In("p"), "--check").Out.ShouldStartWith("sound: 1 games");
        var replayed = Arena.Invoke("replay", _temp.In("p"), "0");
        replayed.Out.ShouldContain("person");
        replayed.Code.ShouldBe(0);
    }

    [Fact]
    public void A_runs_newest_weights_play_and_the_run_is_unchanged()
    {
        Arena.Invoke("run", Scenario(), "--out", _temp.In("run")).Code.ShouldBe(0);
        var before = File.ReadAllBytes(_temp.In("run/scenario.conf"));
        var played = Play(
            "check\nbet\npass\ncall\nfold\n",
            _temp.In("run"),
            "--seat",
            "1",
            "--game",
            "b",
            "--out",
            _temp.In("p"),
            "--seed",
            "1"
        );
        played.Code.ShouldBe(0, played.Error);
        played.Out.ShouldContain("game 0 finished: ");
        File.ReadAllText(_temp.In("p/scenario.conf")).ShouldContain("checkpoints/student/v00000004");
        File.ReadAllBytes(_temp.In("run/scenario.conf")).ShouldBe(before);
    }

    [Fact]
    public void Seats_and_games_that_are_not_there_are_named()
    {
        var seat = Play("", Scenario(), "--seat", "2", "--out", _temp.In("p"));
        (seat.Code, seat.Error.Contains("--seat: is 2; a has seats 0 to 1")).ShouldBe((2, true), seat.Error);
        Play("", Scenario(), "--game", "c", "--out", _temp.In("p")).Error.ShouldContain("--game: ");
        Directory.Exists(_temp.In("p")).ShouldBeFalse();
    }
}
