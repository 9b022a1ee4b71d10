// What every tokenizer offers; here only the part that is used.
namespace Microsoft.ML.Tokenizers;

/// <summary>Text to ids and back.</summary>
public abstract class Tokenizer
{
    public virtual PreTokenizer? PreTokenizer => null;

    /// <summary>The ids of a text.</summary>
    public abstract IReadOnlyList<int> EncodeToIds(string text, bool considerPreTokenization = true, bool considerNormalization = true);

    /// <summary>How many ids a text has.</summary>
    public int CountTokens(string text, bool considerPreTokenization = true, bool considerNormalization = true) =>
        EncodeToIds(text, considerPreTokenization, considerNormalization).Count;

    /// <summary>The text of ids.</summary>
    public abstract string? Decode(IEnumerable<int> ids);
}
