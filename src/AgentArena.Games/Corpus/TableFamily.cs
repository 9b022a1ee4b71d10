// Lessons out of games that are really played: a teacher sits at every seat, and one of its turns becomes the lesson.
// Knows referees and roles; what is said, the teacher knows.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Play;
using AgentArena.Core.Roles;

namespace AgentArena.Games.Corpus;

/// <summary>A turn as a teacher sees it.</summary>
/// <param name="Game">The rules.</param>
/// <param name="State">The position.</param>
/// <param name="Turn">What is asked.</param>
/// <param name="Role">How the seat speaks.</param>
public sealed record Asked(Game Game, GameState State, Turn Turn, Role Role)
{
    /// <summary>The move that a reply holds and the rules allow; null where there is none.</summary>
    public Move? Read(string reply) =>
        Role.Parse(Game, Turn, reply).Move is { } move && Game.Check(State, Turn, move) is null ? move : null;

    /// <summary>A move in the role's own words.</summary>
    public string Print(string move) => Role.Print(Turn, new Move(move));
}

/// <summary>What a teacher makes of a turn.</summary>
/// <param name="Reply">What it would do well to say.</param>
/// <param name="IsRight">Whether a reply is as good.</param>
public sealed record Taught(string Reply, Func<string, bool> IsRight)
{
    /// <summary>What is asked, for figures; empty takes the role's name.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Replies of the same form that are wrong.</summary>
    public ImmutableArray<string> Wrong { get; init; } = [];
}

/// <summary>Plays all seats of a game.</summary>
public abstract class Teacher
{
    /// <summary>The lesson of a turn; null where it teaches nothing. By default the turn's right answers.</summary>
    public virtual Taught? Teach(Asked asked, ref RandomStream chance)
    {
        if (asked.Turn.Gold.IsEmpty)
            return null;
        var gold = asked.Turn.Gold;
        return new Taught(asked.Print(gold[0]), r => asked.Read(r) is { } move && gold.Contains(move.Text));
    }

    /// <summary>
    /// What is played at a turn, so that later turns have something to be about; it may be wrong. By default the right
    /// answer or, now and then, any other.
    /// </summary>
    public virtual string Play(Asked asked, ref RandomStream chance)
    {
        var turn = asked.Turn;
        ImmutableArray<string> all = turn.HasLegal ? turn.Legal : turn.Suggestions;
        return !turn.Gold.IsEmpty && chance.NextDouble() < 0.7 ? turn.Gold[0] : all[chance.Next(all.Length)];
    }

    /// <summary>What decides whether the lesson is held out; by default all that the seat is told.</summary>
    public virtual string Problem(Asked asked) => string.Join('\n', asked.Turn.Observation.Select(o => o.Text));
}

/// <summary>
/// A game with its setup, its teacher, and how its roles speak; roles that are not named here play but are not taught.
/// </summary>
public sealed record Table(Game Game, GameSetup Setup, ImmutableDictionary<string, Role> Roles, Teacher Teacher);

/// <summary>Lessons of a game.</summary>
/// <param name="name">Its name in a mixture.</param>
/// <param name="summary">One line for people.</param>
/// <param name="deal">Deals a game of a split.</param>
public sealed class TableFamily(string name, string summary, TableFamily.Deal deal) : LessonFamily(name, summary)
{
    /// <summary>Deals a game of a split.</summary>
    public delegate Table Deal(ref RandomStream chance, CorpusSplit split);

    /// <inheritdoc/>
    protected override Lesson? TryDraw(ref RandomStream chance, CorpusSplit split)
    {
        var table = deal(ref chance, split);
        var teacher = table.Teacher;
        var referee = new Referee(table.Game, new GameLimits(0));
        referee.Begin(table.Game.Facts.Name, table.Setup, [.. table.Game.Facts.Roles]);
        Lesson? lesson = null;
        var seen = 0;
        while (!referee.IsOver)
        {
            var open = referee.Open[0];
            var speaks = table.Roles.TryGetValue(open.Turn.Role, out var role);
            var asked = new Asked(table.Game, referee.State!, open.Turn, role ?? Plain);
            // Every turn of the game is as likely to become the lesson: the n-th replaces the one so far in 1 of n.
            if (speaks && teacher.Teach(asked, ref chance) is { } taught && chance.Next(++seen) == 0)
                lesson = new Lesson(
                    taught.Kind.Length > 0 ? taught.Kind : open.Turn.Role,
                    role!.Render(open.Turn, first: true),
                    taught.Reply,
                    teacher.Problem(asked)
                )
                {
                    IsRight = taught.IsRight,
                    Wrong = taught.Wrong,
                };
            referee.Answer(open.Turn.Id, open.Attempt, new SeatAnswer(teacher.Play(asked, ref chance), null));
        }
        return lesson;
    }

    private static readonly Role Plain = new PlayerRole(new PlayerRole.Options { Constrained = false });
}

/// <summary>How the seats of these games speak in the scenarios.</summary>
internal static class Speaking
{
    /// <summary>Held to the listed moves; the board alone is shown.</summary>
    public static Role Board { get; } = new PlayerRole(new PlayerRole.Options { Show = [ObservationKind.Board] });

    /// <summary>Held to the listed moves; the board and what happened are shown.</summary>
    public static Role Seen { get; } =
        new PlayerRole(new PlayerRole.Options { Show = [ObservationKind.Board, ObservationKind.Transcript] });

    /// <summary>Held to the listed moves where there are any; all is shown.</summary>
    public static Role Listed { get; } = new PlayerRole(new PlayerRole.Options());

    /// <summary>The last line is the answer; all is shown.</summary>
    public static Role Free { get; } = new PlayerRole(new PlayerRole.Options { Constrained = false });

    /// <summary>The answer in a box.</summary>
    public static Role Boxed { get; } = Marked(AnswerFormat.Boxed);

    /// <summary>The answer in its tag.</summary>
    public static Role Tagged { get; } = Marked(AnswerFormat.Tag);

    /// <summary>All of the reply.</summary>
    public static Role Whole { get; } = Marked(AnswerFormat.Whole);

    /// <summary>The question in its tag.</summary>
    public static Role Question { get; } =
        new PlayerRole(
            new PlayerRole.Options
            {
                Format = AnswerFormat.Tag,
                Tag = "question",
                Constrained = false,
            }
        );

    private static PlayerRole Marked(AnswerFormat format) =>
        new(new PlayerRole.Options { Format = format, Constrained = false });

    /// <summary>Roles by name.</summary>
    public static ImmutableDictionary<string, Role> Roles(params ReadOnlySpan<(string Name, Role Role)> roles)
    {
        var all = ImmutableDictionary.CreateBuilder<string, Role>();
        foreach (var (name, role) in roles)
            all.Add(name, role);
        return all.ToImmutable();
    }
}
