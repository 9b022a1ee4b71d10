// How what events are made of looks on disk: replies, setups, lists of texts and numbers. Knows no event.
using System.Collections.Immutable;
using AgentArena.Core.Models;
using AgentArena.Core.Play;

namespace AgentArena.Actors.Journal;

/// <summary>
/// Writers and readers side by side: what a method of one kind wrote, the one of the same name reads.
/// </summary>
internal static class CompactParts
{
    // Which parts of an utterance follow.
    [Flags]
    private enum Parts : byte
    {
        None = 0,
        Values = 1,
        Allowed = 2,
        Versions = 4,
        Ends = 8,
        Truncated = 16,
        Temperature = 32,
    }

    /// <summary>What a policy said; null is nothing.</summary>
    public static void Said(this CompactWriter to, Utterance? said)
    {
        to.Text(said?.Policy);
        if (said is null)
            return;
        var parts =
            (said.Values.IsDefault ? Parts.None : Parts.Values)
            | (said.Allowed.IsDefault ? Parts.None : Parts.Allowed)
            | (said.Versions.IsDefault ? Parts.None : Parts.Versions)
            | (said.Ends.IsDefault ? Parts.None : Parts.Ends)
            | (said.Truncated ? Parts.Truncated : Parts.None)
            | (said.Temperature == 1 ? Parts.None : Parts.Temperature);
        to.Byte((byte)parts);
        to.Count(said.Version);
        to.Text(said.Text);
        to.Ids(said.Prompt);
        to.Ids(said.Tokens);
        to.Singles(said.LogProbs);
        if (parts.HasFlag(Parts.Values))
            to.Singles(said.Values);
        if (parts.HasFlag(Parts.Allowed))
        {
            to.Count(said.Allowed.Length);
            foreach (var ids in said.Allowed)
                to.Ids(ids);
        }
        if (parts.HasFlag(Parts.Versions))
            to.Plain(said.Versions);
        if (parts.HasFlag(Parts.Ends))
            to.Plain(said.Ends);
        if (parts.HasFlag(Parts.Temperature))
            to.Single(said.Temperature);
    }

    /// <summary>What a policy said.</summary>
    public static Utterance? Said(this ref CompactReader from)
    {
        if (from.TextOrNone() is not { } policy)
            return null;
        var parts = (Parts)from.Byte();
        var said = new Utterance
        {
            Policy = policy,
            Version = from.Small(),
            Text = from.Text(),
            Prompt = from.Ids(),
            Tokens = from.Ids(),
            LogProbs = from.Singles(),
            Truncated = parts.HasFlag(Parts.Truncated),
        };
        if (parts.HasFlag(Parts.Values))
            said = said with { Values = from.Singles() };
        if (parts.HasFlag(Parts.Allowed))
        {
            var allowed = new ImmutableArray<int>[from.Count()];
            for (var i = 0; i < allowed.Length; i++)
                allowed[i] = from.Ids();
            said = said with { Allowed = [.. allowed] };
        }
        if (parts.HasFlag(Parts.Versions))
            said = said with { Versions = from.Plain() };
        if (parts.HasFlag(Parts.Ends))
            said = said with { Ends = from.Plain() };
        return parts.HasFlag(Parts.Temperature) ? said with { Temperature = from.Single() } : said;
    }

    /// <summary>What a game is started from.</summary>
    public static void Setup(this CompactWriter to, GameSetup setup)
    {
        to.Fixed(setup.Seed);
        to.Text(setup.Task);
        to.Count(setup.Group is null ? 0 : 1);
        if (setup.Group is { } group)
            to.Signed(group);
    }

    /// <summary>What a game is started from.</summary>
    public static GameSetup Setup(this ref CompactReader from)
    {
        var setup = new GameSetup(from.Fixed(), from.TextOrNone());
        return from.Byte() == 0 ? setup : setup with { Group = from.Signed() };
    }

    /// <summary>Texts, in order; none where there is no list.</summary>
    public static void Texts(this CompactWriter to, ImmutableArray<string> texts)
    {
        to.Count(texts.IsDefault ? 0 : texts.Length);
        if (!texts.IsDefault)
            foreach (var text in texts)
                to.Text(text);
    }

    /// <summary>Texts, in order.</summary>
    public static ImmutableArray<string> Texts(this ref CompactReader from)
    {
        var texts = new string[from.Count()];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = from.Text();
        return [.. texts];
    }

    /// <summary>Numbers, four bytes each.</summary>
    public static void Singles(this CompactWriter to, ImmutableArray<float> numbers)
    {
        to.Count(numbers.Length);
        foreach (var number in numbers)
            to.Single(number);
    }

    /// <summary>Numbers, four bytes each.</summary>
    public static ImmutableArray<float> Singles(this ref CompactReader from)
    {
        var numbers = new float[from.Count(bytesEach: 4)];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = from.Single();
        return [.. numbers];
    }

    /// <summary>Numbers, whole ones in few bytes.</summary>
    public static void Doubles(this CompactWriter to, ImmutableArray<double> numbers)
    {
        to.Count(numbers.Length);
        foreach (var number in numbers)
            to.Double(number);
    }

    /// <summary>Numbers.</summary>
    public static ImmutableArray<double> Doubles(this ref CompactReader from)
    {
        var numbers = new double[from.Count()];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = from.Double();
        return [.. numbers];
    }

    /// <summary>Numbers by name.</summary>
    public static void Measures(this CompactWriter to, ImmutableSortedDictionary<string, double> measures)
    {
        to.Count(measures.Count);
        foreach (var (name, value) in measures)
        {
            to.Text(name);
            to.Double(value);
        }
    }

    /// <summary>Numbers by name.</summary>
    public static ImmutableSortedDictionary<string, double> Measures(this ref CompactReader from)
    {
        var count = from.Count(bytesEach: 2);
        if (count == 0)
            return ImmutableSortedDictionary<string, double>.Empty;
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        for (var i = 0; i < count; i++)
            measures[from.Text()] = from.Double();
        return measures.ToImmutable();
    }

    /// <summary>How a game ended.</summary>
    public static OutcomeKind Kind(this ref CompactReader from) =>
        (OutcomeKind)from.Byte() is var kind && Enum.IsDefined(kind)
            ? kind
            : throw CompactReader.Altered("an outcome of no known kind");
}
