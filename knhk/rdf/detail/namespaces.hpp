#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace knhk::rdf::detail {

/// The base and the prefixes that hold at a place of a Turtle or TriG text.
class Namespaces {
 public:
  /// Requires: `base` is absolute, or empty: there is none.
  explicit Namespaces(std::string base) : base_(std::move(base)) {}

  /// `iri` made absolute; false when it is relative and there is no base. `out` may be `iri` itself
  /// or a view of `scratch`.
  [[nodiscard]] bool resolve(std::string_view iri, std::string& scratch,
                             std::string_view& out) const;
  /// Null when there is no such prefix.
  [[nodiscard]] const std::string* find(std::string_view prefix) const;

  void set_base(std::string_view iri) { base_ = iri; }
  void set_prefix(std::string_view prefix, std::string_view iri) {
    prefixes_.insert_or_assign(std::string(prefix), std::string(iri));
  }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };

  std::string base_;
  std::unordered_map<std::string, std::string, TextHash, std::equal_to<>> prefixes_;
};

}  // namespace knhk::rdf::detail
