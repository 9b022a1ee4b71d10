// What is not an operator: handles, the facts of a tensor, autograd, generators, threads, devices.
#include "call.h"
#include <ATen/Context.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/cuda.h>
#include <torch/version.h>
#include <unordered_map>

extern "C" void openblas_set_num_threads(int) __attribute__((weak));
extern "C" char* openblas_get_config() __attribute__((weak));

namespace ts {
static thread_local std::string last_error;
void remember(const char* message) { last_error = message; }

static std::unordered_map<std::string, Entry>& entries() { static std::unordered_map<std::string, Entry> table; return table; }
void add_entry(const char* name, Entry entry) { entries().emplace(name, entry); }

static at::Tensor& at_(void*& handle) { return tensor_of(handle); }
static const at::Generator& gen(void*& handle) { return reinterpret_cast<const at::Generator&>(handle); }
static std::vector<at::Tensor> list_of(void** handles, int32_t n) {
  std::vector<at::Tensor> list;
  list.reserve(n);
  for (int32_t k = 0; k < n; k++) list.push_back(handles[k] ? at_(handles[k]) : at::Tensor());
  return list;
}
static int64_t release_generator(at::Generator g) { auto* p = g.unsafeReleaseGeneratorImpl(); return reinterpret_cast<int64_t>(p); }
static at::Generator generator_on(int64_t device) {
  auto d = device_of(device);
  return d.is_cpu() ? at::make_generator<at::CPUGeneratorImpl>() : at::globalContext().defaultGenerator(d).clone();
}
}  // namespace ts

using namespace ts;

// ---- errors and operators ------------------------------------------------------------------------------------------------
TS_API const char* ts_last_error() { return last_error.c_str(); }
TS_API Entry ts_operator(const char* name) { auto found = entries().find(name); return found == entries().end() ? nullptr : found->second; }

// ---- handles -------------------------------------------------------------------------------------------------------------
TS_API void ts_release(void** handles, int32_t n) { for (int32_t k = 0; k < n; k++) { at::Tensor gone; std::swap(gone, at_(handles[k])); } }
TS_API void ts_release_quietly(void* handle) { c10::raw::intrusive_ptr::decref(static_cast<c10::TensorImpl*>(handle)); }
TS_API void ts_free(void* memory) { std::free(memory); }

// ---- facts (none of these can fail on a dense tensor, none blocks) -------------------------------------------------------------
TS_API int64_t ts_dim(void* t) { return at_(t).dim(); }
TS_API int64_t ts_numel(void* t) { return at_(t).numel(); }
TS_API int64_t ts_storage_offset(void* t) { return at_(t).storage_offset(); }
TS_API int32_t ts_dtype(void* t) { return static_cast<int32_t>(at_(t).scalar_type()); }
TS_API int64_t ts_device(void* t) { auto d = at_(t).device(); return (static_cast<int64_t>(d.index()) << 32) | static_cast<uint32_t>(d.type()); }
TS_API void* ts_data(void* t) { return at_(t).data_ptr(); }
TS_API int32_t ts_is_contiguous(void* t) { return at_(t).is_contiguous(); }
TS_API int32_t ts_is_leaf(void* t) { return at_(t).is_leaf(); }
TS_API int32_t ts_requires_grad(void* t) { return at_(t).requires_grad(); }
TS_API void ts_sizes(void* t, int64_t* to) { auto s = at_(t).sizes(); std::copy(s.begin(), s.end(), to); }
TS_API void ts_strides(void* t, int64_t* to) { auto s = at_(t).strides(); std::copy(s.begin(), s.end(), to); }

// ---- autograd ------------------------------------------------------------------------------------------------------------
TS_API int32_t ts_set_requires_grad(void* t, int32_t on) { return guarded([&] { at_(t).set_requires_grad(on != 0); }); }
TS_API int32_t ts_grad(void* t, Results r) { return guarded([&] { r[0] = release(at_(t).grad()); }); }
TS_API int32_t ts_set_grad(void* t, void* grad) {
  return guarded([&] {
    if (!grad) { at_(t).mutable_grad().reset(); return; }
    const auto& g = at_(grad);
    const auto& self = at_(t);
    TORCH_CHECK(g.sizes() == self.sizes(), "assigned grad has data of a different size: ", g.sizes(), " for a tensor of size ", self.sizes());
    TORCH_CHECK(g.scalar_type() == self.scalar_type(), "assigned grad has data of a different type: ", g.scalar_type(), " for a tensor of type ", self.scalar_type());
    TORCH_CHECK(g.device() == self.device(), "assigned grad has data located on a different device");
    at_(t).mutable_grad() = g;
  });
}
TS_API int32_t ts_retain_grad(void* t) { return guarded([&] { at_(t).retain_grad(); }); }
TS_API int32_t ts_backward(void** of, int32_t n, void** grads, int32_t n_grads, int32_t retain, int32_t create, void** inputs, int32_t n_inputs) {
  return guarded([&] {
    torch::autograd::backward(list_of(of, n), list_of(grads, n_grads), retain != 0, create != 0, list_of(inputs, n_inputs));
  });
}
TS_API int32_t ts_autograd_grad(void** of, int32_t n, void** grads, int32_t n_grads, int32_t retain, int32_t create, void** inputs, int32_t n_inputs,
                                int32_t allow_unused, Results r) {
  return guarded([&] {
    put(torch::autograd::grad(list_of(of, n), list_of(inputs, n_inputs), list_of(grads, n_grads), retain != 0, create != 0, allow_unused != 0), r);
  });
}
TS_API int32_t ts_grad_mode() { return c10::GradMode::is_enabled(); }
TS_API void ts_set_grad_mode(int32_t on) { c10::GradMode::set_enabled(on != 0); }
TS_API int32_t ts_inference_mode() { return c10::InferenceMode::is_enabled(); }
TS_API void* ts_enter_inference_mode(int32_t on) { return new c10::InferenceMode(on != 0); }
TS_API void ts_leave_inference_mode(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

// ---- generators ----------------------------------------------------------------------------------------------------------
TS_API int32_t ts_generator(int64_t device, uint64_t seed, Results r) {
  return guarded([&] { auto g = generator_on(device); { std::lock_guard<std::mutex> lock(g.mutex()); g.set_current_seed(seed); } r[0] = release_generator(g); });
}
TS_API int32_t ts_default_generator(int64_t device, Results r) { return guarded([&] { r[0] = release_generator(at::globalContext().defaultGenerator(device_of(device))); }); }
TS_API void ts_release_generator(void* g) { c10::raw::intrusive_ptr::decref(static_cast<c10::GeneratorImpl*>(g)); }
TS_API int32_t ts_seed_generator(void* g, uint64_t seed) {
  return guarded([&] { auto copy = gen(g); std::lock_guard<std::mutex> lock(copy.mutex()); copy.set_current_seed(seed); });
}
TS_API int32_t ts_generator_seed(void* g, Results r) { return guarded([&] { auto copy = gen(g); std::lock_guard<std::mutex> lock(copy.mutex()); r[0] = static_cast<int64_t>(copy.current_seed()); }); }
TS_API int32_t ts_generator_state(void* g, Results r) { return guarded([&] { auto copy = gen(g); std::lock_guard<std::mutex> lock(copy.mutex()); r[0] = release(copy.get_state()); }); }
TS_API int32_t ts_set_generator_state(void* g, void* state) {
  return guarded([&] { auto copy = gen(g); std::lock_guard<std::mutex> lock(copy.mutex()); copy.set_state(at_(state)); });
}
TS_API int32_t ts_manual_seed(uint64_t seed) { return guarded([&] { at::manual_seed(seed); }); }

// ---- threads, devices, versions ------------------------------------------------------------------------------------------------
// OpenBLAS with its own threads does not hear of OpenMP's number, so it is told.
TS_API int32_t ts_set_num_threads(int32_t n) {
  return guarded([&] { at::set_num_threads(n); if (openblas_set_num_threads) openblas_set_num_threads(n); });
}
TS_API int32_t ts_get_num_threads() { return at::get_num_threads(); }
TS_API int32_t ts_set_num_interop_threads(int32_t n) { return guarded([&] { at::set_num_interop_threads(n); }); }
TS_API int32_t ts_get_num_interop_threads() { return static_cast<int32_t>(at::get_num_interop_threads()); }
TS_API const char* ts_version() { return TORCH_VERSION; }
TS_API const char* ts_blas() { return openblas_get_config ? openblas_get_config() : "built into libtorch"; }
TS_API int32_t ts_cuda_device_count() { return static_cast<int32_t>(torch::cuda::device_count()); }
TS_API int32_t ts_cuda_is_available() { return torch::cuda::is_available(); }
TS_API int32_t ts_cudnn_is_available() { return torch::cuda::cudnn_is_available(); }
TS_API int32_t ts_cuda_synchronize(int64_t index) { return guarded([&] { torch::cuda::synchronize(index); }); }
TS_API int32_t ts_allow_tf32(int32_t set, int32_t on) {
  auto& context = at::globalContext();
  if (set) context.setAllowTF32CuBLAS(on != 0);
  return context.allowTF32CuBLAS();
}
