#pragma once

// For the sources of this layer and of those above. Not installed, so that no program gets a JSON
// library with our headers.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"
#include "knhk/receipts/detail/json.hpp"

namespace knhk::receipts {

struct JsonRules {
  std::size_t max_bytes;
  Errc malformed;          ///< what malformed input is called
  std::string_view where;  ///< names the input in messages
  std::size_t max_depth = 16;
};

/// The JSON value (RFC 8259) in `text`. Beyond the grammar: no duplicate keys in an object (P43),
/// no nesting beyond `max_depth`, no more than `max_bytes`. Never throws.
[[nodiscard]] Result<Json> parse_json(std::string_view text, const JsonRules& rules);

/// `json` without white space. Fails with `code` when a string of it isn't UTF-8.
[[nodiscard]] Result<std::string> dump_json(const Json& json, Errc code, std::string_view where);

/// Reads the members of an object and remembers the first that isn't as it must be, so that a
/// reader asks once, at the end. Unknown members are ignored. Never throws.
class Fields {
 public:
  /// `prefix` names the object in messages: "predicate", "signatures[0]".
  Fields(const Json& object, std::string prefix);

  [[nodiscard]] bool ok() const { return problem_.empty(); }
  /// What is wrong, such as `"predicate.time" is missing`; empty when all is well.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  /// Takes over another reader's problem, or states one.
  void note(const std::string& problem);

  [[nodiscard]] std::string text(const char* key);
  /// Nothing when absent.
  [[nodiscard]] std::optional<std::string> optional_text(const char* key);
  [[nodiscard]] std::uint64_t unsigned_number(const char* key);
  [[nodiscard]] double number(const char* key);
  /// `sha256:` and 64 lowercase digits.
  [[nodiscard]] Digest digest(const char* key);
  [[nodiscard]] std::optional<Digest> optional_digest(const char* key);
  /// As `digest`, or null, which gives the zero digest.
  [[nodiscard]] Digest nullable_digest(const char* key);
  /// An array, or an empty one when it is wrong.
  [[nodiscard]] const Json& array(const char* key, std::size_t max_size);
  [[nodiscard]] const Json& object(const char* key);
  /// Null when absent.
  [[nodiscard]] const Json* find(const char* key) const;

 private:
  [[nodiscard]] const Json* required(const char* key);
  void wrong(const char* key, std::string_view complaint);

  const Json* object_;
  std::string prefix_;
  std::string problem_;
};

/// Reads 64 lowercase hexadecimal digits, nothing else.
[[nodiscard]] std::optional<Digest> digest_from_lowercase_hex(std::string_view text);

/// True for `2026-11-23T09:04:05Z`: a time of the one form that all our records use.
[[nodiscard]] bool is_utc_time(std::string_view text);

}  // namespace knhk::receipts
