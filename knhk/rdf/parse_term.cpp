#include <string>
#include <string_view>

#include "knhk/rdf/detail/line_parser.hpp"
#include "knhk/rdf/reader.hpp"

namespace knhk::rdf {

Result<OwnedTerm> parse_term(std::string_view text) {
  if (auto flaw = detail::find_encoding_flaw(text)) {
    return fail(Errc::invalid_encoding, "", std::move(flaw->detail));
  }
  detail::Scanner scanner(text, text.size());
  std::string scratch;
  std::string suffix_scratch;
  Term term;
  if (detail::take_line_term(scanner, scratch, suffix_scratch, term)) {
    if (scanner.at_end()) return OwnedTerm(term);
    scanner.refuse("there is more after the term");
  }
  const detail::Refusal& refusal = *scanner.refusal();
  return fail(refusal.code, detail::position(text, text, refusal.offset), refusal.detail);
}

}  // namespace knhk::rdf
