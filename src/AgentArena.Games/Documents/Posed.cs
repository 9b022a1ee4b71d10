// A question as it is put to searchers, with its answer, out of a fictional world or out of a task. Knows no table.
using System.Globalization;
using AgentArena.Core;
using AgentArena.Core.Play;

namespace AgentArena.Games.Documents;

/// <summary>Which worlds are dealt. One seed in ten is held out.</summary>
public enum Split
{
    /// <summary>Any world.</summary>
    All,

    /// <summary>Worlds that are not held out.</summary>
    Train,

    /// <summary>Held-out worlds only.</summary>
    Test,
}

/// <summary>A question and its answer. <paramref name="World"/> is null where the documents are a folder's.</summary>
public sealed record Posed(string Text, string Answer, World? World, ulong Seed)
{
    /// <summary>What the question asks for, step by step; null where the world does not know such a question.</summary>
    public Question? Known { get; init; } = World?.Understand(Text);

    /// <summary>Whether worlds of this seed are held out.</summary>
    public static bool IsHeldOut(ulong seed) => RandomStream.Derive(seed, "held-out") % 10 == 0;

    /// <summary>The seed of the world that a game deals.</summary>
    public static ulong SeedOf(ulong game, Split split)
    {
        for (var draw = 0; ; draw++)
        {
            var seed = RandomStream.Derive(game, "world-of-game", draw);
            if (split == Split.All || IsHeldOut(seed) == (split == Split.Test))
                return seed;
        }
    }

    /// <summary>A question of a world.</summary>
    public static Posed Draw(ulong game, Split split, WorldOptions options, int least, int most)
    {
        var seed = SeedOf(game, split);
        var world = World.Create(seed, options);
        var stream = new RandomStream(RandomStream.Derive(game, "question"));
        var question = world.Draw(least, most, ref stream);
        return new Posed(question.Text, question.Answer, world, seed) { Known = question };
    }

    /// <summary>
    /// A question as later games are dealt it; <paramref name="World"/> is a seed as text, and absent where the
    /// documents are the index's own.
    /// </summary>
    public sealed record Task(string Question, string Answer, string? World = null);

    /// <summary>
    /// The question of a task: one <see cref="Task"/>, or the first of those that a pool deals; null where there is
    /// none.
    /// </summary>
    /// <exception cref="InvalidOperationException">The task is neither.</exception>
    public static Posed? Of(string? task, WorldOptions options, string game)
    {
        if ((TaskJson.Read<Task>(task) ?? TaskJson.Dealt<Task>(task, game).FirstOrDefault()) is not { } dealt)
            return null;
        if (dealt.World is null)
            return new Posed(dealt.Question, dealt.Answer, null, 0);
        return ulong.TryParse(dealt.World, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? new Posed(dealt.Question, dealt.Answer, World.Create(seed, options), seed)
            : throw new InvalidOperationException(
                $"{game}: its task names the world '{dealt.World}'. It should be a seed, a whole number as text; leave it out for the index's own documents."
            );
    }

    /// <summary>The question as a task.</summary>
    public string ToTask() =>
        TaskJson.Write(new Task(Text, Answer, World is null ? null : Seed.ToString(CultureInfo.InvariantCulture)));

    /// <summary>
    /// Whether a find helps a seat that has found <paramref name="before"/>: it holds a document of the way that is
    /// new, or (of questions in other words) the answer.
    /// </summary>
    public bool IsUseful(IEnumerable<Document> found, IEnumerable<string> before) =>
        Known is { } known
            ? found.Select(d => d.Id).Except(before).Intersect(known.Path.SkipLast(1).Select(t => t.Id)).Any()
            : found.Any(d => ShortAnswer.Normal(d.Text).Contains(ShortAnswer.Normal(Answer), StringComparison.Ordinal));
}
