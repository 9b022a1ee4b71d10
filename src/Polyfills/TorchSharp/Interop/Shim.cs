// The native functions that are not operators. Every signature is blittable; what only reads a field skips the GC transition.
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp.PInvoke;

internal static unsafe partial class Shim
{
    private const string Library = "TorchSharpShim";

    static Shim() => NativeLibrary.SetDllImportResolver(typeof(Shim).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != Library)
        {
            return 0;
        }
        string beside = Path.Combine(AppContext.BaseDirectory, "libTorchSharpShim.so");
        try
        {
            return NativeLibrary.Load(beside);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException($"TorchSharp: '{beside}' did not load. It needs the libtorch it was built against. "
                + $"Install libtorch, or rebuild with LIBTORCH set to its folder. {e.Message}", e);
        }
    }

    /// <summary>Turns a failed call into the exception TorchSharp throws: libtorch's message, first line.</summary>
    internal static void Check(int failed)
    {
        if (failed != 0)
        {
            Throw();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Throw()
    {
        string message = Marshal.PtrToStringUTF8(ts_last_error()) ?? "an unknown native error";
        int end = message.IndexOf('\n', StringComparison.Ordinal);
        throw new ExternalException(end < 0 ? message : message[..end]);
    }

    [LibraryImport(Library)] internal static partial nint ts_last_error();
    [LibraryImport(Library)] internal static partial nint ts_operator(byte* name);

    [LibraryImport(Library)] internal static partial void ts_release(nint* handles, int count);
    [LibraryImport(Library)] internal static partial void ts_free(nint memory);

    [LibraryImport(Library), SuppressGCTransition] internal static partial long ts_dim(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long ts_numel(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long ts_storage_offset(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int ts_dtype(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long ts_device(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial nint ts_data(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int ts_is_contiguous(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int ts_is_leaf(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int ts_requires_grad(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void ts_sizes(nint tensor, long* to);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void ts_strides(nint tensor, long* to);

    [LibraryImport(Library)] internal static partial int ts_set_requires_grad(nint tensor, int on);
    [LibraryImport(Library)] internal static partial int ts_grad(nint tensor, long* results);
    [LibraryImport(Library)] internal static partial int ts_set_grad(nint tensor, nint grad);
    [LibraryImport(Library)] internal static partial int ts_retain_grad(nint tensor);
    [LibraryImport(Library)]
    internal static partial int ts_backward(nint* of, int n, nint* grads, int gradCount, int retain, int create, nint* inputs, int inputCount);
    [LibraryImport(Library)]
    internal static partial int ts_autograd_grad(nint* of, int n, nint* grads, int gradCount, int retain, int create, nint* inputs, int inputCount, int allowUnused, long* results);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int ts_grad_mode();
    [LibraryImport(Library), SuppressGCTransition] internal static partial void ts_set_grad_mode(int on);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int ts_inference_mode();
    [LibraryImport(Library)] internal static partial nint ts_enter_inference_mode(int on);
    [LibraryImport(Library)] internal static partial void ts_leave_inference_mode(nint guard);

    [LibraryImport(Library)] internal static partial int ts_generator(long device, ulong seed, long* results);
    [LibraryImport(Library)] internal static partial int ts_default_generator(long device, long* results);
    [LibraryImport(Library)] internal static partial void ts_release_generator(nint generator);
    [LibraryImport(Library)] internal static partial int ts_seed_generator(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial int ts_generator_seed(nint generator, long* results);
    [LibraryImport(Library)] internal static partial int ts_generator_state(nint generator, long* results);
    [LibraryImport(Library)] internal static partial int ts_set_generator_state(nint generator, nint state);
    [LibraryImport(Library)] internal static partial int ts_manual_seed(ulong seed);

    [LibraryImport(Library)] internal static partial int ts_set_num_threads(int count);
    [LibraryImport(Library)] internal static partial int ts_get_num_threads();
    [LibraryImport(Library)] internal static partial int ts_set_num_interop_threads(int count);
    [LibraryImport(Library)] internal static partial int ts_get_num_interop_threads();
    [LibraryImport(Library)] internal static partial nint ts_version();
    [LibraryImport(Library)] internal static partial nint ts_blas();
    [LibraryImport(Library)] internal static partial int ts_cuda_device_count();
    [LibraryImport(Library)] internal static partial int ts_cuda_is_available();
    [LibraryImport(Library)] internal static partial int ts_cudnn_is_available();
    [LibraryImport(Library)] internal static partial int ts_cuda_synchronize(long index);
    [LibraryImport(Library)] internal static partial int ts_allow_tf32(int set, int on);
}
