#include "knhk/rdf/graph.hpp"

#include <algorithm>
#include <tuple>

namespace knhk::rdf {
namespace {

struct ByPos {
  static auto key(const Triple& t) noexcept { return std::tie(t.predicate, t.object, t.subject); }
  bool operator()(const Triple& a, const Triple& b) const noexcept { return key(a) < key(b); }
};

struct ByOsp {
  static auto key(const Triple& t) noexcept { return std::tie(t.object, t.subject, t.predicate); }
  bool operator()(const Triple& a, const Triple& b) const noexcept { return key(a) < key(b); }
};

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

Graph::Graph(std::vector<Triple> triples) : spo_(std::move(triples)) {
  std::sort(spo_.begin(), spo_.end());
  spo_.erase(std::unique(spo_.begin(), spo_.end()), spo_.end());
  spo_.shrink_to_fit();
  pos_ = spo_;
  std::sort(pos_.begin(), pos_.end(), ByPos{});
  osp_ = spo_;
  std::sort(osp_.begin(), osp_.end(), ByOsp{});
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
