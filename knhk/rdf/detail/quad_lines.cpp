#include "knhk/rdf/detail/quad_lines.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <tuple>
#include <vector>

namespace knhk::rdf::detail {
namespace {

// All terms as written, and their places when sorted by code point.
class WrittenTerms {
 public:
  WrittenTerms(std::size_t count, const std::function<void(TermId, std::string&)>& write) {
    starts_.reserve(count + 1);
    for (std::size_t i = 0; i < count; ++i) {
      starts_.push_back(text_.size());
      write(TermId{static_cast<std::uint32_t>(i)}, text_);
    }
    starts_.push_back(text_.size());
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [this](std::uint32_t a, std::uint32_t b) { return (*this)[a] < (*this)[b]; });
    ranks_.resize(count);
    for (std::uint32_t rank = 0; rank < count; ++rank) ranks_[order[rank]] = rank;
    order_ = std::move(order);
  }

  [[nodiscard]] std::string_view operator[](std::uint32_t id) const noexcept {
    return std::string_view(text_).substr(starts_[id], starts_[id + 1] - starts_[id]);
  }
  // 0 is left for "no term".
  [[nodiscard]] std::uint32_t rank(TermId id) const noexcept {
    return id == kNoTerm ? 0 : ranks_[index_of(id)] + 1;
  }
  [[nodiscard]] std::string_view ranked(std::uint32_t rank) const noexcept {
    return (*this)[order_[rank - 1]];
  }

 private:
  std::string text_;
  std::vector<std::size_t> starts_;
  std::vector<std::uint32_t> ranks_;
  std::vector<std::uint32_t> order_;
};

using Ranks = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>;

}  // namespace

// Lines compare as their terms do one after the other: no written term is the start of another one
// followed by a character below the blank that ends it, and `.` is below what starts a graph name.
// So quads are sorted by four numbers and no line is compared.
std::string sorted_lines(const Dataset& dataset,
                         const std::function<void(TermId, std::string&)>& write) {
  const WrittenTerms terms(dataset.term_count(), write);
  std::vector<Ranks> quads;
  quads.reserve(dataset.size());
  std::size_t size = 0;
  for_each_quad(dataset, [&](const Quad& q) {
    const Ranks ranks{terms.rank(q.subject), terms.rank(q.predicate), terms.rank(q.object),
                      terms.rank(q.graph)};
    quads.push_back(ranks);
    const std::size_t graph = q.graph == kNoTerm ? 0 : terms.ranked(std::get<3>(ranks)).size() + 1;
    size += terms.ranked(std::get<0>(ranks)).size() + terms.ranked(std::get<1>(ranks)).size() +
            terms.ranked(std::get<2>(ranks)).size() + graph + 5;
  });
  std::sort(quads.begin(), quads.end());
  std::string lines;
  lines.reserve(size);
  for (const auto& [s, p, o, g] : quads) {
    lines += terms.ranked(s);
    lines += ' ';
    lines += terms.ranked(p);
    lines += ' ';
    lines += terms.ranked(o);
    if (g != 0) {
      lines += ' ';
      lines += terms.ranked(g);
    }
    lines += " .\n";
  }
  return lines;
}

}  // namespace knhk::rdf::detail
