#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "knhk/rdf/reader.hpp"
#include "knhk/shacl/shacl_prefixes.hpp"
#include "knhk/shacl/validate.hpp"

// What the tests of this folder share: Turtle in, reports out.
namespace knhk::shacl {

inline rdf::Dataset turtle(std::string_view body) {
  std::string text(kPrefixes);
  text += body;
  auto dataset = rdf::read_dataset(text, "test.ttl");
  EXPECT_TRUE(dataset) << to_string(dataset.error());
  return dataset ? std::move(*dataset) : rdf::Dataset();
}

inline Result<Shapes> compile(std::string_view shapes) { return Shapes::compile(turtle(shapes)); }

inline ValidationReport report_on(std::string_view shapes, std::string_view data,
                                  unsigned threads = 1) {
  const Result<Shapes> compiled = compile(shapes);
  EXPECT_TRUE(compiled) << to_string(compiled.error());
  if (!compiled) return {};
  return validate(*compiled, turtle(data), {.threads = threads});
}

/// `component focus value` of each result, short: `MinCount <a>`, `In <a> "x"`.
inline std::vector<std::string> findings(const ValidationReport& report) {
  const auto shorten = [](std::string text) {
    for (const std::string_view cut :
         {"http://example.org/", "http://www.w3.org/ns/shacl#", "ConstraintComponent",
          "http://www.w3.org/2001/XMLSchema#"}) {
      for (std::size_t at = text.find(cut); at != std::string::npos; at = text.find(cut)) {
        text.erase(at, cut.size());
      }
    }
    return text;
  };
  std::vector<std::string> all;
  for (const ValidationResult& result : report.results) {
    std::string one = shorten(result.component);
    one += ' ';
    one += shorten(result.focus_node);
    if (result.value) {
      one += ' ';
      one += shorten(*result.value);
    }
    all.push_back(std::move(one));
  }
  return all;
}

inline std::vector<std::string> findings(std::string_view shapes, std::string_view data) {
  return findings(report_on(shapes, data));
}

using Findings = std::vector<std::string>;

}  // namespace knhk::shacl
