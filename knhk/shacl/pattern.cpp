#include "knhk/shacl/pattern.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <new>
#include <utility>

#include "knhk/shacl/pattern_translation.hpp"

namespace knhk::shacl {
namespace {

constexpr std::uint32_t kMatchLimit = 1'000'000;  // steps
constexpr std::uint32_t kDepthLimit = 100'000;    // backtracking points held at once
constexpr std::uint32_t kHeapLimit = 64 * 1024;   // KiB

const pcre2_code* code_of(const std::shared_ptr<const void>& code) {
  return static_cast<const pcre2_code*>(code.get());
}

}  // namespace

Pattern::Scratch::Scratch()
    : data_(pcre2_match_data_create(1, nullptr)), context_(pcre2_match_context_create(nullptr)) {
  if (data_ == nullptr || context_ == nullptr) {
    pcre2_match_data_free(static_cast<pcre2_match_data*>(data_));
    pcre2_match_context_free(static_cast<pcre2_match_context*>(context_));
    throw std::bad_alloc();
  }
  auto* const context = static_cast<pcre2_match_context*>(context_);
  pcre2_set_match_limit(context, kMatchLimit);
  pcre2_set_depth_limit(context, kDepthLimit);
  pcre2_set_heap_limit(context, kHeapLimit);
}

Pattern::Scratch::~Scratch() {
  pcre2_match_data_free(static_cast<pcre2_match_data*>(data_));
  pcre2_match_context_free(static_cast<pcre2_match_context*>(context_));
}

Pattern::Scratch::Scratch(Scratch&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      context_(std::exchange(other.context_, nullptr)) {}

Pattern::Scratch& Pattern::Scratch::operator=(Scratch&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(context_, other.context_);
  return *this;
}

Result<Pattern> Pattern::compile(std::string_view pattern, std::string_view flags) {
  const Result<PatternFlags> read = read_pattern_flags(flags);
  if (!read) return tl::unexpected(read.error());
  Result<std::string> translated(std::string{pattern});
  if (!read->literal) translated = translate_pattern(pattern, *read);
  if (!translated) return forward_error(std::move(translated));

  std::uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
  options |= read->literal ? static_cast<std::uint32_t>(PCRE2_LITERAL) : PCRE2_UCP;
  if (read->literal)
    options &= ~static_cast<std::uint32_t>(PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C);
  if (read->ignore_case) options |= PCRE2_CASELESS;
  if (!read->literal && read->dot_all) options |= PCRE2_DOTALL;
  if (!read->literal && read->multi_line) options |= PCRE2_MULTILINE;
  int error = 0;
  PCRE2_SIZE offset = 0;
  pcre2_compile_context* const context = pcre2_compile_context_create(nullptr);
  if (context == nullptr) throw std::bad_alloc();
  pcre2_set_newline(context, PCRE2_NEWLINE_LF);
  pcre2_code* const code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated->data()),
                                         translated->size(), options, &error, &offset, context);
  pcre2_compile_context_free(context);
  if (code == nullptr) {
    std::array<PCRE2_UCHAR, 256> text{};
    pcre2_get_error_message(error, text.data(), text.size());
    return fail(Errc::ill_formed_shapes, "", reinterpret_cast<const char*>(text.data()));
  }
  Pattern compiled;
  compiled.code_ = std::shared_ptr<const void>(code, [](const void* held) {
    pcre2_code_free(static_cast<pcre2_code*>(const_cast<void*>(held)));
  });
  compiled.source_ = pattern;
  compiled.flags_ = flags;
  return compiled;
}

Pattern::Outcome Pattern::match(std::string_view text, Scratch& scratch) const {
  const int count = pcre2_match(code_of(code_), reinterpret_cast<PCRE2_SPTR>(text.data()),
                                text.size(), 0, 0, static_cast<pcre2_match_data*>(scratch.data_),
                                static_cast<pcre2_match_context*>(scratch.context_));
  if (count >= 0) return Outcome::matches;
  return count == PCRE2_ERROR_NOMATCH ? Outcome::differs : Outcome::undecided;
}

}  // namespace knhk::shacl
