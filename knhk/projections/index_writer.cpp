#include "knhk/projections/index_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "knhk/base/cancellation.hpp"
#include "knhk/base/parallel.hpp"
#include "knhk/crypto/hash.hpp"
#include "knhk/projections/index_format.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::projections {

namespace {

using namespace index_format;

using Row = std::array<std::uint32_t, 3>;

struct GraphRows {
  std::uint32_t name;
  std::vector<Row> spo;
};

struct Dictionary {
  std::vector<std::string> texts;     // sorted
  std::vector<std::uint32_t> places;  // by TermId: the place in `texts`
};

struct Content {
  Dictionary dictionary;
  std::vector<GraphRows> graphs;
  std::uint64_t row_count = 0;
};

std::size_t number(rdf::TermId id) { return static_cast<std::size_t>(id); }

/// Calls `visit(name, graph)` for the default graph and then for each named one.
template <class Visit>
void for_each_graph(const rdf::Dataset& dataset, const Visit& visit) {
  visit(rdf::kNoTerm, dataset.default_graph());
  for (const rdf::TermId name : dataset.graph_names()) visit(name, dataset.graph(name));
}

/// Once `stop` is requested this and what follows ends soon, with something that nobody may use.
Dictionary build_dictionary(const rdf::Dataset& dataset, const std::stop_token& stop) {
  std::vector<bool> used(dataset.term_count());
  for_each_graph(dataset, [&](rdf::TermId name, const rdf::Graph& graph) {
    if (name != rdf::kNoTerm) used[number(name)] = true;
    for (const rdf::Triple& triple : graph.triples()) {
      used[number(triple.subject)] = true;
      used[number(triple.predicate)] = true;
      used[number(triple.object)] = true;
    }
  });
  std::vector<std::pair<std::string, std::uint32_t>> terms;
  for (std::uint32_t i = 0; i < used.size() && !stop.stop_requested(); ++i) {
    if (used[i]) terms.emplace_back(rdf::to_ntriples(dataset.term(rdf::TermId{i})), i);
  }
  Dictionary dictionary;
  if (stop.stop_requested()) return dictionary;
  std::sort(terms.begin(), terms.end());
  dictionary.places.resize(used.size());
  for (auto& [text, id] : terms) {
    if (dictionary.texts.empty() || dictionary.texts.back() != text) {
      dictionary.texts.push_back(std::move(text));
    }
    dictionary.places[id] = static_cast<std::uint32_t>(dictionary.texts.size() - 1);
  }
  return dictionary;
}

Content collect(const rdf::Dataset& dataset, const std::stop_token& stop) {
  Content content;
  content.dictionary = build_dictionary(dataset, stop);
  const std::vector<std::uint32_t>& places = content.dictionary.places;
  for_each_graph(dataset, [&](rdf::TermId name, const rdf::Graph& graph) {
    if (stop.stop_requested()) return;
    GraphRows& rows = content.graphs.emplace_back();
    rows.name = name == rdf::kNoTerm ? kDefaultGraph : places[number(name)];
    rows.spo.reserve(graph.triples().size());
    for (const rdf::Triple& triple : graph.triples()) {
      rows.spo.push_back({places[number(triple.subject)], places[number(triple.predicate)],
                          places[number(triple.object)]});
    }
    std::sort(rows.spo.begin(), rows.spo.end());
    rows.spo.erase(std::unique(rows.spo.begin(), rows.spo.end()), rows.spo.end());
    content.row_count += rows.spo.size();
  });
  if (stop.stop_requested()) return content;
  std::sort(content.graphs.begin() + 1, content.graphs.end(),
            [](const GraphRows& a, const GraphRows& b) { return a.name < b.name; });
  return content;
}

/// The rows of all graphs with their parts in the order `parts`, each graph's sorted.
std::vector<Row> column(const Content& content, const std::array<std::size_t, 3>& parts) {
  std::vector<Row> rows;
  rows.reserve(content.row_count);
  for (const GraphRows& graph : content.graphs) {
    const auto first = static_cast<std::ptrdiff_t>(rows.size());
    for (const Row& row : graph.spo) rows.push_back({row[parts[0]], row[parts[1]], row[parts[2]]});
    std::sort(rows.begin() + first, rows.end());
  }
  return rows;
}

/// Writes values at places of an image that is large enough from the start.
class Image {
 public:
  explicit Image(std::size_t size_bytes) : bytes_(size_bytes, '\0') {}

  template <class T>
  void put(std::size_t at, T value) {
    static_assert(std::is_integral_v<T>);
    for (std::size_t i = 0; i < sizeof value; ++i) {
      bytes_[at + i] = static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xFFU);
    }
  }
  void put_bytes(std::size_t at, std::string_view bytes) {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at));
  }
  [[nodiscard]] std::string_view head(std::size_t count) const {
    return std::string_view(bytes_).substr(0, count);
  }
  [[nodiscard]] std::string take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

struct SectionPlan {
  Section kind;
  std::size_t element_bytes;
  std::uint64_t count;
  std::uint64_t offset = 0;
};

std::string_view raw(const std::array<std::uint8_t, 32>& value) {
  return {reinterpret_cast<const char*>(value.data()), value.size()};
}

void put_graphs(Image& image, std::size_t at, const Content& content) {
  std::uint64_t first = 0;
  for (const GraphRows& graph : content.graphs) {
    image.put(at, graph.name);
    image.put(at + 8, first);
    image.put(at + 16, std::uint64_t{graph.spo.size()});
    first += graph.spo.size();
    at += kGraphBytes;
  }
}

void put_rows(Image& image, std::size_t at, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    for (std::size_t part = 0; part < row.size(); ++part) image.put(at + part * 4, row[part]);
    at += kRowBytes;
  }
}

void put_terms(Image& image, std::size_t offsets_at, std::size_t text_at,
               const std::vector<std::string>& texts) {
  std::uint64_t position = 0;
  image.put(offsets_at, position);
  for (const std::string& text : texts) {
    image.put_bytes(text_at + position, text);
    position += text.size();
    offsets_at += kOffsetBytes;
    image.put(offsets_at, position);
  }
}

void put_header(Image& image, std::size_t size_bytes, const SnapshotId& id,
                std::span<const SectionPlan> plan) {
  image.put_bytes(0, kMagic);
  image.put(kVersionAt, kVersion);
  image.put(kMarkAt, kByteOrderMark);
  image.put(kSizeAt, std::uint64_t{size_bytes});
  image.put(kSectionCountAt, static_cast<std::uint32_t>(plan.size()));
  image.put_bytes(kIdAt, raw(id.bytes));
  std::size_t entry = kTableAt;
  for (const SectionPlan& section : plan) {
    image.put(entry, static_cast<std::uint32_t>(section.kind));
    image.put(entry + 4, static_cast<std::uint32_t>(section.element_bytes));
    image.put(entry + 8, section.offset);
    image.put(entry + 16, section.count);
    entry += kTableEntryBytes;
  }
}

}  // namespace

Result<std::string> build_index(const rdf::Dataset& dataset, const SnapshotId& id,
                                unsigned thread_count, const std::stop_token& stop) {
  const Content content = collect(dataset, stop);
  if (Status go = check_not_stopped(stop, "index"); !go) return forward_error(std::move(go));
  const std::vector<std::string>& texts = content.dictionary.texts;
  if (texts.size() >= kDefaultGraph) {
    return fail(Errc::limit_exceeded, "index", "more terms than an index can number");
  }
  const std::uint64_t text_bytes =
      std::accumulate(texts.begin(), texts.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const std::string& text) { return sum + text.size(); });
  std::array<SectionPlan, 6> plan = {{
      {Section::term_offsets, kOffsetBytes, texts.size() + 1},
      {Section::term_text, 1, text_bytes},
      {Section::graphs, kGraphBytes, content.graphs.size()},
      {Section::spo, kRowBytes, content.row_count},
      {Section::pos, kRowBytes, content.row_count},
      {Section::osp, kRowBytes, content.row_count},
  }};
  std::uint64_t end = kTableAt + plan.size() * kTableEntryBytes;
  for (SectionPlan& section : plan) {
    section.offset = end;
    end = (end + section.count * section.element_bytes + 7) / 8 * 8;
  }
  Image image(end + kTrailerBytes);
  put_header(image, end + kTrailerBytes, id, plan);
  put_terms(image, plan[0].offset, plan[1].offset, texts);
  put_graphs(image, plan[2].offset, content);
  constexpr std::array<std::array<std::size_t, 3>, 3> kParts = {{{0, 1, 2}, {1, 2, 0}, {2, 0, 1}}};
  parallel_chunks(
      kParts.size(), 1, thread_count,
      [&](std::size_t order, std::size_t) {
        put_rows(image, plan[3 + order].offset, column(content, kParts[order]));
      },
      stop);
  if (Status go = check_not_stopped(stop, "index"); !go) return forward_error(std::move(go));
  image.put_bytes(end, raw(crypto::sha256(image.head(end)).bytes));
  image.put_bytes(end + kIdBytes, raw(id.bytes));
  return std::move(image).take();
}

}  // namespace knhk::projections
