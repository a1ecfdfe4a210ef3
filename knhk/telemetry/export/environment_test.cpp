#include "knhk/telemetry/export/environment.hpp"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

#include "knhk/telemetry/export/resource.hpp"

namespace knhk::telemetry {
namespace {

Lookup of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

TEST(KeyValues, are_read_with_their_percent_signs_decoded_and_the_later_of_two_counts) {
  using Pairs = KeyValues;
  EXPECT_EQ(parse_key_values("a=1,b=2"), (Pairs{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(parse_key_values(" a = 1 , b=x y ,"), (Pairs{{"a", "1"}, {"b", "x y"}}));
  EXPECT_EQ(parse_key_values("a=%2C%3d%25%C3%A9"), (Pairs{{"a", ",=%\xC3\xA9"}}));
  EXPECT_EQ(parse_key_values("a=b=c"), (Pairs{{"a", "b=c"}}));
  EXPECT_EQ(parse_key_values("a=1,b=2,a=3"), (Pairs{{"a", "3"}, {"b", "2"}}));
  EXPECT_EQ(parse_key_values("a="), (Pairs{{"a", ""}}));
  EXPECT_EQ(parse_key_values(""), Pairs{});
}

TEST(KeyValues, are_refused_as_a_whole_when_any_part_is_of_another_form) {
  for (const char* const text : {"a", "a=1,b", "=1", "a=%", "a=%2", "a=%zz", "a=%2g", "a=1,,=,b"}) {
    EXPECT_FALSE(parse_key_values(text)) << text;
  }
}

TEST(Environment, has_no_difference_between_unset_and_empty) {
  const Lookup lookup = of({{"EMPTY", ""}, {"BLANK", "  "}, {"SET", " x "}});
  EXPECT_EQ(set_value(lookup, "UNSET"), std::nullopt);
  EXPECT_EQ(set_value(lookup, "EMPTY"), std::nullopt);
  EXPECT_EQ(set_value(lookup, "BLANK"), std::nullopt);
  EXPECT_EQ(set_value(lookup, "SET"), "x");
}

std::string attribute(const Resource& resource, std::string_view key) {
  for (const Attribute& one : resource.attributes) {
    if (one.key == key) return std::get<std::string>(one.value);
  }
  return "(none)";
}

TEST(Resource, is_named_by_its_variable_then_by_the_attributes_then_by_the_executable) {
  std::vector<std::string> warnings;
  const auto name = [&](std::map<std::string, std::string> variables) {
    return attribute(Resource::from_environment(of(std::move(variables)), "knhk", warnings),
                     "service.name");
  };
  const std::string attributes = "service.name=of-attributes,team=x%20y";
  EXPECT_EQ(name({{"OTEL_SERVICE_NAME", "own%20"}, {"OTEL_RESOURCE_ATTRIBUTES", attributes}}),
            "own%20");
  EXPECT_EQ(name({{"OTEL_RESOURCE_ATTRIBUTES", attributes}}), "of-attributes");
  EXPECT_EQ(name({}), "unknown_service:knhk");
  EXPECT_TRUE(warnings.empty());
  const Resource resource =
      Resource::from_environment(of({{"OTEL_RESOURCE_ATTRIBUTES", attributes}}), "knhk", warnings);
  EXPECT_EQ(attribute(resource, "team"), "x y");
  EXPECT_EQ(name({{"OTEL_RESOURCE_ATTRIBUTES", "service.name=x,broken"}}), "unknown_service:knhk");
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_TRUE(warnings[0].starts_with("OTEL_RESOURCE_ATTRIBUTES ")) << warnings[0];
}

TEST(Resource, has_an_instance_id_of_version_4_that_no_other_has_unless_it_is_given_one) {
  std::vector<std::string> warnings;
  const std::regex version_4("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string id =
        attribute(Resource::from_environment(of({}), "knhk", warnings), "service.instance.id");
    EXPECT_TRUE(std::regex_match(id, version_4)) << id;
    EXPECT_TRUE(seen.insert(id).second);
  }
  const Lookup given = of({{"OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=seven"}});
  EXPECT_EQ(attribute(Resource::from_environment(given, "knhk", warnings), "service.instance.id"),
            "seven");
}

TEST(Resource, knows_the_executable_of_its_process) {
  EXPECT_EQ(executable_name(), "telemetry_export_test");
}

}  // namespace
}  // namespace knhk::telemetry
