#include "knhk/rdf/detail/serd_parser.hpp"

#include <serd/serd.h>

#include <cstdarg>
#include <cstdio>
#include <exception>
#include <memory>

namespace knhk::rdf::detail {
namespace {

// What the callbacks of one run share.
struct Run {
  std::string_view text;
  Syntax syntax;
  TokenGate& gate;
  StatementSink& sink;
  std::optional<ParseFailure> failure;  // of the parser
  std::exception_ptr exception;         // out of a callback, to be thrown again behind the C code

  [[nodiscard]] bool stopped() const {
    return failure || exception || sink.refusal() || gate.refusal();
  }
};

// Calls `body`, keeps its exception away from C.
template <class Body>
SerdStatus guarded(void* handle, const Body& body) noexcept {
  Run& run = *static_cast<Run*>(handle);
  if (run.stopped()) return SERD_ERR_UNKNOWN;
  try {
    return body(run) ? SERD_SUCCESS : SERD_ERR_UNKNOWN;
  } catch (...) {
    run.exception = std::current_exception();
    return SERD_ERR_UNKNOWN;
  }
}

std::string_view text_of(const SerdNode* node) noexcept {
  if (node == nullptr || node->buf == nullptr) return {};
  return {reinterpret_cast<const char*>(node->buf), node->n_bytes};
}

ParsedNode parsed(const SerdNode* node) noexcept {
  using Kind = ParsedNode::Kind;
  if (node == nullptr) return {};
  const std::string_view text = text_of(node);
  switch (node->type) {
    case SERD_URI:
      return {Kind::iri, text};
    case SERD_CURIE:
      return {Kind::prefixed_name, text};
    case SERD_LITERAL:
      return {Kind::literal, text};
    case SERD_BLANK:
      if (text.starts_with(kLabelMark)) return {Kind::document_label, text.substr(1)};
      return {Kind::made_up_label, text};
    default:
      return {};
  }
}

SerdStatus on_base(void* handle, const SerdNode* iri) {
  return guarded(handle, [iri](Run& run) { return run.sink.set_base(text_of(iri)); });
}

SerdStatus on_prefix(void* handle, const SerdNode* prefix, const SerdNode* iri) {
  return guarded(handle, [prefix, iri](Run& run) {
    return run.sink.set_prefix(text_of(prefix), text_of(iri));
  });
}

SerdStatus on_statement(void* handle, SerdStatementFlags, const SerdNode* graph,
                        const SerdNode* subject, const SerdNode* predicate, const SerdNode* object,
                        const SerdNode* datatype, const SerdNode* language) {
  return guarded(handle, [&](Run& run) {
    if (graph != nullptr && run.syntax == Syntax::ntriples) {
      run.sink.refuse(Errc::syntax_error, "<" + std::string(text_of(graph)),
                      "a graph name is not part of N-Triples");
      return false;
    }
    return run.sink.add(parsed(graph), parsed(subject), parsed(predicate), parsed(object),
                        parsed(datatype), text_of(language));
  });
}

// serd's messages end with a newline, quote with a backquote, and may hold any byte.
std::string tidy(std::string_view message) {
  std::string text;
  for (const char c : message) {
    if (c == '\n') continue;
    text += c == '`' ? '\'' : (c >= ' ' && c < 0x7F) ? c : '?';
  }
  return text;
}

// serd goes on after some of its errors and then reports success; here each is a failure.
SerdStatus on_error(void* handle, const SerdError* error) {
  return guarded(handle, [error](Run& run) {
    char message[256];
    std::vsnprintf(message, sizeof message, error->fmt, *error->args);
    const std::size_t offset = run.gate.source_offset();
    run.failure = ParseFailure{
        Errc::syntax_error, offset,
        offset >= run.text.size() ? "the text ends in the middle of a statement" : tidy(message)};
    return false;
  });
}

std::size_t give_bytes(void* buffer, std::size_t size, std::size_t count, void* handle) {
  Run& run = *static_cast<Run*>(handle);
  std::size_t given = 0;
  (void)guarded(handle, [&](Run&) {
    given = run.gate.give(static_cast<char*>(buffer), size * count);
    return true;
  });
  return given;
}

int has_stream_failed(void* handle) { return static_cast<Run*>(handle)->stopped() ? 1 : 0; }

struct FreeReader {
  void operator()(SerdReader* reader) const noexcept { serd_reader_free(reader); }
};

// One piece of the text, with a reader of its own.
void run_piece(Run& run, Pace pace) {
  // N-Triples is read as N-Quads: serd's reader for it lets parts of Turtle through.
  const SerdSyntax syntax = run.syntax == Syntax::turtle ? SERD_TURTLE
                            : run.syntax == Syntax::trig ? SERD_TRIG
                                                         : SERD_NQUADS;
  const std::unique_ptr<SerdReader, FreeReader> reader(
      serd_reader_new(syntax, &run, nullptr, on_base, on_prefix, on_statement, nullptr));
  serd_reader_set_strict(reader.get(), true);
  serd_reader_set_error_sink(reader.get(), on_error, &run);
  constexpr std::size_t kPageBytes = 4096;
  const SerdStatus status =
      serd_reader_read_source(reader.get(), give_bytes, has_stream_failed, &run, nullptr,
                              pace == Pace::pages ? kPageBytes : 1);
  if (run.exception) std::rethrow_exception(run.exception);
  if (status > SERD_FAILURE && !run.stopped()) {
    const std::size_t offset = run.gate.source_offset();
    run.failure =
        ParseFailure{Errc::syntax_error, offset,
                     offset >= run.text.size() ? "the text ends in the middle of a statement"
                                               : "this can not stand here"};
  }
}

// Where `written` stands at or before `offset`; `offset` when it is not found.
std::size_t find_back(std::string_view text, std::string_view written, std::size_t offset) {
  if (written.empty()) return offset;
  const std::size_t found = text.rfind(written, offset);
  return found == std::string_view::npos ? offset : found;
}

}  // namespace

std::optional<ParseFailure> run_serd(std::string_view text, Syntax syntax, TokenGate& gate,
                                     StatementSink& sink, Pace pace) {
  Run run{text, syntax, gate, sink, std::nullopt, nullptr};
  do {
    run_piece(run, pace);
  } while (!run.stopped() && gate.next_piece());
  if (run.failure) return run.failure;
  if (const auto& refusal = sink.refusal()) {
    return ParseFailure{refusal->code, find_back(text, refusal->written, gate.source_offset()),
                        refusal->detail};
  }
  if (const auto& refusal = gate.refusal()) {
    return ParseFailure{refusal->code, refusal->offset, refusal->detail};
  }
  return std::nullopt;
}

}  // namespace knhk::rdf::detail
