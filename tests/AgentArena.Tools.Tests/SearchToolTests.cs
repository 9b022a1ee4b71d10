// The index: finds what is there, in a stable order, and treats whatever is typed as words.
using AgentArena.Actors.Data;
using AgentArena.Actors.Tools;
using AgentArena.Games.Documents;

namespace AgentArena.Tools.Tests;

public sealed class SearchToolTests : IDisposable
{
    private readonly DocumentIndex _index = new([
        new("b", "the cat sat on the mat"),
        new("a", "the cat sat on the mat"),
        new("c", "a dog and a cat met another dog near the café"),
        new("d", "Ünïcode wörds, dogs’ names"),
        new("long", string.Join(' ', Enumerable.Range(0, 200).Select(i => i == 150 ? "needle" : $"hay{i}"))),
    ]);

    private readonly string _folder = Directory.CreateTempSubdirectory("search-").FullName;

    public static TheoryData<string> Hostile =>
        [
            "\"",
            "\"\"\"",
            "'",
            "cat\" OR \"dog",
            "text: dog",
            "id:a",
            "^cat",
            "cat*",
            "NEAR(cat dog)",
            "cat AND",
            "NOT",
            "OR OR",
            "(",
            ")",
            "{",
            "cat -dog",
            "cat + dog",
            "cat\0dog",
            "\0",
            "-- drop",
            "'; DROP TABLE documents; --",
            "\ud800cat",
            "\u202ecat",
            "{\"query\": 5}",
            "{\"query\": \"cat\", \"world\": []}",
            "\n\t",
            "",
            "日本語",
            "%",
            "_",
            "\\",
            "{\"seed\":\"1\",\"world\":{\"people\":-1}}",
            "{\"seed\":\"-1\"}",
            "{\"query\":\"cat\",\"top\":-5,\"snippet\":99999}",
            "{\"query\":\"cat\",\"top\":2147483647}",
        ];

    [Fact]
    public void Better_matches_come_first_and_equals_by_id()
    {
        _index.Search("cat", 10).Select(d => d.Id).ShouldBe(["a", "b", "c"]);
        _index.Search("dog cat", 10).Select(d => d.Id).First().ShouldBe("c");
        _index.Search("dog cat", 1).ShouldHaveSingleItem().Id.ShouldBe("c");
        _index.Search("CAFE", 10).ShouldHaveSingleItem().Id.ShouldBe("c");
        _index.Search("unicode", 10).ShouldHaveSingleItem().Id.ShouldBe("d");
        _index.Search("unheard", 10).ShouldBeEmpty();
        _index.Get("a")!.Text.ShouldBe("the cat sat on the mat");
        _index.Get("A' OR 1=1").ShouldBeNull();
    }

    [Fact]
    public void A_snippet_holds_what_was_looked_for_and_no_more_words_than_asked()
    {
        var snippet = _index.Search("needle", 1, words: 5).Single().Text;
        snippet.ShouldContain("needle");
        snippet.Split(' ').Length.ShouldBeLessThanOrEqualTo(5);
        _index.Search("needle", 1).Single().Text.Split(' ').Length.ShouldBe(200);
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Hostile_queries_are_words_at_most(string query)
    {
        // What is left of it is a disjunction of quoted words, and the index answers it.
        if (DocumentIndex.Match(query) is { } match)
            match.ShouldMatch("^\"[^\"\0]+\"( OR \"[^\"\0]+\")*$");
        var known = _index.Search(query, 10).Select(d => d.Id).ToArray();
        known.ShouldBeUnique();
        _index.Count.ShouldBe(5);
        _index.Search("cat", 10).Length.ShouldBe(3, "the documents are as they were");
        File.WriteAllText(Path.Combine(_folder, "cat.txt"), "a cat");
        await using var tool = new SearchTool(new() { Folder = _folder }, new ScenarioFiles(_folder));
        await tool.StartAsync(default);
        (await tool.AnswerAsync(query, default)).ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void Huge_queries_are_cut_to_their_first_words()
    {
        DocumentIndex.Match(new string('x', 100_000))!.Length.ShouldBe(66);
        DocumentIndex
            .Match(string.Concat(Enumerable.Repeat("\" OR a* NEAR(", 10_000)))!
            .ShouldBe("\"OR\" OR \"a\" OR \"NEAR\"");
        DocumentIndex
            .Match(string.Join(' ', Enumerable.Range(0, 20_000)))!
            .Split(" OR ")
            .Length.ShouldBe(DocumentIndex.MostWords);
        _index.Search(string.Join(' ', Enumerable.Repeat("cat", 25_000)), 10).Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_folder_is_searched_by_path_and_known_by_its_content()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "in"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "in", "one.md"), "Rivers\nrun to the sea");
        await File.WriteAllTextAsync(Path.Combine(_folder, "two.txt"), "the sea is salt");
        await File.WriteAllTextAsync(Path.Combine(_folder, "three.bin"), "the sea is binary");
        var files = new ScenarioFiles(_folder);
        await using var tool = new SearchTool(new() { Folder = _folder }, files);
        await tool.StartAsync(default);
        (await tool.AnswerAsync("""{"query":"river rivers"}""", default)).ShouldBe("in/one.md: Rivers run to the sea");
        (await tool.AnswerAsync("sea", default)).Split('\n').Length.ShouldBe(2);
        (await tool.AnswerAsync("""{"id":"two.txt"}""", default)).ShouldBe("two.txt: the sea is salt");
        (await tool.AnswerAsync("moon", default)).ShouldBe(IndexRequest.Nothing);
        var hash = files.Hashes[_folder];
        files.Folder(_folder).ShouldBe(_folder);
        files.Hashes[_folder].ShouldBe(hash);
        await File.AppendAllTextAsync(Path.Combine(_folder, "two.txt"), "!");
        files.Folder(_folder);
        files.Hashes[_folder].ShouldNotBe(hash);
        (
            await Should.ThrowAsync<InvalidOperationException>(() =>
                new SearchTool(new() { Folder = _folder + "-gone" }, new ScenarioFiles(_folder)).StartAsync(default)
            )
        ).Message.ShouldContain("does not exist");
    }

    [Fact]
    public async Task Worlds_are_made_again_from_their_seeds_and_dropped_when_many()
    {
        await using var tool = new SearchTool(new() { Worlds = 2 }, new ScenarioFiles(_folder));
        await tool.StartAsync(default);
        var options = new WorldOptions();
        for (ulong seed = 0; seed < 6; seed++)
        {
            var world = World.Create(seed % 3, options);
            foreach (var thing in world.Things)
            {
                var request = new IndexRequest
                {
                    Query = thing.Name,
                    Top = 1,
                    Seed = (seed % 3).ToString(System.Globalization.CultureInfo.InvariantCulture),
                    World = options,
                };
                IndexRequest
                    .Read(await tool.AnswerAsync(request.ToString(), default))
                    .ShouldHaveSingleItem()
                    .ShouldBe(world.Documents.Single(d => d.Id == thing.Id));
            }
        }
        (await tool.AnswerAsync("no folder", default)).ShouldBe(IndexRequest.Nothing);
    }

    [Fact]
    public async Task Requests_at_once_get_their_own_answers()
    {
        await using var tool = new SearchTool(new() { Worlds = 3 }, new ScenarioFiles(_folder));
        await Parallel.ForAsync(0, 200, async (i, stop) =>
        {
            var seed = (ulong)(i % 7);
            var thing = World.Create(seed, new()).Things[i % 12];
            var request = new IndexRequest
            {
                Query = thing.Name,
                Top = 1,
                Seed = seed.ToString(System.Globalization.CultureInfo.InvariantCulture),
                World = new(),
            };
            (await tool.AnswerAsync(request.ToString(), stop)).ShouldStartWith(thing.Id + ": ");
        });
    }

    public void Dispose()
    {
        _index.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
