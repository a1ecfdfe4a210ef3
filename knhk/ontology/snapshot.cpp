#include "knhk/ontology/snapshot.hpp"

#include <algorithm>
#include <exception>
#include <limits>

#include "knhk/base/cancellation.hpp"
#include "knhk/rdf/canonical.hpp"
#include "knhk/rdf/reader.hpp"

namespace knhk::ontology {

namespace {

std::optional<rdf::Syntax> syntax_for(const promotion::Source& source) {
  if (source.media_type == "text/turtle") return rdf::Syntax::turtle;
  if (source.media_type == "application/trig") return rdf::Syntax::trig;
  if (source.media_type == "application/n-triples") return rdf::Syntax::ntriples;
  if (source.media_type == "application/n-quads") return rdf::Syntax::nquads;
  return std::nullopt;
}

Result<CanonicalDataset> read_role(std::span<const promotion::Source> sources,
                                   promotion::SourceRole role, const SnapshotLimits& limits,
                                   const std::stop_token& stop) {
  rdf::DatasetBuilder builder;
  for (const promotion::Source& source : sources) {
    if (source.role != role) continue;
    if (Status go = check_not_stopped(stop, source.name); !go) return forward_error(std::move(go));
    rdf::ReadOptions options;
    options.syntax = syntax_for(source);
    options.base = source.base;
    options.limits = limits.read;
    if (auto status = rdf::read(source.bytes, source.name, options, builder); !status) {
      return forward_error(std::move(status));
    }
  }
  if (auto status = builder.status(); !status) return forward_error(std::move(status));
  if (Status go = check_not_stopped(stop, "snapshot"); !go) return forward_error(std::move(go));
  return CanonicalDataset::of(std::move(builder).build(), limits.work, stop);
}

bool any_of_role(std::span<const promotion::Source> sources, promotion::SourceRole role) {
  return std::ranges::any_of(sources,
                             [&](const promotion::Source& source) { return source.role == role; });
}

tl::unexpected<Error> no_memory() {
  return fail(Errc::out_of_memory, "snapshot", "not enough memory to read it");
}

}  // namespace

Result<CanonicalDataset> CanonicalDataset::of(const rdf::Dataset& dataset, std::uint64_t work_limit,
                                              const std::stop_token& stop) try {
  if (Status go = check_not_stopped(stop, "snapshot"); !go) return forward_error(std::move(go));
  rdf::CanonicalizeOptions options;
  options.stop = stop;
  options.work_limit = work_limit;
  auto canonical = rdf::canonicalize(dataset, options);
  if (!canonical) return forward_error(std::move(canonical));
  if (Status go = check_not_stopped(stop, "snapshot"); !go) return forward_error(std::move(go));
  const SnapshotId id = rdf::snapshot_id_of(canonical->nquads);
  // What was let in file by file may be longer as one file, and its terms as they are written here.
  rdf::ReadLimits own;
  own.bytes = own.term_bytes = std::numeric_limits<std::size_t>::max();
  return from_nquads(std::move(canonical->nquads), id, "canonical.nq", own);
} catch (const std::exception&) {
  return no_memory();
}

Result<CanonicalDataset> CanonicalDataset::from_nquads(std::string nquads,
                                                       const SnapshotId& expected,
                                                       std::string_view name,
                                                       const rdf::ReadLimits& limits) try {
  if (rdf::snapshot_id_of(nquads) != expected) {
    return fail(Errc::digest_mismatch, std::string(name),
                "is not the snapshot " + expected.to_string());
  }
  rdf::ReadOptions options;
  options.syntax = rdf::Syntax::nquads;
  options.limits = limits;
  auto dataset = rdf::read_dataset(nquads, name, options);
  if (!dataset) return forward_error(std::move(dataset));
  return CanonicalDataset{std::move(nquads), expected, std::move(*dataset)};
} catch (const std::exception&) {
  return no_memory();
}

Result<Snapshot> Snapshot::read(std::span<const promotion::Source> sources,
                                const SnapshotLimits& limits, const std::stop_token& stop) try {
  using promotion::SourceRole;
  if (!any_of_role(sources, SourceRole::data)) {
    return fail(Errc::usage, "snapshot", "there is no source of data to read");
  }
  auto data = read_role(sources, SourceRole::data, limits, stop);
  if (!data) return forward_error(std::move(data));
  Snapshot snapshot(std::move(*data));
  if (!any_of_role(sources, SourceRole::shapes)) return snapshot;
  auto shapes = read_role(sources, SourceRole::shapes, limits, stop);
  if (!shapes) return forward_error(std::move(shapes));
  auto rules = shacl::Shapes::compile(shapes->dataset);
  if (!rules) return forward_error(std::move(rules));
  snapshot.shapes_ = std::move(*shapes);
  snapshot.rules_ = std::move(*rules);
  return snapshot;
} catch (const std::exception&) {
  return no_memory();
}

}  // namespace knhk::ontology
