// Properties of validating random data with random shapes. RapidCheck says with which bytes one
// failed, shrunk; RC_PARAMS (`seed=… max_success=…`) changes where it starts and how many it tries.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "knhk/shacl/chosen_shapes.hpp"
#include "knhk/shacl/shacl_fixture.hpp"
#include "knhk/shacl/validation_properties.hpp"

namespace knhk::shacl {
namespace {

struct Made {
  std::string text;
  bool is_closed;
  Shapes shapes;
};

Made made_up_shapes() {
  const auto bytes =
      *rc::gen::scale(2.0, rc::gen::arbitrary<std::vector<std::uint8_t>>()).as("shapes");
  rdf::Choices choices(bytes);
  const ChosenShapes chosen(choices);
  auto shapes = compile(chosen.text());
  if (!shapes) RC_FAIL(to_string(shapes.error()) + "\n" + chosen.text());
  return {chosen.text(), chosen.is_closed(), std::move(*shapes)};
}

std::uint32_t seed() { return *rc::gen::arbitrary<std::uint32_t>().as("seed of the data"); }

RC_GTEST_PROP(Validation, gives_one_well_formed_report_on_any_number_of_threads, ()) {
  const Made made = made_up_shapes();
  // More focus nodes than one thread takes at a time.
  const rdf::Dataset data = turtle(chosen_data(*rc::gen::element(8U, 900U), seed()));
  const std::string finding = broken_validation_property(made.shapes, data);
  if (!finding.empty()) RC_FAIL(finding + made.text);
}

RC_GTEST_PROP(Validation, doesnt_change_with_a_triple_that_no_shape_can_see, ()) {
  const Made made = made_up_shapes();
  const std::string data = chosen_data(20, seed());
  // A closed shape sees all about its focus nodes.
  const std::string subject = made.is_closed || *rc::gen::arbitrary<bool>()
                                  ? "ex:unknown"
                                  : "ex:n" + std::to_string(*rc::gen::inRange(0, 20));
  const std::string object = *rc::gen::element<std::string>("ex:n0", "ex:C0", "1", "_:unseen");
  const std::string more = subject + " ex:unseen " + object + " .\n";
  const bool first = *rc::gen::arbitrary<bool>();
  const auto before = validate(made.shapes, turtle(data));
  const auto after = validate(made.shapes, turtle(first ? more + data : data + more));
  RC_CLASSIFY(before.conforms, "conforms");
  if (before.results != after.results) {
    RC_FAIL(made.text + more + to_turtle(before) + to_turtle(after));
  }
}

}  // namespace
}  // namespace knhk::shacl
