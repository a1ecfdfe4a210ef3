// Any bytes as Turtle that is shapes and data at once, as the files of the W3C suite are.
#include "knhk/shacl/validate.hpp"

#include <cstddef>
#include <cstdint>

#include "knhk/rdf/finding.hpp"
#include "knhk/rdf/reader.hpp"
#include "knhk/shacl/validation_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace knhk;
  rdf::ReadOptions options;
  options.base = "http://example.org/";
  const auto graph =
      rdf::read_dataset({reinterpret_cast<const char*>(data), size}, "both.ttl", options);
  if (!graph) return 0;
  const auto shapes = shacl::Shapes::compile(*graph);
  if (!shapes) return 0;
  rdf::expect_none(shacl::broken_validation_property(*shapes, *graph));
  const shacl::ValidationReport report = shacl::validate(*shapes, *graph, {.threads = 1});
  const bool written = !shacl::to_text(report).empty() && !shacl::to_json(report).empty();
  rdf::expect_none(written ? "" : "an empty text");
  return 0;
}
