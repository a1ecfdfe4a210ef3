#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace knhk::cli {

/// Makes of Ctrl-C (SIGINT) and of SIGTERM a request to stop, for work that leaves nothing behind
/// when it is called off. A second one ends the process at once, as it would without this; a signal
/// that was ignored before stays ignored.
///
/// Threads: made before others are, which then leave the signals to this. From then on the process
/// isn't ended by the first such signal, also when this is gone: what is done can still be printed.
class Interruption {
 public:
  Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  ~Interruption();

  [[nodiscard]] std::stop_token token() const noexcept { return stop_.get_token(); }

 private:
  void wait();

  sigset_t signals_{};
  std::stop_source stop_;
  std::atomic<bool> is_over_{false};
  std::thread waiting_;
};

}  // namespace knhk::cli
