#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "knhk/base/error.hpp"
#include "knhk/rdf/dataset.hpp"
#include "knhk/rdf/term.hpp"

namespace knhk::rdf::detail {

/// A node as the parser hands it over: nothing is resolved yet.
struct ParsedNode {
  enum class Kind : std::uint8_t {
    none,
    iri,
    prefixed_name,
    document_label,
    made_up_label,
    literal
  };
  Kind kind = Kind::none;
  std::string_view text;  // labels without mark
};

/// Expands names, resolves IRIs, and puts statements into a builder, or nowhere, when only the
/// place of an error is looked for.
class StatementSink {
 public:
  struct Refusal {
    Errc code;
    std::string written;  // as it stands in the text, to find the place
    std::string detail;
  };

  /// `builder` may be null. Labels of the document get `label_prefix` in front, made-up ones
  /// `made_up_prefix`.
  StatementSink(DatasetBuilder* builder, std::string base, std::string label_prefix,
                std::string made_up_prefix);

  // Each returns false once something was refused.
  [[nodiscard]] bool set_base(std::string_view iri);
  [[nodiscard]] bool set_prefix(std::string_view prefix, std::string_view iri);
  [[nodiscard]] bool add(const ParsedNode& graph, const ParsedNode& subject,
                         const ParsedNode& predicate, const ParsedNode& object,
                         const ParsedNode& datatype, std::string_view language);

  void refuse(Errc code, std::string written, std::string detail);
  [[nodiscard]] const std::optional<Refusal>& refusal() const noexcept { return refusal_; }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };

  // Into `out`; false when refused.
  [[nodiscard]] bool resolve(const ParsedNode& node, std::string& out);
  [[nodiscard]] bool resolve_reference(std::string_view iri, std::string& out);
  [[nodiscard]] bool expand(std::string_view name, std::string& out);
  [[nodiscard]] std::optional<TermId> intern(const ParsedNode& node);
  [[nodiscard]] std::optional<TermId> intern(const Term& term);

  DatasetBuilder* builder_;
  std::string base_;
  std::string label_prefix_;
  std::string made_up_prefix_;
  std::unordered_map<std::string, std::string, TextHash, std::equal_to<>> prefixes_;
  std::string scratch_;
  std::string datatype_;
  std::optional<Refusal> refusal_;
};

}  // namespace knhk::rdf::detail
