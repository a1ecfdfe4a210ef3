#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "knhk/ontology/domain.hpp"

namespace knhk::ontology::testing {

inline constexpr std::string_view kPrefixes = R"(
@prefix : <http://example.org/shop#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
)";

/// A small shop that all invariants hold for.
inline constexpr std::string_view kSound = R"(
:Product a owl:Class . :Service a owl:Class ; owl:disjointWith :Product .
:name a owl:DatatypeProperty, owl:FunctionalProperty ; rdfs:range xsd:string .
:chair a :Product ; :name "Chair" ; :madeOf [ :material "oak" ] .
)";

inline constexpr std::string_view kRules = R"(
:ProductShape a sh:NodeShape ; sh:targetClass :Product ;
  sh:property [ sh:path :name ; sh:minCount 1 ; sh:datatype xsd:string ] ;
  sh:property [ sh:path :note ; sh:maxCount 1 ; sh:severity sh:Warning ] .
)";

inline promotion::Source source(std::string name, std::string bytes) {
  promotion::Source made;
  made.name = std::move(name);
  made.bytes = std::move(bytes);
  return made;
}

inline std::vector<promotion::Source> sources(std::string_view data, std::string_view rules = "") {
  std::vector<promotion::Source> all{source("data.ttl", std::string(kPrefixes).append(data))};
  if (!rules.empty()) {
    all.push_back(source("shapes.ttl", std::string(kPrefixes).append(rules)));
    all.back().role = promotion::SourceRole::shapes;
  }
  return all;
}

/// A snapshot with everything that was compiled of it.
struct Compiled {
  Snapshot snapshot;
  std::vector<promotion::Blob> blobs;

  [[nodiscard]] std::vector<promotion::VerifiedBlob> verified() const {
    std::vector<promotion::VerifiedBlob> all;
    for (const promotion::Blob& blob : blobs) all.push_back(promotion::VerifiedBlob::seal(blob));
    return all;
  }
};

inline Result<Compiled> compile(std::string_view data, std::string_view rules = "") {
  const OntologyDomain domain;
  auto snapshot = domain.parse(sources(data, rules));
  if (!snapshot) return forward_error(std::move(snapshot));
  auto blobs = domain.compile(*snapshot);
  if (!blobs) return forward_error(std::move(blobs));
  return Compiled{std::move(*snapshot), std::move(*blobs)};
}

}  // namespace knhk::ontology::testing
