// Comparisons, element by element, into bool tensors; whole-tensor equality.
using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Ops.eq_Tensor.Call(this, target);
        public Tensor eq(Scalar target) => Ops.eq_Scalar.Call(this, target);
        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);
        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);
        public static Tensor operator ==(Scalar left, Tensor right) => right.eq(left);

        public Tensor ne(Tensor target) => Ops.ne_Tensor.Call(this, target);
        public Tensor ne(Scalar target) => Ops.ne_Scalar.Call(this, target);
        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);
        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);
        public static Tensor operator !=(Scalar left, Tensor right) => right.ne(left);

        public Tensor lt(Tensor target) => Ops.lt_Tensor.Call(this, target);
        public Tensor lt(Scalar target) => Ops.lt_Scalar.Call(this, target);
        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);
        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);
        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);

        public Tensor le(Tensor target) => Ops.le_Tensor.Call(this, target);
        public Tensor le(Scalar target) => Ops.le_Scalar.Call(this, target);
        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);
        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);
        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);

        public Tensor gt(Tensor target) => Ops.gt_Tensor.Call(this, target);
        public Tensor gt(Scalar target) => Ops.gt_Scalar.Call(this, target);
        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);
        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);
        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);

        public Tensor ge(Tensor target) => Ops.ge_Tensor.Call(this, target);
        public Tensor ge(Scalar target) => Ops.ge_Scalar.Call(this, target);
        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);
        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);
        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);

        public Tensor equal(Tensor target) => eq(target);
        public Tensor not_equal(Tensor target) => ne(target);
        public Tensor less(Tensor target) => lt(target);
        public Tensor less_equal(Tensor target) => le(target);
        public Tensor greater(Tensor target) => gt(target);
        public Tensor greater_equal(Tensor target) => ge(target);

        public Tensor logical_and(Tensor other) => Ops.logical_and.Call(this, other);
        public Tensor logical_and_(Tensor other) => InPlace(Ops.logical_and_, other);
        public Tensor logical_or(Tensor other) => Ops.logical_or.Call(this, other);
        public Tensor logical_or_(Tensor other) => InPlace(Ops.logical_or_, other);
        public Tensor logical_xor(Tensor other) => Ops.logical_xor.Call(this, other);
        public Tensor logical_xor_(Tensor other) => InPlace(Ops.logical_xor_, other);
        public Tensor logical_not() => Ops.logical_not.Call(this);
        public Tensor logical_not_() => InPlace(Ops.logical_not_);
        public Tensor isnan() => Ops.isnan.Call(this);
        public Tensor isinf() => Ops.isinf.Call(this);
        public Tensor isfinite() => Ops.isfinite.Call(this);
        public Tensor maximum(Tensor other) => Ops.maximum.Call(this, other);
        public Tensor minimum(Tensor other) => Ops.minimum.Call(this, other);

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false)
            => Ops.isclose.Call(this, other, rtol, atol, nanEqual);

        /// <summary>All elements are within atol + rtol * |target|.</summary>
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
            => Ops.allclose.Truth(this, target, rtol, atol, equal_nan);

        /// <summary>Same shape and same elements.</summary>
        public bool Equals(Tensor target) => Ops.equal.Truth(this, target);

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }
}
