// Any bytes as shapes in Turtle, compiled.
#include "knhk/shacl/shapes.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "knhk/rdf/finding.hpp"
#include "knhk/rdf/reader.hpp"
#include "knhk/shacl/validation_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace knhk;
  rdf::ReadOptions options;
  options.base = "http://example.org/";
  const auto graph =
      rdf::read_dataset({reinterpret_cast<const char*>(data), size}, "shapes.ttl", options);
  if (!graph) return 0;
  const auto shapes = shacl::Shapes::compile(*graph);
  if (!shapes) {
    rdf::expect_none(shacl::broken_refusal_property(shapes.error()));
    return 0;
  }
  const bool sane = shapes->target_shape_count() <= shapes->shape_count() &&
                    shapes->summaries().size() <= shapes->target_shape_count();
  rdf::expect_none(sane ? "" : "more shapes with targets than shapes");
  return 0;
}
