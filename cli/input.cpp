#include "cli/input.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "knhk/rdf/reader.hpp"

namespace knhk::cli {
namespace {

/// `file://` and the absolute path, percent-encoded where an IRI asks for it (RFC 8089).
std::string file_iri(const std::string& path) {
  std::error_code ignored;
  std::string iri = "file://";
  for (const char c : std::filesystem::absolute(path, ignored).lexically_normal().string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 ||
                       std::string_view("/-._~!$&'()*+,;=:@").find(c) != std::string_view::npos;
    iri += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return iri;
}

Status append_sources(std::span<const std::string> paths, promotion::SourceRole role,
                      const InputOptions& input, std::vector<promotion::Source>& sources) {
  for (const std::string& path : paths) {
    auto bytes = rdf::read_file(path, input.limits.read.bytes);
    if (!bytes) return forward_error(std::move(bytes));
    sources.push_back({path, std::move(*bytes), role, "", input.base});
  }
  return {};
}

}  // namespace

Result<rdf::Dataset> read_files(std::span<const std::string> paths, const InputOptions& input,
                                RelativeIris relative, shacl::SourceLines* lines) {
  rdf::DatasetBuilder builder;
  for (const std::string& path : paths) {
    rdf::ReadOptions options;
    options.base = input.base;
    if (input.base.empty() && relative == RelativeIris::against_the_file) {
      options.base = file_iri(path);
    }
    options.limits = input.limits.read;
    if (lines != nullptr) {
      lines->begin_file(path);
      options.on_quad = [lines](const rdf::Quad& quad, std::size_t line) {
        lines->add(quad, line);
      };
    }
    if (auto status = rdf::read_path(path, options, builder); !status) {
      return forward_error(std::move(status));
    }
  }
  return std::move(builder).build();
}

Result<std::vector<promotion::Source>> read_sources(const InputOptions& input) {
  std::vector<promotion::Source> sources;
  using promotion::SourceRole;
  if (auto added = append_sources(input.files, SourceRole::data, input, sources); !added) {
    return forward_error(std::move(added));
  }
  if (auto added = append_sources(input.shapes, SourceRole::shapes, input, sources); !added) {
    return forward_error(std::move(added));
  }
  return sources;
}

}  // namespace knhk::cli
