#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "knhk/rdf/dataset.hpp"
#include "knhk/shacl/report.hpp"

namespace knhk::shacl {

/// On which line of which file each statement of the data stands, as its reader reported it.
///
/// Threads: one at a time while statements are added, then any number.
class SourceLines {
 public:
  /// Statements added from now on stand in `file`.
  void begin_file(std::string file);
  /// `statement` of a dataset's builder has its object on `line`, counted from 1. Those of named
  /// graphs are left out, since none of them is validated.
  void add(const rdf::Quad& statement, std::uint64_t line);

  /// Sets `source` of each result of validating `data`, the dataset that the builder made: where
  /// the first statement of focus node, path and value stands, when the path is one predicate or
  /// its inverse; else where the first statement about the focus node stands; else nothing.
  /// Complexity: O(s log r) for s statements and r results.
  void locate(ValidationReport& report, const rdf::Dataset& data) const;

 private:
  struct Statement {
    rdf::Triple triple;
    std::uint32_t line;  // one beyond what this holds counts as the last
  };
  struct File {
    std::string name;
    std::size_t begin;  // the first of its statements
  };

  [[nodiscard]] SourceLine line_of(std::size_t statement) const;

  std::vector<Statement> statements_;  // as they were read
  std::vector<File> files_;
};

}  // namespace knhk::shacl
