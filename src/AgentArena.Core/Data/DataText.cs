// Rows out of a stream: JSON lines, JSON, CSV, TSV, each plain or gzipped. Recognises by their first bytes what it does
// not read, and says so.
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentArena.Core.Data;

/// <summary>
/// Reads rows. Byte order marks, CRLF, empty lines and bytes that are no UTF-8 (read as U+FFFD) are taken as they come.
/// </summary>
public static class DataText
{
    private const int Sniffed = 512;
    private static readonly string[] Listed =
    [
        "data",
        "rows",
        "examples",
        "instances",
        "items",
        "problems",
        "questions",
        "train",
        "validation",
        "dev",
        "test",
    ];

    /// <summary>
    /// The rows of a stream, one by one where it is a file of lines; a row that cannot be read is a <see
    /// cref="DataRow.Fault"/> and the next one is read.
    /// </summary>
    /// <param name="stream">The file's bytes.</param>
    /// <param name="name">
    /// Its name, for messages and for its kind: <c>.csv</c>, <c>.tsv</c>; what <c>.gz</c> holds is found by its bytes.
    /// </param>
    /// <param name="parquet">Reads Parquet; where null, such files are refused.</param>
    /// <exception cref="DataException">It is of a kind that holds no rows, or broken as a whole.</exception>
    public static IEnumerable<DataRow> Rows(
        Stream stream,
        string name,
        Func<Stream, string, IEnumerable<DataRow>>? parquet = null
    )
    {
        var unpacked = Unpacked(stream);
        var (head, whole) = Head(stream);
        while (head is [0x1F, 0x8B, ..])
        {
            try
            {
                (head, whole) = Head(new GZipStream(whole, CompressionMode.Decompress), unpacked);
                unpacked = 0;
            }
            catch (InvalidDataException e)
            {
                throw new DataException($"'{name}' begins as gzip and is broken ({e.Message}). Fetch it again.", e);
            }
            if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
                name = name[..^3];
        }
        if (head.AsSpan().StartsWith("PAR1"u8) && parquet is not null)
            return parquet(whole, name);
        if (Foreign(head) is { } kind)
            throw new DataException($"'{name}' is {kind}");
        var lines = new Lines(new StreamReader(whole, Encoding.UTF8, detectEncodingFromByteOrderMarks: true), name);
        return name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? Table.Rows(lines, '\t')
            : name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? Table.Rows(lines, null)
            : Json(lines, name);
    }

    // The first bytes, and the stream with them in it.
    private static (byte[] Head, Stream Whole) Head(Stream stream, uint least = 0)
    {
        var head = new byte[Sniffed];
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return (head[..read], new Joined(head[..read], stream, least));
    }

    // A gzip file ends with the size of what was packed last. One that was cut short unpacks to less than its last
    // bytes say, and without a word.
    private static uint Unpacked(Stream stream)
    {
        if (!stream.CanSeek || stream.Length < 18)
            return 0;
        var (at, end) = (stream.Position, new byte[4]);
        stream.Seek(-end.Length, SeekOrigin.End);
        stream.ReadExactly(end);
        stream.Position = at;
        return BinaryPrimitives.ReadUInt32LittleEndian(end);
    }

    private static string? Foreign(byte[] head)
    {
        var text = Encoding.UTF8.GetString(head).TrimStart('\ufeff', ' ', '\r', '\n', '\t');
        return head.AsSpan().StartsWith("PAR1"u8) ? "Parquet, which nobody here reads. Write it as JSON lines."
            : head is [(byte)'P', (byte)'K', 3, 4, ..] ? "a zip archive. Unpack it and name the file within."
            : head is [0x28, 0xB5, 0x2F, 0xFD, ..] ? "compressed by zstd. Unpack it (zstd -d), or pack it as gzip."
            : head is [(byte)'B', (byte)'Z', (byte)'h', ..]
                ? "compressed by bzip2. Unpack it (bunzip2), or pack it as gzip."
            : head.AsSpan().StartsWith("ARROW1"u8) || head is [0xFF, 0xFF, 0xFF, 0xFF, ..]
                ? "Arrow. Write it as Parquet or JSON lines."
            : text.StartsWith("version https://git-lfs.github.com/spec", StringComparison.Ordinal)
                ? "a Git LFS pointer, not the data itself. Fetch that: git lfs pull."
            : text.StartsWith('<')
                ? "a page of HTML or XML, not data. Fetch the raw file; a page that asks to log in is often saved in its place."
            : null;
    }

    private static IEnumerable<DataRow> Json(Lines lines, string name)
    {
        var first = lines.Next(skipBlank: true);
        if (first is null)
            yield break;
        if (first.AsSpan().TrimStart() is not ['{', ..])
        {
            foreach (
                var row in first.AsSpan().TrimStart() is ['[', ..] ? Whole(first, lines, name) : throw Kind(name, first)
            )
                yield return row;
            yield break;
        }
        var row1 = Line(first, lines.Number);
        if (row1.Fields is null && Pretty(first, lines, name) is { } pretty)
        {
            foreach (var row in pretty)
                yield return row;
            yield break;
        }
        var alone = true;
        while (lines.Next(skipBlank: true) is { } next)
        {
            if (alone)
                yield return row1;
            alone = false;
            yield return Line(next, lines.Number);
        }
        if (!alone)
            yield break;
        foreach (var row in row1.Fields is { } one ? Unwrapped(one, row1.Place) : [row1])
            yield return row;
    }

    private static DataException Kind(string name, string first) =>
        new(
            $"'{name}' is no file of rows that is known here: line 1 begins with '{(first.Length <= 40 ? first : first[..40] + "…")}'. It should be JSON lines, JSON, Parquet, CSV or TSV (by the ending of its name), plain or gzipped."
        );

    private static DataRow Line(string line, int number)
    {
        var place = $"line {number}";
        if (NeverJson(line) is var (at, sign))
            return new DataRow(
                place,
                null,
                $"is no JSON at place {at}: '{sign}' is an invalid start of a value. Mend it or leave it out."
            );
        try
        {
            return LenientJson.Read(line) is JsonObject fields
                ? new DataRow(place, fields)
                : new DataRow(place, null, "is no JSON object. It should be {\"field\": value, …}.");
        }
        catch (JsonException e)
        {
            var told = LenientJson.Told(e);
            return new DataRow(
                place,
                null,
                $"is no JSON {(told.StartsWith("at line 1, ", StringComparison.Ordinal) ? "at " + told["at line 1, ".Length..] : told)}. Mend it or leave it out."
            );
        }
    }

    // A line that no value of JSON begins like is told without an attempt to read it: a file may have millions of them.
    private static (int Place, string Sign)? NeverJson(string line)
    {
        var text = line.AsSpan().TrimStart(" \t\r\n");
        if (
            text.IsEmpty
            || text[0] is '{' or '[' or '"' or '-' or 't' or 'f' or 'n' or 'N' or 'I'
            || char.IsAsciiDigit(text[0])
        )
            return null;
        Span<byte> bytes = stackalloc byte[4];
        Rune.DecodeFromUtf16(text, out var rune, out _);
        rune.EncodeToUtf8(bytes);
        var sign = bytes[0] is >= 0x20 and < 0x7F ? $"{(char)bytes[0]}" : $"0x{bytes[0]:X2}";
        return (line.Length - text.Length + 1, sign);
    }

    // One object over several lines, or several of them one after another; null where the file is none of that, and its
    // lines are read as lines.
    private static IEnumerable<DataRow>? Pretty(string first, Lines lines, string name)
    {
        var text = lines.Rest(first);
        try
        {
            return [.. Values(text, name)];
        }
        catch (DataException)
        {
            lines.Rewind(text);
            return null;
        }
    }

    private static IEnumerable<DataRow> Whole(string first, Lines lines, string name)
    {
        var before = lines.Number - 1;
        foreach (var row in Values(new string('\n', before) + lines.Rest(first), name))
            yield return row;
    }

    // The rows of JSON that is read as a whole: members of its array, or of the one array of objects in it, or itself.
    private static List<DataRow> Values(string text, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(LenientJson.Plainer(text));
        var rows = new List<DataRow>();
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true });
            int line = 1,
                counted = 0;
            while (reader.Read())
            {
                if (
                    reader.TokenType == JsonTokenType.StartArray && reader.CurrentDepth == 0
                    || reader.TokenType == JsonTokenType.EndArray
                )
                    continue;
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                for (; counted < start; counted++)
                    if (bytes[counted] == '\n')
                        line++;
                var place = $"row {rows.Count + 1}, line {line}";
                var value = LenientJson.Read(
                    Encoding.UTF8.GetString(bytes.AsSpan(start, (int)reader.BytesConsumed - start))
                );
                rows.Add(
                    value is JsonObject fields
                        ? new DataRow(place, fields)
                        : new DataRow(place, null, "is no JSON object. It should be {\"field\": value, …}.")
                );
            }
        }
        catch (JsonException e)
        {
            throw new DataException($"'{name}' is no JSON {LenientJson.Told(e)}. Mend it there.", e);
        }
        return rows is [{ Fields: { } one } only] && text.AsSpan().TrimStart() is ['{', ..]
            ? [.. Unwrapped(one, only.Place)]
            : rows;
    }

    // {"version": …, "data": [rows]}: people call such a list by few names; any other object is a row itself.
    private static IEnumerable<DataRow> Unwrapped(JsonObject one, string place)
    {
        var lists = one.Where(p =>
                Listed.Contains(p.Key) && p.Value is JsonArray { Count: > 0 } list && list.All(i => i is JsonObject)
            )
            .ToArray();
        return lists is [var (key, held)]
            ? ((JsonArray)held!).Select((row, i) => new DataRow($"{key}[{i}]", (JsonObject)row!))
            : [new DataRow(place, one)];
    }

    // Bytes that were read already, and those that follow; so many in all at least.
    private sealed class Joined(byte[] head, Stream rest, uint least) : Stream
    {
        private int _at;
        private long _given;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, head.Length - _at);
            head.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            if (count == 0 && (count = rest.Read(buffer)) == 0 && buffer.Length > 0 && _given < least)
                throw new InvalidDataException("it was cut short");
            _given += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rest.Dispose();
            base.Dispose(disposing);
        }
    }
}
