// Any bytes as a text of the syntax KNHK_FUZZ_SYNTAX.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "knhk/rdf/finding.hpp"
#include "knhk/rdf/reading_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace knhk::rdf;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  expect_none(broken_reading_property(bytes, Syntax::KNHK_FUZZ_SYNTAX));
  return 0;
}
