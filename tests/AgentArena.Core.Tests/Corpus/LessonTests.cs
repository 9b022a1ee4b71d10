// Documents: the reply is right and its spoilt twin wrong, by the games' own rules; what is held out is never trained
// on.
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentArena.Core.Data;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Roles;
using AgentArena.Games.Corpus;
using AgentArena.Games.Critics;
using AgentArena.Games.Questions;

namespace AgentArena.Core.Tests.Corpus;

public class LessonTests
{
    public static TheoryData<string> Names => new(Families.Own.Select(f => f.Name));

    private static LessonFamily Family(string name) => Families.Own.Single(f => f.Name == name);

    private static Lesson Draw(LessonFamily family, ulong seed, CorpusSplit split)
    {
        var chance = new RandomStream(RandomStream.Derive(seed, family.Name));
        return family.Draw(ref chance, split);
    }

    private static string Text(Lesson lesson) =>
        string.Join('\n', lesson.Prompt.Select(m => $"{m.Speaker}: {m.Text}")) + "\n" + lesson.Reply;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_reply_is_right_and_each_wrong_one_is_wrong(string name)
    {
        for (ulong seed = 0; seed < 150; seed++)
        {
            var lesson = Draw(Family(name), seed, seed % 5 == 0 ? CorpusSplit.HeldOut : CorpusSplit.Train);
            lesson.IsRight(lesson.Reply).ShouldBeTrue(Text(lesson));
            foreach (var wrong in lesson.Wrong)
                lesson.IsRight(wrong).ShouldBeFalse($"{Text(lesson)}\nwrong: {wrong}");
            lesson.Prompt[^1].Speaker.ShouldBe(Speaker.User);
            lesson.IsRight("").ShouldBeFalse(Text(lesson));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_seed_is_a_lesson(string name)
    {
        for (ulong seed = 0; seed < 20; seed++)
            Text(Draw(Family(name), seed, CorpusSplit.Train))
                .ShouldBe(Text(Draw(Family(name), seed, CorpusSplit.Train)));
        Enumerable
            .Range(0, 100)
            .Select(s => Text(Draw(Family(name), (ulong)s, CorpusSplit.Train)))
            .Distinct()
            .Count()
            .ShouldBeGreaterThan(80);
    }

    [Fact]
    public void What_is_held_out_is_in_no_family_s_training()
    {
        var (trained, kept) = (new HashSet<string>(), new HashSet<string>());
        foreach (var family in Families.Own)
            for (ulong seed = 0; seed < 200; seed++)
            {
                trained.Add(Draw(family, seed, CorpusSplit.Train).Problem);
                kept.Add(Draw(family, seed + 10_000, CorpusSplit.HeldOut).Problem);
            }
        trained.Intersect(kept).ShouldBeEmpty();
        trained.ShouldAllBe(p => !Lesson.IsHeldOut(p));
        kept.ShouldAllBe(p => Lesson.IsHeldOut(p));
    }

    [Fact]
    public void Chains_are_held_out_where_the_games_hold_them_out()
    {
        var (family, seen) = (Family("chain-steps"), 0);
        for (ulong seed = 0; seed < 200; seed++)
            foreach (var split in Enum.GetValues<CorpusSplit>())
            {
                // "03+4+5 03+4=": a board that shows all of its problem
                var board = Draw(family, seed, split).Problem.Split('\n')[^1];
                if (board.Split(' ') is not [var problem, _])
                    continue;
                seen++;
                int[] changes = [.. Regex.Matches(problem[2..], "[+-][0-9]").Select(m => int.Parse(m.Value))];
                new Chain(int.Parse(problem[..2]), [.. changes], 29).HeldOut.ShouldBe(
                    split == CorpusSplit.HeldOut,
                    board
                );
            }
        seen.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void A_game_of_word_problems_pays_the_reply_and_not_its_wrong_twin()
    {
        var (family, role) = (Family("word-problems"), BoxedPlayer());
        var played = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            var lesson = Draw(family, seed, CorpusSplit.Train);
            if (!lesson.Prompt[0].Text.Contains(@"\boxed{answer}", StringComparison.Ordinal))
                continue;
            var question = lesson.Prompt[^1].Text["board: ".Length..];
            Pays(question, role, lesson.Reply).ShouldBe(1, Text(lesson));
            Pays(question, role, lesson.Wrong[0]).ShouldBe(0, Text(lesson));
            played++;

            double Pays(string problem, Role with, string reply)
            {
                var game = new ProposedQuestions.WordProblemOptions
                {
                    Solvers = 1,
                    Problems = [new() { Question = problem, Answer = Answer(lesson) }],
                }.Build(DataFiles.None);
                var referee = new Referee(game, new GameLimits(0));
                referee.Begin("word-problem", new GameSetup(1), ["student"]);
                var turn = referee.Open[0].Turn;
                with.Render(turn, first: true).ShouldBe(lesson.Prompt);
                var said = new Utterance
                {
                    Policy = "student",
                    Version = 0,
                    Text = reply,
                };
                referee.Answer(turn.Id, 0, SeatTurn.Read(with, game, turn, said));
                return referee.Outcome!.Payoffs[0];
            }
        }
        played.ShouldBeGreaterThan(100);

        static string Answer(Lesson lesson) => FinalBox(lesson.Reply);
        static string FinalBox(string reply) => reply[(reply.LastIndexOf('{') + 1)..reply.LastIndexOf('}')];
    }

    private static PlayerRole BoxedPlayer() =>
        new(new PlayerRole.Options { Format = AnswerFormat.Boxed, Constrained = false });

    [Fact]
    public void A_file_of_problems_is_asked_as_the_game_asks_and_its_marks_are_gone()
    {
        var family = Families.FromFile(new Problems(), "rows");
        var chance = new RandomStream(1);
        for (var i = 0; i < 20; i++)
        {
            var lesson = family.Draw(ref chance, CorpusSplit.Train);
            lesson.Prompt[0].Text.ShouldStartWith("Solve the problem.");
            lesson.Reply.ShouldNotContain("<<");
            lesson.Reply.ShouldNotContain("####");
            lesson.IsRight(lesson.Reply).ShouldBeTrue();
            lesson.IsRight(@"\boxed{0}").ShouldBeFalse();
        }
    }

    [Fact]
    public void A_file_without_worked_answers_is_refused() =>
        Should
            .Throw<DataException>(() => Families.FromFile(new Problems { Answer = "7" }, "rows"))
            .Message.ShouldContain("ending in #### n");

    private sealed class Problems : DataFiles
    {
        public string Answer { get; init; } = "He has 3+4=<<3+4=7>>7.\n#### 7";

        public override IReadOnlyDictionary<string, string> Hashes => new Dictionary<string, string>();

        public override string Folder(string name) => throw new DataException(name);

        public override IEnumerable<DataRow> Rows(string name) =>
            Enumerable
                .Range(0, 30)
                .Select(i => new DataRow(
                    $"line {i}",
                    new JsonObject { ["question"] = $"Ben has {i} and gets more. How many?", ["answer"] = Answer }
                ));
    }
}
