// Reading and writing by index: integers, slices, masks and index tensors, alone or mixed, as NumPy orders them.
using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One position of an index expression.</summary>
    public struct TensorIndex
    {
        internal enum Form { Null, Single, Slice, Bool, Tensor, Ellipsis }

        internal Form Kind;
        internal long? Start;
        internal long? Stop;
        internal long? Step;
        internal Tensor? Of;

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new() { Kind = Form.Slice, Start = start, Stop = stop, Step = step };
        public static TensorIndex Slice((int? start, int? end) range) => Slice((long?)range.start, (long?)range.end);

        public static TensorIndex Slice(Range range) => Slice(
            range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
            range.End.IsFromEnd ? (range.End.Value == 0 ? null : -range.End.Value) : range.End.Value);

        public static TensorIndex Bool(bool value) => new() { Kind = Form.Bool, Start = value ? 1 : 0 };
        public static TensorIndex Single(long? index) => new() { Kind = Form.Single, Start = index };
        public static TensorIndex Tensor(Tensor tensor) => new() { Kind = Form.Tensor, Of = tensor };

        /// <summary>All dimensions in between.</summary>
        public static readonly TensorIndex Ellipsis = new() { Kind = Form.Ellipsis };

        /// <summary>A new dimension of size 1.</summary>
        public static readonly TensorIndex Null = new() { Kind = Form.Null };

        /// <summary>The whole dimension.</summary>
        public static readonly TensorIndex Colon = Slice();

        public static implicit operator TensorIndex(long value) => Single(value);

        /// <summary>Only makes the compiler prefer the index overloads; never called.</summary>
        public static implicit operator Tensor(TensorIndex value) => throw new InvalidOperationException("Should not be called.");

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);
        public static implicit operator TensorIndex(Range range) => Slice(range);
        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);
    }

    public partial class Tensor
    {
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => index_put_(value, TensorIndex.Single(i1));
        }

        public Tensor this[long i1, long i2]
        {
            get => index(TensorIndex.Single(i1), TensorIndex.Single(i2));
            set => index_put_(value, TensorIndex.Single(i1), TensorIndex.Single(i2));
        }

        public Tensor this[long i1, long i2, long i3]
        {
            get => index(TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3));
            set => index_put_(value, TensorIndex.Single(i1), TensorIndex.Single(i2), TensorIndex.Single(i3));
        }

        /// <summary>Integers, slices and ellipses give views; tensors and masks gather.</summary>
        public Tensor index(params TensorIndex[] indices)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor view, Tensor?[]? gather) = Narrow(indices);
            Tensor result = gather is null ? (ReferenceEquals(view, this) ? alias() : view) : Ops.index_Tensor.Call(view, gather);
            return scope.MoveToOuter(result);
        }

        public Tensor index(params Tensor[] indices) => Ops.index_Tensor.Call(this, indices);
        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor view, Tensor?[]? gather) = Narrow(indices);
            if (gather is not null)
            {
                Ops.index_put_.Change(view, gather, value, accumulate);
            }
            else if (accumulate)
            {
                view.add_(value);
            }
            else
            {
                view.copy_(value);
            }
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) => InPlace(Ops.index_put_, indices, value, accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using Tensor filled = full([], value, dtype, device);
            return index_put_(filled, indices, false);
        }

        /// <summary>Applies everything that is a view; what remains is a list of index tensors, one per dimension, or nothing.</summary>
        private (Tensor View, Tensor?[]? Gather) Narrow(TensorIndex[] indices)
        {
            Tensor view = this;
            int consumed = indices.Sum(i => i.Kind switch
            {
                TensorIndex.Form.Single or TensorIndex.Form.Slice => 1,
                TensorIndex.Form.Tensor => i.Of!.dtype == ScalarType.Bool ? (int)i.Of.ndim : 1,
                _ => 0,
            });
            int dim = 0;
            int folded = 0;     // a mask of k dimensions takes one place in the list for k of the view
            List<Tensor?>? gather = null;
            foreach (TensorIndex index in indices)
            {
                switch (index.Kind)
                {
                    case TensorIndex.Form.Single:
                        view = view.select(dim, index.Start!.Value);
                        break;
                    case TensorIndex.Form.Slice:
                        view = Ops.slice_Tensor.Call(view, (long)dim++, index.Start, index.Stop, index.Step ?? 1);
                        break;
                    case TensorIndex.Form.Ellipsis:
                        dim += (int)ndim - consumed;
                        break;
                    case TensorIndex.Form.Null:
                        view = view.unsqueeze(dim++);
                        break;
                    case TensorIndex.Form.Bool:
                        view = view.unsqueeze(dim);
                        Gathered(tensor(index.Start == 1 ? new long[] { 0 } : []), 1);
                        break;
                    default:
                        Gathered(index.Of!, index.Of!.dtype == ScalarType.Bool ? (int)index.Of.ndim : 1);
                        break;
                }
            }
            return (view, gather?.ToArray());

            void Gathered(Tensor by, int dimensions)
            {
                gather ??= [];
                while (gather.Count < dim - folded)
                {
                    gather.Add(null);
                }
                gather.Add(by);
                dim += dimensions;
                folded += dimensions - 1;
            }
        }

        public Tensor index_select(long dim, Tensor index) => Ops.index_select.Call(this, dim, index);
        public Tensor gather(long dim, Tensor index) => Ops.gather.Call(this, dim, index, false);
        public Tensor take_along_dim(Tensor indices, long dim) => Ops.take_along_dim.Call(this, indices, dim);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Ops.scatter_src.Call(this, dim, index, src);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => InPlace(Ops.scatter__src, dim, index, src);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Ops.scatter_add.Call(this, dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => InPlace(Ops.scatter_add_, dim, index, src);
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Ops.index_add.Call(this, dim, index, source, alpha);

        /// <summary>this[index] += alpha * source, along one dimension; repeated indices add up.</summary>
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha)
        {
            Ops.index_add_.Change(this, dim, index, source, alpha);
            return this;
        }

        public Tensor index_copy_(long dim, Tensor index, Tensor source) => InPlace(Ops.index_copy_, dim, index, source);
        public Tensor index_fill_(long dim, Tensor index, Scalar value) => InPlace(Ops.index_fill__int_Scalar, dim, index, value);
        public Tensor masked_fill(Tensor mask, Scalar value) => Ops.masked_fill_Scalar.Call(this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => InPlace(Ops.masked_fill__Scalar, mask, value);
        public Tensor masked_select(Tensor mask) => Ops.masked_select.Call(this, mask);
        public Tensor nonzero() => Ops.nonzero.Call(this);

        /// <summary>This where the condition holds, y elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y) => Ops.where_self.Call(condition, this, y);
    }
}
