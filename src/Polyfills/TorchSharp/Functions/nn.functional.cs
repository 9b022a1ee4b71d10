// torch.nn.functional: layers without state and losses. Reductions default to the mean, as in TorchSharp.
using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What a loss does with its elements.</summary>
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_() : x.relu();
            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? x.silu_() : x.silu();
            public static Tensor gelu(Tensor x) => x.gelu();
            public static Tensor sigmoid(Tensor x) => x.sigmoid();
            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_() : x.tanh();
            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => x.softplus(beta, threshold);
            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            /// <summary>input x weights^T + bias; weights [out, in].</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Ops.linear.Call(input, weights, bias);

            /// <summary>Class numbers to rows with a single 1 (Int64).</summary>
            public static Tensor one_hot(Tensor x, long num_classes = -1) => Ops.one_hot.Call(x, num_classes);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) => Ops.dropout.Call(input, p, training);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
                => Ops.layer_norm.Call(input, normalized_shape, weight, bias, eps, true);

            /// <summary>softmax(Q K^T / sqrt(d) + mask) V over the last two dimensions.</summary>
            /// <param name="attn_mask">Bool (true: may look) or a term added to the scores.</param>
            /// <param name="is_casual">Each position sees itself and what came before.</param>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false)
                => Ops.scaled_dot_product_attention.Exists
                    ? Ops.scaled_dot_product_attention.Call(query, key, value, attn_mask, p, is_casual)
                    : WrappedTensorDisposeScope(() => Attend(query, key, value, attn_mask, p, is_casual));

            private static Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? mask, double p, bool causal)
            {
                if (causal && mask is not null)
                {
                    throw new ArgumentException("scaled_dot_product_attention: an explicit mask and is_causal exclude each other.");
                }
                Tensor scores = (query * (1 / Math.Sqrt(query.size(-1)))).matmul(key.transpose(-2, -1));
                if (causal)
                {
                    mask = ones(query.size(-2), key.size(-2), ScalarType.Bool, query.device).tril_();
                }
                if (mask is not null)
                {
                    scores = mask.dtype == ScalarType.Bool ? scores.masked_fill(mask.logical_not(), double.NegativeInfinity) : scores + mask;
                }
                Tensor weights = scores.softmax(-1);
                return (p > 0 ? dropout(weights, p) : weights).matmul(value);
            }

            /// <summary>- log softmax(input)[target]; input [N, C], target [N] of classes or [N, C] of probabilities.</summary>
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0.0)
                => Ops.cross_entropy_loss.Call(input, target, weight, (long)reduction, ignore_index, label_smoothing);

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
                => Ops.nll_loss_nd.Call(input, target, weight, (long)reduction, -100L);

            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null)
                => Ops.binary_cross_entropy_with_logits.Call(input, target, weight, pos_weights, (long)reduction);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Ops.mse_loss.Call(input, target, (long)reduction);
            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Ops.l1_loss.Call(input, target, (long)reduction);
            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1.0, Reduction reduction = Reduction.Mean)
                => Ops.huber_loss.Call(input, target, (long)reduction, delta);
            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0)
                => Ops.smooth_l1_loss.Call(input, target, (long)reduction, beta);

            /// <summary>target * (log target - input); input and, by default here, target hold log-probabilities.</summary>
            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean)
                => Ops.kl_div.Call(input, target, (long)reduction, log_target);
        }
    }
}
