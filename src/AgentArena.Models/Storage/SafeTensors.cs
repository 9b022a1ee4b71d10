// The safetensors format: a header of names, types, shapes and places, then raw little-endian numbers. Knows files and
// floats, no network.
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentArena.Models.Storage;

/// <summary>One tensor of a file: its shape and its numbers.</summary>
public sealed record StoredTensor(long[] Shape, Array Numbers);

/// <summary>Reader and writer of F32 and F64 tensors.</summary>
public static class SafeTensors
{
    private const int LongestHeader = 100_000_000;

    /// <summary>
    /// Writes tensors (float or double arrays) in the order given, and texts about them where there are any.
    /// </summary>
    public static void Write(
        string path,
        IReadOnlyList<(string Name, StoredTensor Tensor)> tensors,
        IReadOnlyDictionary<string, string>? about = null
    )
    {
        var header = new JsonObject();
        if (about is not null)
            header["__metadata__"] = new JsonObject([
                .. about.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value)),
            ]);
        var offset = 0L;
        foreach (var (name, tensor) in tensors)
        {
            var size = Buffer.ByteLength(tensor.Numbers);
            header[name] = new JsonObject
            {
                ["dtype"] = tensor.Numbers is float[] ? "F32" : "F64",
                ["shape"] = new JsonArray([.. tensor.Shape.Select(n => (JsonNode)n)]),
                ["data_offsets"] = new JsonArray(offset, offset + size),
            };
            offset += size;
        }
        var text = JsonSerializer.SerializeToUtf8Bytes(header);
        var padding = (8 - text.Length % 8) % 8;
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length + padding);
        using var stream = File.Create(path);
        stream.Write(length);
        stream.Write(text);
        for (var i = 0; i < padding; i++)
            stream.WriteByte((byte)' ');
        foreach (var (_, tensor) in tensors)
            stream.Write(
                tensor.Numbers is float[] f
                    ? MemoryMarshal.AsBytes(f.AsSpan())
                    : MemoryMarshal.AsBytes(((double[])tensor.Numbers).AsSpan())
            );
    }

    /// <summary>Reads all tensors of a file.</summary>
    /// <exception cref="InvalidDataException">
    /// The file is cut short or no such file; the message names file, fault and remedy.
    /// </exception>
    public static Dictionary<string, StoredTensor> Read(string path)
    {
        if (!File.Exists(path))
            throw Bad("is missing");
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < 8)
            throw Bad($"has {bytes.Length} bytes, too few for a header; it was cut short");
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (length is < 2 or > LongestHeader)
            throw Bad("does not begin with the length of a header; it is no safetensors file or was altered");
        if (bytes.Length < 8 + length)
            throw Bad($"ends inside its header ({bytes.Length} bytes of {8 + length}); it was cut short");
        var result = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        var data = bytes.AsSpan((int)(8 + length));
        try
        {
            var header =
                JsonNode.Parse(bytes.AsSpan(8, (int)length)) as JsonObject
                ?? throw new JsonException("it is no object");
            foreach (var (name, entry) in header)
            {
                if (name == "__metadata__")
                    continue;
                var shape = entry!["shape"]!.AsArray().Select(n => (long)n!).ToArray();
                var (from, to) = ((long)entry["data_offsets"]![0]!, (long)entry["data_offsets"]![1]!);
                var type = (string)entry["dtype"]!;
                var size = type switch
                {
                    "F32" => 4,
                    "F64" => 8,
                    _ => throw Bad($"holds '{name}' as {type}; only F32 and F64 are read"),
                };
                var count = shape.Aggregate(1L, (a, b) => checked(a * b));
                if (from < 0 || to < from || to - from != checked(count * size))
                    throw Bad(
                        $"'{name}' has {to - from} bytes for the shape [{string.Join(", ", shape)}]; the header was altered"
                    );
                if (to > data.Length)
                    throw Bad($"'{name}' ends at byte {to} of {data.Length}; it was cut short");
                var part = data[(int)from..(int)to];
                result.Add(
                    name,
                    new StoredTensor(
                        shape,
                        type == "F32"
                            ? MemoryMarshal.Cast<byte, float>(part).ToArray()
                            : MemoryMarshal.Cast<byte, double>(part).ToArray()
                    )
                );
            }
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or NullReferenceException
                        or InvalidOperationException
                        or FormatException
                        or OverflowException
                        or ArgumentException
            )
        {
            throw Bad($"its header cannot be read ({e.Message}); it was altered");
        }
        return result;

        InvalidDataException Bad(string fault) =>
            new($"{path}: {fault}. Use an earlier checkpoint, or copy this one again from where it is whole.");
    }
}
