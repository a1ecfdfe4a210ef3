#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <optional>
#include <source_location>
#include <string_view>

namespace knhk::hot_path::checked {

enum class Operation : std::uint8_t {
  load,
  store,
  exchange,  ///< compare_exchange, strong or weak
  light_fence,
  heavy_fence,
};

/// One atomic operation or fence of the shipped source: where it stands.
struct Site {
  std::string_view file;  ///< name without folders
  unsigned line = 0;
  unsigned column = 0;
  Operation operation = Operation::load;

  [[nodiscard]] static Site of(const std::source_location& where, Operation operation) noexcept {
    const std::string_view path = where.file_name();
    return {path.substr(path.rfind('/') + 1), where.line(), where.column(), operation};
  }
  friend auto operator<=>(const Site&, const Site&) = default;
};

/// The orders that an operation asks for; only `exchange` has a second one.
struct Orders {
  std::memory_order first = std::memory_order_seq_cst;
  std::memory_order on_failure = std::memory_order_relaxed;
  friend bool operator==(const Orders&, const Orders&) = default;
};

/// One operation made weaker than the source has it, or not done at all: a store or a fence that
/// does nothing, a load that gives what was read before, an exchange that fails.
struct Mutation {
  Site site;
  Orders orders;
  bool left_out = false;
};

[[nodiscard]] constexpr bool acquires(std::memory_order order) noexcept {
  return order == std::memory_order_acquire || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}
[[nodiscard]] constexpr bool releases(std::memory_order order) noexcept {
  return order == std::memory_order_release || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}
[[nodiscard]] constexpr std::string_view name(std::memory_order order) noexcept {
  switch (order) {
    case std::memory_order_relaxed:
      return "relaxed";
    case std::memory_order_consume:
      return "consume";
    case std::memory_order_acquire:
      return "acquire";
    case std::memory_order_release:
      return "release";
    case std::memory_order_acq_rel:
      return "acq_rel";
    case std::memory_order_seq_cst:
      return "seq_cst";
  }
  return "?";
}
[[nodiscard]] constexpr std::string_view name(Operation operation) noexcept {
  switch (operation) {
    case Operation::load:
      return "load";
    case Operation::store:
      return "store";
    case Operation::exchange:
      return "compare_exchange";
    case Operation::light_fence:
      return "light fence";
    case Operation::heavy_fence:
      return "heavy fence";
  }
  return "?";
}

}  // namespace knhk::hot_path::checked
