#pragma once

#include <pthread.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>

#include "knhk/base/ticks.hpp"

namespace knhk::hot_path {

/// What figures were measured on: without it they mean nothing.
struct Machine {
  std::string processor;     ///< as the kernel calls it
  std::string architecture;  ///< x86_64, aarch64, ...
  std::string kernel;        ///< name and release; no host name is taken from it
  bool is_virtual = false;   ///< a hypervisor says so; false where that isn't told
  unsigned online_cores = 1;
  unsigned usable_cores = 1;  ///< those this process may run on
};

/// Asks the kernel. What it doesn't tell stays empty.
[[nodiscard]] inline Machine this_machine() {
  Machine machine;
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    if (line.starts_with("model name")) machine.processor = line.substr(colon + 2);
    if (line.starts_with("flags")) {
      machine.is_virtual = (line + " ").find(" hypervisor ") != std::string::npos;
      break;  // the first core speaks for all
    }
  }
  utsname names{};
  if (uname(&names) == 0) {
    machine.kernel = std::string(names.sysname) + " " + names.release;
    machine.architecture = names.machine;
  }
  machine.online_cores = static_cast<unsigned>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
  machine.usable_cores = machine.online_cores;
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (pthread_getaffinity_np(pthread_self(), sizeof allowed, &allowed) == 0) {
    machine.usable_cores = static_cast<unsigned>(std::max(1, CPU_COUNT(&allowed)));
  }
  return machine;
}

/// Keeps this thread on the `nth` of the cores that it may use, counted from 0. Returns: whether it
/// is kept there; some containers refuse.
inline bool stay_on_core(unsigned nth) noexcept {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (pthread_getaffinity_np(pthread_self(), sizeof allowed, &allowed) != 0) return false;
  for (unsigned core = 0; core < CPU_SETSIZE; ++core) {
    if (!CPU_ISSET(core, &allowed) || nth-- != 0) continue;
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(core, &only);
    return pthread_setaffinity_np(pthread_self(), sizeof only, &only) == 0;
  }
  return false;
}

/// The compiler that this is compiled with, with its version.
[[nodiscard]] inline std::string this_compiler() {
#if defined(__clang__)
  return "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) + "." +
         std::to_string(__clang_patchlevel__);
#else
  return "g++ " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__) + "." +
         std::to_string(__GNUC_PATCHLEVEL__);
#endif
}

/// The smallest step, in its units, in which the counter is seen to move. What is shorter shows
/// only in the mean of many.
[[nodiscard]] inline std::uint64_t counter_step() noexcept {
  std::uint64_t smallest = ~std::uint64_t{0};
  for (int i = 0; i < 10'000; ++i) {
    const std::uint64_t before = TickCounter::now();
    std::uint64_t after = TickCounter::now();
    while (after == before) after = TickCounter::now();
    smallest = std::min(smallest, after - before);
  }
  return smallest;
}

}  // namespace knhk::hot_path
