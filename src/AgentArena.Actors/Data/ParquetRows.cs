// Rows of Parquet files as JSON. Knows no row's meaning.
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Core.Data;
using Parquet.Serialization;

namespace AgentArena.Actors.Data;

/// <summary>What <see cref="DataText"/> leaves to a library.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "ApiDesign",
    "RS0030",
    Justification = "The library reads a stream in memory without waiting for anything, behind an asynchronous signature."
)]
public static class ParquetRows
{
    /// <summary>The rows of a Parquet file, nested columns as blocks and lists.</summary>
    public static IEnumerable<DataRow> Read(Stream stream, string name)
    {
        IReadOnlyList<IDictionary<string, object>> rows;
        try
        {
            using var whole = new MemoryStream(); // its directory stands at its end
            stream.CopyTo(whole);
            whole.Position = 0;
            rows = [.. ParquetSerializer.DeserializeUntypedAsync(whole).GetAwaiter().GetResult().Data];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new DataException(
                $"'{name}' begins as Parquet and cannot be read ({e.GetType().Name}: {e.Message}). Fetch it again, or write it as JSON lines.",
                e
            );
        }
        return rows.Select((row, i) => new DataRow($"row {i + 1}", (JsonObject)Node(row)!));
    }

    private static JsonNode? Node(object? value) =>
        value switch
        {
            null => null,
            string text => JsonValue.Create(text),
            bool flag => JsonValue.Create(flag),
            double number => double.IsFinite(number) ? JsonValue.Create(number) : null,
            float number => float.IsFinite(number) ? JsonValue.Create(number) : null,
            byte[] bytes => JsonValue.Create(System.Text.Encoding.UTF8.GetString(bytes)),
            IDictionary<string, object> block => new JsonObject(
                block.Select(p => KeyValuePair.Create(p.Key, Node(p.Value)))
            ),
            System.Collections.IDictionary map => new JsonObject(
                map.Keys.Cast<object>()
                    .Select(k => KeyValuePair.Create(Convert.ToString(k, CultureInfo.InvariantCulture)!, Node(map[k])))
            ),
            System.Collections.IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Node)]),
            sbyte or byte or short or ushort or int or uint or long or ulong or decimal => JsonNode.Parse(
                ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)
            ),
            IFormattable other => JsonValue.Create(other.ToString(null, CultureInfo.InvariantCulture)),
            _ => JsonValue.Create(value.ToString()),
        };
}
