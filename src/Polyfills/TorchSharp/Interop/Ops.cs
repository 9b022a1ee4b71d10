// The table of operators, by the names of native/ops.cpp. One static field each, so that the JIT sees a constant.
using System.Runtime.CompilerServices;

namespace TorchSharp.PInvoke;

internal static class Ops
{
    // arithmetic and comparison
    internal static readonly Operator add_Tensor = Op(), add_Scalar = Op(), add__Tensor = Op(), add__Scalar = Op(), sub_Tensor = Op(),
        sub_Scalar = Op(), sub__Tensor = Op(), sub__Scalar = Op(), mul_Tensor = Op(), mul_Scalar = Op(), mul__Tensor = Op(), mul__Scalar = Op(),
        div_Tensor = Op(), div_Scalar = Op(), div__Tensor = Op(), div__Scalar = Op(), remainder_Tensor = Op(), remainder_Scalar = Op(),
        remainder__Tensor = Op(), remainder__Scalar = Op(), fmod_Tensor = Op(), fmod_Scalar = Op(), fmod__Tensor = Op(), fmod__Scalar = Op();
    internal static readonly Operator rsub_Scalar = Op(), div_Tensor_mode = Op(), div_Scalar_mode = Op(), div__Tensor_mode = Op(), div__Scalar_mode = Op(), addcmul = Op(), addcmul_ = Op(),
        addcdiv = Op(), addcdiv_ = Op();
    internal static readonly Operator lerp_Scalar = Op(), lerp_Tensor = Op(), lerp__Scalar = Op(), lerp__Tensor = Op();
    internal static readonly Operator pow_Tensor_Tensor = Op(), pow_Tensor_Scalar = Op(), pow_Scalar = Op(), pow__Scalar = Op(), pow__Tensor = Op();
    internal static readonly Operator eq_Tensor = Op(), eq_Scalar = Op(), ne_Tensor = Op(), ne_Scalar = Op(), lt_Tensor = Op(), lt_Scalar = Op(),
        le_Tensor = Op(), le_Scalar = Op(), gt_Tensor = Op(), gt_Scalar = Op(), ge_Tensor = Op(), ge_Scalar = Op();
    internal static readonly Operator logical_and = Op(), logical_and_ = Op(), logical_or = Op(), logical_or_ = Op(), logical_xor = Op(),
        logical_xor_ = Op(), logical_not = Op(), logical_not_ = Op();
    internal static readonly Operator bitwise_and_Tensor = Op(), bitwise_or_Tensor = Op(), bitwise_xor_Tensor = Op(), bitwise_not = Op();
    internal static readonly Operator maximum = Op(), minimum = Op(), logaddexp = Op(), isclose = Op(), equal = Op(), allclose = Op();
    internal static readonly Operator isnan = Op(), isinf = Op(), isfinite = Op();

    // elementwise
    internal static readonly Operator abs = Op(), abs_ = Op(), neg = Op(), neg_ = Op(), exp = Op(), exp_ = Op(), expm1 = Op(), expm1_ = Op(),
        log = Op(), log_ = Op(), log1p = Op(), log1p_ = Op(), log2 = Op(), log2_ = Op(), log10 = Op(), log10_ = Op(), sqrt = Op(), sqrt_ = Op(),
        rsqrt = Op(), rsqrt_ = Op();
    internal static readonly Operator square = Op(), square_ = Op(), reciprocal = Op(), reciprocal_ = Op(), sin = Op(), sin_ = Op(), cos = Op(),
        cos_ = Op(), tan = Op(), tan_ = Op(), atan = Op(), atan_ = Op(), sinh = Op(), sinh_ = Op(), cosh = Op(), cosh_ = Op(), tanh = Op(),
        tanh_ = Op();
    internal static readonly Operator erf = Op(), erf_ = Op(), erfc = Op(), erfc_ = Op(), sign = Op(), sign_ = Op(), floor = Op(), floor_ = Op(),
        ceil = Op(), ceil_ = Op(), round = Op(), round_ = Op(), trunc = Op(), trunc_ = Op(), lgamma = Op(), lgamma_ = Op(), digamma = Op(),
        digamma_ = Op();
    internal static readonly Operator sigmoid = Op(), sigmoid_ = Op(), relu = Op(), relu_ = Op(), silu = Op(), silu_ = Op(), gelu = Op(),
        softplus = Op(), leaky_relu = Op(), elu = Op(), log_sigmoid = Op();
    internal static readonly Operator clamp = Op(), clamp_ = Op(), clamp_min = Op(), clamp_min_ = Op(), clamp_max = Op(), clamp_max_ = Op(),
        clamp_Tensor = Op(), clamp__Tensor = Op(), nan_to_num = Op(), nan_to_num_ = Op();

    // reductions
    internal static readonly Operator sum = Op(), sum_dim_IntList = Op(), mean = Op(), mean_dim = Op(), prod = Op(), prod_dim_int = Op(),
        std_correction = Op(), var_correction = Op();
    internal static readonly Operator max = Op(), max_dim = Op(), min = Op(), min_dim = Op(), amax = Op(), amin = Op(), argmax = Op(), argmin = Op(),
        argsort = Op(), topk = Op(), sort_stable = Op();
    internal static readonly Operator kthvalue = Op(), median = Op(), any = Op(), any_dim = Op(), all = Op(), all_dim = Op(), logsumexp = Op(),
        cumsum = Op(), cumprod = Op(), logcumsumexp = Op();
    internal static readonly Operator norm_Scalar = Op(), norm_ScalarOpt_dim = Op(), count_nonzero_dim_IntList = Op(), bincount = Op(), trace = Op(),
        linalg_vector_norm = Op();

    // products
    internal static readonly Operator matmul = Op(), mm = Op(), bmm = Op(), mv = Op(), dot = Op(), outer = Op(), addmm = Op(), baddbmm = Op(),
        linear = Op(), einsum = Op();

    // shapes and views
    internal static readonly Operator view = Op(), reshape = Op(), transpose_int = Op(), permute = Op(), t = Op(), unsqueeze = Op(),
        unsqueeze_ = Op(), squeeze = Op(), squeeze_dim = Op();
    internal static readonly Operator expand = Op(), narrow = Op(), slice_Tensor = Op(), select_int = Op(), flatten_using_ints = Op(),
        unflatten_int = Op(), flip = Op(), repeat = Op(), roll = Op();
    internal static readonly Operator tril = Op(), triu = Op(), tril_ = Op(), triu_ = Op(), diag = Op(), diagonal = Op(), as_strided = Op(),
        unfold = Op(), movedim_intlist = Op();
    internal static readonly Operator cat = Op(), stack = Op(), split_Tensor = Op(), split_with_sizes = Op(), chunk = Op(), unbind_int = Op(),
        contiguous = Op(), clone = Op(), detach = Op(), detach_ = Op();
    internal static readonly Operator repeat_interleave_Tensor = Op(), repeat_interleave_self_int = Op(), alias = Op();

    // indexing
    internal static readonly Operator index_select = Op(), gather = Op(), take_along_dim = Op(), index_Tensor = Op(), index_put_ = Op(),
        index_add = Op(), index_add_ = Op(), index_copy_ = Op();
    internal static readonly Operator index_fill__int_Scalar = Op(), scatter_src = Op(), scatter_value = Op(), scatter__src = Op(),
        scatter__value = Op(), scatter_add = Op(), scatter_add_ = Op();
    internal static readonly Operator masked_fill_Scalar = Op(), masked_fill_Tensor = Op(), masked_fill__Scalar = Op(), masked_fill__Tensor = Op(),
        masked_select = Op(), nonzero = Op();
    internal static readonly Operator where_self = Op(), where_ScalarSelf = Op(), where_ScalarOther = Op(), searchsorted_Tensor = Op(),
        one_hot = Op();

    // creation, copies, random numbers
    internal static readonly Operator empty_memory_format = Op(), zeros = Op(), ones = Op(), full = Op(), eye = Op(), eye_m = Op(),
        arange_start_step = Op(), linspace = Op();
    internal static readonly Operator empty_like = Op(), zeros_like = Op(), ones_like = Op(), full_like = Op(), rand_like = Op(), randn_like = Op(),
        randint_like_low_dtype = Op();
    internal static readonly Operator rand_generator = Op(), randn_generator = Op(), randint_low_generator = Op(), randperm_generator = Op(),
        multinomial = Op(), bernoulli = Op(), bernoulli__Tensor = Op();
    internal static readonly Operator bernoulli__float = Op(), normal_ = Op(), uniform_ = Op(), exponential_ = Op(), random__from = Op(),
        zero_ = Op(), fill__Scalar = Op(), fill__Tensor = Op(), copy_ = Op();
    internal static readonly Operator _to_copy = Op(), to_dtype_layout = Op(), item = Op();

    // networks and losses
    internal static readonly Operator softmax_int = Op(), log_softmax_int = Op(), embedding = Op(), layer_norm = Op(), dropout = Op(),
        cross_entropy_loss = Op(), nll_loss_nd = Op();
    internal static readonly Operator binary_cross_entropy_with_logits = Op(), mse_loss = Op(), l1_loss = Op(), smooth_l1_loss = Op(),
        huber_loss = Op(), kl_div = Op();
    internal static readonly Operator scaled_dot_product_attention = Op();

    private static Operator Op([CallerMemberName] string name = "") => new(name);
}
