// A tensor's life and facts: the native handle, the scope that owns it, shape, dtype, device. Knows no arithmetic.
using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Element types, in libtorch's numbering.</summary>
    public enum ScalarType : sbyte
    {
        Byte = 0,
        Int8 = 1,
        Int16 = 2,
        Int32 = 3,
        Int64 = 4,
        Float16 = 5,
        Float32 = 6,
        Float64 = 7,
        ComplexFloat32 = 9,
        ComplexFloat64 = 10,
        Bool = 11,
        BFloat16 = 15,
    }

    public static readonly ScalarType uint8 = ScalarType.Byte, int8 = ScalarType.Int8, int16 = ScalarType.Int16, int32 = ScalarType.Int32,
        @int = ScalarType.Int32, int64 = ScalarType.Int64, @long = ScalarType.Int64, float16 = ScalarType.Float16, half = ScalarType.Float16,
        float32 = ScalarType.Float32, @float = ScalarType.Float32, float64 = ScalarType.Float64, @double = ScalarType.Float64,
        @bool = ScalarType.Bool, bfloat16 = ScalarType.BFloat16;

    public static bool is_floating_point(ScalarType type) => type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;
    public static bool is_integral(ScalarType type) => type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;

    /// <summary>A new scope on this thread: tensors made until it is disposed are disposed with it, unless moved out.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.ThreadSingleton.CurrentDisposeScope;

    /// <summary>Evaluates in a scope of its own; only the result survives, in the outer scope.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using DisposeScope scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    /// <summary>An n-dimensional array in native memory. Dispose it, or make it inside a dispose scope.</summary>
    public partial class Tensor : IDisposable
    {
        private static long s_total;
        private static long s_peak;
        private nint _handle;
        private Orphan? _orphan;

        /// <summary>Takes over one reference to a native tensor.</summary>
        internal Tensor(nint handle)
        {
            _handle = handle;
            long total = Interlocked.Increment(ref s_total);
            if (total > s_peak)
            {
                s_peak = total;     // a race loses at most a few counts of a diagnostic
            }
            if (!DisposeScopeManager.ThreadSingleton.Register(this))
            {
                Orphaned();
            }
        }

        /// <summary>
        /// Frees the native reference of a tensor that no scope owns and that was forgotten. An object of its own, so that tensors in
        /// scopes, the many, are cheap to make: their scope has the finaliser.
        /// </summary>
        private sealed class Orphan(nint handle)
        {
            ~Orphan()
            {
                DisposeScopeManager.Statistics.TensorStatistics.DisposedOutsideScopeCount++;
                Free(handle);
            }
        }

        /// <summary>From now on no scope owns the tensor.</summary>
        internal void Orphaned()
        {
            OwningDisposeScope = null;
            _orphan ??= new Orphan(_handle);
        }

        /// <summary>From now on this scope owns the tensor.</summary>
        internal void Adopted(DisposeScope scope, int slot)
        {
            (OwningDisposeScope, SlotInScope) = (scope, slot);
            NoOrphan();
        }

        private void NoOrphan()
        {
            if (_orphan is not null)
            {
                GC.SuppressFinalize(_orphan);
                _orphan = null;
            }
        }

        private static unsafe void Free(nint handle)
        {
            Interlocked.Decrement(ref s_total);
            Shim.ts_release(&handle, 1);
        }

        internal DisposeScope? OwningDisposeScope { get; private set; }
        internal int SlotInScope { get; set; }

        /// <summary>Live tensors of all threads.</summary>
        public static long TotalCount => Interlocked.Read(ref s_total);

        /// <summary>The most there have been at once.</summary>
        public static long PeakCount => Interlocked.Read(ref s_peak);

        /// <summary>The native TensorImpl.</summary>
        /// <exception cref="InvalidOperationException">The tensor was disposed.</exception>
        public nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle. It was disposed, by itself or with its scope.");

        public bool IsInvalid => _handle == 0;

        public string? name { get; set; }

        public void Dispose()
        {
            if (!IsInvalid)
            {
                Free(Take(this));
            }
        }

        /// <summary>Gives the native reference away; the object is as if disposed, and counted so but for the total.</summary>
        private static nint Take(Tensor from)
        {
            nint handle = from.Handle;
            from._handle = 0;
            LifetimeStatistics counts = DisposeScopeManager.Statistics.TensorStatistics;
            if (from.OwningDisposeScope is { } scope)
            {
                counts.DisposedInScopeCount++;
                scope.Take(from);
                from.OwningDisposeScope = null;
            }
            else
            {
                counts.DisposedOutsideScopeCount++;
            }
            from.NoOrphan();
            return handle;
        }

        /// <summary>Disposes the tensors of a scope with one native call for many.</summary>
        internal static unsafe void ReleaseAll(ReadOnlySpan<Tensor> tensors)
        {
            const int Batch = 128;
            nint* handles = stackalloc nint[Batch];
            while (!tensors.IsEmpty)
            {
                int count = Math.Min(Batch, tensors.Length);
                for (int i = 0; i < count; i++)
                {
                    Tensor tensor = tensors[i];
                    handles[i] = tensor._handle;
                    tensor._handle = 0;
                    tensor.OwningDisposeScope = null;
                }
                DisposeScopeManager.Statistics.TensorStatistics.DisposedInScopeCount += count;
                Interlocked.Add(ref s_total, -count);
                Shim.ts_release(handles, count);
                tensors = tensors[count..];
            }
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Lets the tensor outlive all scopes; from now on its owner disposes it.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is null)
            {
                other?.Attach(this);
            }
            else
            {
                OwningDisposeScope.MoveToOther(other, this);
            }
            return this;
        }

        /// <summary>For a constructor that takes over another object's native reference.</summary>
        private protected static nint MoveHandle(Tensor from)
        {
            nint handle = Take(from);
            Interlocked.Decrement(ref s_total);
            return handle;
        }

        public long Dimensions => Fact(Shim.ts_dim(Handle));
        public long ndim => Dimensions;
        public long dim() => Dimensions;
        public long NumberOfElements => Fact(Shim.ts_numel(Handle));
        public long numel() => NumberOfElements;
        public long ElementSize => dtype.ElementSize();
        public long element_size() => ElementSize;
        public long storage_offset() => Fact(Shim.ts_storage_offset(Handle));
        public ScalarType dtype => Fact((ScalarType)Shim.ts_dtype(Handle));
        public Device device => new(Fact(Shim.ts_device(Handle)));
        public DeviceType device_type => (DeviceType)(int)Fact(Shim.ts_device(Handle));
        public int device_index => (int)(Fact(Shim.ts_device(Handle)) >> 32);
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_leaf => Fact(Shim.ts_is_leaf(Handle)) != 0;
        public bool is_contiguous() => Fact(Shim.ts_is_contiguous(Handle)) != 0;
        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_integral() => torch.is_integral(dtype);

        /// <summary>Sizes, a fresh array.</summary>
        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Dimensions];
                fixed (long* to = sizes)
                {
                    Shim.ts_sizes(Handle, to);
                }
                return Fact(sizes);
            }
        }

        /// <summary>Shape, dtype and device: "[2x3], type = Float32, device = cpu".</summary>
        public override string ToString() => IsInvalid ? "" : $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        public long[] size() => shape;

        /// <param name="dim">Negative counts from the end.</param>
        public long size(int dim)
        {
            long[] sizes = shape;
            int at = dim < 0 ? dim + sizes.Length : dim;
            return at >= 0 && at < sizes.Length
                ? sizes[at]
                : throw new ArgumentOutOfRangeException(nameof(dim), dim, $"A tensor of {sizes.Length} dimensions has none with this number.");
        }

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* to = strides)
            {
                Shim.ts_strides(Handle, to);
            }
            return Fact(strides);
        }

        public long stride(int dim) => stride()[dim < 0 ? dim + (int)Dimensions : dim];

        /// <summary>Keeps this alive until a fact has been read from native memory.</summary>
        private T Fact<T>(T value)
        {
            GC.KeepAlive(this);
            return value;
        }
    }
}
