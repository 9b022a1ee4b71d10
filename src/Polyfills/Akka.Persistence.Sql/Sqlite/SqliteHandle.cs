// One SQLite connection for one thread: opening, statements, errors as sentences. Knows SQLite's codes; refuses to know tables.
using System.Text;
using SQLitePCL;

namespace Akka.Persistence.Sql.Sqlite;

internal sealed class SqliteHandle : IDisposable
{
    private readonly sqlite3 _db;
    private readonly List<Statement> _statements = [];

    static SqliteHandle() => Batteries_V2.Init();

    public SqliteHandle(string file, TimeSpan busyTimeout, bool readOnly)
    {
        File = file;
        BusyTimeout = busyTimeout;
        var code = raw.sqlite3_open_v2(file, out _db, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null);
        try
        {
            if (code != raw.SQLITE_OK) throw Fault(code);
            // The timeout first: switching to WAL takes a lock, and without a timeout a busy file is an error at once.
            Check(raw.sqlite3_busy_timeout(_db, (int)busyTimeout.TotalMilliseconds));
            Run("PRAGMA journal_mode=WAL");
            Run("PRAGMA synchronous=NORMAL");
            Run("PRAGMA temp_store=MEMORY");
            // The index over (stream, number) is written all over: with SQLite's 2 MB its pages would be read again and again,
            // and a checkpoint every 4 MB of log would write them again and again.
            Run(readOnly ? "PRAGMA query_only=ON" : "PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=8000");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string File { get; }

    public TimeSpan BusyTimeout { get; }

    public string Message => raw.sqlite3_errmsg(_db).utf8_to_string();

    public long LastRowId => raw.sqlite3_last_insert_rowid(_db);

    public bool InTransaction => raw.sqlite3_get_autocommit(_db) == 0;

    public Statement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_db, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        var prepared = new Statement(this, statement);
        _statements.Add(prepared);
        return prepared;
    }

    public void Run(string sql) => Check(raw.sqlite3_exec(_db, sql));

    public void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_DONE or raw.SQLITE_ROW)) throw Fault(code);
    }

    public Storage.StorageException Fault(int code)
    {
        var said = Message;
        var text = (code & 0xff) switch
        {
            raw.SQLITE_FULL => "the disk is full. Free some space, then resume.",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"the file is locked by another connection for longer than {BusyTimeout.TotalSeconds:0.###} s. One process may use it at a time. Stop the other, then resume.",
            raw.SQLITE_READONLY => "the file cannot be written to. Give this user the right to write it and its folder.",
            raw.SQLITE_CANTOPEN => "the file cannot be opened. Its folder must exist, and this user must have the right to write there.",
            raw.SQLITE_NOTADB => "this is not an SQLite database. Give the journal's file, or move this one away to begin a new journal.",
            raw.SQLITE_CORRUPT => "the file is damaged. Restore it from a copy; what can still be read, `sqlite3 FILE .recover` prints.",
            raw.SQLITE_IOERR => "reading or writing the disk failed. Check the disk, then resume.",
            _ => "the database refused.",
        };
        return new Storage.StorageException($"{File}: {text} (SQLite {code}: {said})");
    }

    public void Dispose()
    {
        foreach (var statement in _statements) statement.Dispose();
        if (_db is { IsInvalid: false }) raw.sqlite3_close_v2(_db);
    }

    /// <summary>A prepared statement; numbers of parameters from 1, of columns from 0.</summary>
    internal sealed class Statement(SqliteHandle owner, sqlite3_stmt statement) : IDisposable
    {
        /// <summary>For calls past this class; valid as long as the connection.</summary>
        public nint Pointer => statement.DangerousGetHandle();

        public void Bind(int at, long value) => raw.sqlite3_bind_int64(statement, at, value);

        public void Bind(int at, ReadOnlySpan<byte> blob)
        {
            if (blob.Length == 0) owner.Check(raw.sqlite3_bind_zeroblob(statement, at, 0));
            else owner.Check(raw.sqlite3_bind_blob(statement, at, blob));
        }

        public void BindNull(int at) => raw.sqlite3_bind_null(statement, at);

        public void Bind(int at, string text)
        {
            Span<byte> utf8 = stackalloc byte[512];
            if (text.Length * 3 <= utf8.Length) owner.Check(raw.sqlite3_bind_text(statement, at, utf8[..Encoding.UTF8.GetBytes(text, utf8)]));
            else owner.Check(raw.sqlite3_bind_text(statement, at, text));
        }

        /// <summary>SQLITE_ROW, SQLITE_DONE or an error's code.</summary>
        public int Step() => raw.sqlite3_step(statement);

        public bool Next()
        {
            var code = Step();
            if (code == raw.SQLITE_ROW) return true;
            if (code == raw.SQLITE_DONE) return false;
            throw owner.Fault(code);
        }

        /// <summary>Runs a statement that yields no rows.</summary>
        public void Execute()
        {
            var code = Step();
            if (code is raw.SQLITE_DONE or raw.SQLITE_ROW)
            {
                Reset();
                return;
            }

            var fault = owner.Fault(code);
            Reset();
            throw fault;
        }

        public void Reset() => raw.sqlite3_reset(statement);

        public long Long(int column) => raw.sqlite3_column_int64(statement, column);

        public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

        public byte[] Blob(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

        public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

        public void Dispose() => raw.sqlite3_finalize(statement);
    }
}
