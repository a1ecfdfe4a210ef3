#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/rdf/dataset.hpp"
#include "knhk/shacl/warning.hpp"

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
  /// `weakens`: without it the shape asks for less than it says.
  void add_unsupported(const std::string& shape, const std::string& property, bool weakens = true,
                       const std::string& detail = " is not supported");
  /// `detail` goes on where `property` ends: " must be an IRI".
  void add_ill_formed(const std::string& shape, const std::string& property,
                      const std::string& detail, bool weakens = true);
  void add_dependent(const std::string& shape, const std::string& property,
                     const std::string& detail);
  void add_no_effect(const std::string& shape, const std::string& property,
                     const std::string& detail);

  /// How many so far weaken a shape.
  [[nodiscard]] std::size_t weakening() const noexcept { return weakening_; }
  /// The first unsupported construct; if there is none, the first error of form.
  [[nodiscard]] std::optional<Error> first() const;
  [[nodiscard]] std::vector<Warning> all() const { return {all_.begin(), all_.end()}; }

 private:
  std::set<Warning> all_;
  std::size_t weakening_ = 0;
};

}  // namespace knhk::shacl::detail
