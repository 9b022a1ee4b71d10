// The operators the binding offers, by their names in at::_ops (schema name, then overload). One line, one operator or family.
#include "call.h"
#include <ATen/Operators.h>

#define TS_BOTH(name) TS_OP(name) TS_OP(name##_)                                        // x and x_
#define TS_COMPARE(name) TS_OP(name##_Tensor) TS_OP(name##_Scalar)
#define TS_ARITHMETIC(name) TS_OP(name##_Tensor) TS_OP(name##_Scalar) TS_OP(name##__Tensor) TS_OP(name##__Scalar)

// arithmetic and comparison
TS_ARITHMETIC(add) TS_ARITHMETIC(sub) TS_ARITHMETIC(mul) TS_ARITHMETIC(div) TS_ARITHMETIC(remainder) TS_ARITHMETIC(fmod)
TS_OP(rsub_Scalar) TS_OP(div_Tensor_mode) TS_OP(div_Scalar_mode) TS_OP(div__Tensor_mode) TS_OP(div__Scalar_mode) TS_BOTH(addcmul) TS_BOTH(addcdiv)
TS_OP(lerp_Scalar) TS_OP(lerp_Tensor) TS_OP(lerp__Scalar) TS_OP(lerp__Tensor)
TS_OP(pow_Tensor_Tensor) TS_OP(pow_Tensor_Scalar) TS_OP(pow_Scalar) TS_OP(pow__Scalar) TS_OP(pow__Tensor)
TS_COMPARE(eq) TS_COMPARE(ne) TS_COMPARE(lt) TS_COMPARE(le) TS_COMPARE(gt) TS_COMPARE(ge)
TS_BOTH(logical_and) TS_BOTH(logical_or) TS_BOTH(logical_xor) TS_BOTH(logical_not)
TS_OP(bitwise_and_Tensor) TS_OP(bitwise_or_Tensor) TS_OP(bitwise_xor_Tensor) TS_OP(bitwise_not)
TS_OP(maximum) TS_OP(minimum) TS_OP(logaddexp) TS_OP(isclose) TS_OP(equal) TS_OP(allclose)
TS_OP(isnan) TS_OP(isinf) TS_OP(isfinite)

// elementwise
TS_BOTH(abs) TS_BOTH(neg) TS_BOTH(exp) TS_BOTH(expm1) TS_BOTH(log) TS_BOTH(log1p) TS_BOTH(log2) TS_BOTH(log10) TS_BOTH(sqrt) TS_BOTH(rsqrt)
TS_BOTH(square) TS_BOTH(reciprocal) TS_BOTH(sin) TS_BOTH(cos) TS_BOTH(tan) TS_BOTH(atan) TS_BOTH(sinh) TS_BOTH(cosh) TS_BOTH(tanh)
TS_BOTH(erf) TS_BOTH(erfc) TS_BOTH(sign) TS_BOTH(floor) TS_BOTH(ceil) TS_BOTH(round) TS_BOTH(trunc) TS_BOTH(lgamma) TS_BOTH(digamma)
TS_BOTH(sigmoid) TS_BOTH(relu) TS_BOTH(silu) TS_OP(gelu) TS_OP(softplus) TS_OP(leaky_relu) TS_OP(elu) TS_OP(log_sigmoid)
TS_BOTH(clamp) TS_BOTH(clamp_min) TS_BOTH(clamp_max) TS_OP(clamp_Tensor) TS_OP(clamp__Tensor) TS_BOTH(nan_to_num)

// reductions
TS_OP(sum) TS_OP(sum_dim_IntList) TS_OP(mean) TS_OP(mean_dim) TS_OP(prod) TS_OP(prod_dim_int) TS_OP(std_correction) TS_OP(var_correction)
TS_OP(max) TS_OP(max_dim) TS_OP(min) TS_OP(min_dim) TS_OP(amax) TS_OP(amin) TS_OP(argmax) TS_OP(argmin) TS_OP(argsort) TS_OP(topk) TS_OP(sort_stable)
TS_OP(kthvalue) TS_OP(median) TS_OP(any) TS_OP(any_dim) TS_OP(all) TS_OP(all_dim) TS_OP(logsumexp) TS_OP(cumsum) TS_OP(cumprod) TS_OP(logcumsumexp)
TS_OP(norm_Scalar) TS_OP(norm_ScalarOpt_dim) TS_OP(count_nonzero_dim_IntList) TS_OP(bincount) TS_OP(trace) TS_OP(linalg_vector_norm)

// products
TS_OP(matmul) TS_OP(mm) TS_OP(bmm) TS_OP(mv) TS_OP(dot) TS_OP(outer) TS_OP(addmm) TS_OP(baddbmm) TS_OP(linear) TS_OP(einsum)

// shapes and views
TS_OP(view) TS_OP(reshape) TS_OP(transpose_int) TS_OP(permute) TS_OP(t) TS_OP(unsqueeze) TS_OP(unsqueeze_) TS_OP(squeeze) TS_OP(squeeze_dim)
TS_OP(expand) TS_OP(narrow) TS_OP(slice_Tensor) TS_OP(select_int) TS_OP(flatten_using_ints) TS_OP(unflatten_int) TS_OP(flip) TS_OP(repeat) TS_OP(roll)
TS_OP(tril) TS_OP(triu) TS_OP(tril_) TS_OP(triu_) TS_OP(diag) TS_OP(diagonal) TS_OP(as_strided) TS_OP(unfold) TS_OP(movedim_intlist)
TS_OP(cat) TS_OP(stack) TS_OP(split_Tensor) TS_OP(split_with_sizes) TS_OP(chunk) TS_OP(unbind_int) TS_OP(contiguous) TS_OP(clone) TS_OP(detach) TS_OP(detach_)
TS_OP(repeat_interleave_Tensor) TS_OP(repeat_interleave_self_int) TS_OP(alias)

// indexing
TS_OP(index_select) TS_OP(gather) TS_OP(take_along_dim) TS_OP(index_Tensor) TS_OP(index_put_) TS_OP(index_add) TS_OP(index_add_) TS_OP(index_copy_)
TS_OP(index_fill__int_Scalar) TS_OP(scatter_src) TS_OP(scatter_value) TS_OP(scatter__src) TS_OP(scatter__value) TS_OP(scatter_add) TS_OP(scatter_add_)
TS_OP(masked_fill_Scalar) TS_OP(masked_fill_Tensor) TS_OP(masked_fill__Scalar) TS_OP(masked_fill__Tensor) TS_OP(masked_select) TS_OP(nonzero)
TS_OP(where_self) TS_OP(where_ScalarSelf) TS_OP(where_ScalarOther) TS_OP(searchsorted_Tensor) TS_OP(one_hot)

// creation, copies, random numbers
TS_OP(empty_memory_format) TS_OP(zeros) TS_OP(ones) TS_OP(full) TS_OP(eye) TS_OP(eye_m) TS_OP(arange_start_step) TS_OP(linspace)
TS_OP(empty_like) TS_OP(zeros_like) TS_OP(ones_like) TS_OP(full_like) TS_OP(rand_like) TS_OP(randn_like) TS_OP(randint_like_low_dtype)
TS_OP(rand_generator) TS_OP(randn_generator) TS_OP(randint_low_generator) TS_OP(randperm_generator) TS_OP(multinomial) TS_OP(bernoulli) TS_OP(bernoulli__Tensor)
TS_OP(bernoulli__float) TS_OP(normal_) TS_OP(uniform_) TS_OP(exponential_) TS_OP(random__from) TS_OP(zero_) TS_OP(fill__Scalar) TS_OP(fill__Tensor) TS_OP(copy_)
TS_OP(_to_copy) TS_OP(to_dtype_layout) TS_OP(item)

// networks and losses
TS_OP(softmax_int) TS_OP(log_softmax_int) TS_OP(embedding) TS_OP(layer_norm) TS_OP(dropout) TS_OP(cross_entropy_loss) TS_OP(nll_loss_nd)
TS_OP(binary_cross_entropy_with_logits) TS_OP(mse_loss) TS_OP(l1_loss) TS_OP(smooth_l1_loss) TS_OP(huber_loss) TS_OP(kl_div)
#if __has_include(<ATen/ops/scaled_dot_product_attention_ops.h>)
TS_OP(scaled_dot_product_attention)
#endif
