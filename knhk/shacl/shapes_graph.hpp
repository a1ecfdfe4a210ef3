#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "knhk/rdf/dataset.hpp"

// Reading a shapes graph, and gathering what is wrong with it. Internal to this folder.
namespace knhk::shacl::detail {

/// The default graph of a dataset, asked in SHACL's terms.
class ShapesGraph {
 public:
  explicit ShapesGraph(const rdf::Dataset& dataset);

  [[nodiscard]] const rdf::Graph& triples() const noexcept { return dataset_->default_graph(); }
  [[nodiscard]] rdf::Term term(rdf::TermId id) const noexcept { return dataset_->term(id); }
  [[nodiscard]] rdf::TermId iri(std::string_view iri) const noexcept {
    return dataset_->find_iri(iri);
  }
  /// The term of SHACL with that local name, `kNoTerm` when it does not occur.
  [[nodiscard]] rdf::TermId sh(std::string_view local_name) const;
  /// The triples that give `subject` values of a property of SHACL.
  [[nodiscard]] std::span<const rdf::Triple> values(rdf::TermId subject,
                                                    std::string_view local_name) const;
  /// The members of the list at `head`. Nothing when it is none: it loops, forks or breaks off.
  [[nodiscard]] std::optional<std::vector<rdf::TermId>> list(rdf::TermId head) const;
  /// Whether `id` has members as a list has them.
  [[nodiscard]] bool is_list(rdf::TermId id) const;
  /// How a message names a term: as in N-Triples, those of well-known vocabularies with a prefix.
  [[nodiscard]] std::string name(rdf::TermId id) const;

 private:
  const rdf::Dataset* dataset_;
  rdf::TermId first_;
  rdf::TermId rest_;
  rdf::TermId nil_;
};

/// What is wrong with a shapes graph, in the order of the text of shape and sentence.
class Problems {
 public:
  void add_unsupported(std::string shape, std::string construct) {
    unsupported_.emplace(std::move(shape), std::move(construct));
  }
  void add_ill_formed(std::string shape, std::string sentence) {
    ill_formed_.emplace(std::move(shape), std::move(sentence));
  }
  /// The first unsupported construct; if there is none, the first error of form.
  [[nodiscard]] std::optional<Error> first() const;

 private:
  std::set<std::pair<std::string, std::string>> unsupported_;
  std::set<std::pair<std::string, std::string>> ill_formed_;
};

}  // namespace knhk::shacl::detail
