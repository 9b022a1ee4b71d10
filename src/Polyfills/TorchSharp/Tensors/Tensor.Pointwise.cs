// Functions of each element alone. A trailing underscore changes the tensor in place and returns it.
using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Ops.abs.Call(this);
        public Tensor abs_() => InPlace(Ops.abs_);
        public Tensor neg() => Ops.neg.Call(this);
        public Tensor neg_() => InPlace(Ops.neg_);
        public Tensor exp() => Ops.exp.Call(this);
        public Tensor exp_() => InPlace(Ops.exp_);
        public Tensor expm1() => Ops.expm1.Call(this);
        public Tensor expm1_() => InPlace(Ops.expm1_);
        public Tensor log() => Ops.log.Call(this);
        public Tensor log_() => InPlace(Ops.log_);
        public Tensor log1p() => Ops.log1p.Call(this);
        public Tensor log1p_() => InPlace(Ops.log1p_);
        public Tensor log2() => Ops.log2.Call(this);
        public Tensor log2_() => InPlace(Ops.log2_);
        public Tensor log10() => Ops.log10.Call(this);
        public Tensor log10_() => InPlace(Ops.log10_);
        public Tensor sqrt() => Ops.sqrt.Call(this);
        public Tensor sqrt_() => InPlace(Ops.sqrt_);
        public Tensor rsqrt() => Ops.rsqrt.Call(this);
        public Tensor rsqrt_() => InPlace(Ops.rsqrt_);
        public Tensor reciprocal() => Ops.reciprocal.Call(this);
        public Tensor reciprocal_() => InPlace(Ops.reciprocal_);
        public Tensor sin() => Ops.sin.Call(this);
        public Tensor sin_() => InPlace(Ops.sin_);
        public Tensor cos() => Ops.cos.Call(this);
        public Tensor cos_() => InPlace(Ops.cos_);
        public Tensor tan() => Ops.tan.Call(this);
        public Tensor tan_() => InPlace(Ops.tan_);
        public Tensor atan() => Ops.atan.Call(this);
        public Tensor atan_() => InPlace(Ops.atan_);
        public Tensor sinh() => Ops.sinh.Call(this);
        public Tensor sinh_() => InPlace(Ops.sinh_);
        public Tensor cosh() => Ops.cosh.Call(this);
        public Tensor cosh_() => InPlace(Ops.cosh_);
        public Tensor tanh() => Ops.tanh.Call(this);
        public Tensor tanh_() => InPlace(Ops.tanh_);
        public Tensor erf() => Ops.erf.Call(this);
        public Tensor erf_() => InPlace(Ops.erf_);
        public Tensor erfc() => Ops.erfc.Call(this);
        public Tensor erfc_() => InPlace(Ops.erfc_);
        public Tensor sign() => Ops.sign.Call(this);
        public Tensor sign_() => InPlace(Ops.sign_);
        public Tensor floor() => Ops.floor.Call(this);
        public Tensor floor_() => InPlace(Ops.floor_);
        public Tensor ceil() => Ops.ceil.Call(this);
        public Tensor ceil_() => InPlace(Ops.ceil_);
        public Tensor trunc() => Ops.trunc.Call(this);
        public Tensor trunc_() => InPlace(Ops.trunc_);
        public Tensor lgamma() => Ops.lgamma.Call(this);
        public Tensor lgamma_() => InPlace(Ops.lgamma_);
        public Tensor digamma() => Ops.digamma.Call(this);
        public Tensor digamma_() => InPlace(Ops.digamma_);
        public Tensor sigmoid() => Ops.sigmoid.Call(this);
        public Tensor sigmoid_() => InPlace(Ops.sigmoid_);
        public Tensor relu() => Ops.relu.Call(this);
        public Tensor relu_() => InPlace(Ops.relu_);
        public Tensor silu() => Ops.silu.Call(this);
        public Tensor silu_() => InPlace(Ops.silu_);
        public Tensor square() => Ops.square.Call(this);
        public Tensor absolute() => abs();
        public Tensor negative() => neg();

        public Tensor round(long decimals = 0L)
        {
            if (decimals == 0)
            {
                return Ops.round.Call(this);
            }
            using Tensor scaled = this * Math.Pow(10, decimals);
            using Tensor rounded = Ops.round.Call(scaled);
            return rounded / Math.Pow(10, decimals);
        }

        public Tensor round_(long decimals = 0L) => decimals == 0 ? InPlace(Ops.round_) : mul_(Math.Pow(10, decimals)).round_().div_(Math.Pow(10, decimals));

        /// <summary>x * Phi(x), by the error function.</summary>
        public Tensor gelu() => Ops.gelu.Call(this, "none");

        /// <summary>log(1 + exp(beta x)) / beta; linear where beta x exceeds the threshold.</summary>
        public Tensor softplus(double beta = 1, double threshold = 20) => Ops.softplus.Call(this, beta, threshold);

        public Tensor leaky_relu(Scalar negative_slope) => Ops.leaky_relu.Call(this, negative_slope);
        public Tensor elu(double alpha = 1) => Ops.elu.Call(this, alpha, 1.0, 1.0);
        public Tensor log_sigmoid() => Ops.log_sigmoid.Call(this);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Ops.clamp.Call(this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Ops.clamp_Tensor.Call(this, min, max);
        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => InPlace(Ops.clamp_, min, max);
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => InPlace(Ops.clamp__Tensor, min, max);
        public Tensor clamp_min(Scalar min) => Ops.clamp_min.Call(this, min);
        public Tensor clamp_min_(Scalar min) => InPlace(Ops.clamp_min_, min);
        public Tensor clamp_max(Scalar max) => Ops.clamp_max.Call(this, max);
        public Tensor clamp_max_(Scalar max) => InPlace(Ops.clamp_max_, max);
        public Tensor nan_to_num(double nan = 0d, double? posinf = null, double? neginf = null) => Ops.nan_to_num.Call(this, nan, posinf, neginf);

        private Tensor InPlace(Operator change)
        {
            change.Change(this);
            return this;
        }

        private Tensor InPlace(Operator change, Arg a)
        {
            change.Change(this, a);
            return this;
        }

        private Tensor InPlace(Operator change, Arg a, Arg b)
        {
            change.Change(this, a, b);
            return this;
        }

        private Tensor InPlace(Operator change, Arg a, Arg b, Arg c)
        {
            change.Change(this, a, b, c);
            return this;
        }
    }
}
