#include "knhk/telemetry/trace.hpp"

#include <sys/random.h>

#include <cstddef>
#include <span>

namespace knhk::telemetry {
namespace {

/// Fills `bytes` with randomness, never all zero. Where the kernel has none to give this early, it
/// waits; an interrupted call is made again.
void fill_randomly(std::span<std::uint8_t> bytes) noexcept {
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = getrandom(bytes.data() + filled, bytes.size() - filled, 0);
    if (got > 0) filled += static_cast<std::size_t>(got);
  }
  bytes.front() |= 1U;
}

}  // namespace

SpanContext SpanContext::root() noexcept {
  SpanContext context;
  fill_randomly(context.trace_id);
  fill_randomly(context.span_id);
  return context;
}

SpanContext SpanContext::child() const noexcept {
  SpanContext context = *this;
  fill_randomly(context.span_id);
  return context;
}

}  // namespace knhk::telemetry
