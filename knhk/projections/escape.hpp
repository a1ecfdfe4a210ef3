#pragma once

#include <string>
#include <string_view>

/// Text from a snapshot, made harmless for the place that it is printed in. Labels and comments are
/// written by anyone: they must not be able to end a table, a fence, a comment or a string.
///
/// In all of these, control characters and line ends become spaces; characters that change the
/// direction of text (which can make code look like other code) become their name, `[U+202E]`; and
/// bytes that aren't UTF-8 become `?`. `cpp_string_literal` alone keeps every byte.
namespace knhk::projections {

/// One line of Markdown text that means just what it says, also in a table's cell.
[[nodiscard]] std::string markdown_text(std::string_view text);

/// The inside of a quoted Mermaid label.
[[nodiscard]] std::string mermaid_text(std::string_view text);

/// The inside of a C++ comment of either kind.
[[nodiscard]] std::string cpp_comment_text(std::string_view text);

/// A C++ string literal, quotes included, that stands for exactly the bytes of `text`.
[[nodiscard]] std::string cpp_string_literal(std::string_view text);

}  // namespace knhk::projections
