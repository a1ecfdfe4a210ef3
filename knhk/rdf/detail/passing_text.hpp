#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace knhk::rdf::detail {

/// A text that is read once from front to back. When it is our own, what was passed is given back
/// to the system, so that the text and what is made of it are not in memory whole at once.
///
/// Threads: one at a time.
class PassingText {
 public:
  /// A text of the caller's, which stays as it is.
  explicit PassingText(std::string_view text) : text_(text) {}
  /// Lifetime: `owned` outlives this object; what was passed of it is lost.
  explicit PassingText(std::string& owned) : text_(owned), is_ours_(true) {}

  /// The whole text. Not to be read before the line that holds the furthest place passed.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  void remove_prefix(std::size_t count) noexcept { text_.remove_prefix(count); }

  /// Says that nothing before the line that holds `offset` is needed any more.
  void pass(std::size_t offset) {
    if (is_ours_ && offset >= next_) give_back(offset);
  }
  /// `name:line:column` of a place that may still be read.
  [[nodiscard]] std::string position(std::string_view name, std::size_t offset) const;

 private:
  // How often something is given back, and how often the beginning of a long line is looked for.
  static constexpr std::size_t kStep = std::size_t{1} << 20U;

  void give_back(std::size_t offset);

  std::string_view text_;
  bool is_ours_ = false;
  std::size_t next_ = kStep;    // where to give back again
  std::size_t gone_ = 0;        // how much was given back
  std::size_t lines_gone_ = 0;  // line ends in it
};

}  // namespace knhk::rdf::detail
