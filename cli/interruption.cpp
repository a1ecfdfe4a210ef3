#include "cli/interruption.hpp"

#include <pthread.h>

#include <ctime>

namespace knhk::cli {
namespace {

constexpr int kWakeUp = SIGUSR2;  // sent by the destructor alone; blocked, so it never kills

}  // namespace

Interruption::Interruption() {
  sigemptyset(&signals_);
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction before{};
    ::sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaddset(&signals_, signal);
  }
  sigset_t blocked = signals_;
  sigaddset(&blocked, kWakeUp);
  ::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  const timespec now{};
  if (::sigtimedwait(&signals_, nullptr, &now) > 0) stop_.request_stop();
  waiting_ = std::thread([this] { wait(); });
}

Interruption::~Interruption() {
  is_over_.store(true);
  ::pthread_kill(waiting_.native_handle(), kWakeUp);
  waiting_.join();
}

void Interruption::wait() {
  sigset_t awaited = signals_;
  sigaddset(&awaited, kWakeUp);
  int signal = 0;
  while (!is_over_.load() && ::sigwait(&awaited, &signal) == 0) {
    if (signal == kWakeUp) continue;
    stop_.request_stop();
    ::pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);  // the next one does what it always did
    sigemptyset(&awaited);
    sigaddset(&awaited, kWakeUp);
  }
}

}  // namespace knhk::cli
