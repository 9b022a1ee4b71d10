// A typed window on a CPU tensor's memory, in row-major order of its shape whatever its strides.
using System.Collections;
using System.Runtime.InteropServices;
using TorchSharp.PInvoke;

namespace TorchSharp.Utils;

/// <summary>Reads and writes the elements of a CPU tensor; keeps the tensor reachable, and does not own it.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly T* _memory;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _contiguous;
    private torch.Tensor? _tensor;

    internal TensorAccessor(torch.Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
        {
            throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }
        _memory = (T*)Shim.ts_data(tensor.Handle);
        _shape = tensor.shape;
        _strides = tensor.stride();
        _contiguous = tensor.is_contiguous();
        _tensor = tensor;
        Count = tensor.numel();
    }

    public long Count { get; }
    public bool IsReadOnly => false;

    /// <summary>All elements, flat.</summary>
    public T[] ToArray()
    {
        var copy = new T[Count];
        CopyTo(copy);
        return copy;
    }

    /// <summary>An array with as many dimensions as the tensor.</summary>
    public Array ToNDArray()
    {
        if (_shape.Length == 0)
        {
            return new[] { *At(0) };
        }
        Array result = Array.CreateInstance(typeof(T), _shape);
        T[] flat = ToArray();
        ref byte start = ref MemoryMarshal.GetArrayDataReference(result);
        fixed (byte* to = &start)
        fixed (T* from = flat)
        {
            Buffer.MemoryCopy(from, to, flat.LongLength * sizeof(T), flat.LongLength * sizeof(T));
        }
        return result;
    }

    /// <summary>One index counts through all elements; several address one by its coordinates.</summary>
    public T this[params long[] indices]
    {
        get => *At(Flat(indices));
        set => *At(Flat(indices)) = value;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        int count = (int)Math.Min(array.Length - arrayIndex, Count - tensorIndex);
        if (_contiguous)
        {
            new ReadOnlySpan<T>(At(tensorIndex), count).CopyTo(array[arrayIndex..]);
            return;
        }
        for (int i = 0; i < count; i++)
        {
            array[arrayIndex + i] = *At(tensorIndex + i);
        }
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        int count = (int)Math.Min(array.Length - arrayIndex, Count - tensorIndex);
        if (_contiguous)
        {
            array.Slice(arrayIndex, count).CopyTo(new Span<T>(At(tensorIndex), count));
            return;
        }
        for (int i = 0; i < count; i++)
        {
            *At(tensorIndex + i) = array[arrayIndex + i];
        }
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++)
        {
            yield return Read(i);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Lets go of the tensor, which lives on.</summary>
    public void Dispose() => _tensor = null;

    private T Read(long i) => *At(i);

    private long Flat(long[] indices)
    {
        if (indices.Length == 1)
        {
            long i = indices[0];
            return i >= 0 && i < Count ? i : throw new IndexOutOfRangeException($"Element {i} of {Count}.");
        }
        if (indices.Length != _shape.Length)
        {
            throw new ArgumentException($"{indices.Length} indices for a tensor of {_shape.Length} dimensions.");
        }
        long flat = 0;
        for (int d = 0; d < indices.Length; d++)
        {
            if (indices[d] < 0 || indices[d] >= _shape[d])
            {
                throw new IndexOutOfRangeException($"Index {indices[d]} in dimension {d} of size {_shape[d]}.");
            }
            flat = flat * _shape[d] + indices[d];
        }
        return flat;
    }

    /// <summary>The address of the i-th element in row-major order.</summary>
    private T* At(long i)
    {
        ObjectDisposedException.ThrowIf(_tensor is null || _tensor.IsInvalid, this);
        if (_contiguous)
        {
            return _memory + i;
        }
        long offset = 0;
        for (int d = _shape.Length - 1; d >= 0; d--)
        {
            offset += i % _shape[d] * _strides[d];
            i /= _shape[d];
        }
        return _memory + offset;
    }
}
