#pragma once

#include <array>
#include <random>
#include <set>
#include <string>
#include <string_view>

#include "knhk/rdf/choices.hpp"

// Shapes and data made up from bytes, as Turtle, over one small vocabulary.
namespace knhk::shacl {

/// Well-formed shapes with all kinds of targets, paths and constraints; they may refer to
/// themselves.
class ChosenShapes {
 public:
  explicit ChosenShapes(rdf::Choices& choices) : choices_(choices) {
    shape_count_ = 1 + choices_.below(4);
    for (std::size_t i = 0; i < shape_count_; ++i) {
      text_ += named(i) + " a sh:NodeShape ;" + target() + body(2, false) + " .\n";
    }
  }

  /// Without prefixes.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// Whether a shape looks at predicates that it doesn't name.
  [[nodiscard]] bool is_closed() const noexcept { return is_closed_; }

 private:
  static std::string named(std::size_t number) { return "ex:S" + std::to_string(number); }
  std::string node() { return "ex:n" + std::to_string(choices_.below(8)); }
  std::string predicate() { return "ex:p" + std::to_string(choices_.below(4)); }
  std::string value() {
    return std::string(choices_.one_of(std::array{"ex:n0", "ex:n1", "1", "2.5", "\"a\"", "\"b\"@en",
                                                  "\"x\"^^xsd:integer", "true"}));
  }

  std::string target() {
    std::string out;
    for (std::size_t left = 1 + choices_.below(2); left > 0; --left) {
      switch (choices_.below(4)) {
        case 0:
          out += " sh:targetClass ex:C" + std::to_string(choices_.below(3)) + " ;";
          break;
        case 1:
          out += " sh:targetNode " + node() + " ;";
          break;
        case 2:
          out += " sh:targetSubjectsOf " + predicate() + " ;";
          break;
        default:
          out += " sh:targetObjectsOf " + predicate() + " ;";
      }
    }
    return out;
  }

  std::string path(std::size_t depth) {
    const std::size_t kind = depth == 0 ? 0 : choices_.below(10);
    const auto wrapped = [&](const char* property) {
      return "[ sh:" + std::string(property) + " " + path(depth - 1) + " ]";
    };
    switch (kind) {
      case 5:
        return wrapped("inversePath");
      case 6:
        return "( " + path(depth - 1) + " " + path(depth - 1) + " )";
      case 7:
        return "[ sh:alternativePath ( " + path(depth - 1) + " " + path(depth - 1) + " ) ]";
      case 8:
        return wrapped(choices_.one_of(std::array{"zeroOrMorePath", "oneOrMorePath"}));
      case 9:
        return wrapped("zeroOrOnePath");
      default:
        return predicate();
    }
  }

  std::string shape(std::size_t depth) {
    if (depth == 0 || choices_.rarely(3)) return named(choices_.below(shape_count_));
    return "[" + body(depth - 1, false) + " ]";
  }

  std::string body(std::size_t depth, bool is_property) {
    std::string out;
    std::set<std::string> used;  // most properties may be there once
    for (std::size_t left = 1 + choices_.below(3); left > 0; --left) {
      const std::string one = constraint(depth, is_property);
      if (used.insert(one.substr(0, one.find(' ', 1))).second) out += one;
    }
    if (choices_.rarely(6)) out += " sh:severity sh:Warning ;";
    return out;
  }

  std::string constraint(std::size_t depth, bool is_property) {
    const auto number = [this] { return std::to_string(choices_.below(4)); };
    switch (choices_.below(is_property ? 22 : 18)) {
      case 0:
      case 1:
      case 2:
        return depth == 0
                   ? " sh:nodeKind sh:IRI ;"
                   : " sh:property [ sh:path " + path(2) + " ;" + body(depth - 1, true) + " ] ;";
      case 3:
        return " sh:class ex:C" + std::to_string(choices_.below(3)) + " ;";
      case 4:
        return " sh:datatype xsd:" +
               std::string(choices_.one_of(std::array{"integer", "string", "decimal"})) + " ;";
      case 5:
        return " sh:nodeKind sh:" +
               std::string(choices_.one_of(std::array{"BlankNode", "Literal", "IRIOrLiteral"})) +
               " ;";
      case 6:
        return " sh:" +
               std::string(
                   choices_.one_of(std::array{"minInclusive", "maxExclusive", "minExclusive"})) +
               " " + number() + " ;";
      case 7:
        return " sh:maxLength " + number() + " ;";
      case 8:
        return " sh:pattern \"" +
               std::string(choices_.one_of(std::array{"^a", "n[0-3]$", "(a|b)*c", "."})) + "\" ;";
      case 9:
        return " sh:languageIn ( \"en\" \"de\" ) ;";
      case 10:
        return " sh:in ( " + value() + " " + value() + " ) ;";
      case 11:
        return " sh:hasValue " + value() + " ;";
      case 12:
        return " sh:not " + shape(depth) + " ;";
      case 13:
        return " sh:" + std::string(choices_.one_of(std::array{"and", "or", "xone"})) + " ( " +
               shape(depth) + " " + shape(depth) + " ) ;";
      case 14:
        return " sh:node " + shape(depth) + " ;";
      case 15:
        return " sh:equals " + predicate() + " ;";
      case 16:
        return " sh:disjoint " + predicate() + " ;";
      case 17:
        if (is_property) return " sh:minLength " + number() + " ;";
        is_closed_ = true;
        return " sh:closed true ; sh:ignoredProperties ( rdf:type " + predicate() + " ) ;";
      case 18:
        return " sh:minCount " + number() + " ;";
      case 19:
        return " sh:maxCount " + number() + " ;";
      case 20:
        return " sh:uniqueLang true ;";
      default:
        return " sh:qualifiedValueShape " + shape(depth) + " ; sh:qualifiedMinCount " + number() +
               " ; sh:qualifiedMaxCount " + number() + " ;";
    }
  }

  rdf::Choices& choices_;
  std::size_t shape_count_ = 0;
  bool is_closed_ = false;
  std::string text_;
};

/// Data for such shapes: `node_count` nodes with types and values, without prefixes.
inline std::string chosen_data(std::size_t node_count, std::uint32_t seed) {
  static const std::array<std::string, 12> kValues = {"1",        "2",
                                                      "3.5",      "\"a\"",
                                                      "\"abc\"",  "\"b\"@en",
                                                      "\"c\"@de", "\"x\"^^xsd:integer",
                                                      "true",     "\"2020-01-01\"^^xsd:date",
                                                      "_:b1",     "[ ex:p1 ex:n1 ]"};
  std::minstd_rand random(seed + 1);
  const auto below = [&random](std::size_t bound) { return (random() >> 8U) % bound; };
  std::string text = "ex:C1 rdfs:subClassOf ex:C0 . ex:C2 rdfs:subClassOf ex:C1 .\n";
  for (std::size_t i = 0; i < node_count; ++i) {
    const std::string node = "ex:n" + std::to_string(i);
    if (below(3) > 0) text += node + " a ex:C" + std::to_string(below(3)) + " .\n";
    for (std::size_t left = below(4); left > 0; --left) {
      text += node + " ex:p" + std::to_string(below(4)) + " ";
      text += below(2) == 0 ? kValues[below(kValues.size())]
                            : "ex:n" + std::to_string(below(std::min<std::size_t>(node_count, 12)));
      text += " .\n";
    }
  }
  return text;
}

}  // namespace knhk::shacl
