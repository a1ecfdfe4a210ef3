#include "knhk/rdf/detail/turtle_parser.hpp"

#include <algorithm>
#include <utility>

#include "knhk/rdf/vocabulary.hpp"

namespace knhk::rdf::detail {

TurtleParser::TurtleParser(PassingText& text, Syntax syntax, const ReadOptions& options,
                           const LabelPrefixes& labels, DatasetBuilder& builder)
    : passing_(text),
      scanner_(text.text(), options.limits.term_bytes),
      syntax_(syntax),
      options_(options),
      labels_(labels),
      builder_(builder),
      namespaces_(options.base) {}

std::optional<Refusal> TurtleParser::run() {
  (void)document();
  return scanner_.refusal();
}

bool TurtleParser::document() {
  while (true) {
    if (!skip_blanks()) return false;
    if (scanner_.at_end()) return true;
    if (!block()) return false;
  }
}

// A directive, a graph, or the statements of one subject.
bool TurtleParser::block() {
  if (scanner_.peek() == '@') {
    for (const std::string_view keyword : {"prefix", "base"}) {
      if (take_at_word(keyword)) return directive(keyword) && end_statement();
    }
    const std::string_view rest = scanner_.text().substr(scanner_.at());
    const std::size_t end = scanner_.end_of_word(scanner_.at() + 1) - scanner_.at();
    return scanner_.refuse("a directive is '@prefix' or '@base', not " +
                           quoted(rest.substr(0, end)));
  }
  // Without '@' the case of the letters doesn't matter.
  for (const std::string_view keyword : {"prefix", "base"}) {
    if (take_keyword(keyword)) return directive(keyword);
  }
  if (syntax_ == Syntax::trig) {
    if (take_keyword("graph")) return named_graph();
    if (scanner_.peek() == '{') return graph(kNoTerm);
  }
  const bool can_name_graph = scanner_.peek() != '(';
  bool may_end = false;
  if (!subject(may_end) || !skip_blanks()) return false;
  const bool is_graph =
      syntax_ == Syntax::trig && can_name_graph && !may_end && scanner_.peek() == '{';
  if (is_graph) return graph(frames_.back().subject);
  if (!may_end || scanner_.peek() != '.') {
    if (!predicates_and_objects(Next::verb)) return false;
  }
  return end_statement();
}

bool TurtleParser::end_statement() {
  if (!skip_blanks()) return false;
  if (scanner_.peek() != '.') return unexpected("a statement ends with '.'");
  scanner_.skip(1);
  return true;
}

bool TurtleParser::directive(std::string_view keyword) {
  if (!skip_blanks()) return false;
  std::string_view prefix_name;
  if (keyword == "prefix" && (!prefix(prefix_name) || !skip_blanks())) return false;
  std::string_view iri;
  if (scanner_.peek() != '<') return unexpected("an IRI between '<' and '>' has to stand here");
  if (!reference(scratch_, iri)) return false;
  if (keyword == "prefix") {
    namespaces_.set_prefix(prefix_name, iri);
  } else {
    namespaces_.set_base(iri);
  }
  return true;
}

bool TurtleParser::named_graph() {
  TermId name = kNoTerm;
  if (!skip_blanks()) return false;
  if (scanner_.peek() == '[') {
    scanner_.skip(1);
    if (!skip_blanks()) return false;
    if (scanner_.peek() != ']') return unexpected("']' has to follow here");
    scanner_.skip(1);
    if (!fresh_blank(name)) return false;
  } else if (!resource(name)) {
    return false;
  }
  if (!skip_blanks()) return false;
  if (scanner_.peek() != '{') return unexpected("'{' has to follow the name of a graph");
  return graph(name);
}

// From '{' to '}'. The last statement needs no full stop.
bool TurtleParser::graph(TermId name) {
  graph_ = name;
  scanner_.skip(1);
  while (true) {
    if (!skip_blanks()) return false;
    if (scanner_.peek() == '}') break;
    bool may_end = false;
    if (!subject(may_end) || !skip_blanks()) return false;
    const bool ends = scanner_.peek() == '.' || scanner_.peek() == '}';
    if ((!may_end || !ends) && !predicates_and_objects(Next::verb)) return false;
    if (!skip_blanks()) return false;
    if (scanner_.peek() == '}') break;
    if (!end_statement()) return false;
  }
  scanner_.skip(1);
  graph_ = kNoTerm;
  return true;
}

// Leaves one frame, that of the statement. `may_end`: statements stood in its brackets already, so
// that none has to follow.
bool TurtleParser::subject(bool& may_end) {
  frames_.assign(1, {Frame::Kind::statement});
  const char c = scanner_.peek();
  if (c != '[' && c != '(') return resource(frames_.back().subject);
  Frame inner;
  if (!open(inner)) return false;
  frames_.back().subject = inner.subject;
  if (inner.kind == Frame::Kind::closed) return true;
  may_end = inner.kind == Frame::Kind::bracket;
  frames_.push_back(inner);
  return predicates_and_objects(may_end ? Next::verb : Next::item);
}

// Reads on until the statement ends, or until what was opened as its subject is closed.
bool TurtleParser::predicates_and_objects(Next next) {
  while (next != Next::done) {
    if (!skip_blanks()) return false;
    bool read = false;
    switch (next) {
      case Next::verb:
        read = verb(next);
        break;
      case Next::object:
      case Next::item:
        read = object(next);
        break;
      case Next::after_object:
        read = after_object(next);
        break;
      case Next::done:
        break;
    }
    if (!read) return false;
  }
  return true;
}

bool TurtleParser::verb(Next& next) {
  Frame& frame = frames_.back();
  const char c = scanner_.peek();
  if (!frame.empty) {  // behind a ';'
    if (c == ';') {
      scanner_.skip(1);
      return true;
    }
    if (frame.kind == Frame::Kind::bracket ? c == ']' : (c == '.' || c == '}')) {
      next = Next::after_object;
      return true;
    }
  }
  frame.empty = false;
  next = Next::object;
  if (c == 'a' && scanner_.end_of_word(scanner_.at()) == scanner_.at() + 1) {
    scanner_.skip(1);
    if (!well_known(vocab::rdf::type, type_)) return false;
    frame.predicate = type_;
    return true;
  }
  if (c == '_' || c == '[' || c == '(' || c == '"' || c == '\'') {
    return scanner_.refuse("a predicate has to be an IRI");
  }
  return resource(frame.predicate);
}

bool TurtleParser::object(Next& next) {
  const char c = scanner_.peek();
  if (next == Next::item && c == ')') return close(next);
  if (next == Next::object) next = Next::after_object;
  TermId node = kNoTerm;
  if (c != '[' && c != '(') return object_term(node) && attach(node);
  Frame inner;
  if (!open(inner) || !attach(inner.subject)) return false;
  if (inner.kind == Frame::Kind::closed) return true;
  next = inner.kind == Frame::Kind::list ? Next::item : Next::verb;
  frames_.push_back(inner);
  return true;
}

bool TurtleParser::after_object(Next& next) {
  switch (scanner_.peek()) {
    case ',':
      scanner_.skip(1);
      next = Next::object;
      return true;
    case ';':
      scanner_.skip(1);
      next = Next::verb;
      return true;
    case ']':
      if (frames_.back().kind == Frame::Kind::bracket) return close(next);
      return scanner_.refuse("']' closes nothing");
    default:
      if (frames_.back().kind == Frame::Kind::bracket) {
        return unexpected("',', ';' or ']' has to follow an object here");
      }
      next = Next::done;  // whoever began the statement looks at what ends it
      return true;
  }
}

// `inner`: the frame of what is opened, and the node that it stands for.
bool TurtleParser::open(Frame& inner) {
  const std::size_t depth = frames_.size();  // with the statement's own frame, so one more
  if (depth > options_.limits.nesting) {
    return scanner_.refuse(
        Errc::limit_exceeded, scanner_.at(),
        "brackets nested deeper than " + std::to_string(options_.limits.nesting));
  }
  const bool is_list = scanner_.peek() == '(';
  scanner_.skip(1);
  if (!skip_blanks()) return false;
  inner.kind = is_list ? Frame::Kind::list : Frame::Kind::bracket;
  if (scanner_.peek() == (is_list ? ')' : ']')) {
    scanner_.skip(1);
    inner.kind = Frame::Kind::closed;
    if (is_list) {
      if (!well_known(vocab::rdf::nil, nil_)) return false;
      inner.subject = nil_;
      return true;
    }
  }
  return fresh_blank(inner.subject);
}

bool TurtleParser::close(Next& next) {
  scanner_.skip(1);
  const Frame closed = frames_.back();
  if (closed.kind == Frame::Kind::list) {
    if (!well_known(vocab::rdf::rest, rest_) || !well_known(vocab::rdf::nil, nil_)) return false;
    if (!add(closed.subject, rest_, nil_)) return false;
  }
  frames_.pop_back();
  const Frame& parent = frames_.back();
  if (parent.kind == Frame::Kind::list) {
    next = Next::item;
  } else {
    next = parent.predicate == kNoTerm ? Next::done : Next::after_object;
  }
  return true;
}

// Makes `node` an object of what is being read.
bool TurtleParser::attach(TermId node) {
  Frame& frame = frames_.back();
  if (frame.kind != Frame::Kind::list) return add(frame.subject, frame.predicate, node);
  if (!well_known(vocab::rdf::first, first_)) return false;
  if (!frame.empty) {
    TermId cell = kNoTerm;
    if (!well_known(vocab::rdf::rest, rest_) || !fresh_blank(cell)) return false;
    if (!add(frame.subject, rest_, cell)) return false;
    frame.subject = cell;
  }
  frame.empty = false;
  return add(frame.subject, first_, node);
}

bool TurtleParser::add(TermId subject, TermId predicate, TermId object) {
  const Quad quad{subject, predicate, object, graph_};
  builder_.add(quad);
  if (options_.on_quad) {
    const std::string_view passed =
        scanner_.text().substr(line_offset_, scanner_.at() - line_offset_);
    line_ += static_cast<std::size_t>(std::count(passed.begin(), passed.end(), '\n'));
    line_offset_ = scanner_.at();
    options_.on_quad(quad, line_);
  }
  passing_.pass(scanner_.at());
  return true;
}

}  // namespace knhk::rdf::detail
