// Persisted events to bytes and back. The one place that knows what stands in the journal's message column, and under
// which manifest.
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using AgentArena.Core.Runs;

namespace AgentArena.Actors.Journal;

/// <summary>
/// A payload is one byte that names its codec (0: plain, 1: Brotli), the body, and the CRC-32C of the manifest and all
/// bytes before it. The body of an event of which there are many is compact (<see cref="CompactEvents"/>), that of any
/// other is JSON.
/// </summary>
public static class EventCodec
{
    private const int SumLength = 4;

    // bytes; below, texts and ids that were said once already make the difference
    private const int WorthCompressing = 16 << 10;
    private const byte Plain = 0,
        Brotli = 1;

    private static readonly Dictionary<Type, string> Manifests = new()
    {
        [typeof(TableRow)] = "table-row.v1",
        [typeof(TableSnapshot)] = "table-snapshot.v1",
        [typeof(GamesAssigned)] = "games-assigned.v2",
        [typeof(GamesFinished)] = "games-finished.v2",
        [typeof(RunStarted)] = "run-started.v2",
        [typeof(GamesMeasured)] = "games-measured.v1",
        [typeof(WeightsUpdated)] = "weights-updated.v1",
        [typeof(WeightsAdopted)] = "weights-adopted.v1",
        [typeof(FiguresTaken)] = "figures-taken.v1",
        [typeof(RunEnded)] = "run-ended.v1",
    };

    private static readonly Dictionary<string, Type> Types = Manifests.ToDictionary(m => m.Value, m => m.Key);

    /// <summary>All manifests, for tests that hold their bytes.</summary>
    public static IEnumerable<string> AllManifests => Types.Keys;

    /// <summary>The manifest of a persisted event or snapshot.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string ManifestOf(object e) =>
        Manifests.TryGetValue(e.GetType(), out var manifest)
            ? manifest
            : throw new ArgumentException(
                $"EventCodec: {e.GetType().Name} is not persisted by itself. Add it to the table in EventCodec."
            );

    /// <summary>The bytes of an event.</summary>
    public static byte[] Write(object e)
    {
        var manifest = ManifestOf(e);
        if (!IsCompact(e.GetType()))
            return Sealed(manifest, JsonSerializer.SerializeToUtf8Bytes(e, e.GetType(), EventJson.Options));
        var writer = new CompactWriter();
        switch (e)
        {
            case TableRow row:
                CompactEvents.Write(writer, row);
                break;
            case TableSnapshot snapshot:
                CompactEvents.Write(writer, snapshot);
                break;
            case GamesAssigned assigned:
                CompactEvents.Write(writer, assigned);
                break;
            case GamesFinished finished:
                CompactEvents.Write(writer, finished);
                break;
        }
        return Sealed(manifest, writer.Written);
    }

    /// <summary>The event back.</summary>
    /// <exception cref="InvalidDataException">
    /// Unknown manifest, an altered byte, or bytes that are no such event.
    /// </exception>
    public static object Read(ReadOnlySpan<byte> payload, string manifest)
    {
        if (!Types.TryGetValue(manifest, out var type))
            throw new InvalidDataException(
                $"unknown event '{manifest}'. Known: {string.Join(", ", Types.Keys)}. The journal was altered or written by another version."
            );
        if (
            payload.Length <= SumLength
            || BinaryPrimitives.ReadUInt32LittleEndian(payload[^SumLength..])
                != Seal.Of(manifest, payload[..^SumLength])
        )
            throw new InvalidDataException(
                $"{manifest}: its check sum is not that of its bytes. The journal was altered; restore it from a copy."
            );
        var body = payload[1..^SumLength];
        try
        {
            return payload[0] switch
            {
                Plain => Read(body, type),
                Brotli => Read(Decompressed(body), type),
                var codec => throw new InvalidDataException(
                    $"is written in codec {codec}, which this version does not know."
                ),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw new InvalidDataException($"{manifest}: {e.Message}", e);
        }
    }

    private static bool IsCompact(Type type) =>
        type == typeof(TableRow)
        || type == typeof(TableSnapshot)
        || type == typeof(GamesAssigned)
        || type == typeof(GamesFinished);

    private static object Read(ReadOnlySpan<byte> body, Type type)
    {
        if (!IsCompact(type))
            return JsonSerializer.Deserialize(body, type, EventJson.Options)
                ?? throw new InvalidDataException("is empty. The journal was altered.");
        var reader = new CompactReader(body);
        object e =
            type == typeof(TableRow) ? CompactEvents.ReadRow(ref reader)
            : type == typeof(TableSnapshot) ? CompactEvents.ReadSnapshot(ref reader)
            : type == typeof(GamesAssigned) ? CompactEvents.ReadAssigned(ref reader)
            : CompactEvents.ReadFinished(ref reader);
        return reader.Left == 0 ? e : throw CompactReader.Altered("more than it should");
    }

    internal static byte[] Sealed(string manifest, ReadOnlySpan<byte> body)
    {
        var length = 0;
        byte[] payload;
        if (body.Length >= WorthCompressing)
        {
            payload = new byte[1 + BrotliEncoder.GetMaxCompressedLength(body.Length) + SumLength];
            if (
                BrotliEncoder.TryCompress(body, payload.AsSpan(1), out length, quality: 1, window: 22)
                && length < body.Length * 3L / 4
            )
                Array.Resize(ref payload, 1 + length + SumLength);
            else
                length = 0;
        }
        else
            payload = [];
        if (length == 0)
        {
            payload = new byte[1 + body.Length + SumLength];
            body.CopyTo(payload.AsSpan(1));
        }
        payload[0] = length > 0 ? Brotli : Plain;
        BinaryPrimitives.WriteUInt32LittleEndian(
            payload.AsSpan(payload.Length - SumLength),
            Seal.Of(manifest, payload.AsSpan(0, payload.Length - SumLength))
        );
        return payload;
    }

    private static byte[] Decompressed(ReadOnlySpan<byte> body)
    {
        using var from = new BrotliStream(new MemoryStream(body.ToArray()), CompressionMode.Decompress);
        using var to = new MemoryStream();
        try
        {
            from.CopyTo(to);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException($"cannot be unpacked ({e.Message}). The journal was altered.", e);
        }
        return to.ToArray();
    }
}
