#include "knhk/rdf/reader.hpp"

#include <algorithm>
#include <charconv>
#include <new>
#include <stdexcept>

#include "knhk/rdf/detail/serd_parser.hpp"
#include "knhk/rdf/detail/statement_sink.hpp"
#include "knhk/rdf/detail/text.hpp"
#include "knhk/rdf/detail/token_gate.hpp"
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

Status read_checked(std::string_view bytes, std::string_view name, const ReadOptions& options,
                    DatasetBuilder& builder) {
  const std::size_t quads_before = builder.size();
  const Syntax syntax = options.syntax ? *options.syntax : syntax_of(name).value_or(Syntax::turtle);
  const std::string label_prefix = free_label_prefix(builder.terms());
  const std::string made_up_prefix = label_prefix + free_made_up_prefix(bytes);
  const auto run = [&](DatasetBuilder* target, detail::Pace pace) {
    detail::TokenGate gate(bytes, syntax, options.limits);
    detail::StatementSink sink(target, options.base, label_prefix, made_up_prefix);
    return detail::run_serd(bytes, syntax, gate, sink, pace);
  };
  auto failure = run(&builder, detail::Pace::pages);
  if (!failure) return {};
  builder.truncate(quads_before);
  // The same once more, byte by byte and with no effect, for the place.
  const auto located = run(nullptr, detail::Pace::bytes);
  if (located) failure = located;
  if (failure->code == Errc::syntax_error) {
    if (auto format = foreign_format(bytes)) failure->detail = std::move(*format);
  }
  return fail(failure->code,
              located ? detail::position(name, bytes, failure->offset) : std::string(name),
              std::move(failure->detail));
}

}  // namespace

Status read(std::string_view bytes, std::string_view name, const ReadOptions& options,
            DatasetBuilder& builder) {
  const std::size_t quads_before = builder.size();
  try {
    if (!options.base.empty() && !is_absolute_iri(options.base)) {
      return fail(Errc::usage, options.base, "the base has to be an absolute IRI");
    }
    if (bytes.size() > options.limits.bytes) {
      return fail(Errc::limit_exceeded, std::string(name),
                  "larger than " + std::to_string(options.limits.bytes) + " bytes");
    }
    if (auto flaw = detail::find_encoding_flaw(bytes)) {
      return fail(Errc::invalid_encoding, detail::position(name, bytes, flaw->offset),
                  std::move(flaw->detail));
    }
    return read_checked(bytes, name, options, builder);
  } catch (const std::bad_alloc&) {
    builder.truncate(quads_before);
    return fail(Errc::out_of_memory, std::string(name), "not enough memory to read this");
  } catch (const std::length_error&) {
    builder.truncate(quads_before);
    return fail(Errc::out_of_memory, std::string(name), "not enough memory to read this");
  }
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
