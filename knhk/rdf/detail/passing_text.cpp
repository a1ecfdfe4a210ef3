#include "knhk/rdf/detail/passing_text.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "knhk/rdf/detail/text.hpp"

namespace knhk::rdf::detail {

std::string PassingText::position(std::string_view name, std::size_t offset) const {
  return detail::position(name, text_.substr(gone_), offset - std::min(offset, gone_), lines_gone_);
}

// Whole pages, up to the beginning of the present line. They hold nothing but our text, and read as
// zeros from now on.
void PassingText::give_back(std::size_t offset) {
  next_ = offset + kStep;
  const std::size_t line_end = text_.substr(gone_, offset - gone_).rfind('\n');
  if (line_end == std::string_view::npos) return;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto start = reinterpret_cast<std::uintptr_t>(text_.data());
  const std::uintptr_t first = (start + gone_ + page - 1) / page * page;
  const std::uintptr_t last = (start + gone_ + line_end) / page * page;
  if (last <= first) return;  // as in a line that never ends
  const std::string_view going = text_.substr(gone_, last - start - gone_);
  lines_gone_ += static_cast<std::size_t>(std::count(going.begin(), going.end(), '\n'));
  gone_ = last - start;
  // Only memory is lost when the system says no.
  (void)::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

}  // namespace knhk::rdf::detail
