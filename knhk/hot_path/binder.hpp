#pragma once

#include <cxxabi.h>

#include <cstddef>
#include <new>

#include "knhk/hot_path/hot_path.hpp"
#include "knhk/hot_path/reader.hpp"

namespace knhk::hot_path {

/// Names one global hot path at compile time, and gives each thread a reader of it without being
/// asked: for code that has nowhere to keep a `Reader`.
///
///   constinit HotPath<RoutingTable> routes;
///   using Routes = HotPathBinder<routes>;
///   const auto pin = Routes::pin();         // this thread's reader; made at its first call
///
/// The thread's reader works until the thread's very end, in destructors of its `thread_local`
/// objects too. In an executable the convenience costs a thread-pointer-relative load and a
/// compare; in a shared library a call besides, so keep a `Reader` there.
///
/// Threads: any. Lifetime: as of `Path`.
template <auto& Path>
struct HotPathBinder {
 private:
  template <class T, class Traits>
  static Reader<T, Traits> reader_type(const HotPath<T, Traits>&);
  template <class T, class Traits>
  static Pin<T, Traits> pin_type(const HotPath<T, Traits>&);

 public:
  using ReaderType = decltype(reader_type(Path));
  using PinType = decltype(pin_type(Path));

  /// As HotPath::current_id().
  [[nodiscard, gnu::always_inline]] static inline SnapshotId current_id() noexcept {
    return Path.current_id();
  }

  /// This thread's reader. Lifetime: the thread's. Errors: throws std::bad_alloc at the first call.
  [[nodiscard, gnu::always_inline]] static inline ReaderType& reader() {
    if (slot_.reader == nullptr) [[unlikely]]
      open();
    return *slot_.reader;
  }

  /// Holds the current snapshot for the block, as Reader::pin().
  [[nodiscard, gnu::always_inline]] static inline PinType pin() { return PinType(reader()); }

 private:
  // Without a destructor, so that it is there as long as the thread is. What has to be done at the
  // end is registered by hand: unlike an object's destructor that can be done again, when another
  // destructor of this thread reads once more.
  struct Slot {
    ReaderType* reader = nullptr;
    alignas(ReaderType) std::byte storage[sizeof(ReaderType)]{};
  };

  [[gnu::noinline, gnu::cold]] static void open() {
    slot_.reader = new (slot_.storage) ReaderType(Path);
    static_assert(noexcept(slot_.reader->~ReaderType()));
    // The last argument is an address in the shared object that has to stay until then.
    abi::__cxa_thread_atexit(&close, &slot_, reinterpret_cast<void*>(&close));
  }
  static void close(void* opened) noexcept {
    auto* const slot = static_cast<Slot*>(opened);
    slot->reader->~ReaderType();
    slot->reader = nullptr;
  }

  static constinit inline thread_local Slot slot_{};
};

}  // namespace knhk::hot_path
