// What is told of a finished model beside its weights: what it was trained on, how long, what it can do. Knows figures;
// measures nothing.
using System.Globalization;
using System.Text;
using AgentArena.Games.Corpus;

namespace AgentArena.Models.Pretraining;

/// <summary>The text of a model's README.md, with the head that Hugging Face reads.</summary>
public static class ModelCard
{
    /// <summary>Writes it.</summary>
    /// <param name="options">The run.</param>
    /// <param name="place">How far it came.</param>
    /// <param name="weights">How many numbers the model is.</param>
    /// <param name="vocabulary">How many ids it knows.</param>
    /// <param name="families">The families of its mixture.</param>
    /// <param name="figures">What was measured at the end, all families and kinds.</param>
    public static string Write(
        PretrainOptions options,
        PretrainPlace place,
        long weights,
        int vocabulary,
        IEnumerable<LessonFamily> families,
        IReadOnlyList<HeldOutFigure> figures
    )
    {
        var (model, text) = (options.Model, new StringBuilder());
        var shares = options.Mixture.Values.Sum(p => p.Share);
        Say($"---\nlicense: apache-2.0\nlanguage: en\npipeline_tag: text-generation\nlibrary_name: transformers\n---");
        Say($"# {options.Name}\n");
        Say(
            $"A decoder of {weights:N0} weights (Llama: width {model.Width}, {model.Layers} layers, {model.Heads} heads, feed-forward {model.HiddenWidth}, context {model.Context}, {vocabulary:N0} tokens of byte-level BPE, each digit one of its own), trained from nothing on text that AgentArena writes itself. It speaks the arena's languages and little else: it is there to play, and to get better by playing."
        );
        Say($"\n## Training\n");
        Say(
            $"{place.Updates:N0} updates, {place.Tokens / 1e6:0.0} million token positions in {place.Documents:N0} documents, of which {place.Learned / 1e6:0.0} million (the replies) are learned; {place.Seconds / 60:0} minutes of one CPU thread shared with other work ({place.Tokens / Math.Max(1, place.Seconds):N0} positions a second). AdamW, rate {options.Optimizer.Rate} with {options.Optimizer.WarmUp} updates of warm-up, then {options.Optimizer.Schedule.ToString().ToLowerInvariant()} to {options.Optimizer.Floor:P0} of it; {options.BatchTokens:N0} positions an update; seed {options.Seed}."
        );
        Say(
            $"\nEvery document is a turn of a game in its role's own words, and the reply of a teacher. A tenth of all problems, by a hash of what they say, is never trained on."
        );
        Say($"\n## Held-out figures\n");
        Say(
            $"Greedy replies to {options.Evaluation.Items} held-out questions of each family, right or wrong by the games' own checkers, moves not held to a list. By kind, where a family has several.\n"
        );
        Say($"| family | share of documents | right | what is asked |");
        Say($"|---|---|---|---|");
        foreach (var family in families.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            var own = figures.Where(f => f.Family == family.Name).ToArray();
            var all = own.FirstOrDefault(f => f.Kind.Length == 0);
            var kinds = own.Where(f => f.Kind.Length > 0).ToArray();
            var share = options.Mixture.TryGetValue(family.Name, out var part) ? part.Share / shares : 0;
            Say(
                $"| {family.Name} | {share:0.0%} | {(all is null ? "" : $"**{Number(all)}**")}{(kinds.Length > 1 ? $" ({string.Join(", ", kinds.Select(k => $"{k.Kind} {Number(k)}"))})" : "")} | {family.Summary} |"
            );
        }
        Say($"\n## Use\n");
        Say(
            $"The folder is a Llama checkpoint: config.json, model.safetensors, tokenizer.json, a chat template. In a text the marks of speakers (`<user>` and so on) are special tokens here; AgentArena's own tokenizer never makes one of a text."
        );
        return text.ToString();

        void Say(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

        static string Number(HeldOutFigure figure) => figure.Share.ToString("0.00", CultureInfo.InvariantCulture);
    }
}
