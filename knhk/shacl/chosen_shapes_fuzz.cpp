// Bytes as well-formed shapes and as data for them.
#include "knhk/shacl/chosen_shapes.hpp"

#include <cstddef>
#include <cstdint>

#include "knhk/rdf/finding.hpp"
#include "knhk/rdf/reader.hpp"
#include "knhk/shacl/shacl_prefixes.hpp"
#include "knhk/shacl/validation_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace knhk;
  rdf::Choices choices({data, size});
  const auto seed = static_cast<std::uint32_t>(choices.below(256));
  const shacl::ChosenShapes made_up(choices);
  const std::string prefixes(shacl::kPrefixes);
  const auto graph = rdf::read_dataset(prefixes + made_up.text(), "shapes.ttl");
  if (!graph) rdf::expect_none(to_string(graph.error()) + "\n" + made_up.text());
  const auto shapes = shacl::Shapes::compile(*graph);
  if (!shapes) rdf::expect_none(to_string(shapes.error()) + "\n" + made_up.text());
  const auto nodes = rdf::read_dataset(prefixes + shacl::chosen_data(20, seed), "data.ttl");
  if (!nodes) rdf::expect_none(to_string(nodes.error()));
  rdf::expect_none(shacl::broken_validation_property(*shapes, *nodes));
  return 0;
}
