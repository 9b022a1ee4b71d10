// What is told of a finished model beside its weights: what it was trained on, how long, what it can do. Knows figures;
// measures nothing.
using System.Globalization;
using System.Text;
using AgentArena.Games.Corpus;

namespace AgentArena.Models.Pretraining;

/// <summary>The text of a model's README.md, with the head that Hugging Face reads.</summary>
public static class ModelCard
{
    private const string Head =
        "---\nlicense: apache-2.0\nlanguage: en\npipeline_tag: text-generation\nlibrary_name: transformers\n---\n";

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

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
        var text = new StringBuilder(Head);
        Model(text, options.Name, options.Model, weights, vocabulary);
        Training(text, options, place);
        text.Append("\n## Held-out figures\n\n");
        text.Append(
            Plain,
            $"Greedy replies to {options.Evaluation.Items} held-out questions of each family, right or wrong by the "
                + $"games' own checkers, moves not held to a list. By kind, where a family has several.\n\n"
        );
        text.Append("| family | share of documents | right | what is asked |\n|---|---|---|---|\n");
        LessonFamily[] own = [.. families.OrderBy(f => f.Name, StringComparer.Ordinal)];
        var shares = own.Sum(f => options.Mixture[f.Name].Share);
        foreach (var family in own)
        {
            var share = options.Mixture[family.Name].Share / shares;
            text.Append(
                Plain,
                $"| {family.Name} | {share * 100:0.0} % | {Figure(family, figures)} | {family.Summary} |\n"
            );
        }
        text.Append(
            "\n## Use\n\nThe folder is a Llama checkpoint: config.json, model.safetensors, tokenizer.json, a chat "
                + "template. In a text the marks of speakers (`<user>` and so on) are special tokens here; AgentArena's "
                + "own tokenizer never makes one of a text.\n"
        );
        return text.ToString();
    }

    private static void Model(
        StringBuilder text,
        string name,
        Networks.TransformerOptions shape,
        long weights,
        int ids
    ) =>
        text.Append(
            Plain,
            $"# {name}\n\nA decoder of {weights:N0} weights (Llama: width {shape.Width}, {shape.Layers} layers, "
                + $"{shape.Heads} heads, feed-forward {shape.HiddenWidth}, context {shape.Context}, {ids:N0} tokens of "
                + $"byte-level BPE, each digit one of its own), trained from nothing on text that AgentArena writes "
                + $"itself. It speaks the arena's languages and little else: it is there to play, and to get better by "
                + $"playing.\n"
        );

    private static void Training(StringBuilder text, PretrainOptions options, PretrainPlace place)
    {
        var (positions, learned, rate) = (place.Tokens / 1e6, place.Learned / 1e6, options.Optimizer);
        var curve = rate.Schedule.ToString().ToLowerInvariant();
        text.Append("\n## Training\n\n");
        text.Append(
            Plain,
            $"{place.Updates:N0} updates, {positions:0.0} million token positions in {place.Documents:N0} documents, "
                + $"of which {learned:0.0} million (the replies) are learned; {place.Seconds / 60:0} minutes of one "
                + $"CPU thread ({place.Tokens / Math.Max(1, place.Seconds):N0} positions a second, beside whatever "
                + $"else ran). "
        );
        text.Append(
            Plain,
            $"AdamW, rate {rate.Rate}, {rate.WarmUp} updates of warm-up, then {curve} to {rate.Floor * 100:0.#} % of "
                + $"it; {options.BatchTokens:N0} positions an update; seed {options.Seed}.\n"
        );
        if (options.Start.Length > 0)
            text.Append(
                "\nThis was a later stage: it went on from the weights of an earlier run, whose updates are not counted.\n"
            );
        text.Append(
            "\nEvery document is a turn of a game in its role's own words, and the reply of a teacher. A tenth of all "
                + "problems, by a hash of what they say, is never trained on.\n"
        );
    }

    private static string Figure(LessonFamily family, IReadOnlyList<HeldOutFigure> figures)
    {
        var own = figures.Where(f => f.Family == family.Name).ToArray();
        var kinds = own.Where(f => f.Kind.Length > 0).Select(k => $"{k.Kind} {Number(k)}").ToArray();
        var all = own.FirstOrDefault(f => f.Kind.Length == 0);
        return all is null ? "" : $"**{Number(all)}**{(kinds.Length > 1 ? $" ({string.Join(", ", kinds)})" : "")}";
    }

    private static string Number(HeldOutFigure figure) => figure.Share.ToString("0.00", Plain);
}
