// Lessons of search: what to look for in a fictional world, when to answer, which question to ask. Plays those games,
// with the plain index of the world itself.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Play;
using AgentArena.Games.Documents;

namespace AgentArena.Games.Corpus;

/// <summary>Families of search. Held out are the worlds that the games hold out.</summary>
internal static class SearchLessons
{
    /// <summary>Searchers in worlds of many sizes.</summary>
    public static LessonFamily Searching { get; } =
        new TableFamily("search", "what to look for next in a fictional world, and the answer", (ref chance, split) =>
            new(
                new SearchQuestions(
                    new()
                    {
                        Split = Of(split),
                        MostHops = 1 + chance.Next(3),
                        World = World(ref chance, listed: false),
                        Search = new() { Searches = 3 + chance.Next(2), Top = 1 + chance.Next(2) },
                    }
                ),
                new GameSetup(chance.NextUInt64()),
                Speaking.Roles(("searcher", chance.Next(2) == 0 ? Speaking.Seen : Speaking.Listed)),
                new Scout()
            )
        );

    /// <summary>Questions for an answer, and whether documents tell it.</summary>
    public static LessonFamily Asking { get; } =
        new TableFamily(
            "search-proposals",
            "questions for a given answer, checked against documents",
            (ref chance, split) =>
                new(
                    new SearchSelfPlay(
                        new()
                        {
                            Solvers = 1,
                            MostHops = 2,
                            Split = Of(split),
                            World = World(ref chance, listed: true),
                            Search = new()
                            {
                                Searches = 3,
                                Top = 1,
                                Listed = true,
                            },
                            Question = new() { LeastWords = 4, LeastSearches = 2 },
                        }
                    ),
                    new GameSetup(chance.NextUInt64()),
                    Speaking.Roles(("proposer", Speaking.Seen), ("solver", Speaking.Seen), ("judge", Speaking.Listed)),
                    new Scout()
                )
        );

    private static Split Of(CorpusSplit split) => split == CorpusSplit.Train ? Split.Train : Split.Test;

    private static WorldOptions World(ref RandomStream chance, bool listed) =>
        new()
        {
            People = 3 + chance.Next(3),
            Places = 3 + chance.Next(3),
            Works = 3 + chance.Next(3),
            Lexicon = 24,
            Names = listed || chance.Next(3) > 0 ? Naming.Lexicon : Naming.Syllables,
            Wording = listed || chance.Next(3) > 0 ? Wording.Plain : Wording.Prose,
        };

    // The game itself suggests the way, the best first.
    private sealed class Scout : Teacher
    {
        public override Taught? Teach(Asked asked, ref RandomStream chance)
        {
            if (asked.Turn.Suggestions is not [var best, ..])
                return null;
            return new Taught(asked.Print(best), r =>
                asked.Read(r) is { } move && string.Equals(move.Text, best, StringComparison.OrdinalIgnoreCase)
            );
        }

        public override string Play(Asked asked, ref RandomStream chance)
        {
            ImmutableArray<string> options = asked.Turn.Suggestions;
            if (options.IsEmpty)
                return asked.Turn.Legal[0];
            // The index never errs; searchers now and then do, so that there is something to come back from.
            return asked.Turn.Role == "index" || chance.NextDouble() < 0.9
                ? options[0]
                : options[chance.Next(options.Length)];
        }
    }
}
