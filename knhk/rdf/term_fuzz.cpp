// Any bytes as one term.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "knhk/rdf/finding.hpp"
#include "knhk/rdf/reader.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::rdf {
namespace {

// A term that is taken comes back when it is written, and is one in N-Triples.
std::string broken_term_property(std::string_view text) {
  const auto term = parse_term(text);
  if (!term) return term.error().detail.empty() ? "an error without a reason" : "";
  const auto again = parse_term(to_ntriples(term->view()));
  if (!again) return "what was written is refused: " + to_string(again.error());
  if (*again != *term) return "another term comes back than was written";
  ReadOptions options;
  options.syntax = Syntax::ntriples;
  const auto triple = read_dataset("<s:s> <p:p> " + std::string(text) + " .", "triple", options);
  if (!triple) return "a term is refused in N-Triples: " + to_string(triple.error());
  if (triple->default_graph().size() != 1) return "a term makes more than one triple";
  const Term object = triple->term(triple->default_graph().triples().front().object);
  return object == term->view() ? "" : "a term is another one in N-Triples";
}

}  // namespace
}  // namespace knhk::rdf

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  knhk::rdf::expect_none(knhk::rdf::broken_term_property(text));
  return 0;
}
