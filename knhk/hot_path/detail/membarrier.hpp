#pragma once

#include <atomic>
#include <cstdlib>
#include <string_view>

#if defined(__linux__)
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#endif

namespace knhk::hot_path::detail {

#if defined(__SANITIZE_THREAD__)
inline constexpr bool kThreadSanitizer = true;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
inline constexpr bool kThreadSanitizer = true;
#else
inline constexpr bool kThreadSanitizer = false;
#endif
#else
inline constexpr bool kThreadSanitizer = false;
#endif

/// The asymmetric fence. For a reader's `store hazard; light(); load word` and a writer's
/// `store word; heavy(); load hazard` one of two orders holds:
///  * the light side comes before the heavy one: the writer sees the hazard and keeps the snapshot;
///  * it comes after: the reader sees the new word and takes that one instead.
/// light() orders the compiler alone; heavy() makes every running thread of the process pass a full
/// fence (membarrier(2), PRIVATE_EXPEDITED), so it may interrupt all cores and belongs to the
/// writer.
///
/// Threads: any. Errors: none are raised; false says that nothing was ordered.
struct Membarrier {
  /// True when the process must not use the asymmetric fence: under ThreadSanitizer, which cannot
  /// see it, or with KNHK_PORTABLE_FENCES=1 in the environment (sandboxes and emulators that lie).
  [[nodiscard]] static bool is_forbidden() noexcept {
    if constexpr (kThreadSanitizer) return true;
    const char* const forced = std::getenv("KNHK_PORTABLE_FENCES");
    return forced != nullptr && std::string_view(forced) == "1";
  }

  /// Registers the process, which heavy() requires; exec clears the registration. Idempotent.
  [[nodiscard]] static bool enroll() noexcept {
#if defined(__linux__) && defined(__NR_membarrier)
    return call(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) && heavy();
#else
    return false;
#endif
  }

  [[gnu::always_inline]] static inline void light() noexcept {
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }

  /// May fail at any time: out of memory, or a seccomp filter installed since.
  [[nodiscard]] static bool heavy() noexcept {
#if defined(__linux__) && defined(__NR_membarrier)
    return call(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
#else
    return false;
#endif
  }

 private:
#if defined(__linux__) && defined(__NR_membarrier)
  [[nodiscard]] static bool call(int command) noexcept {
    const int saved = errno;
    const bool done = syscall(__NR_membarrier, command, 0, 0) == 0;
    errno = saved;
    return done;
  }
#endif
};

}  // namespace knhk::hot_path::detail
