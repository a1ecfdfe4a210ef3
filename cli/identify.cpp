#include "cli/input.hpp"
#include "cli/verbs.hpp"
#include "knhk/rdf/canonical.hpp"

namespace knhk::cli {
namespace {

rdf::CanonicalizeOptions limits_of(const InputOptions& input) {
  rdf::CanonicalizeOptions options;
  options.work_limit = input.limits.work;
  return options;
}

}  // namespace

Result<Answer> run(const IdOptions& options, const Settings&) {
  auto dataset = read_files(options.input.files, options.input, RelativeIris::refused);
  if (!dataset) return forward_error(std::move(dataset));
  const auto id = rdf::snapshot_id(*dataset, limits_of(options.input));
  if (!id) return tl::unexpected(id.error());
  Answer answer;
  answer.json = {{"id", id->to_string()}, {"quads", dataset->size()}};
  answer.text = id->to_string() + "\n";
  return answer;
}

Result<Answer> run(const CanonicalizeOptions& options, const Settings&) {
  auto dataset = read_files(options.input.files, options.input, RelativeIris::refused);
  if (!dataset) return forward_error(std::move(dataset));
  auto canonical = rdf::canonicalize(*dataset, limits_of(options.input));
  if (!canonical) return forward_error(std::move(canonical));
  Answer answer;
  answer.json = {{"id", rdf::snapshot_id_of(canonical->nquads).to_string()},
                 {"quads", dataset->size()},
                 {"nquads", canonical->nquads}};
  answer.text = std::move(canonical->nquads);
  return answer;
}

}  // namespace knhk::cli
