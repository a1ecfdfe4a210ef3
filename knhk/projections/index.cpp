#include "knhk/projections/index.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "knhk/crypto/hash.hpp"
#include "knhk/projections/index_format.hpp"

namespace knhk::projections {

namespace {

using namespace index_format;

static_assert(std::endian::native == std::endian::little, "images are read in place");

template <class T>
T load(const char* at) noexcept {
  T value;
  std::memcpy(&value, at, sizeof value);  // an image may lie at any address
  return value;
}

tl::unexpected<Error> damaged(std::string detail) {
  return fail(Errc::index_damaged, "index", std::move(detail));
}

/// The places of subject, predicate and object in a row of each order.
constexpr std::size_t kPlaces[3][3] = {{0, 1, 2}, {2, 0, 1}, {1, 2, 0}};

/// First of `[first, last)` for which `below` is false.
template <class Below>
std::uint64_t partition(std::uint64_t first, std::uint64_t last, std::uint64_t& probes,
                        const Below& below) {
  while (first < last) {
    const std::uint64_t middle = first + (last - first) / 2;
    ++probes;
    if (below(middle)) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first;
}

}  // namespace

Result<Index> Index::open(std::string image) {
  auto kept = std::make_shared<const std::string>(std::move(image));
  const std::string_view bytes = *kept;
  return open(bytes, std::move(kept));
}

Result<Index> Index::open(std::string_view image, std::shared_ptr<const void> owner) {
  Index index;
  index.owner_ = std::move(owner);
  index.image_ = image;
  if (auto status = index.read_header(); !status) return forward_error(std::move(status));
  if (auto status = index.read_table(); !status) return forward_error(std::move(status));
  if (auto status = index.check_terms(); !status) return forward_error(std::move(status));
  if (auto status = index.check_graphs(); !status) return forward_error(std::move(status));
  return index;
}

Status Index::read_header() {
  if (image_.size() < kTableAt + kTrailerBytes) return damaged("too short to be an index");
  const char* const bytes = image_.data();
  if (!image_.starts_with(kMagic)) return damaged("does not begin as an index does");
  const auto mark = load<std::uint32_t>(bytes + kMarkAt);
  const auto version = load<std::uint32_t>(bytes + kVersionAt);
  if (mark == __builtin_bswap32(kByteOrderMark)) {
    return fail(Errc::index_version, "index", "is written in another byte order");
  }
  if (version != kVersion) {
    return fail(Errc::index_version, "index",
                "is of version " + std::to_string(version) + ", this reader knows version " +
                    std::to_string(kVersion));
  }
  if (mark != kByteOrderMark) return damaged("has no byte order mark");
  if (load<std::uint64_t>(bytes + kSizeAt) != image_.size()) {
    return damaged("is cut short or has bytes at its end that are not its own");
  }
  std::memcpy(id_.bytes.data(), bytes + kIdAt, kIdBytes);
  if (!index_carries(image_, id_)) return damaged("carries two different snapshot ids");
  const Digest digest = crypto::sha256(image_.substr(0, image_.size() - kTrailerBytes));
  if (std::memcmp(digest.bytes.data(), bytes + image_.size() - kTrailerBytes,
                  digest.bytes.size()) != 0) {
    return damaged("does not match its checksum");
  }
  return {};
}

Status Index::read_table() {
  const auto section_count = load<std::uint32_t>(image_.data() + kSectionCountAt);
  const std::uint64_t end = image_.size() - kTrailerBytes;
  if (section_count > kMaxSections || kTableAt + section_count * kTableEntryBytes > end) {
    return damaged("has a section table that does not fit");
  }
  constexpr std::array<std::size_t, 7> kElementBytes = {
      0, kOffsetBytes, 1, kGraphBytes, kRowBytes, kRowBytes, kRowBytes};
  std::array<const char*, 7> starts{};
  std::array<std::uint64_t, 7> counts{};
  for (std::uint32_t i = 0; i < section_count; ++i) {
    const char* const entry = image_.data() + kTableAt + i * kTableEntryBytes;
    const auto kind = load<std::uint32_t>(entry);
    const auto element = load<std::uint32_t>(entry + 4);
    const auto offset = load<std::uint64_t>(entry + 8);
    const auto count = load<std::uint64_t>(entry + 16);
    if (offset % 8 != 0 || offset > end || element == 0 || count > (end - offset) / element) {
      return damaged("has a section outside of itself");
    }
    if (kind == 0 || kind >= starts.size()) continue;
    if (starts[kind] != nullptr || element != kElementBytes[kind]) {
      return damaged("has a section twice or with elements of another size");
    }
    starts[kind] = image_.data() + offset;
    counts[kind] = count;
  }
  if (std::find(starts.begin() + 1, starts.end(), nullptr) != starts.end()) {
    return damaged("lacks a section");
  }
  const auto at = [](Section section) { return static_cast<std::size_t>(section); };
  term_offsets_ = starts[at(Section::term_offsets)];
  term_text_ = starts[at(Section::term_text)];
  graphs_ = starts[at(Section::graphs)];
  columns_ = {starts[at(Section::spo)], starts[at(Section::pos)], starts[at(Section::osp)]};
  text_bytes_ = counts[at(Section::term_text)];
  graph_count_ = counts[at(Section::graphs)];
  row_count_ = counts[at(Section::spo)];
  if (counts[at(Section::pos)] != row_count_ || counts[at(Section::osp)] != row_count_) {
    return damaged("has columns of different length");
  }
  const std::uint64_t offset_count = counts[at(Section::term_offsets)];
  if (offset_count == 0 || offset_count > kDefaultGraph) {
    return damaged("has an impossible number of terms");
  }
  term_count_ = offset_count - 1;
  return {};
}

Status Index::check_terms() const {
  std::uint64_t previous = load<std::uint64_t>(term_offsets_);
  if (previous != 0) return damaged("has term text before its first term");
  for (std::uint64_t i = 1; i <= term_count_; ++i) {
    const auto offset = load<std::uint64_t>(term_offsets_ + i * kOffsetBytes);
    if (offset <= previous || offset > text_bytes_) {
      return damaged("has terms that overlap or leave the term text");
    }
    previous = offset;
  }
  if (previous != text_bytes_) return damaged("has term text behind its last term");
  for (std::uint32_t i = 1; i < term_count_; ++i) {
    if (!(term(i - 1) < term(i))) return damaged("has terms that are not sorted");
  }
  return {};
}

Status Index::check_graphs() const {
  if (graph_count_ == 0) return damaged("has no default graph");
  std::uint64_t next = 0;
  for (std::uint64_t i = 0; i < graph_count_; ++i) {
    const char* const record = graphs_ + i * kGraphBytes;
    const auto name = load<std::uint32_t>(record);
    const auto first = load<std::uint64_t>(record + 8);
    const auto rows = load<std::uint64_t>(record + 16);
    const bool named_well =
        i == 0 ? name == kDefaultGraph
               : name < term_count_ && (i == 1 || load<std::uint32_t>(record - kGraphBytes) < name);
    if (!named_well) return damaged("has graph names that are not sorted");
    if (first != next || rows > row_count_ - next) {
      return damaged("has graphs that overlap or leave the columns");
    }
    next += rows;
    for (const Order order : {Order::spo, Order::pos, Order::osp}) {
      if (auto status = check_rows(order, first, next); !status) return status;
    }
  }
  if (next != row_count_) return damaged("has rows that belong to no graph");
  return {};
}

Status Index::check_rows(Order order, std::uint64_t first, std::uint64_t last) const {
  Row previous{};
  for (std::uint64_t i = first; i < last; ++i) {
    const Row current = row(order, i);
    if (*std::max_element(current.begin(), current.end()) >= term_count_) {
      return damaged("has a row that names no term");
    }
    if (i != first && !(previous < current)) return damaged("has rows that are not sorted");
    previous = current;
  }
  return {};
}

std::string_view Index::term(std::uint32_t id) const noexcept {
  const auto first = load<std::uint64_t>(term_offsets_ + id * kOffsetBytes);
  const auto last = load<std::uint64_t>(term_offsets_ + (id + std::size_t{1}) * kOffsetBytes);
  return {term_text_ + first, last - first};
}

Index::Row Index::row(Order order, std::uint64_t at) const noexcept {
  return load<Row>(columns_[static_cast<std::size_t>(order)] + at * kRowBytes);
}

std::optional<std::uint32_t> Index::find(std::string_view text,
                                         std::uint64_t& probes) const noexcept {
  const std::uint64_t at = partition(0, term_count_, probes, [&](std::uint64_t i) {
    return term(static_cast<std::uint32_t>(i)) < text;
  });
  if (at == term_count_ || term(static_cast<std::uint32_t>(at)) != text) return std::nullopt;
  return static_cast<std::uint32_t>(at);
}

std::optional<Index::Range> Index::graph_range(const Pattern& pattern,
                                               std::uint64_t& probes) const noexcept {
  std::uint64_t at = 0;
  if (pattern.graph) {
    const auto name = find(*pattern.graph, probes);
    if (!name) return std::nullopt;
    const auto name_at = [&](std::uint64_t i) {
      return load<std::uint32_t>(graphs_ + i * kGraphBytes);
    };
    at = partition(1, graph_count_, probes, [&](std::uint64_t i) { return name_at(i) < *name; });
    if (at == graph_count_ || name_at(at) != *name) return std::nullopt;
  }
  const auto first = load<std::uint64_t>(graphs_ + at * kGraphBytes + 8);
  return Range{Order::spo, first, first + load<std::uint64_t>(graphs_ + at * kGraphBytes + 16)};
}

Index::Range Index::locate(const Pattern& pattern, std::uint64_t& probes) const noexcept {
  constexpr Range kNothing{Order::spo, 0, 0};
  const std::array<std::optional<std::string_view>, 3> parts = {pattern.subject, pattern.predicate,
                                                                pattern.object};
  std::optional<Range> range = graph_range(pattern, probes);
  if (!range) return kNothing;
  // The order whose rows begin with the given parts, so that the matches stand side by side.
  if (parts[0]) {
    range->order = parts[2] && !parts[1] ? Order::osp : Order::spo;
  } else if (parts[1]) {
    range->order = Order::pos;
  } else {
    range->order = Order::osp;
  }
  if (!parts[0] && !parts[1] && !parts[2]) range->order = Order::spo;
  Row key{};
  std::size_t given = 0;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    if (!parts[part]) continue;
    const auto id = find(*parts[part], probes);
    if (!id) return kNothing;
    key[kPlaces[static_cast<std::size_t>(range->order)][part]] = *id;
    ++given;
  }
  const auto prefix_compare = [&](std::uint64_t at) {
    const Row here = row(range->order, at);
    const auto length = static_cast<std::ptrdiff_t>(given);
    return std::lexicographical_compare_three_way(here.begin(), here.begin() + length, key.begin(),
                                                  key.begin() + length);
  };
  if (given == 0) return *range;
  range->first = partition(range->first, range->last, probes,
                           [&](std::uint64_t at) { return prefix_compare(at) < 0; });
  range->last = partition(range->first, range->last, probes,
                          [&](std::uint64_t at) { return prefix_compare(at) <= 0; });
  return *range;
}

std::vector<std::string_view> Index::graph_names() const {
  std::vector<std::string_view> names;
  for (std::uint64_t i = 1; i < graph_count_; ++i) {
    names.push_back(term(load<std::uint32_t>(graphs_ + i * kGraphBytes)));
  }
  return names;
}

Probed<bool> Index::ask(const Pattern& pattern) const {
  Probed<bool> result{false};
  const Range range = locate(pattern, result.probes);
  result.answer = range.first < range.last;
  return result;
}

Probed<std::uint64_t> Index::count(const Pattern& pattern) const {
  Probed<std::uint64_t> result{0};
  const Range range = locate(pattern, result.probes);
  result.answer = range.last - range.first;
  return result;
}

Probed<std::vector<std::string_view>> Index::distinct(const Pattern& pattern,
                                                      std::size_t part) const {
  Probed<std::vector<std::string_view>> result;
  const Range range = locate(pattern, result.probes);
  const std::size_t place = kPlaces[static_cast<std::size_t>(range.order)][part];
  std::vector<std::uint32_t> ids;
  ids.reserve(range.last - range.first);
  for (std::uint64_t i = range.first; i < range.last; ++i)
    ids.push_back(row(range.order, i)[place]);
  if (!std::is_sorted(ids.begin(), ids.end())) std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  result.answer.reserve(ids.size());
  for (const std::uint32_t id : ids) result.answer.push_back(term(id));
  return result;
}

Probed<std::vector<std::string_view>> Index::objects(const Pattern& pattern) const {
  return distinct(pattern, 2);
}

Probed<std::vector<std::string_view>> Index::subjects(const Pattern& pattern) const {
  return distinct(pattern, 0);
}

Probed<std::vector<Match>> Index::matches(const Pattern& pattern, std::uint64_t limit) const {
  Probed<std::vector<Match>> result;
  const Range range = locate(pattern, result.probes);
  const std::size_t* const places = kPlaces[static_cast<std::size_t>(range.order)];
  const std::uint64_t last = range.first + std::min(limit, range.last - range.first);
  result.answer.reserve(last - range.first);
  for (std::uint64_t i = range.first; i < last; ++i) {
    const Row here = row(range.order, i);
    result.answer.push_back({term(here[places[0]]), term(here[places[1]]), term(here[places[2]])});
  }
  return result;
}

bool index_carries(std::string_view image, const SnapshotId& id) noexcept {
  if (image.size() < kTableAt + kTrailerBytes) return false;
  return std::memcmp(image.data() + kIdAt, id.bytes.data(), kIdBytes) == 0 &&
         std::memcmp(image.data() + image.size() - kIdBytes, id.bytes.data(), kIdBytes) == 0;
}

}  // namespace knhk::projections
