// The parts of torch.nn without modules: parameters, initialisers, clipping of gradients.
using TorchSharp.Modules;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>A leaf that collects gradients. Takes the native tensor over from <c>data</c>, which becomes invalid.</summary>
        public class Parameter : torch.Tensor
        {
            public Parameter(torch.Tensor data, bool requires_grad = true) : this(data.with_requires_grad(requires_grad), data.OwningDisposeScope) { }

            private Parameter(torch.Tensor data, DisposeScope? scope) : base(MoveHandle(data))
            {
                if (scope is null)
                {
                    DetachFromDisposeScope();
                }
                else
                {
                    MoveToOtherDisposeScope(scope);
                }
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);

            public static partial class utils
            {
                /// <summary>Scales all gradients together so that their common norm is at most max_norm; returns the norm before.</summary>
                public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
                {
                    using DisposeScope scope = NewDisposeScope();
                    using IDisposable off = no_grad();
                    Tensor[] grads = [.. tensors.Select(t => t.grad).OfType<Tensor>()];
                    if (grads.Length == 0)
                    {
                        return 0;
                    }
                    double total = stack(grads.Select(g => g.norm((float)norm_type))).norm((float)norm_type).ToDouble();
                    double scale = max_norm / (total + 1e-6);
                    if (scale < 1)
                    {
                        foreach (Tensor g in grads)
                        {
                            g.mul_(scale);
                        }
                    }
                    return total;
                }
            }

            public static partial class init
            {
                public enum NonlinearityType
                {
                    Linear = 0,
                    Conv1D = 1,
                    Conv2D = 2,
                    Conv3D = 3,
                    ConvTranspose1D = 4,
                    ConvTranspose2D = 5,
                    ConvTranspose3D = 6,
                    Sigmoid = 7,
                    Tanh = 8,
                    ReLU = 9,
                    LeakyReLU = 10,
                }

                public enum FanInOut
                {
                    FanIn = 0,
                    FanOut = 1,
                }

                public static Tensor ones_(Tensor tensor) => Quietly(() => tensor.fill_(1));
                public static Tensor zeros_(Tensor tensor) => Quietly(() => tensor.zero_());
                public static Tensor constant_(Tensor tensor, Scalar val) => Quietly(() => tensor.fill_(val));

                public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null)
                    => Quietly(() => tensor.uniform_(low, high, generator));

                public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null)
                    => Quietly(() => tensor.normal_(mean, std, generator));

                /// <summary>Uniform with standard deviation gain / sqrt(fan). Source: He et al. 2015.</summary>
                public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
                {
                    double bound = Math.Sqrt(3) * calculate_gain(nonlinearity, a) / Math.Sqrt(Fan(tensor, mode));
                    return uniform_(tensor, -bound, bound);
                }

                public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
                    => normal_(tensor, 0, calculate_gain(nonlinearity, a) / Math.Sqrt(Fan(tensor, mode)));

                /// <summary>Standard deviation gain * sqrt(2 / (fan in + fan out)). Source: Glorot and Bengio 2010.</summary>
                public static Tensor xavier_uniform_(Tensor tensor, double gain = 1.0)
                {
                    (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                    double bound = gain * Math.Sqrt(6.0 / (fanIn + fanOut));
                    return uniform_(tensor, -bound, bound);
                }

                public static Tensor xavier_normal_(Tensor tensor, double gain = 1.0)
                {
                    (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                    return normal_(tensor, 0, gain * Math.Sqrt(2.0 / (fanIn + fanOut)));
                }

                public static double calculate_gain(NonlinearityType nonlinearity, double param = 0.0) => nonlinearity switch
                {
                    NonlinearityType.Tanh => 5.0 / 3.0,
                    NonlinearityType.ReLU => Math.Sqrt(2),
                    NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + param * param)),
                    _ => 1,
                };

                /// <summary>Inputs and outputs of a unit: weight [out, in, ...receptive field].</summary>
                public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
                {
                    long[] shape = tensor.shape;
                    if (shape.Length < 2)
                    {
                        throw new ArgumentException("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
                    }
                    long field = shape[2..].Aggregate(1L, (a, b) => a * b);
                    return (shape[1] * field, shape[0] * field);
                }

                private static long Fan(Tensor tensor, FanInOut mode)
                {
                    (long fanIn, long fanOut) = CalculateFanInAndFanOut(tensor);
                    return mode == FanInOut.FanIn ? fanIn : fanOut;
                }

                private static Tensor Quietly(Func<Tensor> fill)
                {
                    using IDisposable off = no_grad();
                    return fill();
                }
            }
        }
    }
}
