// Finds and reads the files that a text includes. Knows the file system; refuses to know what stands in a file.
using System.Text;

namespace AgentArena.Hocon;

internal sealed class Includes(Reading reading)
{
    private readonly List<string> _open = [];

    /// <summary>Reads a file that is named from outside into a block.</summary>
    public void Read(string path, BlockNode into)
    {
        var at = new Place(path, 0, 0);
        if (Text(path, out var why) is { } text)
            Read(path, text, into, [], 0, at);
        else
            reading.Malform(new HoconFault(at, "", why));
    }

    /// <summary>
    /// Reads what an include names, beside the file it stands in. A name without extension is that of a file, or else
    /// of a <c>.json</c> and a <c>.conf</c> of that name, of which the latter lies over the former.
    /// </summary>
    public void Read(Place at, string name, BlockNode into, string[]? prefix, int depth)
    {
        var found = false;
        foreach (var path in Candidates(at.File, name))
        {
            if (!File.Exists(path))
                continue;
            found = true;
            if (_open.Contains(Path.GetFullPath(path)))
                Miss(
                    $"includes itself ({string.Join(" -> ", _open.Append(path).Select(Path.GetFileName))}). Remove "
                        + "one of the includes."
                );
            else if (Text(path, out var why) is { } text)
                Read(path, text, into, prefix, depth, at);
            else
                Miss($"{path}: {why}");
        }
        if (!found)
            Miss(
                $"no such file ({string.Join(", ", Candidates(at.File, name))}). Includes are looked up beside the "
                    + "file that names them. Correct the name, or remove the include."
            );

        void Miss(string fault) => reading.Miss(new HoconFault(at, "", $"include \"{name}\": {fault}"));
    }

    private void Read(string path, string text, BlockNode into, string[]? prefix, int depth, Place at)
    {
        reading.Take(text, at);
        _open.Add(Path.GetFullPath(path));
        new HoconParser(new HoconText(text, path), reading, this, prefix, depth).Root(into);
        _open.RemoveAt(_open.Count - 1);
    }

    private static string[] Candidates(string from, string name)
    {
        var path = Path.Combine(Path.GetDirectoryName(from) ?? "", name);
        return Path.HasExtension(name) || File.Exists(path) ? [path] : [path + ".json", path + ".conf"];
    }

    private static string? Text(string path, out string why)
    {
        var bytes = new MemoryStream();
        try
        {
            using var file = File.OpenRead(path);
            var chunk = new byte[1 << 14];
            while (bytes.Length <= Reading.MostCharacters && file.Read(chunk) is var count and > 0)
                bytes.Write(chunk, 0, count);
            why = $"is longer than {Reading.MostCharacters >> 20} MiB. Keep data in files of their own.";
            return bytes.Length > Reading.MostCharacters ? null : Decoded(bytes.ToArray());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            why = "no such file. Name an existing one.";
        }
        catch (DecoderFallbackException e)
        {
            var line = 1 + bytes.ToArray().AsSpan(0, e.Index).Count((byte)'\n');
            why = $"is not UTF-8 (byte {e.BytesUnknown?.FirstOrDefault():X2} in line {line}). Save it as UTF-8.";
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            why = $"cannot be read ({e.Message}) Name a file that can.";
        }
        return null;
    }

    private static string Decoded(ReadOnlySpan<byte> bytes) =>
        bytes switch
        {
            [0xFF, 0xFE, .. var little] => new UnicodeEncoding(false, false, true).GetString(little),
            [0xFE, 0xFF, .. var big] => new UnicodeEncoding(true, false, true).GetString(big),
            [0xEF, 0xBB, 0xBF, .. var marked] => new UTF8Encoding(false, true).GetString(marked),
            _ => new UTF8Encoding(false, true).GetString(bytes),
        };
}
