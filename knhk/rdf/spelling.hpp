#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "knhk/rdf/chosen_quads.hpp"
#include "knhk/rdf/syntax.hpp"
#include "knhk/rdf/term_spelling.hpp"

namespace knhk::rdf {

/// Writes quads as N-Triples or N-Quads, with blanks, comments, escapes and line ends as `Choices`
/// say. Labels of blank nodes stay.
inline std::string spelled_in_lines(const Statements& statements, Choices& choices) {
  TermSpelling terms(choices);
  std::string out;
  const auto add = [&](const OwnedTerm& term) {
    if (term.kind == TermKind::iri) out += terms.absolute(term.text);
    if (term.kind == TermKind::blank) out += "_:" + term.text;
    if (term.kind == TermKind::literal) {
      out += terms.quoted(term.text, "\"");
      if (!term.language.empty())
        out += "@" + term.language;
      else if (term.datatype != kStringDatatype)
        out += "^^" + terms.absolute(term.datatype);
    }
    out += terms.blank();
  };
  for (const Statement& s : statements) {
    if (choices.rarely(6)) out += terms.blank();
    add(s.subject);
    add(s.predicate);
    add(s.object);
    if (s.graph) add(*s.graph);
    out += '.';
    out += choices.one_of(std::array{"\n", "\r\n", " # <c> .\n", "\n\n", "\n \t\n#\n", "\t\n"});
  }
  return out;
}

/// Writes quads as Turtle or TriG: with prefixes, bases, lists of objects and of predicates, bare
/// numbers, nested brackets, collections, graphs in pieces, as `Choices` say. Blank nodes that get
/// brackets lose their labels.
class Spelling {
 public:
  Spelling(const Statements& statements, Choices& choices)
      : choices_(choices), terms_(choices), statements_(statements) {
    find_uses();
    choose_nested();
  }

  [[nodiscard]] std::string text() {
    std::string out = terms_.directives();
    for (std::size_t i = 0; i < statements_.size();) {
      const Statement& s = statements_[i];
      if (written_.contains(i) || is_inside(s.subject)) {
        ++i;
        continue;
      }
      if (choices_.rarely(8)) out += terms_.directives();
      if (!s.graph && !choices_.rarely(8)) {
        out += group(i) + terms_.tight() + "." + terms_.gap();
      } else {
        out += block(i);
      }
    }
    return out;
  }

 private:
  struct Uses {
    std::vector<std::size_t> as_subject, as_object;
    bool as_graph = false;
  };

  void find_uses() {
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      const Statement& s = statements_[i];
      has_graphs_ |= s.graph.has_value();
      if (s.subject.kind == TermKind::blank) uses_[s.subject.text].as_subject.push_back(i);
      if (s.object.kind == TermKind::blank) uses_[s.object.text].as_object.push_back(i);
      if (s.graph && s.graph->kind == TermKind::blank) uses_[s.graph->text].as_graph = true;
    }
  }

  // A node that one object at most refers to, all about it in one graph, and that is no part of
  // itself.
  [[nodiscard]] bool is_nestable(const std::string& label, const Uses& uses) const {
    if (uses.as_graph || uses.as_object.size() > 1) return false;
    std::vector<std::size_t> all = uses.as_subject;
    all.insert(all.end(), uses.as_object.begin(), uses.as_object.end());
    for (const std::size_t i : all) {
      if (statements_[i].graph != statements_[all.front()].graph) return false;
    }
    const Uses* at = &uses;
    for (std::size_t steps = 0; steps < uses_.size() && at->as_object.size() == 1; ++steps) {
      const OwnedTerm& above = statements_[at->as_object.front()].subject;
      if (above.kind != TermKind::blank) break;
      if (above.text == label) return false;
      at = &uses_.at(above.text);
    }
    return true;
  }

  void choose_nested() {
    for (const auto& [label, uses] : uses_) {
      if (is_nestable(label, uses) && !choices_.rarely(4)) nested_.insert(label);
    }
  }

  [[nodiscard]] bool is_nested(const OwnedTerm& term) const {
    return term.kind == TermKind::blank && nested_.contains(term.text);
  }
  // Written where it is an object, and nowhere else.
  [[nodiscard]] bool is_inside(const OwnedTerm& term) const {
    return is_nested(term) && !uses_.at(term.text).as_object.empty();
  }

  // A graph in braces, with what comes first and perhaps more of it.
  std::string block(std::size_t first) {
    const std::optional<OwnedTerm> graph = statements_[first].graph;
    std::string out;
    if (graph) {
      if (choices_.below(2) == 0)
        out += choices_.one_of(std::array{"GRAPH", "graph"}) + terms_.gap();
      out += graph->kind == TermKind::blank ? "_:" + graph->text : terms_.iri(graph->text);
      out += terms_.gap();
    } else if (!has_graphs_) {
      return group(first) + " ." + terms_.gap();  // Turtle has no braces
    }
    out += "{" + terms_.tight() + group(first);
    for (std::size_t i = first + 1; i < statements_.size() && !choices_.rarely(4); ++i) {
      const Statement& s = statements_[i];
      if (written_.contains(i) || is_inside(s.subject) || s.graph != graph) continue;
      out += terms_.tight() + "." + terms_.gap() + group(i);
    }
    if (choices_.below(2) == 0) out += terms_.tight() + ".";
    return out + terms_.gap() + "}" + terms_.gap();
  }

  // Statements with the subject of `first`, one at least.
  std::string group(std::size_t first) {
    const OwnedTerm& subject = statements_[first].subject;
    if (subject.kind == TermKind::iri) {
      return terms_.iri(subject.text) + terms_.gap() + predicates(about(first, true));
    }
    if (!is_nested(subject)) {
      return "_:" + subject.text + terms_.gap() + predicates(about(first, true));
    }
    std::vector<std::size_t> all = about(first, false);
    if (choices_.rarely(3)) return "[" + terms_.gap() + predicates(all) + terms_.gap() + "]";
    if (all.size() == 1 || choices_.below(2) == 0) {
      return "[" + terms_.tight() + "]" + terms_.gap() + predicates(all);
    }
    const std::size_t last = all.back();
    all.pop_back();
    return "[" + terms_.gap() + predicates(all) + terms_.gap() + "]" + terms_.gap() +
           predicates({last});
  }

  // What is not written yet about the subject of `first` in its graph; `some`: perhaps not all.
  std::vector<std::size_t> about(std::size_t first, bool some) {
    std::vector<std::size_t> found;
    for (std::size_t i = first; i < statements_.size(); ++i) {
      const Statement& s = statements_[i];
      if (written_.contains(i) || s.subject != statements_[first].subject ||
          s.graph != statements_[first].graph || (some && i > first && choices_.rarely(4))) {
        continue;
      }
      found.push_back(i);
      written_.insert(i);
    }
    return found;
  }

  std::string predicates(const std::vector<std::size_t>& all) {
    std::string out;
    const OwnedTerm* previous = nullptr;
    for (const std::size_t i : all) {
      const Statement& s = statements_[i];
      if (previous != nullptr && *previous == s.predicate && !choices_.rarely(4)) {
        out += terms_.gap() + "," + terms_.tight();
      } else {
        if (previous != nullptr)
          out += terms_.gap() + (choices_.rarely(8) ? "; ;" : ";") + terms_.tight();
        const bool is_type = s.predicate.text == vocab::rdf::type && !choices_.rarely(3);
        out += (is_type ? "a" : terms_.iri(s.predicate.text)) + terms_.gap();
      }
      previous = &s.predicate;
      out += object(s.object);
    }
    if (choices_.rarely(6)) out += terms_.gap() + ";";
    return out + " ";
  }

  std::string object(const OwnedTerm& term) {
    if (term.kind == TermKind::literal) return terms_.literal(term);
    if (term.kind == TermKind::iri) {
      return term.text == vocab::rdf::nil && choices_.below(2) == 0 ? "(" + terms_.tight() + ")"
                                                                    : terms_.iri(term.text);
    }
    if (!is_nested(term)) return "_:" + term.text;
    if (is_list(term) && !choices_.rarely(4)) return collection(term);
    const std::vector<std::size_t>& inside = uses_.at(term.text).as_subject;
    if (inside.empty()) return "[" + terms_.tight() + "]";
    written_.insert(inside.begin(), inside.end());
    return "[" + terms_.tight() + predicates(inside) + "]";
  }

  // The statement about `term` with that predicate, when all about it is one of each of rdf:first
  // and rdf:rest.
  [[nodiscard]] const Statement* member(const OwnedTerm& term, std::string_view predicate) const {
    const std::vector<std::size_t>& inside = uses_.at(term.text).as_subject;
    if (inside.size() != 2) return nullptr;
    for (const std::size_t i : inside) {
      if (statements_[i].predicate.text == predicate) return &statements_[i];
    }
    return nullptr;
  }

  [[nodiscard]] bool is_list(const OwnedTerm& term) const {
    if (term.kind == TermKind::iri) return term.text == vocab::rdf::nil;
    if (!is_nested(term) || member(term, vocab::rdf::first) == nullptr) return false;
    const Statement* const rest = member(term, vocab::rdf::rest);
    return rest != nullptr && is_list(rest->object);
  }

  std::string collection(const OwnedTerm& head) {
    std::string out = "(" + terms_.tight();
    for (OwnedTerm at = head; at.kind == TermKind::blank;
         at = member(at, vocab::rdf::rest)->object) {
      const std::vector<std::size_t>& inside = uses_.at(at.text).as_subject;
      written_.insert(inside.begin(), inside.end());
      out += object(member(at, vocab::rdf::first)->object) + terms_.gap();
    }
    return out + ")";
  }

  Choices& choices_;
  TermSpelling terms_;
  const Statements& statements_;
  std::map<std::string, Uses> uses_;
  std::set<std::string> nested_;
  std::set<std::size_t> written_;
  bool has_graphs_ = false;
};

}  // namespace knhk::rdf
