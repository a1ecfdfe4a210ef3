// Bytes as a pattern, a line feed, and a text to match; the first byte chooses flags.
#include "knhk/shacl/pattern.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "knhk/rdf/detail/text.hpp"
#include "knhk/rdf/finding.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace knhk;
  static constexpr std::array<std::string_view, 8> kFlags = {"",  "i", "s",   "m",
                                                             "x", "q", "smi", "xs"};
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.empty() || rdf::detail::find_encoding_flaw(bytes.substr(1))) return 0;
  const std::string_view flags = kFlags[data[0] % kFlags.size()];
  bytes.remove_prefix(1);
  const std::size_t end = std::min(bytes.find('\n'), bytes.size());
  const std::string_view source = bytes.substr(0, end);
  const std::string_view text = bytes.substr(std::min(end + 1, bytes.size()));
  const auto pattern = shacl::Pattern::compile(source, flags);
  if (!pattern) {
    const bool fits =
        pattern.error().code == Errc::ill_formed_shapes && !pattern.error().detail.empty();
    rdf::expect_none(fits ? "" : "an error that compiling has not: " + to_string(pattern.error()));
    return 0;
  }
  shacl::Pattern::Scratch scratch;
  const auto outcome = pattern->match(text, scratch);
  if (flags == "q") {
    const bool contains = text.find(source) != std::string_view::npos;
    rdf::expect_none(
        outcome == (contains ? shacl::Pattern::Outcome::matches : shacl::Pattern::Outcome::differs)
            ? ""
            : "literal text is found otherwise");
  }
  rdf::expect_none(pattern->match(text, scratch) == outcome ? ""
                                                            : "another outcome the second time");
  return 0;
}
