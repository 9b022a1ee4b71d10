// Documents packed into rows of one length: what begins them alike stands in a row once, and each sees that and itself.
// Knows numbers; no tensor.
using System.Numerics;

namespace AgentArena.Models.Pretraining;

/// <summary>Rows computed together.</summary>
/// <param name="Ids">Tokens to be read, the last of each document left out, [rows x length]; 0 pads.</param>
/// <param name="Positions">Place of each in its document, [rows x length].</param>
/// <param name="Mask">0 where a token (first index) sees another (second), else -inf, [rows x length x length].</param>
/// <param name="Needed">Tokens whose next one is learned, [m].</param>
/// <param name="Targets">The next token of each of those, [m].</param>
/// <param name="Weights">The weight of each in the loss, [m].</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Length">Tokens of a row.</param>
/// <param name="Filled">Places that hold a token.</param>
public sealed record DocumentBatch(
    long[] Ids,
    long[] Positions,
    float[] Mask,
    long[] Needed,
    long[] Targets,
    float[] Weights,
    int Rows,
    int Length,
    int Filled
)
{
    // Attention costs the square of a row, and most documents are short.
    private const int Shortest = 256;

    // What documents begin with alike, where it stands in a row, and those that go on from it with their places.
    private sealed record Tree(
        string Beginning,
        TokenDocument First,
        int At,
        List<(TokenDocument Document, int At)> All
    );

    private sealed class Row(int length)
    {
        public int Length { get; } = length;
        public int Used { get; private set; }
        public List<Tree> Trees { get; } = [];

        // Whether there was room: for what follows the beginning where that stands here already, else for all of it.
        public bool Take(string beginning, TokenDocument document)
        {
            var rest = document.Ids.Length - 1 - document.Beginning;
            var tree = Trees.Find(t => t.Beginning == beginning);
            if (Used + rest + (tree is null ? document.Beginning : 0) > Length)
                return false;
            if (tree is null)
            {
                Trees.Add(tree = new Tree(beginning, document, Used, []));
                Used += document.Beginning;
            }
            tree.All.Add((document, Used));
            Used += rest;
            return true;
        }
    }

    /// <summary>
    /// Documents in passes of about so many places. What goes where follows from the documents and their order alone.
    /// </summary>
    /// <param name="documents">The documents of an update.</param>
    /// <param name="most">Places of a pass.</param>
    /// <param name="promptWeight">
    /// The weight in the loss of what lies between a document's beginning and its reply; the reply's is 1.
    /// </param>
    public static IEnumerable<DocumentBatch> Lay(IReadOnlyList<TokenDocument> documents, int most, double promptWeight)
    {
        var rows = new List<Row>();
        var groups = documents
            .GroupBy(d => string.Join(',', d.Ids.AsSpan(0, d.Beginning).ToArray()), StringComparer.Ordinal)
            .OrderByDescending(g => g.Max(d => d.Ids.Length));
        foreach (var group in groups)
        foreach (var document in group.OrderByDescending(d => d.Ids.Length))
        {
            // A row that has the beginning already saves it; else the first with room.
            if (
                rows.Exists(r => r.Trees.Exists(t => t.Beginning == group.Key) && r.Take(group.Key, document))
                || rows.Exists(r => r.Take(group.Key, document))
            )
                continue;
            rows.Add(new Row(Math.Max(Shortest, (int)BitOperations.RoundUpToPowerOf2((uint)document.Ids.Length - 1))));
            rows[^1].Take(group.Key, document);
        }
        foreach (var alike in rows.GroupBy(r => r.Length).OrderBy(g => g.Key))
        foreach (var part in alike.Chunk(Math.Max(1, most / alike.Key)))
            yield return Of(part, promptWeight);
    }

    private static DocumentBatch Of(Row[] rows, double promptWeight)
    {
        var length = rows[0].Length;
        var (ids, positions) = (new long[rows.Length * length], new long[rows.Length * length]);
        var mask = new float[rows.Length * length * length];
        Array.Fill(mask, float.NegativeInfinity);
        var (needed, targets, weights) = (new List<long>(), new List<long>(), new List<float>());
        for (var r = 0; r < rows.Length; r++)
        {
            // What pads sees itself, so that it is some number; nobody looks at it.
            for (var place = 0; place < length; place++)
                mask[(r * length + place) * length + place] = 0;
            foreach (var tree in rows[r].Trees)
            {
                var beginning = tree.First.Beginning;
                for (var p = 0; p < beginning; p++)
                {
                    Put(tree.At + p, tree.First.Ids[p], p);
                    Sees(tree.At + p, tree.At, p + 1);
                }
                foreach (var (document, at) in tree.All)
                    for (var p = beginning; p < document.Ids.Length - 1; p++)
                    {
                        var place = at + p - beginning;
                        Put(place, document.Ids[p], p);
                        Sees(place, tree.At, beginning);
                        Sees(place, at, p - beginning + 1);
                        var weight = p + 1 >= document.Reply ? 1 : promptWeight;
                        if (weight == 0)
                            continue;
                        needed.Add(r * length + place);
                        targets.Add(document.Ids[p + 1]);
                        weights.Add((float)weight);
                    }
            }

            void Put(int place, int id, int position) =>
                (ids[r * length + place], positions[r * length + place]) = (id, position);

            void Sees(int place, int from, int count) =>
                mask.AsSpan((r * length + place) * length + from, count).Clear();
        }
        return new(
            ids,
            positions,
            mask,
            [.. needed],
            [.. targets],
            [.. weights],
            rows.Length,
            length,
            rows.Sum(r => r.Used)
        );
    }
}
