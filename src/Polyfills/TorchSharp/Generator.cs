// A stream of random numbers with a state of its own. A null generator in a call means libtorch's default one.
using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers; not safe for two threads at once.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        private Generator(nint handle, Device device) => (_handle, this.device) = (handle, device);

        /// <param name="seed">The same seed gives the same numbers on the same device and release.</param>
        public unsafe Generator(ulong seed = 0, Device? device = null)
        {
            this.device = InitializeDevice(device);
            long handle;
            Shim.Check(Shim.ts_generator(this.device.Packed, seed, &handle));
            _handle = (nint)handle;
        }

        ~Generator() => Release();

        public nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public Device device { get; }

        /// <summary>libtorch's generator of the CPU, shared by all callers that pass none.</summary>
        public static unsafe Generator Default
        {
            get
            {
                long handle;
                Shim.Check(Shim.ts_default_generator(CPU.Packed, &handle));
                return new Generator((nint)handle, CPU);
            }
        }

        /// <summary>The whole state as a byte tensor.</summary>
        public unsafe Tensor get_state()
        {
            long state;
            Shim.Check(Shim.ts_generator_state(Handle, &state));
            GC.KeepAlive(this);
            return new Tensor((nint)state);
        }

        public void set_state(Tensor value)
        {
            Shim.Check(Shim.ts_set_generator_state(Handle, value.Handle));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }

        public Generator manual_seed(long seed)
        {
            Shim.Check(Shim.ts_seed_generator(Handle, (ulong)seed));
            GC.KeepAlive(this);
            return this;
        }

        public unsafe long initial_seed()
        {
            long seed;
            Shim.Check(Shim.ts_generator_seed(Handle, &seed));
            GC.KeepAlive(this);
            return seed;
        }

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }

        private void Release()
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0)
            {
                Shim.ts_release_generator(handle);
            }
        }
    }

    /// <summary>Seeds the default generators of all devices and returns the CPU's.</summary>
    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    public static long initial_seed() => random.initial_seed();
    public static Tensor get_rng_state() => random.get_rng_state();
    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    public static partial class random
    {
        public static Generator manual_seed(long seed)
        {
            Shim.Check(Shim.ts_manual_seed((ulong)seed));
            return Generator.Default;
        }

        public static long initial_seed()
        {
            using Generator shared = Generator.Default;
            return shared.initial_seed();
        }

        public static Tensor get_rng_state()
        {
            using Generator shared = Generator.Default;
            return shared.get_state();
        }

        public static void set_rng_state(Tensor new_state)
        {
            using Generator shared = Generator.Default;
            shared.set_state(new_state);
        }
    }
}
