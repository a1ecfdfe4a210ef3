#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/base/digest.hpp"
#include "knhk/base/result.hpp"

namespace knhk::projections {

/// A triple with wildcards: a part that is absent matches every term. Terms are in N-Triples form
/// (`<iri>`, `"text"@en`, `_:c14n0`). The graph is no wildcard: absent, it is the default graph.
struct Pattern {
  std::optional<std::string_view> subject{};
  std::optional<std::string_view> predicate{};
  std::optional<std::string_view> object{};
  std::optional<std::string_view> graph{};
};

/// A triple of the index, in N-Triples forms that live as long as the image.
struct Match {
  std::string_view subject;
  std::string_view predicate;
  std::string_view object;

  friend bool operator==(const Match&, const Match&) = default;
};

/// An answer and what it cost: comparisons with a term of the dictionary or with a row.
template <class T>
struct Probed {
  T answer;
  std::uint64_t probes = 0;
};

/// A compiled index, opened for reading; the format is in `index_format.hpp`.
///
/// Every operator locates its answer by binary search: in the dictionary once for each part that is
/// given, then twice in the one of three sorted columns in which the matches stand side by side.
///
/// Threads: immutable, safe to read from any thread; copies share the image.
/// Lifetime: views in answers live as long as the image does.
class Index {
 public:
  /// Opens an image that the index keeps.
  ///
  /// Whatever the bytes, nothing outside of them is ever read, by this or by any operator.
  /// Errors: index-version (not version 1, or another byte order), index-damaged (anything else).
  /// Complexity: linear; every byte is checked once.
  [[nodiscard]] static Result<Index> open(std::string image);
  /// Opens an image in memory that `owner` keeps alive and unchanged, such as a mapped file; with
  /// no owner, the caller does. The image may lie at any address.
  [[nodiscard]] static Result<Index> open(std::string_view image,
                                          std::shared_ptr<const void> owner);

  [[nodiscard]] const SnapshotId& snapshot_id() const noexcept { return id_; }
  [[nodiscard]] std::string_view image() const noexcept { return image_; }
  [[nodiscard]] std::size_t term_count() const noexcept { return term_count_; }
  /// Triples in all graphs.
  [[nodiscard]] std::uint64_t triple_count() const noexcept { return row_count_; }
  /// Names of the named graphs, sorted.
  [[nodiscard]] std::vector<std::string_view> graph_names() const;

  /// Whether any triple matches.
  [[nodiscard]] Probed<bool> ask(const Pattern& pattern) const;
  /// How many triples match.
  [[nodiscard]] Probed<std::uint64_t> count(const Pattern& pattern) const;
  /// The objects of the matching triples, each once, sorted.
  [[nodiscard]] Probed<std::vector<std::string_view>> objects(const Pattern& pattern) const;
  /// The subjects of the matching triples, each once, sorted.
  [[nodiscard]] Probed<std::vector<std::string_view>> subjects(const Pattern& pattern) const;
  /// The matching triples, in the order of the column they stand in; at most `limit` of them.
  [[nodiscard]] Probed<std::vector<Match>> matches(const Pattern& pattern,
                                                   std::uint64_t limit = UINT64_MAX) const;

 private:
  using Row = std::array<std::uint32_t, 3>;
  enum class Order : std::uint8_t { spo, pos, osp };
  struct Range {  // rows [first, last) of one column
    Order order;
    std::uint64_t first;
    std::uint64_t last;
  };

  Index() = default;
  [[nodiscard]] Status read_header();
  [[nodiscard]] Status read_table();
  [[nodiscard]] Status check_terms() const;
  [[nodiscard]] Status check_graphs() const;
  [[nodiscard]] Status check_rows(Order order, std::uint64_t first, std::uint64_t last) const;

  [[nodiscard]] std::string_view term(std::uint32_t id) const noexcept;
  [[nodiscard]] Row row(Order order, std::uint64_t at) const noexcept;
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text,
                                                  std::uint64_t& probes) const noexcept;
  [[nodiscard]] std::optional<Range> graph_range(const Pattern& pattern,
                                                 std::uint64_t& probes) const noexcept;
  [[nodiscard]] Range locate(const Pattern& pattern, std::uint64_t& probes) const noexcept;
  [[nodiscard]] Probed<std::vector<std::string_view>> distinct(const Pattern& pattern,
                                                               std::size_t part) const;

  std::shared_ptr<const void> owner_;
  std::string_view image_;
  SnapshotId id_;
  const char* term_offsets_ = nullptr;
  const char* term_text_ = nullptr;
  const char* graphs_ = nullptr;
  std::array<const char*, 3> columns_{};
  std::uint64_t term_count_ = 0;
  std::uint64_t text_bytes_ = 0;
  std::uint64_t graph_count_ = 0;
  std::uint64_t row_count_ = 0;
};

/// Whether the first and the last bytes of an index image carry `id`. Complexity: constant; a cheap
/// check that what is read is whole, no proof of integrity.
[[nodiscard]] bool index_carries(std::string_view image, const SnapshotId& id) noexcept;

}  // namespace knhk::projections
