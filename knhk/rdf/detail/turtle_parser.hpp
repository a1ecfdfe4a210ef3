#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/rdf/dataset.hpp"
#include "knhk/rdf/detail/namespaces.hpp"
#include "knhk/rdf/detail/passing_text.hpp"
#include "knhk/rdf/detail/scanner.hpp"
#include "knhk/rdf/reader.hpp"

namespace knhk::rdf::detail {

/// What goes before the labels of blank nodes.
struct LabelPrefixes {
  std::string written;  // for those that the text labels
  std::string made_up;  // for those that it doesn't; no label of the text starts so
};

/// Reads Turtle or TriG (RDF 1.1) into a builder. Brackets are kept on a stack of its own, so that
/// their depth costs heap, not stack.
class TurtleParser {
 public:
  TurtleParser(PassingText& text, Syntax syntax, const ReadOptions& options,
               const LabelPrefixes& labels, DatasetBuilder& builder);

  /// Nothing when all was read. What was read before a refusal is in the builder.
  [[nodiscard]] std::optional<Refusal> run();

 private:
  /// What is being read: the statements of a subject, between brackets or not, or a list. `closed`:
  /// brackets with nothing between them.
  struct Frame {
    enum class Kind : std::uint8_t { statement, bracket, list, closed };
    Kind kind = Kind::statement;
    TermId subject = kNoTerm;    // of a list: the present cell
    TermId predicate = kNoTerm;  // of the objects at hand
    bool empty = true;           // nothing was read in it yet
  };
  enum class Next : std::uint8_t { verb, object, item, after_object, done };

  // turtle_parser.cpp: statements
  [[nodiscard]] bool document();
  [[nodiscard]] bool block();
  [[nodiscard]] bool directive(std::string_view keyword);
  [[nodiscard]] bool graph(TermId name);
  [[nodiscard]] bool named_graph();
  [[nodiscard]] bool end_statement();
  [[nodiscard]] bool subject(bool& may_end);
  [[nodiscard]] bool predicates_and_objects(Next next);
  [[nodiscard]] bool verb(Next& next);
  [[nodiscard]] bool object(Next& next);
  [[nodiscard]] bool after_object(Next& next);
  [[nodiscard]] bool open(Frame& inner);
  [[nodiscard]] bool close(Next& next);
  [[nodiscard]] bool attach(TermId node);
  [[nodiscard]] bool add(TermId subject, TermId predicate, TermId object);

  // turtle_terms.cpp: terms
  [[nodiscard]] bool skip_blanks();
  [[nodiscard]] bool take_word(std::string_view word);
  [[nodiscard]] bool take_keyword(std::string_view word);
  [[nodiscard]] bool take_at_word(std::string_view word);
  [[nodiscard]] bool resource(TermId& out);
  [[nodiscard]] bool iri_text(std::string& scratch, std::string_view& out);
  [[nodiscard]] bool reference(std::string& scratch, std::string_view& out);
  [[nodiscard]] bool name(std::string& scratch, std::string_view& out);
  [[nodiscard]] bool local_name(std::string& out);
  [[nodiscard]] bool prefix(std::string_view& out);
  [[nodiscard]] bool blank_label(TermId& out);
  [[nodiscard]] bool object_term(TermId& out);
  [[nodiscard]] bool quoted_literal(TermId& out);
  [[nodiscard]] bool number(TermId& out);
  [[nodiscard]] bool intern(const Term& term, TermId& out);
  [[nodiscard]] bool fresh_blank(TermId& out);
  [[nodiscard]] bool well_known(std::string_view iri, TermId& known);
  [[nodiscard]] bool unexpected(std::string_view wanted);

  PassingText& passing_;
  Scanner scanner_;
  Syntax syntax_;
  const ReadOptions& options_;
  const LabelPrefixes& labels_;
  DatasetBuilder& builder_;
  Namespaces namespaces_;

  std::vector<Frame> frames_;
  TermId graph_ = kNoTerm;
  std::uint64_t made_up_ = 0;
  TermId type_ = kNoTerm, first_ = kNoTerm, rest_ = kNoTerm, nil_ = kNoTerm;  // once they are used
  std::string scratch_;
  std::string datatype_;
  std::size_t line_ = 1;  // at line_offset_
  std::size_t line_offset_ = 0;
};

}  // namespace knhk::rdf::detail
