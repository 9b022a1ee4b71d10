// Calls one native operator by a function pointer: packs arguments on the stack, unpacks results, turns failures into exceptions.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.PInvoke;

internal sealed unsafe class Operator
{
    private const int MaxArgs = 12;
    private const int InlineWords = 32;                     // room for sizes and handles on the stack: 256 bytes
    private readonly delegate* unmanaged<RawArg*, int, long*, int> _entry;
    private readonly string _name;

    internal Operator(string name)
    {
        _name = name;
        fixed (byte* utf8 = System.Text.Encoding.UTF8.GetBytes(name + "\0"))
        {
            _entry = (delegate* unmanaged<RawArg*, int, long*, int>)Shim.ts_operator(utf8);
        }
    }

    /// <summary>False where this libtorch is too old or too new to have the operator.</summary>
    internal bool Exists => _entry != null;
    internal string Name => _name;

    /// <summary>An operator with one tensor as result.</summary>
    internal Tensor Call(params ReadOnlySpan<Arg> args)
    {
        long* results = stackalloc long[4];
        Invoke(args, results);
        return new Tensor((nint)results[0]);
    }

    /// <summary>An operator that changes its first argument and returns it.</summary>
    internal void Change(params ReadOnlySpan<Arg> args)
    {
        long* results = stackalloc long[4];
        Invoke(args, results);
    }

    internal (Tensor, Tensor) Pair(params ReadOnlySpan<Arg> args)
    {
        long* results = stackalloc long[4];
        Invoke(args, results);
        return (new Tensor((nint)results[0]), new Tensor((nint)results[1]));
    }

    internal Tensor[] List(params ReadOnlySpan<Arg> args)
    {
        long* results = stackalloc long[4];
        Invoke(args, results);
        return Unlist(results)!;
    }

    internal bool Truth(params ReadOnlySpan<Arg> args)
    {
        long* results = stackalloc long[4];
        Invoke(args, results);
        return results[0] != 0;
    }

    internal Scalar Number(params ReadOnlySpan<Arg> args)
    {
        long* results = stackalloc long[4];
        Invoke(args, results);
        return new Scalar((Kind)results[1], results[0]);
    }

    /// <summary>Wraps the handles of a returned list and frees it; null handles (unused gradients) stay null.</summary>
    internal static Tensor[] Unlist(long* results)
    {
        var tensors = new Tensor[results[1]];
        long* handles = (long*)results[0];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = handles[i] == 0 ? null! : new Tensor((nint)handles[i]);
        }
        Shim.ts_free((nint)results[0]);
        return tensors;
    }

    [SkipLocalsInit]
    private void Invoke(ReadOnlySpan<Arg> args, long* results)
    {
        if (_entry == null)
        {
            throw new NotSupportedException($"TorchSharp: this libtorch ({__version__}) has no operator '{_name}'. A release that has it is needed.");
        }
        System.Diagnostics.Debug.Assert(args.Length <= MaxArgs);
        RawArg* raw = stackalloc RawArg[MaxArgs];
        int words = 0;
        for (int i = 0; i < args.Length; i++)
        {
            ref readonly Arg arg = ref args[i];
            raw[i] = new RawArg { Bits = arg.Bits, Count = arg.Count, Kind = arg.Kind };
            words += arg.Kind is Kind.Ints or Kind.Tensors or Kind.Text ? arg.Count + 1 : 0;
        }
        int failed;
        if (words == 0)
        {
            failed = _entry(raw, args.Length, results);
        }
        else if (words <= InlineWords)
        {
            long* room = stackalloc long[InlineWords];
            Spread(args, raw, room);
            failed = _entry(raw, args.Length, results);
        }
        else
        {
            long* room = (long*)NativeMemory.Alloc((nuint)words * sizeof(long));
            try
            {
                Spread(args, raw, room);
                failed = _entry(raw, args.Length, results);
            }
            finally
            {
                NativeMemory.Free(room);
            }
        }
        // A tensor whose last use this was must not be finalised while the operator reads it.
        for (int i = 0; i < args.Length; i++)
        {
            GC.KeepAlive(args[i].Owner);
        }
        Shim.Check(failed);
    }

    private static void Spread(ReadOnlySpan<Arg> args, RawArg* raw, long* room)
    {
        for (int i = 0; i < args.Length; i++)
        {
            ref readonly Arg arg = ref args[i];
            var target = new Span<long>(room, arg.Count);
            switch (arg.Kind)
            {
                case Kind.Ints:
                    ((long[])arg.Owner!).CopyTo(target);
                    break;
                case Kind.Tensors:
                    var tensors = (Tensor?[])arg.Owner!;
                    for (int k = 0; k < tensors.Length; k++)
                    {
                        target[k] = tensors[k]?.Handle ?? 0;
                    }
                    break;
                case Kind.Text:
                    ((byte[])arg.Owner!).CopyTo(MemoryMarshal.AsBytes(target));
                    break;
                default:
                    continue;
            }
            raw[i].Bits = (long)room;
            room += arg.Count + 1;
        }
    }
}
