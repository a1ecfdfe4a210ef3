#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "knhk/base/result.hpp"

namespace knhk::shacl {

/// A regular expression of XPath and XQuery Functions 3.1 section 5.6, as `sh:pattern` has it.
///
/// Look-around and `\b`, which XPath lacks but shapes in use have, are understood too.
/// Threads: immutable; safe to use from any thread, with a `Scratch` for each.
class Pattern {
 public:
  /// What matching writes to: one for each thread.
  class Scratch {
   public:
    Scratch();
    ~Scratch();
    Scratch(Scratch&&) noexcept;
    Scratch& operator=(Scratch&&) noexcept;

   private:
    friend class Pattern;
    void* data_;
    void* context_;
  };

  /// `undecided`: the work limit was reached before there was an answer. The limit counts steps,
  /// not time, so the outcome is the same everywhere.
  enum class Outcome : std::uint8_t { matches, differs, undecided };

  /// `flags`: letters of `smixq`. Errors: `ill-formed-shapes` with the reason as detail.
  [[nodiscard]] static Result<Pattern> compile(std::string_view pattern, std::string_view flags);

  /// Whether some part of `text` (UTF-8) matches.
  [[nodiscard]] Outcome match(std::string_view text, Scratch& scratch) const;

  [[nodiscard]] const std::string& source() const noexcept { return source_; }
  [[nodiscard]] const std::string& flags() const noexcept { return flags_; }

 private:
  Pattern() = default;

  std::shared_ptr<const void> code_;
  std::string source_;
  std::string flags_;
};

}  // namespace knhk::shacl
