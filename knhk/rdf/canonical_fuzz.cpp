// Bytes as quads over a few blank nodes that resemble each other, and a disguise for them.
#include <cstddef>
#include <cstdint>

#include "knhk/rdf/canonical_properties.hpp"
#include "knhk/rdf/finding.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace knhk::rdf;
  Choices choices({data, size});
  const std::uint64_t seed = choices.below(256);
  const std::size_t blank_count = 2 + choices.below(14);
  CanonicalizeOptions limited;
  limited.work_limit = 20'000;
  expect_none(broken_canonical_property(alike_quads(choices, blank_count), seed, limited));
  return 0;
}
