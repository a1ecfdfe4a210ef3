// Bytes as quads and as the way they are spelled in one of the syntaxes.
#include <array>
#include <cstddef>
#include <cstdint>

#include "knhk/rdf/finding.hpp"
#include "knhk/rdf/spelling_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace knhk::rdf;
  const std::size_t half = size / 2;
  Choices spelling({data, half});
  Choices quads({data + half, size - half});
  const Syntax syntax =
      spelling.one_of(std::array{Syntax::turtle, Syntax::trig, Syntax::ntriples, Syntax::nquads});
  const bool named_graphs = syntax == Syntax::trig || syntax == Syntax::nquads;
  expect_none(broken_spelling_property(OddQuads(quads, named_graphs).take(), syntax, spelling));
  return 0;
}
