// The endless stream of documents of a mixture, by number: the n-th is the same whoever asks, and whenever. Knows
// families and tokens, no network.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Models;
using AgentArena.Games.Corpus;
using AgentArena.Models.Tokens;

namespace AgentArena.Models.Pretraining;

/// <summary>A document in tokens.</summary>
/// <param name="Ids">All of it, from the first mark to the end of the reply.</param>
/// <param name="Beginning">How many of them are standing instructions, which many documents share.</param>
/// <param name="Reply">Where the reply begins; its first token is predicted by the mark before it.</param>
public sealed record TokenDocument(ImmutableArray<int> Ids, int Beginning, int Reply);

/// <summary>A mixture of families.</summary>
/// <param name="seed">Seed of the stream.</param>
/// <param name="parts">Families with their shares.</param>
public sealed class DocumentStream(ulong seed, ImmutableArray<(LessonFamily Family, double Share)> parts)
{
    private readonly double[] _shares = [.. parts.Select(p => p.Share)];

    /// <summary>The families that are measured: all of the mixture, those of no share too.</summary>
    public IEnumerable<LessonFamily> Measured => parts.Select(p => p.Family);

    /// <summary>The document of a number.</summary>
    public Lesson this[long number]
    {
        get
        {
            var chance = new RandomStream(RandomStream.Derive(seed, "document", number));
            return parts[chance.Choose(_shares)].Family.Draw(ref chance, CorpusSplit.Train);
        }
    }

    /// <summary>A held-out question of a family.</summary>
    public Lesson HeldOut(LessonFamily family, int number)
    {
        var chance = new RandomStream(RandomStream.Derive(seed, $"held-out/{family.Name}", number));
        return family.Draw(ref chance, CorpusSplit.HeldOut);
    }

    /// <summary>A lesson in tokens; null where it is longer than the context.</summary>
    public static TokenDocument? Encode(TextTokenizer tokenizer, Lesson lesson, int context)
    {
        var prompt = tokenizer.Append([], lesson.Prompt);
        ImmutableArray<int> ids = [.. prompt, .. tokenizer.Encode(lesson.Reply), Vocabulary.End];
        var standing = lesson.Prompt.TakeWhile(m => m.Speaker == Speaker.System);
        var beginning = tokenizer.Append([], [.. standing], ask: false).Length;
        return ids.Length <= context ? new TokenDocument(ids, beginning, prompt.Length) : null;
    }

    /// <summary>A vocabulary of the first documents of the stream.</summary>
    public Vocabulary Learn(TokenizerOptions options, int documents) => BpeTrainer.Train(Texts(documents), [], options);

    private IEnumerable<string> Texts(int documents)
    {
        for (var i = 0; i < documents; i++)
        {
            var lesson = this[i];
            foreach (var (_, text) in lesson.Prompt)
                yield return text;
            yield return lesson.Reply;
        }
    }
}
