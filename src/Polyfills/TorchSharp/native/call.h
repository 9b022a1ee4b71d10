// Turns any at::_ops entry into a C function over an array of tagged arguments. Knows C++ types; knows no operator by name.
// A tensor handle is the TensorImpl pointer itself with one reference owned by the holder, so no box is allocated per tensor
// and an array of handles is, bit for bit, an array of at::Tensor.
#pragma once
#include <ATen/core/Tensor.h>
#include <ATen/core/Generator.h>
#include <ATen/core/List.h>
#include <ATen/ops/einsum_ops.h>
#include <c10/core/Scalar.h>
#include <c10/core/SymInt.h>
#include <c10/core/SymIntArrayRef.h>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#define TS_API extern "C" __attribute__((visibility("default")))

namespace ts {

enum class Kind : int32_t { None = 0, Int = 1, Float = 2, Bool = 3, Tensor = 4, Ints = 5, Tensors = 6, Generator = 7, Text = 8, Device = 9 };

/// One argument: 16 bytes, the same layout as TorchSharp.Native.RawArg.
struct Arg {
  union { int64_t i; double d; void* p; };
  int32_t count;
  Kind kind;
};
static_assert(sizeof(Arg) == 16, "Arg is shared with C#");
static_assert(sizeof(at::Tensor) == sizeof(void*), "a handle stands for an at::Tensor");
static_assert(sizeof(c10::SymInt) == sizeof(int64_t), "plain sizes are passed as SymInt bit patterns");

using Results = int64_t*;                          // room for four
using Entry = int32_t (*)(const Arg*, int32_t, Results);

void remember(const char* message);                // last error of this thread
void add_entry(const char* name, Entry entry);     // called by static initialisers of the tables

inline c10::Device device_of(int64_t packed) {     // low half: type, high half: index (-1 = current)
  return c10::Device(static_cast<c10::DeviceType>(static_cast<int32_t>(packed)), static_cast<c10::DeviceIndex>(packed >> 32));
}
inline at::Tensor& tensor_of(void*& handle) { return reinterpret_cast<at::Tensor&>(handle); }
inline int64_t release(at::Tensor t) { return t.defined() ? reinterpret_cast<int64_t>(t.unsafeReleaseTensorImpl()) : 0; }

[[noreturn]] inline void refuse(const Arg& a, const char* wanted) {
  throw std::invalid_argument(std::string("expected ") + wanted + " but got an argument of kind " + std::to_string(static_cast<int>(a.kind)));
}
inline void want(const Arg& a, Kind kind, const char* wanted) { if (a.kind != kind) refuse(a, wanted); }

// ---- arguments -----------------------------------------------------------------------------------------------------------
template <class T> struct From;

template <> struct From<at::Tensor> {
  static at::Tensor& get(const Arg& a) {
    if (a.kind == Kind::None) return absent();
    want(a, Kind::Tensor, "a tensor");
    return tensor_of(const_cast<Arg&>(a).p);
  }
  static at::Tensor& absent() { static thread_local at::Tensor none; none.reset(); return none; }
};
template <> struct From<int64_t> { static int64_t get(const Arg& a) { want(a, Kind::Int, "an integer"); return a.i; } };
template <> struct From<c10::SymInt> { static c10::SymInt get(const Arg& a) { want(a, Kind::Int, "an integer"); return c10::SymInt(a.i); } };
template <> struct From<bool> { static bool get(const Arg& a) { if (a.kind != Kind::None) want(a, Kind::Bool, "a bool"); return a.kind != Kind::None && a.i != 0; } };
template <> struct From<double> {
  static double get(const Arg& a) { if (a.kind == Kind::Int) return static_cast<double>(a.i); want(a, Kind::Float, "a number"); return a.d; }
};
template <> struct From<c10::Scalar> {
  static c10::Scalar get(const Arg& a) {
    switch (a.kind) {
      case Kind::Int: return c10::Scalar(a.i);
      case Kind::Float: return c10::Scalar(a.d);
      case Kind::Bool: return c10::Scalar(a.i != 0);
      default: refuse(a, "a scalar");
    }
  }
};
template <> struct From<c10::ScalarType> { static c10::ScalarType get(const Arg& a) { want(a, Kind::Int, "a dtype"); return static_cast<c10::ScalarType>(a.i); } };
template <> struct From<c10::Layout> { static c10::Layout get(const Arg& a) { want(a, Kind::Int, "a layout"); return static_cast<c10::Layout>(a.i); } };
template <> struct From<c10::MemoryFormat> { static c10::MemoryFormat get(const Arg& a) { want(a, Kind::Int, "a memory format"); return static_cast<c10::MemoryFormat>(a.i); } };
template <> struct From<c10::Device> { static c10::Device get(const Arg& a) { want(a, Kind::Device, "a device"); return device_of(a.i); } };
template <> struct From<at::Generator> {
  static at::Generator get(const Arg& a) { want(a, Kind::Generator, "a generator"); return reinterpret_cast<const at::Generator&>(a.p); }
};
template <class R, class A, class... More> std::decay_t<A> first_parameter(R (*)(A, More...));
using Text = decltype(first_parameter(&at::_ops::einsum::call));     // c10's own string_view once, the standard's since
template <> struct From<Text> { static Text get(const Arg& a) { want(a, Kind::Text, "text"); return Text(static_cast<const char*>(a.p), static_cast<size_t>(a.count)); } };
template <> struct From<c10::ArrayRef<int64_t>> {
  static c10::ArrayRef<int64_t> get(const Arg& a) { want(a, Kind::Ints, "a list of integers"); return {static_cast<const int64_t*>(a.p), static_cast<size_t>(a.count)}; }
};
template <> struct From<c10::ArrayRef<c10::SymInt>> {
  static c10::ArrayRef<c10::SymInt> get(const Arg& a) { want(a, Kind::Ints, "a list of integers"); return {static_cast<const c10::SymInt*>(a.p), static_cast<size_t>(a.count)}; }
};
template <> struct From<c10::ArrayRef<at::Tensor>> {
  static c10::ArrayRef<at::Tensor> get(const Arg& a) { want(a, Kind::Tensors, "a list of tensors"); return {static_cast<const at::Tensor*>(a.p), static_cast<size_t>(a.count)}; }
};
template <> struct From<at::IListRef<at::Tensor>> {
  static at::IListRef<at::Tensor> get(const Arg& a) { return at::IListRef<at::Tensor>(From<c10::ArrayRef<at::Tensor>>::get(a)); }
};
template <class T> struct From<c10::OptionalArrayRef<T>> {
  static c10::OptionalArrayRef<T> get(const Arg& a) { return a.kind == Kind::None ? c10::OptionalArrayRef<T>() : c10::OptionalArrayRef<T>(From<c10::ArrayRef<T>>::get(a)); }
};
template <class T> struct From<c10::List<T>> {     // Tensor?[]: a null handle stands for "no index in this dimension"
  static c10::List<T> get(const Arg& a) {
    want(a, Kind::Tensors, "a list of tensors");
    c10::List<T> list;
    list.reserve(a.count);
    void** handles = static_cast<void**>(a.p);
    for (int32_t k = 0; k < a.count; k++) list.push_back(handles[k] ? T(tensor_of(handles[k])) : T());
    return list;
  }
};
template <template <class> class Optional, class T> struct From<Optional<T>> {   // c10::optional before 2.4, std::optional after
  static Optional<T> get(const Arg& a) { return a.kind == Kind::None ? Optional<T>() : Optional<T>(From<T>::get(a)); }
};

// ---- results -------------------------------------------------------------------------------------------------------------
inline void put(at::Tensor&& t, Results r) { r[0] = release(std::move(t)); }
inline void put(const at::Tensor&, Results) {}     // an in-place operator returns its own self
inline void put(bool v, Results r) { r[0] = v; }
inline void put(int64_t v, Results r) { r[0] = v; }
inline void put(double v, Results r) { std::memcpy(r, &v, sizeof v); }
inline void put(c10::ScalarType v, Results r) { r[0] = static_cast<int64_t>(v); }
inline void put(const c10::Scalar& s, Results r) {
  if (s.isFloatingPoint()) { double v = s.toDouble(); std::memcpy(r, &v, sizeof v); r[1] = static_cast<int64_t>(Kind::Float); }
  else if (s.isBoolean()) { r[0] = s.toBool(); r[1] = static_cast<int64_t>(Kind::Bool); }
  else { r[0] = s.toLong(); r[1] = static_cast<int64_t>(Kind::Int); }
}
inline void put(std::vector<at::Tensor>&& list, Results r) {   // r[0]: malloc'ed handles, r[1]: how many
  auto* handles = static_cast<int64_t*>(std::malloc(sizeof(int64_t) * (list.size() + 1)));
  for (size_t k = 0; k < list.size(); k++) handles[k] = release(std::move(list[k]));
  r[0] = reinterpret_cast<int64_t>(handles);
  r[1] = static_cast<int64_t>(list.size());
}
template <class... T> void put(std::tuple<T...>&& t, Results r) {
  std::apply([r](auto&&... item) { Results at = r; (put(std::move(item), at++), ...); }, std::move(t));
}

// ---- the call ------------------------------------------------------------------------------------------------------------
template <class F> int32_t guarded(F&& body) {
  try { body(); return 0; }
  catch (const c10::Error& e) { remember(e.what_without_backtrace()); }
  catch (const std::exception& e) { remember(e.what()); }
  catch (...) { remember("an unknown native error"); }
  return 1;
}

template <class R, class... A, size_t... I>
void apply(R (*call)(A...), const Arg* args, Results results, std::index_sequence<I...>) {
  if constexpr (std::is_void_v<R>) call(From<std::decay_t<A>>::get(args[I])...);
  else put(call(From<std::decay_t<A>>::get(args[I])...), results);
}

/// Later releases append defaulted parameters to operators: absent trailing arguments are None, surplus ones must be None.
template <class R, class... A>
void run(R (*call)(A...), const Arg* args, int32_t count, Results results) {
  constexpr int32_t arity = sizeof...(A);
  for (int32_t k = arity; k < count; k++)
    if (args[k].kind != Kind::None) throw std::invalid_argument("this libtorch takes only " + std::to_string(arity) + " arguments here");
  if (count >= arity) { apply(call, args, results, std::index_sequence_for<A...>{}); return; }
  Arg padded[arity ? arity : 1] = {};
  std::memcpy(padded, args, sizeof(Arg) * count);
  apply(call, padded, results, std::index_sequence_for<A...>{});
}

template <auto Call> int32_t entry(const Arg* args, int32_t count, Results results) {
  return guarded([&] { run(Call, args, count, results); });
}

struct Registration { Registration(const char* name, Entry e) { add_entry(name, e); } };

}  // namespace ts

#define TS_OP(name) static const ts::Registration ts_op_##name(#name, &ts::entry<&at::_ops::name::call>);
