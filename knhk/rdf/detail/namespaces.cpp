#include "knhk/rdf/detail/namespaces.hpp"

#include "knhk/rdf/iri.hpp"

namespace knhk::rdf::detail {

bool Namespaces::resolve(std::string_view iri, std::string& scratch, std::string_view& out) const {
  out = iri;
  if (is_absolute_iri(iri)) return true;
  if (base_.empty()) return false;
  scratch = resolve_iri(base_, iri);  // what it returns is made before the scratch is overwritten
  out = scratch;
  return true;
}

const std::string* Namespaces::find(std::string_view prefix) const {
  const auto found = prefixes_.find(prefix);
  return found == prefixes_.end() ? nullptr : &found->second;
}

}  // namespace knhk::rdf::detail
