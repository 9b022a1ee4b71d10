// Gradients: leaves, the backward pass, and the switches that turn recording off. The switches are per thread.
using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Whether operations on this tensor are recorded.</summary>
        public bool requires_grad
        {
            get => Fact(Shim.ts_requires_grad(Handle)) != 0;
            set => Shim.Check(Fact(Shim.ts_set_requires_grad(Handle, value ? 1 : 0)));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>The collected gradient, or null. Set on a leaf, it is what later backward passes add to, in place.</summary>
        public unsafe Tensor? grad
        {
            get
            {
                long found;
                Shim.Check(Fact(Shim.ts_grad(Handle, &found)));
                return found == 0 ? null : new Tensor((nint)found);
            }
            set
            {
                Shim.Check(Fact(Shim.ts_set_grad(Handle, value?.Handle ?? 0)));
                GC.KeepAlive(value);
            }
        }

        /// <summary>Keeps the gradient of a tensor that is not a leaf.</summary>
        public void retain_grad() => Shim.Check(Fact(Shim.ts_retain_grad(Handle)));

        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null)
            => autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>The same memory, outside the graph.</summary>
        public Tensor detach() => Ops.detach.Call(this);
        public Tensor detach_() => InPlace(Ops.detach_);
    }

    public static partial class autograd
    {
        /// <summary>Adds d(sum of grad_tensor . tensor)/d(leaf) into the leaves' gradients.</summary>
        /// <param name="grad_tensors">One weight tensor per tensor; may be left out for tensors of one element.</param>
        /// <param name="inputs">Only these leaves collect, where given.</param>
        public static unsafe void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            nint[] of = Handles(tensors), grads = Handles(grad_tensors), leaves = Handles(inputs);
            int failed;
            fixed (nint* a = of, b = grads, c = leaves)
            {
                failed = Shim.ts_backward(a, of.Length, b, grads.Length, Flag(retain_graph ?? create_graph), Flag(create_graph), c, leaves.Length);
            }
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
            Shim.Check(failed);
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
            => backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>Gradients of outputs with respect to inputs, without touching anyone's .grad.</summary>
        /// <param name="allow_unused">An input the outputs do not depend on gives null instead of an error.</param>
        public static unsafe IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] of = Handles(outputs), grads = Handles(grad_outputs), wanted = Handles(inputs);
            long* results = stackalloc long[4];
            int failed;
            fixed (nint* a = of, b = grads, c = wanted)
            {
                failed = Shim.ts_autograd_grad(a, of.Length, b, grads.Length, Flag(retain_graph || create_graph), Flag(create_graph), c, wanted.Length, Flag(allow_unused), results);
            }
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            Shim.Check(failed);
            return Operator.Unlist(results);
        }

        private static nint[] Handles(IList<Tensor>? tensors)
        {
            if (tensors is null)
            {
                return [];
            }
            var handles = new nint[tensors.Count];
            for (int i = 0; i < handles.Length; i++)
            {
                handles[i] = tensors[i]?.Handle ?? 0;
            }
            return handles;
        }

        private static int Flag(bool on) => on ? 1 : 0;
    }

    /// <summary>Until disposed, nothing on this thread is recorded.</summary>
    public static IDisposable no_grad() => new GradSwitch(false);
    public static IDisposable enable_grad(bool enabled = true) => new GradSwitch(enabled);
    public static IDisposable set_grad_enabled(bool mode = true) => new GradSwitch(mode);
    public static bool is_grad_enabled() => Shim.ts_grad_mode() != 0;

    /// <summary>Like no_grad, and tensors made inside can never enter a graph: faster still.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceSwitch(mode);
    public static bool is_inference_mode_enabled() => Shim.ts_inference_mode() != 0;

    private sealed class GradSwitch : IDisposable
    {
        private readonly int _before = Shim.ts_grad_mode();

        internal GradSwitch(bool on) => Shim.ts_set_grad_mode(on ? 1 : 0);

        public void Dispose() => Shim.ts_set_grad_mode(_before);
    }

    private sealed class InferenceSwitch : IDisposable
    {
        private nint _guard;

        internal InferenceSwitch(bool on) => _guard = Shim.ts_enter_inference_mode(on ? 1 : 0);

        public void Dispose()
        {
            nint guard = Interlocked.Exchange(ref _guard, 0);
            if (guard != 0)
            {
                Shim.ts_leave_inference_mode(guard);
            }
        }
    }
}
