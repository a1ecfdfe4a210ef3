#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/rdf/dataset.hpp"

namespace knhk::projections {

/// What a class asks of one property, as far as its shapes and the property's domain say.
struct MemberSchema {
  std::optional<std::uint64_t> min_count{};
  std::optional<std::uint64_t> max_count{};
  std::string datatype{};               ///< IRI, or empty
  std::string node_class{};             ///< IRI of the class that values belong to, or empty
  std::string node_kind{};              ///< local name of the `sh:NodeKind`: `IRI`, or empty
  std::set<std::string> constraints{};  ///< the other constraints, readable: `minLength 3`
};

struct ClassSchema {
  std::string label{};    ///< empty when there is none
  std::string comment{};  ///< empty when there is none
  std::set<std::string> parents{};
  std::map<std::string, MemberSchema> members{};  ///< by the property's IRI
};

struct PropertySchema {
  std::string label{};
  std::string comment{};
  bool functional = false;
  std::set<std::string> parents{};
  std::set<std::string> domains{};
  std::set<std::string> ranges{};
};

/// The classes and properties that a snapshot and its shapes declare or use, ordered by IRI: what
/// the generators for people and programs are fed with. Blank nodes and the vocabularies of RDF,
/// RDFS, OWL, SHACL and XML Schema themselves are left out.
struct OntologySchema {
  std::string title{};  ///< of the `owl:Ontology`, or empty
  std::map<std::string, ClassSchema> classes{};
  std::map<std::string, PropertySchema> properties{};

  /// `shapes` may be null.
  /// Once `stop` is requested what comes back is worthless: ask it afterwards.
  [[nodiscard]] static OntologySchema read(const rdf::Dataset& data, const rdf::Dataset* shapes,
                                           const std::stop_token& stop = {});

  /// What the class and all its ancestors ask, the nearest first to be heard.
  [[nodiscard]] std::map<std::string, MemberSchema> members_of(const std::string& class_iri) const;
};

/// The part of an IRI behind its last `#`, `/` or `:`; the whole of it when that is empty.
[[nodiscard]] std::string_view local_name(std::string_view iri) noexcept;

/// The part of an IRI up to and with its last `#`, `/` or `:`.
[[nodiscard]] std::string_view namespace_name(std::string_view iri) noexcept;

}  // namespace knhk::projections
