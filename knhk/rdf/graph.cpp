#include "knhk/rdf/graph.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace knhk::rdf {
namespace {

// The triples by the numbers of their `part`, in their old order where these are equal.
// Requires: 32-bit numbers count them.
std::vector<Triple> grouped_by(TermId Triple::* part, const std::vector<Triple>& triples) {
  std::uint32_t most = 0;
  for (const Triple& triple : triples) most = std::max(most, index_of(triple.*part));
  // Allocated before the counts, so that freeing them leaves no hole below it.
  std::vector<Triple> grouped(triples.size());
  std::vector<std::uint32_t> starts(std::size_t{most} + 2);
  for (const Triple& triple : triples) ++starts[index_of(triple.*part) + 1];
  for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
  for (const Triple& triple : triples) grouped[starts[index_of(triple.*part)]++] = triple;
  return grouped;
}

// One more than the largest number of a term in `triples`.
std::size_t term_bound_of(const std::vector<Triple>& triples) noexcept {
  std::uint32_t most = 0;
  for (const Triple& t : triples) {
    most = std::max({most, index_of(t.subject), index_of(t.predicate), index_of(t.object)});
  }
  return std::size_t{most} + 1;
}

template <class KeyOf>
std::vector<Triple> sorted_by(std::vector<Triple> triples, const KeyOf& key_of) {
  std::sort(triples.begin(), triples.end(),
            [&](const Triple& a, const Triple& b) { return key_of(a) < key_of(b); });
  return triples;
}

// The part of `sorted` whose key, as `key_of` gives it, equals `key`.
template <class Key, class KeyOf>
std::span<const Triple> range(const std::vector<Triple>& sorted, const Key& key,
                              const KeyOf& key_of) noexcept {
  const auto first = std::partition_point(sorted.begin(), sorted.end(),
                                          [&](const Triple& t) { return key_of(t) < key; });
  const auto last =
      std::partition_point(first, sorted.end(), [&](const Triple& t) { return key_of(t) == key; });
  return {first, last};
}

}  // namespace

// Where there is a triple for every few terms, places are counted out: linear but for the triples
// of one subject. A small graph of a large dataset is sorted by comparing.
Graph::Graph(std::vector<Triple> triples) : spo_(std::move(triples)) {
  constexpr std::size_t kMostTermsPerTriple = 4;
  const std::size_t bound = term_bound_of(spo_);
  const bool is_dense = bound / kMostTermsPerTriple <= spo_.size() &&
                        spo_.size() <= std::numeric_limits<std::uint32_t>::max();
  if (is_dense) {
    const auto by_subject = [](const Triple& a, const Triple& b) { return a.subject < b.subject; };
    if (!std::is_sorted(spo_.begin(), spo_.end(), by_subject)) {
      spo_ = grouped_by(&Triple::subject, spo_);
    }
    for (auto first = spo_.begin(); first != spo_.end();) {
      const auto last = std::find_if(first, spo_.end(),
                                     [&](const Triple& t) { return t.subject != first->subject; });
      std::sort(first, last);
      first = last;
    }
  } else {
    std::sort(spo_.begin(), spo_.end());
  }
  spo_.erase(std::unique(spo_.begin(), spo_.end()), spo_.end());
  spo_.shrink_to_fit();
  if (is_dense) {
    osp_ = grouped_by(&Triple::object, spo_);
    pos_ = grouped_by(&Triple::predicate, osp_);
  } else {
    osp_ =
        sorted_by(spo_, [](const Triple& t) { return std::tie(t.object, t.subject, t.predicate); });
    pos_ =
        sorted_by(spo_, [](const Triple& t) { return std::tie(t.predicate, t.object, t.subject); });
  }
}

std::span<const Triple> Graph::of_subject(TermId subject) const noexcept {
  return range(spo_, subject, [](const Triple& t) { return t.subject; });
}

std::span<const Triple> Graph::of_subject_predicate(TermId subject,
                                                    TermId predicate) const noexcept {
  return range(spo_, std::tie(subject, predicate),
               [](const Triple& t) { return std::tie(t.subject, t.predicate); });
}

std::span<const Triple> Graph::of_predicate(TermId predicate) const noexcept {
  return range(pos_, predicate, [](const Triple& t) { return t.predicate; });
}

std::span<const Triple> Graph::of_predicate_object(TermId predicate, TermId object) const noexcept {
  return range(pos_, std::tie(predicate, object),
               [](const Triple& t) { return std::tie(t.predicate, t.object); });
}

std::span<const Triple> Graph::of_object(TermId object) const noexcept {
  return range(osp_, object, [](const Triple& t) { return t.object; });
}

std::span<const Triple> Graph::of_object_subject(TermId object, TermId subject) const noexcept {
  return range(osp_, std::tie(object, subject),
               [](const Triple& t) { return std::tie(t.object, t.subject); });
}

bool Graph::contains(TermId subject, TermId predicate, TermId object) const noexcept {
  return std::binary_search(spo_.begin(), spo_.end(), Triple{subject, predicate, object});
}

std::size_t Graph::size_bytes() const noexcept {
  return (spo_.capacity() + pos_.capacity() + osp_.capacity()) * sizeof(Triple);
}

}  // namespace knhk::rdf
