// What sampler, trainer and masks ask of a tokenizer: ids, their bytes, which of them a reply may hold, and
// conversations as ids. Knows no vocabulary's form and no file.
using System.Collections.Immutable;
using AgentArena.Core.Models;

namespace AgentArena.Models.Tokens;

/// <summary>
/// Text to ids and back, and conversations to prompts. Ids are 0 to <see cref="Count"/> - 1; a network may score more,
/// which then stand for nothing and are never drawn. Safe to call from several threads at once where
/// <see cref="Encode"/> is.
/// </summary>
public interface ITokenizer
{
    /// <summary>One more than the largest id.</summary>
    int Count { get; }

    /// <summary>
    /// Ids that end a reply, at least one: the first is what a conversation's format puts after a reply, and what
    /// demonstrations and masks end with.
    /// </summary>
    ImmutableArray<int> Ends { get; }

    /// <summary>
    /// Ids that a reply without a mask may draw, ascending: all that stand for text, and the ends.
    /// </summary>
    ImmutableArray<int> Free { get; }

    /// <summary>Whether the id is a mark of the format that no text becomes; also true of ids that stand for nothing.</summary>
    bool IsSpecial(int id);

    /// <summary>The UTF-8 bytes that an id adds to a text; none for special ids.</summary>
    /// <param name="id">0 to <see cref="Count"/> - 1.</param>
    /// <param name="first">
    /// Whether the text begins with it: vocabularies that write a blank before every word drop the first one.
    /// </param>
    ReadOnlySpan<byte> Bytes(int id, bool first = false);

    /// <summary>
    /// The ids of a text, none of them special, whatever it spells. Halves of surrogate pairs count as U+FFFD.
    /// </summary>
    ImmutableArray<int> Encode(string text);

    /// <summary>
    /// The ids of a text in which special tokens are written out by name, as rendered prompts are; never for text of
    /// others.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="framed">Whether to add what the vocabulary's files put around a single text (as a first token).</param>
    ImmutableArray<int> EncodeMarked(string text, bool framed = false);

    /// <summary>The text of ids; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <param name="ids">Ids below <see cref="Count"/>.</param>
    /// <param name="marked">Whether special ids are written by name; else they are silent.</param>
    string Decode(ReadOnlySpan<int> ids, bool marked = false);

    /// <summary>The name of a special id, as <see cref="EncodeMarked"/> reads it.</summary>
    string Spell(int id);

    /// <summary>
    /// Appends messages to a conversation; no earlier id changes. Nothing that a message says becomes a special id.
    /// </summary>
    /// <param name="prefix">
    /// Ids so far: empty, or a conversation that ends with a reply (with or without its end).
    /// </param>
    /// <param name="messages">What is said after it.</param>
    /// <param name="ask">Whether a reply is asked for at the end.</param>
    /// <exception cref="ArgumentException">The format cannot say these messages in this order.</exception>
    ImmutableArray<int> Append(ImmutableArray<int> prefix, ImmutableArray<Message> messages, bool ask = true);

    /// <summary>Puts messages into a prompt before the place where it asks for a reply.</summary>
    /// <param name="prompt">What <see cref="Append"/> made with <c>ask</c>.</param>
    /// <param name="messages">What is said there.</param>
    /// <exception cref="ArgumentException">The prompt asks for no reply, or the format cannot say it.</exception>
    ImmutableArray<int> Interpose(ImmutableArray<int> prompt, ImmutableArray<Message> messages);

    /// <summary>Writes the vocabulary's files into a folder and returns their names.</summary>
    IReadOnlyList<string> Save(string folder);
}
