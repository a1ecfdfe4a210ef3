#pragma once

#include <string_view>

/// The IRIs of the standard vocabularies that the code speaks about, by their local names. A name
/// that C++ reserves ends in `_`.
namespace knhk::rdf::vocab {

namespace rdf {
inline constexpr std::string_view kNamespace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
inline constexpr std::string_view type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
inline constexpr std::string_view first = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first";
inline constexpr std::string_view rest = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest";
inline constexpr std::string_view nil = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil";
inline constexpr std::string_view Property = "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property";
inline constexpr std::string_view langString =
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString";
}  // namespace rdf

namespace rdfs {
inline constexpr std::string_view kNamespace = "http://www.w3.org/2000/01/rdf-schema#";
inline constexpr std::string_view Class = "http://www.w3.org/2000/01/rdf-schema#Class";
inline constexpr std::string_view Datatype = "http://www.w3.org/2000/01/rdf-schema#Datatype";
inline constexpr std::string_view subClassOf = "http://www.w3.org/2000/01/rdf-schema#subClassOf";
inline constexpr std::string_view subPropertyOf =
    "http://www.w3.org/2000/01/rdf-schema#subPropertyOf";
inline constexpr std::string_view domain = "http://www.w3.org/2000/01/rdf-schema#domain";
inline constexpr std::string_view range = "http://www.w3.org/2000/01/rdf-schema#range";
inline constexpr std::string_view label = "http://www.w3.org/2000/01/rdf-schema#label";
inline constexpr std::string_view comment = "http://www.w3.org/2000/01/rdf-schema#comment";
inline constexpr std::string_view seeAlso = "http://www.w3.org/2000/01/rdf-schema#seeAlso";
}  // namespace rdfs

namespace owl {
inline constexpr std::string_view kNamespace = "http://www.w3.org/2002/07/owl#";
inline constexpr std::string_view Class = "http://www.w3.org/2002/07/owl#Class";
inline constexpr std::string_view Ontology = "http://www.w3.org/2002/07/owl#Ontology";
inline constexpr std::string_view Thing = "http://www.w3.org/2002/07/owl#Thing";
inline constexpr std::string_view Nothing = "http://www.w3.org/2002/07/owl#Nothing";
inline constexpr std::string_view ObjectProperty = "http://www.w3.org/2002/07/owl#ObjectProperty";
inline constexpr std::string_view DatatypeProperty =
    "http://www.w3.org/2002/07/owl#DatatypeProperty";
inline constexpr std::string_view AnnotationProperty =
    "http://www.w3.org/2002/07/owl#AnnotationProperty";
inline constexpr std::string_view FunctionalProperty =
    "http://www.w3.org/2002/07/owl#FunctionalProperty";
inline constexpr std::string_view InverseFunctionalProperty =
    "http://www.w3.org/2002/07/owl#InverseFunctionalProperty";
inline constexpr std::string_view AsymmetricProperty =
    "http://www.w3.org/2002/07/owl#AsymmetricProperty";
inline constexpr std::string_view IrreflexiveProperty =
    "http://www.w3.org/2002/07/owl#IrreflexiveProperty";
inline constexpr std::string_view SymmetricProperty =
    "http://www.w3.org/2002/07/owl#SymmetricProperty";
inline constexpr std::string_view TransitiveProperty =
    "http://www.w3.org/2002/07/owl#TransitiveProperty";
inline constexpr std::string_view AllDisjointClasses =
    "http://www.w3.org/2002/07/owl#AllDisjointClasses";
inline constexpr std::string_view AllDifferent = "http://www.w3.org/2002/07/owl#AllDifferent";
inline constexpr std::string_view members = "http://www.w3.org/2002/07/owl#members";
inline constexpr std::string_view distinctMembers = "http://www.w3.org/2002/07/owl#distinctMembers";
inline constexpr std::string_view disjointWith = "http://www.w3.org/2002/07/owl#disjointWith";
inline constexpr std::string_view equivalentClass = "http://www.w3.org/2002/07/owl#equivalentClass";
inline constexpr std::string_view equivalentProperty =
    "http://www.w3.org/2002/07/owl#equivalentProperty";
inline constexpr std::string_view inverseOf = "http://www.w3.org/2002/07/owl#inverseOf";
inline constexpr std::string_view sameAs = "http://www.w3.org/2002/07/owl#sameAs";
inline constexpr std::string_view differentFrom = "http://www.w3.org/2002/07/owl#differentFrom";
inline constexpr std::string_view imports = "http://www.w3.org/2002/07/owl#imports";
}  // namespace owl

namespace xsd {
inline constexpr std::string_view kNamespace = "http://www.w3.org/2001/XMLSchema#";
inline constexpr std::string_view string = "http://www.w3.org/2001/XMLSchema#string";
inline constexpr std::string_view boolean = "http://www.w3.org/2001/XMLSchema#boolean";
inline constexpr std::string_view integer = "http://www.w3.org/2001/XMLSchema#integer";
inline constexpr std::string_view decimal = "http://www.w3.org/2001/XMLSchema#decimal";
inline constexpr std::string_view double_ = "http://www.w3.org/2001/XMLSchema#double";
inline constexpr std::string_view float_ = "http://www.w3.org/2001/XMLSchema#float";
inline constexpr std::string_view date = "http://www.w3.org/2001/XMLSchema#date";
inline constexpr std::string_view time = "http://www.w3.org/2001/XMLSchema#time";
inline constexpr std::string_view dateTime = "http://www.w3.org/2001/XMLSchema#dateTime";
inline constexpr std::string_view anyURI = "http://www.w3.org/2001/XMLSchema#anyURI";
}  // namespace xsd

namespace sh {
/// SHACL (https://www.w3.org/TR/shacl/). The terms of constraints are listed where they are
/// compiled; these are the ones that more than one place needs.
inline constexpr std::string_view kNamespace = "http://www.w3.org/ns/shacl#";
inline constexpr std::string_view NodeShape = "http://www.w3.org/ns/shacl#NodeShape";
inline constexpr std::string_view PropertyShape = "http://www.w3.org/ns/shacl#PropertyShape";
inline constexpr std::string_view Violation = "http://www.w3.org/ns/shacl#Violation";
inline constexpr std::string_view Warning = "http://www.w3.org/ns/shacl#Warning";
inline constexpr std::string_view Info = "http://www.w3.org/ns/shacl#Info";
}  // namespace sh

}  // namespace knhk::rdf::vocab
