// From a pretraining file to its options and its stream of documents, or to all of its mistakes at once. Starts
// nothing.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Actors.Data;
using AgentArena.Core;
using AgentArena.Core.Configuration;
using AgentArena.Core.Data;
using AgentArena.Games.Corpus;
using AgentArena.Models.Pretraining;

namespace AgentArena.Cli.Scenarios;

/// <summary>Reads pretraining files.</summary>
internal static class PretrainReader
{
    private const string Root = "pretrain",
        OfFile = "file";

    /// <summary>Options and documents.</summary>
    /// <param name="file">The file.</param>
    /// <param name="set">Values laid over it, <c>path=value</c>.</param>
    /// <exception cref="ScenarioException">
    /// With every mistake, each as <c>file: line, column: path: what is wrong. What would be right.</c>
    /// </exception>
    public static (PretrainOptions Options, DocumentStream Stream) Read(string file, IEnumerable<string> set)
    {
        var found = new Mistakes();
        var overrides = new Overrides(
            set.Select(s => s.StartsWith($"{Root}.", StringComparison.Ordinal) ? s[(Root.Length + 1)..] : s),
            null,
            null,
            found
        );
        var document = HoconInput.Read(found, file);
        if (document.Root is not { } tree)
            throw new ScenarioException(found.All);
        var mistakes = new Mistakes();
        foreach (var (key, _) in tree)
            if (key != Root)
                mistakes.Add(key, DidYouMean.Unknown("key", key, [Root]));
        PretrainOptions? options = null;
        DocumentStream? stream = null;
        if (tree[Root] is JsonObject block)
        {
            overrides.Apply(block);
            options = OptionsBinder.Bind<PretrainOptions>(block, Root, mistakes);
            if (options is not null && mistakes.Count == 0)
            {
                var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
                if (options.Start.Length > 0)
                {
                    options = options with { Start = Path.GetFullPath(options.Start, folder) };
                    if (!Directory.Exists(options.Start))
                        mistakes.Add(
                            $"{Root}.start",
                            $"there is no folder '{options.Start}'. Give a checkpoint, or leave it out to begin from nothing."
                        );
                }
                options.Check([.. Families.Own.Select(f => f.Name), OfFile], Root, mistakes);
                if (mistakes.Count == 0)
                    stream = Stream(options, folder, mistakes);
            }
        }
        else
            mistakes.Add(Root, "is missing. Put the run into a block: pretrain { name = …, mixture { … } … }.");
        foreach (var (path, text) in mistakes.All)
            found.Add($"{document.PlaceOf(path)?.ToString() ?? file}: {path}", text);
        found.ThrowIfAny();
        return (options!, stream!);
    }

    private static DocumentStream Stream(PretrainOptions options, string folder, Mistakes mistakes)
    {
        var files = new ScenarioFiles(folder);
        var parts = ImmutableArray.CreateBuilder<(LessonFamily, double)>();
        // In the order of their names, so that a mixture is the same however it is written down.
        foreach (var (name, part) in options.Mixture.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            if (name != OfFile)
                parts.Add((Families.Own.First(f => f.Name == name), part.Share));
            else if (part.File.Length > 0)
                try
                {
                    parts.Add((Families.FromFile(files, part.File), part.Share));
                }
                catch (DataException e)
                {
                    mistakes.Add($"{Root}.mixture.{name}.file", e.Message);
                }
        }
        return new DocumentStream(RandomStream.Derive((ulong)options.Seed, "corpus"), parts.ToImmutable());
    }
}
