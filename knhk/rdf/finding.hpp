#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace knhk::rdf {

/// Ends a fuzz target's process, which is how libFuzzer learns of a finding, unless `finding` is
/// empty.
inline void expect_none(const std::string& finding) {
  if (finding.empty()) return;
  std::fprintf(stderr, "FINDING: %s\n", finding.c_str());
  std::abort();
}

}  // namespace knhk::rdf
