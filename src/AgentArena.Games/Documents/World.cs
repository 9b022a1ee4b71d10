// A fictional world out of a seed: things, facts, documents, and questions whose answers are known. Knows no player and
// no index.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Players;

namespace AgentArena.Games.Documents;

/// <summary>How large worlds are and how they speak.</summary>
public sealed record WorldOptions
{
    /// <summary>Somebodies, at least 2.</summary>
    public int People { get; init; } = 4;

    /// <summary>Somewheres, at least 2.</summary>
    public int Places { get; init; } = 4;

    /// <summary>Things made.</summary>
    public int Works { get; init; } = 4;

    /// <summary>Where names come from.</summary>
    public Naming Names { get; init; } = Naming.Lexicon;

    /// <summary>How many names the fixed list has.</summary>
    public int Lexicon { get; init; } = 32;

    /// <summary>How documents and questions are worded.</summary>
    public Wording Wording { get; init; } = Wording.Plain;

    /// <summary>How many things there are.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int Things => People + Places + Works;

    /// <summary>Throws where a world cannot be made.</summary>
    /// <exception cref="ArgumentException">Says which option, what is wrong and what would be right.</exception>
    public void Check()
    {
        if (People is < 2 or > 200)
            throw new ArgumentException($"world.people is {People}; it should be 2 to 200.");
        if (Places is < 2 or > 200)
            throw new ArgumentException($"world.places is {Places}; it should be 2 to 200.");
        if (Works is < 1 or > 200)
            throw new ArgumentException($"world.works is {Works}; it should be 1 to 200.");
        if (Names == Naming.Lexicon && (Lexicon < Things || Lexicon > NamePool.Most))
            throw new ArgumentException(
                $"world.lexicon is {Lexicon}; it should be at least the {Things} things of a world and at most {NamePool.Most}. Set world.names = syllables for larger worlds."
            );
    }
}

/// <summary>Something of a world; <paramref name="Id"/> is also the id of the document about it.</summary>
public sealed record Thing(string Id, string Name, Kind Kind);

/// <summary>A text that can be found.</summary>
public sealed record Document(string Id, string Text);

/// <summary>
/// A question with its answer: <paramref name="Path"/> are the things from the subject to the answer.
/// </summary>
public sealed record Question(string Text, ImmutableArray<Relation> Chain, ImmutableArray<Thing> Path)
{
    /// <summary>How many facts have to be joined.</summary>
    public int Hops => Chain.Length;

    /// <summary>The right answer.</summary>
    public string Answer => Path[^1].Name;
}

/// <summary>
/// A world. Each thing has one document, which states the values of its two relations and nothing else. A question
/// follows a chain of relations from a subject through distinct things; of more than one hop, only such questions are
/// asked whose answer no document names beside the subject.
/// </summary>
public sealed class World
{
    private readonly Dictionary<(string Id, string Relation), Thing> _facts = [];
    private readonly Dictionary<string, HashSet<string>> _named = []; // by thing: the documents that name it
    private readonly Dictionary<string, Thing> _byName;
    private readonly Wording _wording;

    private World(ImmutableArray<Thing> things, Wording wording, RandomStream stream)
    {
        (Things, _wording) = (things, wording);
        _byName = things.ToDictionary(t => ShortAnswer.Normal(t.Name), StringComparer.Ordinal);
        var documents = ImmutableArray.CreateBuilder<Document>(things.Length);
        foreach (var thing in things)
            _named[thing.Id] = [thing.Id];
        foreach (var thing in things)
        {
            var said = new List<string>(2);
            foreach (var relation in Relation.All)
            {
                if (relation.From != thing.Kind)
                    continue;
                Thing[] values = [.. things.Where(t => t.Kind == relation.To && t != thing)];
                var value = _facts[(thing.Id, relation.Name)] = values[stream.Next(values.Length)];
                _named[value.Id].Add(thing.Id);
                said.Insert(stream.Next(said.Count + 1), relation.Say(wording, thing.Name, value.Name, ref stream));
            }
            documents.Add(new(thing.Id, string.Join(wording == Wording.Plain ? " , " : " ", said)));
        }
        Documents = documents.MoveToImmutable();
    }

    /// <summary>The world of a seed.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static World Create(ulong seed, WorldOptions options)
    {
        options.Check();
        var stream = new RandomStream(RandomStream.Derive(seed, "world"));
        var names =
            options.Names == Naming.Lexicon
                ? NamePool.Lexicon(options.Lexicon).ToArray()
                : [.. NamePool.Fresh(new(RandomStream.Derive(seed, "names")), options.Things)];
        for (var i = 0; i < options.Things; i++)
        {
            var j = i + stream.Next(names.Length - i);
            (names[i], names[j]) = (names[j], names[i]);
        }
        var things = ImmutableArray.CreateBuilder<Thing>(options.Things);
        Add(Kind.Person, options.People);
        Add(Kind.Place, options.Places);
        Add(Kind.Work, options.Works);
        return new World(things.MoveToImmutable(), options.Wording, stream);

        void Add(Kind kind, int count)
        {
            for (var i = 1; i <= count; i++)
                things.Add(new($"{kind.ToString().ToLowerInvariant()}-{i}", names[things.Count], kind));
        }
    }

    /// <summary>All things.</summary>
    public ImmutableArray<Thing> Things { get; }

    /// <summary>One document a thing, in the same order.</summary>
    public ImmutableArray<Document> Documents { get; }

    /// <summary>What a relation gives; null where the thing has no such relation.</summary>
    public Thing? Value(Thing subject, Relation relation) => _facts.GetValueOrDefault((subject.Id, relation.Name));

    /// <summary>Every question of so many hops that may be asked.</summary>
    public IEnumerable<Question> Questions(int hops) =>
        from chain in Relation.Chains(hops)
        from subject in Things
        where subject.Kind == chain[0].From
        let path = Walk(subject, chain)
        where
            path is { } known
            && known.Distinct().Count() == known.Length
            && (hops == 1 || !AreBeside(subject, known[^1]))
        select new Question(Relation.Ask(_wording, chain, subject.Name), chain, path.Value);

    /// <summary>
    /// A question drawn alike among the lengths that have any, then among the questions of that length.
    /// </summary>
    /// <exception cref="ArgumentException">The world has none of these lengths.</exception>
    public Question Draw(int least, int most, ref RandomStream stream)
    {
        var known = Enumerable
            .Range(least, most - least + 1)
            .Select(hops => Questions(hops).ToArray())
            .Where(q => q.Length > 0)
            .ToArray();
        if (known.Length == 0)
            throw new ArgumentException(
                $"a world of these options has no question of {least} to {most} hops. Make it larger."
            );
        var questions = known[stream.Next(known.Length)];
        return questions[stream.Next(questions.Length)];
    }

    /// <summary>
    /// What a question in this world's own words asks for; null where it is in other words or has no answer.
    /// </summary>
    public Question? Understand(string question)
    {
        var words = ShortAnswer.Words(question);
        var at = words.Length - 1;
        if (at < 0 || !_byName.TryGetValue(words[at], out var subject))
            return null;
        var chain = ImmutableArray.CreateBuilder<Relation>();
        var kind = subject.Kind;
        // Read from the end: "home of the maker of belo". Articles are gone already.
        for (at--; at >= 1 && words[at] == "of"; at -= 2)
        {
            var relation = Relation.All.FirstOrDefault(r => r.Name == words[at - 1] && r.From == kind);
            if (relation is null)
                return null;
            chain.Add(relation);
            kind = relation.To;
        }
        if (chain.Count == 0 || !(at < 0 || at == 1 && words[0] is "who" or "what" or "where" && words[1] is "is"))
            return null;
        var whole = chain.ToImmutable();
        return Walk(subject, whole) is { } path ? new Question(question, whole, path) : null;
    }

    /// <summary>
    /// The documents that share most words with a query, the earlier first among equals: what a plain index would find.
    /// </summary>
    public ImmutableArray<Document> Find(string query, int top)
    {
        var words = ShortAnswer.Words(query).Where(_byName.ContainsKey).ToHashSet(StringComparer.Ordinal);
        if (words.Count == 0)
            return [];
        return
        [
            .. Documents
                .Select(d => (Document: d, Score: ShortAnswer.Words(d.Text).Count(words.Contains)))
                .Where(d => d.Score > 0)
                .OrderByDescending(d => d.Score)
                .Take(top)
                .Select(d => d.Document),
        ];
    }

    private ImmutableArray<Thing>? Walk(Thing subject, ImmutableArray<Relation> chain)
    {
        var path = ImmutableArray.CreateBuilder<Thing>(chain.Length + 1);
        path.Add(subject);
        foreach (var relation in chain)
        {
            if (Value(path[^1], relation) is not { } next)
                return null;
            path.Add(next);
        }
        return path.MoveToImmutable();
    }

    private bool AreBeside(Thing one, Thing other) => _named[one.Id].Overlaps(_named[other.Id]);
}
