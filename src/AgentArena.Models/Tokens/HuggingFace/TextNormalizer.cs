// What is done to a text before it is cut: normal forms, prefixes, replacements. Reads the normalizer of a
// tokenizer.json.
namespace AgentArena.Models.Tokens.HuggingFace;

/// <summary>The steps of a <c>normalizer</c>, in order.</summary>
internal sealed class TextNormalizer
{
    private readonly List<Func<string, string>> _steps = [];

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">A step that is not supported.</exception>
    public static TextNormalizer Read(FilePlace place)
    {
        var made = new TextNormalizer();
        made.Add(place);
        return made;
    }

    /// <summary>Adds a step.</summary>
    public void Add(Func<string, string> step) => _steps.Add(step);

    /// <summary>Runs all steps over a text that is not empty.</summary>
    public string Run(string text)
    {
        foreach (var step in _steps)
            text = step(text);
        return text;
    }

    private void Add(FilePlace place)
    {
        if (place.IsNull)
            return;
        switch (place["type"].Text())
        {
            case "Sequence":
                foreach (var step in place.Object("type", "normalizers")["normalizers"].Items())
                    Add(step);
                break;
            case "NFC":
                _steps.Add(CanonicalForm.Compose);
                break;
            case "NFD":
                _steps.Add(CanonicalForm.Decompose);
                break;
            case "Prepend":
                var prefix = place.Object("type", "prepend")["prepend"].Text();
                _steps.Add(t => t.Length == 0 ? t : prefix + t);
                break;
            case "Replace":
                var pattern = place.Object("type", "pattern", "content")["pattern"].Object("String")["String"].Text();
                var content = place["content"].Text();
                if (pattern.Length == 0)
                    throw place["pattern.String"].Refuse("is empty", "Name the text to replace.");
                _steps.Add(t => t.Replace(pattern, content, StringComparison.Ordinal));
                break;
            case var other:
                throw place["type"]
                    .Refuse(
                        $"is {other}; NFC, NFD, Prepend, Replace and Sequence are supported",
                        "Use a tokenizer with one of these."
                    );
        }
    }
}
