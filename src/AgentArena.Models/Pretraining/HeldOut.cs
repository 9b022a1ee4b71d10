// What a model answers to held-out questions, greedily, as it would in a game, and whether the games take it for right.
// Trains nothing.
using AgentArena.Core.Models;
using AgentArena.Games.Corpus;

namespace AgentArena.Models.Pretraining;

/// <summary>Figures of a family, or of a kind of question within it.</summary>
/// <param name="Family">The family.</param>
/// <param name="Kind">The kind; empty for all of the family.</param>
/// <param name="Items">Questions asked.</param>
/// <param name="Right">Replies that are right.</param>
/// <param name="Cut">Replies that did not end within their budget.</param>
public sealed record HeldOutFigure(string Family, string Kind, int Items, int Right, int Cut)
{
    /// <summary>The share of right replies.</summary>
    public double Share => Items == 0 ? 0 : (double)Right / Items;
}

/// <summary>Asks held-out questions.</summary>
public static class HeldOut
{
    private const int AtOnce = 64;

    /// <summary>
    /// Asks so many questions of a family; the first figure is of all of it, the others of its kinds.
    /// </summary>
    /// <param name="model">Answers.</param>
    /// <param name="stream">Where the questions come from.</param>
    /// <param name="family">The family.</param>
    /// <param name="items">How many questions.</param>
    /// <param name="longest">The most tokens of a reply.</param>
    /// <param name="told">Told each question with its reply and whether it is right; null where nobody listens.</param>
    public static IReadOnlyList<HeldOutFigure> Measure(
        ILanguageModel model,
        DocumentStream stream,
        LessonFamily family,
        int items,
        int longest,
        Action<Lesson, string, bool>? told = null
    )
    {
        var kinds = new SortedDictionary<string, HeldOutFigure>(StringComparer.Ordinal)
        {
            [""] = new(family.Name, "", 0, 0, 0),
        };
        for (var first = 0; first < items; first += AtOnce)
        {
            var lessons = new Dictionary<long, Lesson>();
            for (var i = first; i < Math.Min(items, first + AtOnce); i++)
            {
                var lesson = stream.HeldOut(family, i);
                try
                {
                    model.Add(
                        new SequenceRequest
                        {
                            Id = i,
                            Messages = lesson.Prompt,
                            Sampling = new Sampling { Temperature = 0 },
                            Seed = 0,
                            Budget = longest,
                        }
                    );
                    lessons[i] = lesson;
                }
                catch (ArgumentException)
                {
                    Count(lesson, right: false, cut: true); // longer than the context: never answered
                }
            }
            var finished = new List<SequenceResult>();
            while (model.Active > 0)
                model.Step(finished);
            foreach (var (id, said) in finished.OrderBy(f => f.Id))
            {
                var lesson = lessons[id];
                var right = !said.Truncated && lesson.IsRight(said.Text);
                Count(lesson, right, said.Truncated);
                told?.Invoke(lesson, said.Text, right);
            }
        }
        return [.. kinds.Values];

        void Count(Lesson lesson, bool right, bool cut)
        {
            foreach (var kind in new[] { "", lesson.Kind })
            {
                var so = kinds.GetValueOrDefault(kind) ?? new HeldOutFigure(family.Name, kind, 0, 0, 0);
                kinds[kind] = so with
                {
                    Items = so.Items + 1,
                    Right = so.Right + (right ? 1 : 0),
                    Cut = so.Cut + (cut ? 1 : 0),
                };
            }
        }
    }
}
