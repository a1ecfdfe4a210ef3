#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/base/error.hpp"
#include "knhk/rdf/detail/text.hpp"
#include "knhk/rdf/reader.hpp"
#include "knhk/rdf/syntax.hpp"

namespace knhk::rdf::detail {

/// What stands before blank node labels of the document when they come out of the gate. The parser
/// behind it makes up labels of its own (`b1`), which never start so.
inline constexpr char kLabelMark = 'x';

/// A stream of bytes that lets only well-formed tokens through to the parser behind it.
///
/// serd accepts some things that RDF 1.1 does not, refuses some that it does, and recurses for
/// every bracket. The gate reads the text token by token in front of it: it bounds nesting and
/// length, checks escapes, IRIs, language tags and labels, and rewrites what serd would take
/// wrongly:
///   `_:b1`       becomes `_:xb1`: serd renames `b1` and then refuses `B1`;
///   `<base>`     becomes `<./base>`: serd takes `<base>`, `<prefix>`, `<graph>` for directives;
///   `"a" @en`    becomes `"a"@en`, likewise around `^^`: serd does not allow the blank.
///
/// Requires: the text has no encoding flaw.
class TokenGate {
 public:
  struct Refusal {
    Errc code;
    std::size_t offset;
    std::string detail;
  };

  TokenGate(std::string_view text, Syntax syntax, const ReadLimits& limits);

  /// Fills `out` with up to `size` bytes; fewer only at the end of the text, of a piece, or at a
  /// refusal.
  std::size_t give(char* out, std::size_t size);
  /// Line-based syntaxes come in pieces that end with a line, each for a parser of its own: ends
  /// the present piece. Returns false when the text is used up.
  [[nodiscard]] bool next_piece();
  [[nodiscard]] const std::optional<Refusal>& refusal() const noexcept { return refusal_; }
  /// Where the byte that was given last came from; the end of the text when all was given and asked
  /// for more.
  [[nodiscard]] std::size_t source_offset() const noexcept;

 private:
  // From here on, output and text differ by a constant until the next shift.
  struct Shift {
    std::size_t given;
    std::size_t source;
  };

  void next_token();
  void blank();
  void comment();
  void iri();
  void string(char quote);
  void at_word();
  void word();
  void number();
  void name_or_label();
  void blank_label(std::size_t end);
  void punctuation(char c);
  void open();
  void close(char c);
  // Checks the escape at `at` and moves `at` behind it.
  [[nodiscard]] bool escape(std::size_t& at, bool in_iri);
  // Skips blanks and comments at `at`.
  [[nodiscard]] std::size_t after_blanks(std::size_t at) const noexcept;
  [[nodiscard]] std::size_t end_of_word(std::size_t at) const noexcept;
  [[nodiscard]] bool statement_token(std::size_t offset);
  void emit(std::size_t end);
  void emit_text(std::string_view text);
  void skip_to(std::size_t offset);
  void refuse(Errc code, std::size_t offset, std::string detail);
  [[nodiscard]] char peek(std::size_t offset) const noexcept {
    return offset < text_.size() ? text_[offset] : '\0';
  }

  std::string_view text_;
  Syntax syntax_;
  ReadLimits limits_;
  std::size_t at_ = 0;
  std::size_t nesting_ = 0;
  bool after_string_ = false;
  bool in_statement_ = false;  // line-based syntaxes only, as the next
  bool statement_ended_ = false;

  std::string pending_;
  std::size_t pending_given_ = 0;
  std::size_t given_ = 0;     // bytes handed out
  std::size_t produced_ = 0;  // bytes put into pending_, ever
  std::size_t piece_start_ = 0;
  bool at_piece_end_ = false;
  bool asked_beyond_end_ = false;
  std::vector<Shift> shifts_;
  std::optional<Refusal> refusal_;
};

}  // namespace knhk::rdf::detail
