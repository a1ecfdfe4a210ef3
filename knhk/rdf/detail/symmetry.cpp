#include "knhk/rdf/detail/symmetry.hpp"

#include <algorithm>

namespace knhk::rdf::detail {

bool Symmetry::find(Node from, Node to) {
  forget();
  match(from, to);
  for (std::size_t i = 0; i < matched_.size(); ++i) {
    const Node node = matched_[i];
    if (colors_.color(node) != colors_.color(images_[node])) return false;
    if (!match_links(node, images_[node])) return false;
  }
  return std::all_of(matched_.begin(), matched_.end(),
                     [this](Node node) { return keeps_quads(node); });
}

void Symmetry::forget() {
  for (const Node node : matched_) {
    is_image_[images_[node]] = false;
    images_[node] = kNoNode;
  }
  matched_.clear();
}

void Symmetry::match(Node node, Node image) {
  images_[node] = image;
  is_image_[image] = true;
  matched_.push_back(node);
}

// Matches the neighbors of `node` that have no image yet with those of `image` that are none, label
// by label and color by color. Where there is a choice the first is taken: a wrong choice is found
// out later.
bool Symmetry::match_links(Node node, Node image) {
  const auto links = colors_.links(node);
  const auto there = colors_.links(image);
  if (links.size() != there.size() || steps_left_ < links.size() + 1) return false;
  steps_left_ -= links.size() + 1;
  std::size_t next = 0;
  for (std::size_t i = 0; i < links.size(); ++i) {
    const auto alike = [&](const NodeColors::Link& link) {
      return link.label == links[i].label &&
             colors_.color(link.other) == colors_.color(links[i].other);
    };
    if (!alike(there[i])) return false;
    if (i == 0 || !alike(links[i - 1])) next = i;
    if (images_[links[i].other] != kNoNode) continue;
    while (next < there.size() && is_image_[there[next].other]) ++next;
    if (next == there.size() || !alike(there[next])) return false;
    match(links[i].other, there[next].other);
  }
  return true;
}

// Different quads have different images, since different nodes do. With as many quads at the image
// as at the node, every quad of the image is then reached.
bool Symmetry::keeps_quads(Node node) const {
  const auto mentions = state_.quads.mentions(node);
  if (mentions.size() != state_.quads.mentions(images_[node]).size()) return false;
  return std::all_of(mentions.begin(), mentions.end(), [this](std::uint32_t index) {
    const Quad& quad = state_.quads.quad(index);
    const TermId graph = quad.graph == kNoTerm ? kNoTerm : image(quad.graph);
    return state_.dataset.graph(graph).contains(image(quad.subject), quad.predicate,
                                                image(quad.object));
  });
}

TermId Symmetry::image(TermId id) const noexcept {
  const Node node = state_.quads.node(id);
  if (node == kNoNode || images_[node] == kNoNode) return id;
  return state_.quads.term(images_[node]);
}

}  // namespace knhk::rdf::detail
