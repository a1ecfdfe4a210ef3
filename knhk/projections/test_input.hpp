#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "knhk/projections/compiler.hpp"
#include "knhk/rdf/canonical.hpp"
#include "knhk/rdf/reader.hpp"

namespace knhk::projections::testing {

/// A dataset read back from its canonical N-Quads, as the compiler wants it, with its id.
struct Canonicalized {
  rdf::Dataset dataset;
  SnapshotId id;
};

inline Canonicalized canonicalized(std::string_view turtle) {
  const auto parsed = rdf::read_dataset(turtle, "test.ttl");
  EXPECT_TRUE(parsed) << (parsed ? "" : to_string(parsed.error()));
  if (!parsed) return {};
  const auto canonical = rdf::canonicalize(*parsed);
  EXPECT_TRUE(canonical);
  if (!canonical) return {};
  auto again = rdf::read_dataset(canonical->nquads, "canonical.nq");
  EXPECT_TRUE(again);
  if (!again) return {};
  return {std::move(*again), rdf::snapshot_id_of(canonical->nquads)};
}

inline constexpr std::string_view kShop = R"(
@prefix : <http://example.org/shop#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://example.org/shop> a owl:Ontology ; rdfs:label "The shop" .
:Product a owl:Class ; rdfs:label "Product"@en, "Produkt"@de ; rdfs:comment "What is sold." .
:Book a owl:Class ; rdfs:subClassOf :Product .
:Category a owl:Class .
:name a owl:DatatypeProperty ; rdfs:domain :Product ; rdfs:range xsd:string .
:isbn a owl:DatatypeProperty, owl:FunctionalProperty ; rdfs:domain :Book ; rdfs:range xsd:string .
:category a owl:ObjectProperty ; rdfs:domain :Product ; rdfs:range :Category .
:b1 a :Book ; :name "Ulysses" ; :isbn "123" ; :category :novels ; :price 12.50 .
:novels a :Category .
)";

inline constexpr std::string_view kShopShapes = R"(
@prefix : <http://example.org/shop#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:ProductShape a sh:NodeShape ; sh:targetClass :Product ;
  sh:property [ sh:path :name ; sh:minCount 1 ; sh:maxCount 1 ; sh:minLength 3 ] ;
  sh:property [ sh:path :price ; sh:datatype xsd:decimal ; sh:maxCount 1 ; sh:minInclusive 0 ] ;
  sh:property [ sh:path :category ; sh:class :Category ; sh:minCount 1 ] ;
  sh:property [ sh:path :stock ; sh:datatype xsd:integer ; sh:minCount 1 ; sh:maxCount 1 ] .
)";

/// Names and texts of someone who wants to break out of whatever they are printed in.
inline constexpr std::string_view kHostile = R"(
@prefix : <http://example.org/h#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
:class a owl:Class ; rdfs:label "*/ int x = ; /* \\\n#error out\n```\n# Heading ??/" ;
  rdfs:comment "ends in a backslash \\" .
<http://example.org/h#class-> a owl:Class ; rdfs:label "| a | b |\r\n|---|" .
<http://example.org/h#class+> a owl:Class ; rdfs:label "*\\" ; rdfs:comment "\u202Eright\u2066 \u2028 to left" .
<http://example.org/h#std> a owl:Class ; rdfs:label "<script>alert(1)</script> [x](javascript:y) `c`" .
<http://example.org/h#int> a owl:Class ; rdfs:label "\"]\nclick C1 call" .
<http://example.org/h#> a owl:Class .
<http://example.org/h#\u00E4\u00F6> a owl:Class .
<http://example.org/h#\u4E2D\u6587> a owl:Class ; rdfs:label "\u4E2D\u6587" .
<http://example.org/std/vector> a owl:Class .
<http://example.org/std#vector> a owl:Class .
<http://example.org/knhk_models#Ref> a owl:Class .
<urn:x:1st> a owl:Class .
<urn:x:INT_MAX> a owl:Class .
<urn:x:linux> a owl:Class .
:kIri a owl:DatatypeProperty ; rdfs:domain :class ; rdfs:comment "??/" .
:id a owl:DatatypeProperty ; rdfs:domain :class .
:class_ a owl:DatatypeProperty ; rdfs:domain :class .
:new a owl:DatatypeProperty ; rdfs:domain :class .
:New a owl:DatatypeProperty .
<http://example.org/h#a?b%22c> a owl:DatatypeProperty ; rdfs:domain :class .
<http://example.org/other#id> a owl:DatatypeProperty ; rdfs:domain :class .
:self a owl:ObjectProperty ; rdfs:domain :class ; rdfs:range :class .
)";

}  // namespace knhk::projections::testing
