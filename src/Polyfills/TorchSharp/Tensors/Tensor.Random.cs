// Filling tensors with random numbers in place, and sampling from tensors of probabilities.
using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null) => InPlace(Ops.normal_, mean, std, generator);
        public Tensor uniform_(double from, double to, Generator? generator = null) => InPlace(Ops.uniform_, from, to, generator);
        public Tensor exponential_(double lambda = 1.0, Generator? generator = null) => InPlace(Ops.exponential_, lambda, generator);
        public Tensor random_(double from, double to, Generator? generator = null) => InPlace(Ops.random__from, (long)from, (long)to, generator);
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => InPlace(Ops.bernoulli__float, p, generator);
        public Tensor bernoulli_(Tensor p, Generator? generator = null) => InPlace(Ops.bernoulli__Tensor, p, generator);

        /// <summary>1 with the probability that stands in each element, else 0.</summary>
        public Tensor bernoulli(Generator? generator = null) => Ops.bernoulli.Call(this, generator);

        /// <summary>Draws indices from rows of non-negative weights.</summary>
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null)
            => Ops.multinomial.Call(this, num_samples, replacement, generator);

        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Like(Ops.rand_like, dtype, device, requires_grad);
        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Like(Ops.randn_like, dtype, device, requires_grad);
        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Like(Ops.zeros_like, dtype, device, requires_grad);
        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Like(Ops.ones_like, dtype, device, requires_grad);
        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Like(Ops.empty_like, dtype, device, requires_grad);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
            => Ops.full_like.Call(this, value, dtype, Arg.None, device is null ? null : InitializeDevice(device), Arg.None, Arg.None).Leaf(requires_grad);

        private Tensor Like(Operator make, ScalarType? dtype, Device? device, bool requiresGrad)
            => make.Call(this, dtype, Arg.None, device is null ? null : InitializeDevice(device), Arg.None, Arg.None).Leaf(requiresGrad);

        /// <summary>A freshly made tensor becomes a leaf that collects gradients, where asked.</summary>
        internal Tensor Leaf(bool requiresGrad)
        {
            if (requiresGrad)
            {
                requires_grad = true;
            }
            return this;
        }
    }

    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);

    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null)
        => input.multinomial(num_samples, replacement, generator);

    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null)
        => Ops.randperm_generator.Call(n, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device), Arg.None).Leaf(requires_grad);

    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => Ops.randint_low_generator.Call(low, high, size, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device), Arg.None).Leaf(requires_grad);

    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => randint(0, high, size, dtype, device, requires_grad, generator, names);

    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => empty(size, dtype, device).normal_(mean, std, generator).Leaf(requires_grad);

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => input.rand_like(dtype, device, requires_grad);
    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => input.randn_like(dtype, device, requires_grad);
    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => input.zeros_like(dtype, device, requires_grad);
    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => input.ones_like(dtype, device, requires_grad);
    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => input.empty_like(dtype, device, requires_grad);
    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => input.full_like(value, dtype, device, requires_grad);
}
