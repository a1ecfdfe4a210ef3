#include "knhk/projections/compiler.hpp"

#include <array>
#include <exception>

#include "knhk/base/cancellation.hpp"
#include "knhk/base/parallel.hpp"
#include "knhk/crypto/hash.hpp"
#include "knhk/projections/docs.hpp"
#include "knhk/projections/index_writer.hpp"
#include "knhk/projections/models.hpp"
#include "knhk/projections/schema.hpp"

namespace knhk::projections {

namespace {

/// A generator is a plain function of the input; the schema is read once for all of them.
struct Generator {
  std::string_view name;
  std::string_view file_name;
  std::string_view media_type;
  Result<std::string> (*generate)(const ProjectionInput&, const OntologySchema&,
                                  const std::stop_token&);
};

constexpr std::array<Generator, 3> kGenerators = {{
    {"index", "index.bin", "application/vnd.knhk.index.v1",
     [](const ProjectionInput& input, const OntologySchema&, const std::stop_token& stop) {
       return build_index(input.data, input.snapshot, 1, stop);
     }},
    {"docs", "docs.md", "application/vnd.knhk.docs.v1",
     [](const ProjectionInput& input, const OntologySchema& schema,
        const std::stop_token&) -> Result<std::string> { return generate_docs(input, schema); }},
    {"models", "models.hpp", "application/vnd.knhk.models.v1",
     [](const ProjectionInput& input, const OntologySchema& schema,
        const std::stop_token&) -> Result<std::string> { return generate_models(input, schema); }},
}};

Result<Projection> run(const Generator& generator, const ProjectionInput& input,
                       const OntologySchema& schema, const std::stop_token& stop) {
  try {
    auto bytes = generator.generate(input, schema, stop);
    if (!bytes) return forward_error(std::move(bytes));
    const Digest digest = crypto::sha256(*bytes);
    return Projection{std::string(generator.name), std::string(generator.file_name),
                      std::string(generator.media_type), std::move(*bytes), digest};
  } catch (const std::exception&) {
    return fail(Errc::out_of_memory, std::string(generator.name),
                "not enough memory to compile it");
  }
}

}  // namespace

const Projection* CompiledProjections::find(std::string_view name) const noexcept {
  for (const Projection& projection : projections_) {
    if (projection.name == name) return &projection;
  }
  return nullptr;
}

Result<CompiledProjections> ProjectionCompiler::compile(const ProjectionInput& input,
                                                        const std::stop_token& stop) const try {
  const OntologySchema schema = OntologySchema::read(input.data, input.shapes, stop);
  std::array<Result<Projection>, kGenerators.size()> made;
  parallel_chunks(
      kGenerators.size(), 1, thread_count_,
      [&](std::size_t i, std::size_t) { made[i] = run(kGenerators[i], input, schema, stop); },
      stop);
  if (Status go = check_not_stopped(stop, "projections"); !go) return forward_error(std::move(go));
  std::vector<Projection> projections;
  for (Result<Projection>& projection : made) {
    if (!projection) return forward_error(std::move(projection));
    projections.push_back(std::move(*projection));
  }
  return CompiledProjections(std::move(projections));
} catch (const std::exception&) {
  return fail(Errc::out_of_memory, "projections", "not enough memory to compile them");
}

}  // namespace knhk::projections
