// Values across the border: single items, accessors, raw bytes, copies, conversions of dtype and device.
using TorchSharp.PInvoke;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements, readable and writable in row-major order; a CUDA tensor is copied to the CPU first.</summary>
        /// <exception cref="ArgumentException">T is not the tensor's dtype.</exception>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        /// <summary>The one element.</summary>
        /// <exception cref="ArgumentException">There are more or fewer elements, or T is not the dtype.</exception>
        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1)
            {
                throw new ArgumentException($"Number of elements in the tensor must be 1, not {NumberOfElements}");
            }
            ValidateType(typeof(T));
            if (device_type != DeviceType.CPU)
            {
                using Tensor here = cpu();
                return here.item<T>();
            }
            unsafe
            {
                return Fact(*(T*)Shim.ts_data(Handle));
            }
        }

        internal void ValidateType(Type type)
        {
            ScalarType mine = dtype;
            if (!ScalarTypes.Of(type, out ScalarType wanted) || wanted != mine)
            {
                throw new ArgumentException($"{type.Name} is not compatible with {mine}");
            }
        }

        public Scalar ToScalar() => Ops.item.Number(this);

        /// <summary>The memory of a contiguous CPU tensor, not a copy: valid while the tensor lives.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                long total = NumberOfElements * ElementSize;
                if (!is_contiguous())
                {
                    throw new NotImplementedException("Bytes() called on non-contiguous tensor.");
                }
                if (device_type != DeviceType.CPU)
                {
                    throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
                }
                return new Span<byte>((void*)Fact(Shim.ts_data(Handle)), checked((int)total));
            }
            set
            {
                Span<byte> mine = bytes;
                if (mine.Length != value.Length)
                {
                    throw new ArgumentException($"Mismatched data sizes in SetBytes(): the tensor has {mine.Length} bytes, the span {value.Length}.");
                }
                value.CopyTo(mine);
            }
        }

        public Tensor clone() => Ops.clone.Call(this, Arg.None);
        public Tensor contiguous() => Ops.contiguous.Call(this, (long)0);
        public Tensor alias() => Ops.alias.Call(this);

        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            Ops.copy_.Change(this, source, nonBlocking);
            return this;
        }

        public Tensor cpu() => Convert(null, CPU, false, false);

        public Tensor cuda(Device? device = null, bool non_blocking = false)
        {
            if (device is not null && device.type != DeviceType.CUDA)
            {
                throw new ArgumentException("Not a CUDA device.", nameof(device));
            }
            return Convert(null, InitializeDevice(device ?? new Device(DeviceType.CUDA)), false, non_blocking);
        }

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => After(Convert(type, null, copy, non_blocking), disposeAfter);

        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);
        public Tensor type(ScalarType dtype) => to_type(dtype);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to_type(type, copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => After(Convert(null, InitializeDevice(device), copy, non_blocking), disposeAfter);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => After(Convert(type, InitializeDevice(device), copy, non_blocking), disposeAfter);

        public Tensor to(Tensor other, bool non_blocking = false) => to(other.dtype, other.device, non_blocking: non_blocking);

        /// <summary>A new handle always; of the same memory where nothing changes and no copy is asked for.</summary>
        private Tensor Convert(ScalarType? type, Device? device, bool copy, bool nonBlocking)
            => Ops.to_dtype_layout.Call(this, type, Arg.None, device, Arg.None, nonBlocking, copy, Arg.None);

        private Tensor After(Tensor converted, bool disposeAfter)
        {
            if (disposeAfter)
            {
                Dispose();
            }
            return converted;
        }

        public Tensor @bool() => to_type(ScalarType.Bool);
        public Tensor @byte() => to_type(ScalarType.Byte);
        public Tensor @char() => to_type(ScalarType.Int8);
        public Tensor @short() => to_type(ScalarType.Int16);
        public Tensor @int() => to_type(ScalarType.Int32);
        public Tensor @long() => to_type(ScalarType.Int64);
        public Tensor half() => to_type(ScalarType.Float16);
        public Tensor bfloat16() => to_type(ScalarType.BFloat16);
        public Tensor @float() => to_type(ScalarType.Float32);
        public Tensor @double() => to_type(ScalarType.Float64);

        public static implicit operator Tensor(byte value) => tensor(value);
        public static implicit operator Tensor(sbyte value) => tensor(value);
        public static implicit operator Tensor(short value) => tensor(value);
        public static implicit operator Tensor(int value) => tensor(value);
        public static implicit operator Tensor(long value) => tensor(value);
        public static implicit operator Tensor(float value) => tensor(value);
        public static implicit operator Tensor(double value) => tensor(value);
        public static implicit operator Tensor(bool value) => tensor(value);

        /// <summary>Only makes the compiler prefer the Scalar overload for a plain number; never called.</summary>
        public static implicit operator Tensor(Scalar scalar) => throw new InvalidOperationException("Should not be called.");
    }
}

/// <summary>.NET types and dtypes.</summary>
internal static class ScalarTypes
{
    internal static bool Of(Type type, out torch.ScalarType scalar)
    {
        (bool known, scalar) = Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => (true, torch.ScalarType.Bool),
            TypeCode.Byte => (true, torch.ScalarType.Byte),
            TypeCode.SByte => (true, torch.ScalarType.Int8),
            TypeCode.Int16 => (true, torch.ScalarType.Int16),
            TypeCode.Int32 => (true, torch.ScalarType.Int32),
            TypeCode.Int64 => (true, torch.ScalarType.Int64),
            TypeCode.Single => (true, torch.ScalarType.Float32),
            TypeCode.Double => (true, torch.ScalarType.Float64),
            _ => type == typeof(Half) ? (true, torch.ScalarType.Float16) : (false, default),
        };
        return known;
    }

    internal static torch.ScalarType Of<T>() => Of(typeof(T), out torch.ScalarType scalar)
        ? scalar
        : throw new ArgumentException($"No dtype holds a {typeof(T).Name}. Right would be bool, byte, sbyte, short, int, long, Half, float or double.");
}

public static class TensorExtensionMethods
{
    public static Half ToHalf(this torch.Tensor value) => value.ToScalar().ToHalf();
    public static float ToSingle(this torch.Tensor value) => value.ToScalar().ToSingle();
    public static double ToDouble(this torch.Tensor value) => value.ToScalar().ToDouble();
    public static sbyte ToSByte(this torch.Tensor value) => value.ToScalar().ToSByte();
    public static byte ToByte(this torch.Tensor value) => value.ToScalar().ToByte();
    public static short ToInt16(this torch.Tensor value) => value.ToScalar().ToInt16();
    public static int ToInt32(this torch.Tensor value) => value.ToScalar().ToInt32();
    public static long ToInt64(this torch.Tensor value) => value.ToScalar().ToInt64();
    public static bool ToBoolean(this torch.Tensor value) => value.ToScalar().ToBoolean();

    /// <summary>Bytes an element takes.</summary>
    public static int ElementSize(this torch.ScalarType type) => type switch
    {
        torch.ScalarType.Byte or torch.ScalarType.Int8 or torch.ScalarType.Bool => 1,
        torch.ScalarType.Int16 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => 2,
        torch.ScalarType.Int32 or torch.ScalarType.Float32 => 4,
        torch.ScalarType.Int64 or torch.ScalarType.Float64 or torch.ScalarType.ComplexFloat32 => 8,
        torch.ScalarType.ComplexFloat64 => 16,
        _ => throw new NotSupportedException($"dtype {type} has no element size here."),
    };
}
