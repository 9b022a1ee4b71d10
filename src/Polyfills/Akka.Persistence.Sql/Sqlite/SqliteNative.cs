// The few SQLite calls that run once a row, bound without the safety that costs more than the call. Knows no table; who passes a
// pointer keeps it valid until the statement is reset.
using System.Runtime.InteropServices;

namespace Akka.Persistence.Sql.Sqlite;

internal static unsafe partial class SqliteNative
{
    private const string Library = "e_sqlite3"; // of SQLitePCLRaw, the same that the connections were opened with

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64")]
    [SuppressGCTransition]
    internal static partial int BindLong(nint statement, int at, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null")]
    [SuppressGCTransition]
    internal static partial int BindNull(nint statement, int at);

    /// <summary>With destructor 0 the bytes are not copied.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text")]
    [SuppressGCTransition]
    internal static partial int BindText(nint statement, int at, byte* utf8, int length, nint destructor);

    /// <inheritdoc cref="BindText"/>
    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    [SuppressGCTransition]
    internal static partial int BindBlob(nint statement, int at, byte* bytes, int length, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    internal static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    internal static partial int Reset(nint statement);
}
