// Compiled twice: into the room, whose doctor reads with it, and by MSBuild as the task of Native.targets, which knows
// neither implicit usings nor spans.
#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace AgentArena.Models.Native
{
    /// <summary>
    /// The symbol versions that a 64-bit little-endian ELF library needs of others and defines itself (Linux Standard
    /// Base, "Symbol Versioning": sections <c>.gnu.version</c>, <c>.gnu.version_d</c>, <c>.gnu.version_r</c>).
    /// </summary>
    internal sealed class SymbolVersions
    {
        private const uint Relocations = 4,
            Symbols = 11,
            Defined = 0x6ffffffd,
            Needed = 0x6ffffffe,
            VersionOfSymbol = 0x6fffffff;
        private const ushort WeakFlag = 2; // VER_FLG_WEAK: a missing version is no error
        private const int SymbolSize = 24,
            RelocationSize = 24;

        private readonly byte[] _bytes;
        private readonly List<Section> _sections = new List<Section>();

        /// <exception cref="InvalidDataException">not such a library, or cut short</exception>
        public SymbolVersions(byte[] library, string path)
        {
            _bytes = library;
            try
            {
                if (library.Length < 64 || U32(0) != 0x464c457f || library[4] != 2 || library[5] != 1)
                    throw new InvalidDataException($"{path}: no 64-bit ELF library. Restore the package anew.");
                for (var i = 0; i < U16(60); i++)
                {
                    var at = I64(40) + i * U16(58);
                    _sections.Add(
                        new Section(U32(at + 4), I64(at + 24), I64(at + 32), (int)U32(at + 40), (int)U32(at + 44))
                    );
                }
                Needs = ReadNeeds().ToList();
                Definitions = ReadDefinitions().ToList();
            }
            catch (Exception e) when (e is ArgumentException || e is IndexOutOfRangeException || e is OverflowException)
            {
                throw new InvalidDataException(
                    $"{path}: the ELF library is cut short or damaged. Restore the package anew.",
                    e
                );
            }
        }

        /// <summary>What it asks of other libraries.</summary>
        public IReadOnlyList<Need> Needs { get; }

        /// <summary>The versions it defines.</summary>
        public IReadOnlyList<string> Definitions { get; }

        public static SymbolVersions Of(string path) => new SymbolVersions(File.ReadAllBytes(path), path);

        /// <summary>A copy of the library's bytes that also loads where <paramref name="needs"/> are not met.</summary>
        /// <exception cref="InvalidOperationException">the library does use a symbol of such a version</exception>
        public byte[] Weakened(IEnumerable<Need> needs)
        {
            var bytes = (byte[])_bytes.Clone();
            foreach (var need in needs)
            {
                if (need.Used.Count > 0)
                    throw new InvalidOperationException($"it calls {need.Used[0]} of {need}");
                bytes[need.FlagsAt] |= (byte)WeakFlag;
            }
            return bytes;
        }

        private IEnumerable<Need> ReadNeeds()
        {
            var used = UsedSymbols();
            foreach (var section in _sections.Where(s => s.Type == Needed))
            {
                var names = _sections[section.Link];
                var at = section.At;
                for (var file = 0; file < section.Info; file++, at += (int)U32(at + 12))
                {
                    var entry = at + (int)U32(at + 8);
                    for (var version = 0; version < U16(at + 2); version++, entry += (int)U32(entry + 12))
                        yield return new Need(
                            Text(names.At + (int)U32(at + 4)),
                            Text(names.At + (int)U32(entry + 8)),
                            (U16(entry + 4) & WeakFlag) != 0,
                            entry + 4,
                            used.TryGetValue(U16(entry + 6), out var u) ? u : new List<string>()
                        );
                }
            }
        }

        private IEnumerable<string> ReadDefinitions()
        {
            foreach (var section in _sections.Where(s => s.Type == Defined))
            {
                var at = section.At;
                for (var i = 0; i < section.Info; i++, at += (int)U32(at + 16))
                    yield return Text(_sections[section.Link].At + (int)U32(at + (int)U32(at + 12)));
            }
        }

        // By version index: the symbols that a relocation refers to. One that none refers to is never looked up.
        private Dictionary<int, List<string>> UsedSymbols()
        {
            var used = new Dictionary<int, List<string>>();
            var versions = _sections.FirstOrDefault(s => s.Type == VersionOfSymbol);
            if (versions == null)
                return used;
            var symbols = _sections.First(s => s.Type == Symbols);
            var indices = new HashSet<int>();
            foreach (var section in _sections.Where(s => s.Type == Relocations))
                for (var at = section.At; at < section.At + section.Size; at += RelocationSize)
                    indices.Add((int)U32(at + 12));
            foreach (var i in indices)
            {
                var version = U16(versions.At + 2 * i) & 0x7fff;
                if (!used.TryGetValue(version, out var list))
                    used[version] = list = new List<string>();
                list.Add(Text(_sections[symbols.Link].At + (int)U32(symbols.At + i * SymbolSize)));
            }
            return used;
        }

        private ushort U16(int at) => BitConverter.ToUInt16(_bytes, at);

        private uint U32(int at) => BitConverter.ToUInt32(_bytes, at);

        private int I64(int at) => checked((int)BitConverter.ToInt64(_bytes, at));

        private string Text(int at) => Encoding.ASCII.GetString(_bytes, at, Array.IndexOf(_bytes, (byte)0, at) - at);

        /// <summary>A version of another library's symbols that is asked for.</summary>
        public sealed class Need
        {
            public Need(string file, string version, bool weak, int flagsAt, IReadOnlyList<string> used)
            {
                File = file;
                Version = version;
                Weak = weak;
                FlagsAt = flagsAt;
                Used = used;
            }

            /// <summary>The library that is to define it, as <c>libstdc++.so.6</c>.</summary>
            public string File { get; }

            /// <summary>As <c>GLIBCXX_3.4.32</c>.</summary>
            public string Version { get; }

            /// <summary>Loads without it too.</summary>
            public bool Weak { get; }

            /// <summary>The symbols of this version that are looked up at all.</summary>
            public IReadOnlyList<string> Used { get; }

            /// <summary>Where in the file its <c>vna_flags</c> are, in bytes.</summary>
            public int FlagsAt { get; }

            public override string ToString() => $"{Version} ({File})";
        }

        private sealed class Section
        {
            public Section(uint type, int at, int size, int link, int info)
            {
                Type = type;
                At = at;
                Size = size;
                Link = link;
                Info = info;
            }

            public uint Type { get; }
            public int At { get; }
            public int Size { get; }
            public int Link { get; }
            public int Info { get; }
        }
    }

#if !AGENTARENA
    /// <summary>
    /// Copies a library; where the C++ library of this system is older than the one it was linked with, the copy is
    /// made to load all the same, if it calls nothing that the older one lacks.
    /// </summary>
    public sealed class CopyToLoadHere : Microsoft.Build.Utilities.Task
    {
        [Microsoft.Build.Framework.Required]
        public string Library { get; set; } = "";

        [Microsoft.Build.Framework.Required]
        public string Copy { get; set; } = "";

        /// <summary>The C++ library to suit; by default the one this process has loaded.</summary>
        public string Runtime { get; set; } = "";

        public override bool Execute()
        {
            try
            {
                var library = SymbolVersions.Of(Library);
                var runtime = Runtime.Length > 0 ? Runtime : Loaded();
                var defined = SymbolVersions.Of(runtime).Definitions;
                var lacking = library
                    .Needs.Where(n => n.File == "libstdc++.so.6" && !defined.Contains(n.Version))
                    .ToList();
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Copy))!);
                File.Delete(Copy); // it may be a link
                File.WriteAllBytes(Copy, library.Weakened(lacking));
                if (lacking.Count > 0)
                    Log.LogMessage(
                        Microsoft.Build.Framework.MessageImportance.High,
                        $"{Path.GetFileName(Copy)}: made to load with the older {runtime}, which lacks {lacking[0].Version}"
                    );
                return true;
            }
            catch (Exception e)
                when (e is IOException || e is InvalidOperationException || e is UnauthorizedAccessException)
            {
                Log.LogError(
                    $"{Library} cannot be made to load on this system: {e.Message}. Use a system with a newer libstdc++."
                );
                return false;
            }
        }

        private static string Loaded() =>
            File.ReadLines("/proc/self/maps")
                .Select(line => line.Substring(line.LastIndexOf(' ') + 1))
                .FirstOrDefault(path => Path.GetFileName(path).StartsWith("libstdc++.so", StringComparison.Ordinal))
            ?? throw new InvalidOperationException("no libstdc++ is loaded");
    }
#endif
}
