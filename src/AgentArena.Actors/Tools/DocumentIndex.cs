// A full-text index of documents in SQLite's FTS5, ranked by BM25. Knows texts, not where they come from.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AgentArena.Games.Documents;
using Microsoft.Data.Sqlite;

namespace AgentArena.Actors.Tools;

/// <summary>
/// Documents that can be searched, in memory. Words are runs of letters and digits, compared without regard to case and
/// diacritics; a query is any of its words. Safe for concurrent use.
/// </summary>
public sealed class DocumentIndex : IDisposable
{
    /// <summary>The most distinct words of a query that count, the first ones.</summary>
    public const int MostWords = 64;

    private const int LongestWord = 64;
    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private readonly Lock _one = new();
    private readonly SqliteCommand _search,
        _get;

    static DocumentIndex() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Indexes documents.</summary>
    /// <exception cref="InvalidOperationException">Two documents have one id.</exception>
    public DocumentIndex(IEnumerable<Document> documents)
    {
        _connection.Open();
        Run("CREATE TABLE documents(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL)");
        Run(
            "CREATE VIRTUAL TABLE words USING fts5(text, content='documents', content_rowid='number', tokenize='unicode61 remove_diacritics 2')"
        );
        using (var all = _connection.BeginTransaction())
        using (var insert = Command("INSERT INTO documents(id, text) VALUES ($id, $text)", "$id", "$text"))
        {
            insert.Transaction = all;
            foreach (var (id, text) in documents)
            {
                insert.Parameters[0].Value = id;
                insert.Parameters[1].Value = text;
                try
                {
                    insert.ExecuteNonQuery();
                }
                catch (SqliteException e) when (e.SqliteErrorCode == 19)
                {
                    throw new InvalidOperationException(
                        $"search: two documents are called '{id}'. Give each a name of its own.",
                        e
                    );
                }
                Count++;
            }
            all.Commit();
        }
        Run("INSERT INTO words(words) VALUES ('rebuild')");
        _search = Command(
            "SELECT d.id, CASE WHEN $words = 0 THEN d.text ELSE snippet(words, 0, '', '', '…', max($words, 1)) END "
                + "FROM words JOIN documents d ON d.number = words.rowid WHERE words MATCH $query ORDER BY bm25(words), d.id LIMIT $top",
            "$words",
            "$query",
            "$top"
        );
        _get = Command("SELECT text FROM documents WHERE id = $id", "$id");
    }

    /// <summary>How many documents there are.</summary>
    public int Count { get; }

    /// <summary>The best documents for a query, the best first, equals by id.</summary>
    /// <param name="query">Any text at all.</param>
    /// <param name="top">The most documents.</param>
    /// <param name="words">The most words shown of each, up to 64; 0 shows all.</param>
    public ImmutableArray<Document> Search(string query, int top, int words = 0)
    {
        if (Match(query) is not { } match)
            return [];
        lock (_one)
        {
            _search.Parameters[0].Value = Math.Clamp(words, 0, 64);
            _search.Parameters[1].Value = match;
            _search.Parameters[2].Value = Math.Max(0, top);
            using var rows = _search.ExecuteReader();
            var found = ImmutableArray.CreateBuilder<Document>();
            while (rows.Read())
                found.Add(new Document(rows.GetString(0), rows.GetString(1)));
            return found.ToImmutable();
        }
    }

    /// <summary>The document of an id; null where there is none.</summary>
    public Document? Get(string id)
    {
        lock (_one)
        {
            _get.Parameters[0].Value = id;
            return _get.ExecuteScalar() is string text ? new Document(id, text) : null;
        }
    }

    /// <summary>
    /// A query in FTS5's language that holds nothing but quoted words: whatever was typed, no operator, column, quote
    /// or NUL of it gets through. Null where it has no words.
    /// </summary>
    public static string? Match(string query)
    {
        var words = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var word = new StringBuilder();
        foreach (var rune in query.EnumerateRunes())
        {
            var inside =
                rune != Rune.ReplacementChar
                && (
                    Rune.IsLetterOrDigit(rune)
                    || word.Length > 0
                        && Rune.GetUnicodeCategory(rune)
                            is UnicodeCategory.NonSpacingMark
                                or UnicodeCategory.SpacingCombiningMark
                );
            if (inside && word.Length < LongestWord)
                word.Append(rune.ToString());
            if (!inside)
                Take();
            if (words.Count == MostWords)
                break;
        }
        Take();
        return words.Count == 0 ? null : string.Join(" OR ", words);

        void Take()
        {
            if (word.Length > 0 && words.Count < MostWords && known.Add(word.ToString()))
                words.Add($"\"{word}\"");
            word.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _search.Dispose();
        _get.Dispose();
        _connection.Dispose();
    }

    private void Run(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name, Value = "" });
        return command;
    }
}
