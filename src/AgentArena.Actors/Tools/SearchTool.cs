// The index that sits at the table: finds documents of a folder, or of the fictional world that a request names. Knows
// no game.
using System.Globalization;
using AgentArena.Core.Data;
using AgentArena.Core.Tools;
using AgentArena.Games.Documents;

namespace AgentArena.Actors.Tools;

/// <summary>
/// Answers an <see cref="IndexRequest"/> with lines <c>id: text</c>, or <c>nothing found</c>. A request that is no JSON
/// is a query for the folder. Worlds are made again from their seeds and kept while they are in use.
/// </summary>
public sealed class SearchTool : Tool
{
    /// <summary>Options of <see cref="SearchTool"/>.</summary>
    public sealed record Options
    {
        /// <summary>
        /// A folder of text files (.txt, .md), each a document called by its path in it; empty where only worlds are
        /// searched.
        /// </summary>
        public string Folder { get; init; } = "";

        /// <summary>The most worlds kept.</summary>
        public int Worlds { get; init; } = 256;

        /// <summary>The most documents an answer holds, whatever is asked for.</summary>
        public int Most { get; init; } = 20;

        /// <summary>The longest answer, in characters.</summary>
        public int LongestAnswer { get; init; } = 20_000;
    }

    private readonly Options _options;
    private readonly DataFiles _files;
    private readonly Lock _one = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, DocumentIndex Index)>> _worlds = [];
    private readonly LinkedList<(string Key, DocumentIndex Index)> _lastUsed = new(); // the latest first
    private DocumentIndex? _folder;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SearchTool(Options options, DataFiles files)
    {
        if (options.Worlds < 1)
            throw new ArgumentException($"worlds is {options.Worlds}; it should be at least 1.");
        if (options.Most < 1)
            throw new ArgumentException($"most is {options.Most}; it should be at least 1.");
        if (options.LongestAnswer < 100)
            throw new ArgumentException(
                $"longest-answer is {options.LongestAnswer}; it should be at least 100 characters."
            );
        (_options, _files) = (options, files);
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken stop)
    {
        if (_options.Folder.Length == 0)
            return;
        string folder;
        try
        {
            folder = _files.Folder(_options.Folder);
        }
        catch (DataException e)
        {
            throw new InvalidOperationException($"search: {e.Message}", e);
        }
        var documents = new List<Document>();
        foreach (
            var file in Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(f => Path.GetExtension(f) is ".txt" or ".md")
                .Order(StringComparer.Ordinal)
        )
        {
            var document = new Document(
                Path.GetRelativePath(folder, file).Replace('\\', '/'),
                await File.ReadAllTextAsync(file, stop).ConfigureAwait(false)
            );
            documents.Add(document);
        }
        if (documents.Count == 0)
            throw new InvalidOperationException(
                $"search: folder '{_options.Folder}' holds no .txt or .md files. Give one that does."
            );
        _folder = new DocumentIndex(documents);
    }

    /// <inheritdoc/>
    public override Task<string> AnswerAsync(string request, CancellationToken stop) =>
        Task.FromResult(Answer(request));

    private string Answer(string request)
    {
        var asked = IndexRequest.Parse(request) ?? new IndexRequest { Query = request }; // what is no request is words
        lock (_one) // worlds are dropped only while nobody searches them
        {
            if (IndexOf(asked) is not { } index)
                return IndexRequest.Nothing;
            var found = asked.Id is { } id
                ? index.Get(id) is { } one
                    ? [one]
                    : []
                : index.Search(asked.Query ?? "", Math.Clamp(asked.Top, 1, _options.Most), asked.Snippet);
            var said = IndexRequest.Say(found);
            if (said.Length <= _options.LongestAnswer)
                return said;
            var cut = _options.LongestAnswer - 1;
            return said[..(char.IsHighSurrogate(said[cut - 1]) ? cut - 1 : cut)] + "…";
        }
    }

    private DocumentIndex? IndexOf(IndexRequest asked)
    {
        if (asked.Seed is null && asked.World is null)
            return _folder;
        if (!ulong.TryParse(asked.Seed, NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
            return null;
        var options = asked.World ?? new WorldOptions();
        var key = (asked with { Query = null, Id = null, Top = 0, Snippet = 0, World = options }).ToString();
        if (_worlds.TryGetValue(key, out var kept))
        {
            _lastUsed.Remove(kept);
            _lastUsed.AddFirst(kept);
            return kept.Value.Index;
        }
        World world;
        try
        {
            world = World.Create(seed, options);
        }
        catch (ArgumentException)
        {
            return null; // a world that cannot be has no documents
        }
        var index = new DocumentIndex(world.Documents);
        _worlds[key] = _lastUsed.AddFirst((key, index));
        if (_worlds.Count > _options.Worlds && _lastUsed.Last is { } oldest)
        {
            _lastUsed.RemoveLast();
            _worlds.Remove(oldest.Value.Key);
            oldest.Value.Index.Dispose();
        }
        return index;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        foreach (var (_, index) in _lastUsed)
            index.Dispose();
        _lastUsed.Clear();
        _worlds.Clear();
        _folder?.Dispose();
        return base.DisposeAsync();
    }
}
