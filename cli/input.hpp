#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "knhk/base/result.hpp"
#include "knhk/promotion/domain.hpp"
#include "knhk/rdf/dataset.hpp"
#include "knhk/shacl/source_lines.hpp"

namespace knhk::cli {

/// What a relative IRI resolves against when neither the file nor `--base` says: an id must not
/// depend on where a file lies, a validation may.
enum class RelativeIris : std::uint8_t { refused, against_the_file };

/// The RDF files at `paths`, some of those of `input`, as one dataset. `lines`, if any, get where
/// each statement stands.
/// Errors: those of `rdf::read_path`.
[[nodiscard]] Result<rdf::Dataset> read_files(std::span<const std::string> paths,
                                              const InputOptions& input, RelativeIris relative,
                                              shacl::SourceLines* lines = nullptr);

/// Data and shapes of `input`, unparsed, as a domain takes them.
[[nodiscard]] Result<std::vector<promotion::Source>> read_sources(const InputOptions& input);

}  // namespace knhk::cli
