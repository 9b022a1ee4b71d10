// Where a tensor lives: a device type and an index. An absent device is refused when it is first asked for, never replaced by the CPU.
using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp.PInvoke;

namespace TorchSharp;

/// <summary>libtorch's numbering.</summary>
public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
    MKLDNN = 2,
    OPENGL = 3,
    OPENCL = 4,
    IDEEP = 5,
    HIP = 6,
    FPGA = 7,
    MSNPU = 8,
    XLA = 9,
    MPS = 13,
    META = 14,
}

public static partial class torch
{
    public class Device
    {
        /// <summary>What kind of device.</summary>
        public DeviceType type { get; private set; }

        /// <summary>Which one of its kind; -1: the current one.</summary>
        public int index { get; private set; } = -1;

        /// <param name="description">"cpu", "cuda" or "cuda:1".</param>
        /// <exception cref="ArgumentException">The text names no device.</exception>
        public Device(string description)
        {
            int colon = description.IndexOf(':', StringComparison.Ordinal);
            type = Parse(colon < 0 ? description : description[..colon], description);
            if (colon >= 0)
            {
                index = int.TryParse(description.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int parsed)
                    ? parsed
                    : throw Unknown(description);
            }
        }

        public Device(string deviceType, int index = -1) : this(Parse(deviceType, deviceType), index) { }

        public Device(DeviceType deviceType, int index = -1) => (type, this.index) = (deviceType, index);

        /// <summary>A CUDA device.</summary>
        public Device(int index) : this(DeviceType.CUDA, index) { }

        internal Device(long packed) : this((DeviceType)(int)packed, (int)(packed >> 32)) { }

        internal long Packed => ((long)index << 32) | (uint)type;

        private static DeviceType Parse(string name, string description) => name.ToLowerInvariant() switch
        {
            "cpu" => DeviceType.CPU,
            "cuda" => DeviceType.CUDA,
            "mps" => DeviceType.MPS,
            "meta" => DeviceType.META,
            _ => throw Unknown(description),
        };

        private static ArgumentException Unknown(string description) => new($"'{description}' names no device. Right would be cpu, cuda, cuda:0 and so on.");

        public override string ToString() => index == -1 ? type.ToString().ToLowerInvariant() : $"{type.ToString().ToLowerInvariant()}:{index}";

        public override bool Equals(object? obj) => obj is Device other && other.type == type && other.index == index;

        public override int GetHashCode() => HashCode.Combine(type, index);

        public static implicit operator Device(string description) => new(description);
    }

    public static readonly Device CPU = new(DeviceType.CPU);
    public static readonly Device META = new(DeviceType.META);
    private static Device? s_cuda;

    /// <summary>The current CUDA device; refused where there is none.</summary>
    public static Device CUDA => s_cuda ??= InitializeDevice(new Device(DeviceType.CUDA));

    public static Device device(string description) => InitializeDevice(new Device(description));
    public static Device device(string deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));
    public static Device device(DeviceType deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));
    public static Device device(int index) => new(DeviceType.CUDA, index);

    /// <summary>Whether a device of this kind can be used.</summary>
    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType switch
    {
        DeviceType.CPU or DeviceType.META => true,
        DeviceType.CUDA => cuda.is_available(),
        _ => false,
    };

    /// <exception cref="NotSupportedException">There is no such device here.</exception>
    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType))
        {
            throw new NotSupportedException($"device {deviceType}: libtorch {__version__} sees none here. Right would be cpu, or a machine, driver and libtorch with {deviceType}.");
        }
    }

    /// <summary>Checks that the device can be used and returns it (null: the default device).</summary>
    public static Device InitializeDevice(Device? device)
    {
        device ??= default_device;
        if (device.type != DeviceType.CPU)
        {
            InitializeDeviceType(device.type);
        }
        return device;
    }

    private static Device default_device = CPU;
    private static ScalarType default_dtype = ScalarType.Float32;

    public static Device get_default_device() => default_device;
    public static void set_default_device(Device device) => default_device = InitializeDevice(device);
    public static ScalarType get_default_dtype() => default_dtype;
    public static void set_default_dtype(ScalarType dtype) => default_dtype = dtype;

    /// <summary>libtorch's own version.</summary>
    public static string __version__ { get; } = Marshal.PtrToStringUTF8(Shim.ts_version())!;

    public static bool cuda_is_available() => cuda.is_available();

    public static partial class cuda
    {
        public static bool is_available() => Shim.ts_cuda_is_available() != 0;
        public static bool is_cudnn_available() => Shim.ts_cudnn_is_available() != 0;
        public static int device_count() => Shim.ts_cuda_device_count();
        public static void manual_seed(long seed) => Shim.Check(Shim.ts_manual_seed((ulong)seed));
        public static void manual_seed_all(long seed) => Shim.Check(Shim.ts_manual_seed((ulong)seed));

        /// <summary>Waits for all kernels of a CUDA device.</summary>
        public static void synchronize(Device? device = null)
        {
            InitializeDeviceType(DeviceType.CUDA);
            Shim.Check(Shim.ts_cuda_synchronize(device?.index ?? -1));
        }
    }

    public static partial class backends
    {
        public static partial class cuda
        {
            public static partial class matmul
            {
                /// <summary>TF32 products on Ampere and later: about three decimal digits for several times the speed.</summary>
                public static bool allow_tf32
                {
                    get => Shim.ts_allow_tf32(0, 0) != 0;
                    set => _ = Shim.ts_allow_tf32(1, value ? 1 : 0);
                }
            }
        }
    }

    public static int get_num_threads() => Shim.ts_get_num_threads();
    public static void set_num_threads(int num) => Shim.Check(Shim.ts_set_num_threads(num));
    public static int get_num_interop_threads() => Shim.ts_get_num_interop_threads();
    public static void set_num_interop_threads(int num) => Shim.Check(Shim.ts_set_num_interop_threads(num));
}
