// A published tokenizer behind the seam: its tokenizer.json and what stands beside it. Normalises, cuts, merges; leaves
// conversations to ChatFormat.
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using AgentArena.Core.Models;

namespace AgentArena.Models.Tokens.HuggingFace;

/// <summary>
/// Ids as the reference implementation (the tokenizers library, 0.22) gives them. What a file asks for that is not
/// supported is refused when it is read, by key. Safe to use from several threads at once.
/// </summary>
public sealed class HuggingFaceTokenizer : ITokenizer
{
    private readonly string _file;
    private readonly TextNormalizer _normalizer;
    private readonly PreTokenizer _cuts;
    private readonly BpeMerges _merges;
    private readonly AddedTokens _written,
        _normalised;
    private readonly byte[]?[] _bytes;
    private readonly Dictionary<int, string> _names;
    private readonly HashSet<int> _special;
    private readonly bool _dropsBlank;
    private readonly ImmutableArray<int> _before,
        _after;
    private readonly ImmutableArray<TokenizerFile> _files;
    private readonly string _templatePlace;
    private readonly ChatFormat? _chat;

    /// <summary>A character that stands in no message: it keeps tokens by name apart that a message spells.</summary>
    internal const char Guard = '\uFDED';

    internal HuggingFaceTokenizer(TokenizerReading read)
    {
        (_file, _normalizer, _cuts, _merges) = (read.File, read.Normalizer, read.Cuts, read.Merges);
        (_names, _special, _bytes) = (read.Names, read.Special, read.Bytes);
        (_dropsBlank, _before, _after, _files) = (read.DropsBlank, read.Before, read.After, read.Files);
        var added = read.Added.ToLookup(t => t.Normalized);
        _written = new AddedTokens(added[false].Select(t => (t.Content, t)));
        _normalised = new AddedTokens(added[true].Select(t => (_normalizer.Run(t.Content), t)));
        var settings = read.Settings;
        _templatePlace = settings.TemplatePlace;
        var ends = new List<int>();
        if (settings.Template is { } source)
        {
            _chat = new ChatFormat(source, settings.TemplatePlace, settings.Named);
            if (Closing() is { } end)
                ends.Add(end);
        }
        if (settings.Named.TryGetValue("eos_token", out var eos) && Id(eos) is { } known)
            ends.Add(known);
        ends.AddRange(settings.EndIds.Where(e => e < Count));
        Ends = [.. ends.Distinct()];
        _special.UnionWith(Ends);
        foreach (var end in Ends)
            _names.TryAdd(end, "");
        Free = [.. Enumerable.Range(0, Count).Where(id => !IsSpecial(id) || Ends.Contains(id))];
    }

    /// <inheritdoc/>
    public int Count => _bytes.Length;

    /// <summary>Ids that end a reply; empty where no file of the tokenizer names one.</summary>
    public ImmutableArray<int> Ends { get; }

    /// <inheritdoc/>
    public ImmutableArray<int> Free { get; }

    /// <summary>The chat template's renderer.</summary>
    /// <exception cref="ArgumentException">There is no chat template.</exception>
    public ChatFormat Chat =>
        _chat
        ?? throw new ArgumentException(
            $"{_templatePlace}: is missing, so conversations have no format. Put a chat_template.jinja beside {_file}, "
                + "or use a model that was trained to chat."
        );

    /// <inheritdoc/>
    public bool IsSpecial(int id) => _special.Contains(id) || _bytes[id] is null;

    /// <inheritdoc/>
    public string Spell(int id) => _names.GetValueOrDefault(id) ?? "";

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Bytes(int id, bool first = false)
    {
        if (IsSpecial(id))
            return [];
        ReadOnlySpan<byte> bytes = _bytes[id];
        return first && _dropsBlank && bytes is [(byte)' ', ..] ? bytes[1..] : bytes;
    }

    /// <inheritdoc/>
    public ImmutableArray<int> Encode(string text) => Encode(WellFormed(text), special: false, guarded: false);

    /// <inheritdoc/>
    public ImmutableArray<int> EncodeMarked(string text, bool framed = false)
    {
        var ids = Encode(WellFormed(text), special: true, guarded: false);
        return framed ? [.. _before, .. ids, .. _after] : ids;
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids, bool marked = false)
    {
        var bytes = new List<byte>(ids.Length * 4);
        var first = true;
        foreach (var id in ids)
        {
            if (IsSpecial(id))
            {
                if (marked)
                    bytes.AddRange(Encoding.UTF8.GetBytes(Spell(id)));
                continue;
            }
            bytes.AddRange(Bytes(id, first));
            first = false;
        }
        return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes));
    }

    /// <inheritdoc/>
    public ImmutableArray<int> Append(ImmutableArray<int> prefix, ImmutableArray<Message> messages, bool ask = true)
    {
        if (prefix.IsDefaultOrEmpty)
            return Rendered(messages.IsEmpty ? Chat.Beginning(ask) : Chat.Render(messages, ask, Guarded));
        var (closing, text) = Chat.Continue(messages, ask, Guarded);
        // A reply that said its own end is not closed again.
        if (Ends.Contains(prefix[^1]) && Leading(closing.TrimStart()) is { } end)
            closing = closing.TrimStart()[Spell(end).Length..];
        return [.. prefix, .. Rendered(closing + text)];
    }

    /// <inheritdoc/>
    public ImmutableArray<int> Interpose(ImmutableArray<int> prompt, ImmutableArray<Message> messages)
    {
        var asking = Rendered(Chat.Asking);
        if (prompt.IsDefault || !prompt.AsSpan().EndsWith(asking.AsSpan()))
            throw new ArgumentException(
                $"prompt: does not end with what asks for a reply, '{Chat.Asking}'. Give one that does."
            );
        return [.. prompt[..^asking.Length], .. Rendered(Chat.AfterUser(messages, Guarded))];
    }

    /// <summary>The ids of a rendered conversation.</summary>
    /// <param name="text">
    /// What <see cref="Chat"/> rendered with <see cref="Guarded"/>: the guards that keep a message's words from
    /// becoming special ids go.
    /// </param>
    public ImmutableArray<int> Rendered(string text) => Encode(WellFormed(text), special: true, guarded: true);

    /// <summary>
    /// A message's text with guards in every special token that it spells; in what others than the assistant say, in
    /// every token by name.
    /// </summary>
    public string Guarded(string text, bool assistant)
    {
        text = ChatFormat.WithoutNonCharacters(WellFormed(text));
        return _normalised.Guard(_written.Guard(text, assistant, Guard), assistant, Guard);
    }

    /// <summary>A text without <see cref="Guarded"/>'s guards.</summary>
    public static string Unguarded(string text) => text.Replace(Guard.ToString(), "", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyList<string> Save(string folder)
    {
        foreach (var file in _files)
            File.WriteAllBytes(Path.Combine(folder, file.Name), file.Bytes);
        return [.. _files.Select(f => f.Name)];
    }

    // The id of a token that a text begins with.
    private int? Leading(string text)
    {
        if (text.Length == 0)
            return null;
        var sections = new List<Section>();
        _written.Split(text, special: true, sections);
        if (sections[0].Id < 0)
        {
            sections.Clear();
            _normalised.Split(text, special: true, sections);
        }
        return sections[0] is { Id: >= 0 and var id } ? id : null;
    }

    // The token that the chat template puts behind a reply; null where it puts none, or cannot say a plain exchange.
    private int? Closing()
    {
        try
        {
            return Leading(_chat!.Closing.TrimStart());
        }
        catch (ArgumentException)
        {
            return null; // told by whoever renders with it
        }
    }

    private int? Id(string name)
    {
        foreach (var (id, known) in _names)
            if (known == name)
                return id;
        return null;
    }

    private ImmutableArray<int> Encode(string text, bool special, bool guarded)
    {
        if (text.Length == 0)
            return [];
        var ids = new List<int>(text.Length / 3 + 4);
        var work = (
            Outer: new List<Section>(),
            Inner: new List<Section>(),
            Pieces: new List<Piece>(),
            Spare: new List<Piece>()
        );
        _written.Split(text, special, work.Outer);
        foreach (var outer in work.Outer)
        {
            if (outer.Id >= 0)
            {
                ids.Add(outer.Id);
                continue;
            }
            var part = outer.Length == text.Length ? text : text.Substring(outer.Start, outer.Length);
            part = _normalizer.Run(part);
            if (part.Length == 0)
                continue;
            work.Inner.Clear();
            _normalised.Split(part, special, work.Inner);
            foreach (var inner in work.Inner)
                if (inner.Id >= 0)
                    ids.Add(inner.Id);
                else
                    Cut(
                        inner.Length == part.Length ? part : part.Substring(inner.Start, inner.Length),
                        outer.Start == 0 && inner.Start == 0,
                        guarded
                    );
        }
        return [.. ids];

        void Cut(string part, bool first, bool guards)
        {
            if (guards)
                part = Unguarded(part);
            if (part.Length == 0)
                return;
            part = _cuts.Prepare(part, first);
            using var codes = new CodeText(part, _cuts.StandIns);
            try
            {
                foreach (var piece in _cuts.Run(codes.Codes, work.Pieces, work.Spare))
                    _merges.Encode(codes.Text(piece.Start, piece.Length), ids);
            }
            catch (RegexMatchTimeoutException e)
            {
                throw new InvalidDataException(
                    $"{_file}: pre_tokenizer takes too long over a text of {part.Length} characters ('{e.Pattern}'). "
                        + "Use a tokenizer whose expressions do not go back, or shorter texts.",
                    e
                );
            }
        }
    }

    // Half of a surrogate pair has no UTF-8.
    private static string WellFormed(string text) =>
        text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')
            ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))
            : text;
}
