#include "knhk/rdf/reader.hpp"

#include <algorithm>
#include <charconv>
#include <new>
#include <stdexcept>
#include <thread>

#include "knhk/rdf/detail/line_loader.hpp"
#include "knhk/rdf/detail/open_file.hpp"
#include "knhk/rdf/detail/text.hpp"
#include "knhk/rdf/detail/turtle_parser.hpp"
#include "knhk/rdf/iri.hpp"

namespace knhk::rdf {
namespace {

// What goes before the labels of a further file: `f<n>_` with a number that no label has yet, and
// nothing when there are no blank nodes yet.
std::string free_label_prefix(const detail::TermTable& terms) {
  bool has_blank_nodes = false;
  std::uint64_t next = 1;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const TermId id{static_cast<std::uint32_t>(i)};
    if (terms.kind(id) != TermKind::blank) continue;
    has_blank_nodes = true;
    const std::string_view label = terms.term(id).text;
    if (!label.starts_with('f')) continue;
    std::uint64_t number = 0;
    const char* const end = label.data() + label.size();
    const auto [stop, error] = std::from_chars(label.data() + 1, end, number);
    constexpr std::uint64_t kLargest = 1'000'000'000'000ULL;  // a larger one never comes from here
    if (error == std::errc{} && stop != end && *stop == '_' && number < kLargest) {
      next = std::max(next, number + 1);
    }
  }
  std::string prefix;
  if (has_blank_nodes) prefix.append("f").append(std::to_string(next)).append("_");
  return prefix;
}

// What goes before labels of nodes that have none in the text, such that no label in it starts so.
std::string free_made_up_prefix(std::string_view text) {
  std::string prefix = "gen";
  for (int i = 0; text.find("_:" + prefix) != std::string_view::npos; ++i) {
    prefix.assign("gen").append(std::to_string(i)).append("-");
  }
  return prefix;
}

// What a file is that people take for one of the four syntaxes.
std::optional<std::string> foreign_format(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, 512);
  for (const std::string_view sign : {"<?xml", "<rdf:RDF", "<!DOCTYPE"}) {
    if (start.find(sign) != std::string_view::npos) {
      return "this is XML; Turtle, TriG, N-Triples and N-Quads are read";
    }
  }
  return std::nullopt;
}

Status load(detail::LineChunks& chunks, Syntax syntax, std::string_view name, std::size_t size,
            const ReadOptions& options, DatasetBuilder& builder) {
  const std::string label_prefix = free_label_prefix(builder.terms());
  detail::LineLoad load;
  load.lines = {syntax, options.limits.term_bytes, DatasetBuilder::kMaxTerms, label_prefix,
                static_cast<bool>(options.on_quad)};
  load.name = name;
  load.on_quad = &options.on_quad;
  const unsigned allowed =
      options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  load.threads =
      static_cast<unsigned>(std::min<std::size_t>(allowed, size / detail::kChunkBytes + 1));
  return detail::load_lines(chunks, load, builder);
}

Status read_turtle(detail::PassingText& text, Syntax syntax, std::string_view name,
                   const ReadOptions& options, DatasetBuilder& builder) {
  if (auto flaw = detail::find_encoding_flaw(text.text())) {
    return fail(Errc::invalid_encoding, text.position(name, flaw->offset), std::move(flaw->detail));
  }
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.text().starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  detail::LabelPrefixes labels;
  labels.written = free_label_prefix(builder.terms());
  labels.made_up = labels.written + free_made_up_prefix(text.text());
  const auto refusal = detail::TurtleParser(text, syntax, options, labels, builder).run();
  if (!refusal) return {};
  return fail(refusal->code, text.position(name, refusal->offset), refusal->detail);
}

Status read_checked(detail::PassingText text, std::string_view name, const ReadOptions& options,
                    DatasetBuilder& builder) {
  const std::string_view bytes = text.text();
  const Syntax syntax = options.syntax ? *options.syntax : syntax_of(name).value_or(Syntax::turtle);
  if (bytes.size() > options.limits.bytes) {
    return fail(Errc::limit_exceeded, std::string(name),
                "larger than " + std::to_string(options.limits.bytes) + " bytes");
  }
  Status status;
  if (is_line_based(syntax)) {
    detail::LineChunks chunks(bytes, detail::kChunkBytes);
    status = load(chunks, syntax, name, bytes.size(), options, builder);
  } else {
    status = read_turtle(text, syntax, name, options, builder);
  }
  if (!status && status.error().code == Errc::syntax_error) {
    if (auto format = foreign_format(bytes)) status.error().detail = std::move(*format);
  }
  return status;
}

// Runs `body`, which adds quads, and takes them back when it fails.
template <class Body>
Status all_or_nothing(std::string_view name, const ReadOptions& options, DatasetBuilder& builder,
                      const Body& body) {
  const std::size_t quads_before = builder.size();
  Status status;
  try {
    if (!options.base.empty() && !is_absolute_iri(options.base)) {
      return fail(Errc::usage, options.base, "the base has to be an absolute IRI");
    }
    status = body();
  } catch (const std::bad_alloc&) {
    status = fail(Errc::out_of_memory, std::string(name), "not enough memory to read this");
  } catch (const std::length_error&) {
    status = fail(Errc::out_of_memory, std::string(name), "not enough memory to read this");
  }
  if (!status) builder.truncate(quads_before);
  return status;
}

}  // namespace

Status read(std::string_view bytes, std::string_view name, const ReadOptions& options,
            DatasetBuilder& builder) {
  return all_or_nothing(name, options, builder, [&] {
    return read_checked(detail::PassingText(bytes), name, options, builder);
  });
}

Status read_path(const std::filesystem::path& path, const ReadOptions& options,
                 DatasetBuilder& builder) {
  const std::string name = path.string();
  return all_or_nothing(name, options, builder, [&]() -> Status {
    const Syntax syntax =
        options.syntax ? *options.syntax : syntax_of(name).value_or(Syntax::turtle);
    if (!is_line_based(syntax)) {
      auto bytes = read_file(path, options.limits.bytes);
      if (!bytes) return tl::unexpected(bytes.error());
      return read_checked(detail::PassingText(*bytes), name, options, builder);
    }
    const auto file = detail::OpenFile::open(path, options.limits.bytes);
    if (!file) return tl::unexpected(file.error());
    detail::LineChunks chunks(file->descriptor(), path, detail::kChunkBytes, options.limits.bytes);
    return load(chunks, syntax, name, file->size(), options, builder);
  });
}

Result<Dataset> read_dataset(std::string_view bytes, std::string_view name,
                             const ReadOptions& options) {
  DatasetBuilder builder;
  if (auto status = read(bytes, name, options, builder); !status) {
    return forward_error(std::move(status));
  }
  try {
    return std::move(builder).build();
  } catch (const std::bad_alloc&) {
    return fail(Errc::out_of_memory, std::string(name), "not enough memory to index this");
  }
}

}  // namespace knhk::rdf
