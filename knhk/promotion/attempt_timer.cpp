#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "knhk/promotion/detail/attempt_timer.hpp"

namespace knhk::promotion::detail {
namespace {

constexpr std::chrono::milliseconds kLongestPause{16};
// A look for garbage, which holds the writer token, takes microseconds.
constexpr std::chrono::milliseconds kLeastPatienceForTheWriter{50};

bool is_in_use(Errc code) noexcept {
  return code == Errc::store_locked || code == Errc::writer_busy ||
         code == Errc::promotion_unsettled;
}

}  // namespace

bool is_of_the_moment(Errc code) noexcept {
  return is_in_use(code) || code == Errc::superseded || code == Errc::cancelled ||
         code == Errc::slots_exhausted || code == Errc::out_of_memory;
}

Status AttemptTimer::check() const {
  if (!stop_.stop_requested()) return {};
  return fail(Errc::cancelled, what_, "cancelled before anything was changed");
}

Status AttemptTimer::begin_commit() {
  if (Status go = check(); !go) return go;
  stop_ = {};
  hold();
  return {};
}

bool AttemptTimer::pause(Errc code, Wait& wait) const {
  if (!is_in_use(code)) return false;
  const auto now = std::chrono::steady_clock::now();
  if (wait.give_up == std::chrono::steady_clock::time_point{}) {
    wait.give_up =
        now +
        (code == Errc::writer_busy ? std::max(patience_, kLeastPatienceForTheWriter) : patience_);
  }
  if (now >= wait.give_up) return false;
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any nobody;
  nobody.wait_until(lock, stop_, std::min(wait.give_up, now + wait.next), [] { return false; });
  wait.next = std::min(wait.next * 2, kLongestPause);
  return true;
}

}  // namespace knhk::promotion::detail
