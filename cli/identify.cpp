#include "cli/input.hpp"
#include "cli/verbs.hpp"
#include "knhk/rdf/canonical.hpp"

namespace knhk::cli {
namespace {

/// The canonical N-Quads of the files that the user named.
Result<rdf::Canonical> canonicalize_files(const InputOptions& input, std::size_t& quad_count) {
  auto dataset = read_files(input.files, input, RelativeIris::refused);
  if (!dataset) return forward_error(std::move(dataset));
  quad_count = dataset->size();
  rdf::CanonicalizeOptions options;
  options.work_limit = input.limits.work;
  return rdf::canonicalize(*dataset, options);
}

}  // namespace

Result<Answer> run(const IdOptions& options, const Settings&) {
  std::size_t quad_count = 0;
  const auto canonical = canonicalize_files(options.input, quad_count);
  if (!canonical) return tl::unexpected(canonical.error());
  const std::string id = rdf::snapshot_id_of(canonical->nquads).to_string();
  Answer answer;
  answer.json = {{"id", id}, {"quads", quad_count}};
  answer.text = id + "\n";
  return answer;
}

Result<Answer> run(const CanonicalizeOptions& options, const Settings&) {
  std::size_t quad_count = 0;
  auto canonical = canonicalize_files(options.input, quad_count);
  if (!canonical) return forward_error(std::move(canonical));
  Answer answer;
  answer.json = {{"id", rdf::snapshot_id_of(canonical->nquads).to_string()},
                 {"quads", quad_count},
                 {"nquads", canonical->nquads}};
  answer.text = std::move(canonical->nquads);
  return answer;
}

}  // namespace knhk::cli
