// Fictional worlds: what a question asks for is in the documents, once, and never in one place.
using System.Text.RegularExpressions;
using AgentArena.Games.Documents;

namespace AgentArena.Core.Tests.Games;

public class WorldTests
{
    public static TheoryData<string> All => ["plain", "prose", "large"];

    private static WorldOptions Options(string which) =>
        which switch
        {
            "plain" => new(),
            "prose" => new() { Names = Naming.Syllables, Wording = Wording.Prose },
            _ => new()
            {
                People = 40,
                Places = 30,
                Works = 20,
                Names = Naming.Syllables,
            },
        };

    // The facts as a reader takes them from the sentences alone, by forms of their own: no part of the generator is
    // used.
    private static readonly (string Relation, string Form)[] Forms =
    [
        ("maker", @"^(?<s>\w+) was made by (?<o>\w+)$"),
        ("maker", @"^It was (?<o>\w+) who made (?<s>\w+)$"),
        ("setting", @"^(?<s>\w+) is set in (?<o>\w+)$"),
        ("setting", @"^(?<o>\w+) is where (?<s>\w+) takes place$"),
        ("home", @"^(?<s>\w+) lives in (?<o>\w+)$"),
        ("home", @"^(?<o>\w+) is where (?<s>\w+) lives$"),
        ("teacher", @"^(?<s>\w+) was taught by (?<o>\w+)$"),
        ("teacher", @"^(?<o>\w+) was the one who taught (?<s>\w+)$"),
        ("ruler", @"^(?<s>\w+) is ruled by (?<o>\w+)$"),
        ("ruler", @"^The one who rules (?<s>\w+) is (?<o>\w+)$"),
        ("neighbour", @"^(?<s>\w+) lies next to (?<o>\w+)$"),
        ("neighbour", @"^Whoever leaves (?<s>\w+) comes to (?<o>\w+) first$"),
        ("", @"^[Tt]he (?<r>\w+) of (?<s>\w+) is (?<o>\w+)$"),
    ];

    private static ILookup<(string Relation, string Subject), string> ReadBack(World world) =>
        world
            .Documents.SelectMany(d => d.Text.Split([". ", " , "], StringSplitOptions.TrimEntries))
            .Select(sentence =>
            {
                var match = Forms
                    .Select(f => (f.Relation, Match: Regex.Match(sentence.TrimEnd('.'), f.Form)))
                    .Where(f => f.Match.Success)
                    .ToArray()
                    .ShouldHaveSingleItem($"'{sentence}' is said in no known way");
                var relation = match.Relation.Length > 0 ? match.Relation : match.Match.Groups["r"].Value;
                return (Key: (relation, match.Match.Groups["s"].Value), Value: match.Match.Groups["o"].Value);
            })
            .ToLookup(f => f.Key, f => f.Value);

    [Theory]
    [MemberData(nameof(All))]
    public void Every_answer_follows_from_the_documents_alone_and_there_is_one(string which)
    {
        for (ulong seed = 1; seed <= (which == "large" ? 2u : 30u); seed++)
        {
            var world = World.Create(seed, Options(which));
            var facts = ReadBack(world);
            facts.Count.ShouldBe(2 * world.Things.Length);
            for (var hops = 1; hops <= 3; hops++)
                foreach (var question in world.Questions(hops))
                {
                    var words = question.Text.TrimEnd('?').Split(' ');
                    var at = words[^1];
                    var steps = words
                        .SkipLast(1)
                        .Where(w => w is not ("the" or "of" or "is" or "Who" or "What"))
                        .Reverse()
                        .ToArray();
                    steps.Length.ShouldBe(hops);
                    foreach (var step in steps)
                        at = facts[(step, at)].ToArray().ShouldHaveSingleItem(question.Text);
                    at.ShouldBe(question.Answer);
                }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void No_document_names_the_answer_beside_the_subject_of_a_question_of_many_hops(string which)
    {
        for (ulong seed = 1; seed <= (which == "large" ? 1u : 10u); seed++)
        {
            var world = World.Create(seed, Options(which));
            var words = world
                .Documents.Select(d => Regex.Matches(d.Text, @"\w+").Select(m => m.Value).ToHashSet())
                .ToArray();
            for (var hops = 2; hops <= 3; hops++)
            {
                var questions = world.Questions(hops).ToArray();
                questions.ShouldNotBeEmpty();
                foreach (var question in questions)
                {
                    words.ShouldAllBe(
                        d => !(d.Contains(question.Path[0].Name) && d.Contains(question.Answer)),
                        question.Text
                    );
                    question.Path.Select(t => t.Id).ShouldBeUnique();
                }
            }
        }
    }

    [Fact]
    public void A_seed_is_a_world_and_another_seed_another()
    {
        static string Say(ulong seed) => string.Join('\n', World.Create(seed, new()).Documents.Select(d => d.Text));
        Say(5).ShouldBe(Say(5));
        Enumerable.Range(0, 200).Select(s => Say((ulong)s)).ShouldBeUnique();
    }

    [Fact]
    public void Names_are_distinct_and_none_is_in_another()
    {
        foreach (
            var options in new[]
            {
                new WorldOptions { Lexicon = 500 },
                Options("large"),
            }
        )
            for (ulong seed = 1; seed <= 3; seed++)
            {
                var names = World.Create(seed, options).Things.Select(t => t.Name.ToLowerInvariant()).ToArray();
                foreach (var name in names)
                    names.Count(n => n.Contains(name, StringComparison.Ordinal)).ShouldBe(1);
            }
        // What a name stands for is dealt anew: over worlds a name of the list is of every kind.
        var kinds = Enumerable
            .Range(0, 200)
            .SelectMany(s => World.Create((ulong)s, new() { Lexicon = 12 }).Things)
            .GroupBy(t => t.Name)
            .ToArray();
        kinds.Length.ShouldBe(12);
        foreach (var kind in kinds)
            kind.Select(t => t.Kind).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void A_question_is_understood_in_the_worlds_own_words_alone()
    {
        foreach (var options in new[] { new WorldOptions(), Options("prose") })
        {
            var world = World.Create(9, options);
            foreach (var question in Enumerable.Range(1, 3).SelectMany(world.Questions))
                world.Understand(question.Text)!.Path.ShouldBe(question.Path);
            var (person, work) = (world.Things[0].Name, world.Things[^1].Name);
            world
                .Understand($"WHO is the maker of {work.ToUpperInvariant()}?!")!
                .Answer.ShouldBe(world.Understand($"the maker of {work}")!.Answer);
            foreach (
                var nonsense in new[]
                {
                    "",
                    "?",
                    person,
                    $"the maker of {person}",
                    $"of {work}",
                    $"maker {work}",
                    $"the size of {work}",
                    "the maker of nobody",
                    $"why is the maker of {work}",
                    $"is the maker of {work}",
                    new string('x', 100_000),
                    string.Concat(Enumerable.Repeat("the teacher of ", 20_000)),
                }
            )
                world.Understand(nonsense).ShouldBeNull(nonsense.Length > 100 ? "a long one" : nonsense);
        }
    }

    [Fact]
    public void Worlds_that_cannot_be_are_refused_with_a_way_out()
    {
        Should
            .Throw<ArgumentException>(() => World.Create(1, new() { People = 1 }))
            .Message.ShouldContain("world.people is 1");
        Should
            .Throw<ArgumentException>(() => World.Create(1, new() { Lexicon = 5 }))
            .Message.ShouldContain("syllables");
    }
}
