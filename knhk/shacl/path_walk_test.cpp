#include "knhk/shacl/path_walk.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "knhk/shacl/evaluator.hpp"
#include "knhk/shacl/shacl_fixture.hpp"

namespace knhk::shacl {
namespace {

using detail::CompiledShapes;
using detail::Direction;
using detail::PathKind;
using rdf::TermId;

constexpr int kNodes = 9;

std::string node(std::mt19937& random) { return "ex:n" + std::to_string(random() % kNodes); }

std::string random_data(std::mt19937& random) {
  std::string data;
  for (int i = 0; i < 14; ++i) {
    data += node(random) + " ex:p" + std::to_string(random() % 3) + " " + node(random) + " .\n";
  }
  return data;
}

/// A path in Turtle. `ex:p3` occurs in no triple.
std::string random_path(std::mt19937& random, int depth) {
  const std::string predicate = "ex:p" + std::to_string(random() % 4);
  if (depth == 0) return predicate;
  const auto child = [&] { return random_path(random, depth - 1); };
  switch (random() % 7) {
    case 0:
      return predicate;
    case 1:
      return "[ sh:inversePath " + predicate + " ]";
    case 2:
      return "(" + child() + " " + child() + ")";
    case 3:
      return "[ sh:alternativePath (" + child() + " " + child() + ") ]";
    case 4:
      return "[ sh:zeroOrMorePath " + child() + " ]";
    case 5:
      return "[ sh:oneOrMorePath " + child() + " ]";
    default:
      return "[ sh:zeroOrOnePath " + child() + " ]";
  }
}

/// Where a path leads by the definition alone: all pairs, one set for each node.
class PairsOfPath {
 public:
  PairsOfPath(const CompiledShapes& shapes, const rdf::Dataset& data)
      : shapes_(shapes), data_(data) {}

  using Pairs = std::set<std::pair<TermId, TermId>>;

  [[nodiscard]] Pairs of(std::uint32_t index) const {
    const detail::PathNode& path = shapes_.path_nodes[index];
    if (path.kind == PathKind::predicate || path.kind == PathKind::inverse) {
      Pairs pairs;
      for (const rdf::Triple& triple :
           data_.default_graph().of_predicate(data_.find(shapes_.terms[path.predicate].view()))) {
        if (path.kind == PathKind::predicate) pairs.emplace(triple.subject, triple.object);
        if (path.kind == PathKind::inverse) pairs.emplace(triple.object, triple.subject);
      }
      return pairs;
    }
    Pairs all = of(shapes_.path_children[path.children.begin]);
    for (std::uint32_t i = path.children.begin + 1; i < path.children.end; ++i) {
      const Pairs more = of(shapes_.path_children[i]);
      if (path.kind == PathKind::sequence) {
        all = joined(all, more);
      } else {
        all.insert(more.begin(), more.end());
      }
    }
    if (path.kind == PathKind::zero_or_more || path.kind == PathKind::one_or_more) {
      for (std::size_t before = 0; before != all.size();) {
        before = all.size();
        all.merge(joined(all, all));
      }
    }
    if (path.kind == PathKind::zero_or_more || path.kind == PathKind::zero_or_one) {
      for (std::uint32_t i = 0; i < data_.term_count(); ++i) all.emplace(TermId{i}, TermId{i});
    }
    return all;
  }

 private:
  static Pairs joined(const Pairs& left, const Pairs& right) {
    Pairs pairs;
    for (const auto& [from, middle] : left) {
      for (const auto& [start, to] : right) {
        if (start == middle) pairs.emplace(from, to);
      }
    }
    return pairs;
  }

  const CompiledShapes& shapes_;
  const rdf::Dataset& data_;
};

TEST(PathWalk, leads_where_the_definition_says_from_both_ends) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    const rdf::Dataset data = turtle(random_data(random));
    const auto shapes = compile("ex:S sh:targetNode ex:n0 ; sh:maxCount 0 ; sh:path " +
                                random_path(random, 3) + " .");
    ASSERT_TRUE(shapes) << to_string(shapes.error());
    const detail::Plan plan(shapes->compiled(), data);
    const detail::Shape& shape = plan.shapes().shapes.front();
    const auto& path = plan.shapes().paths[shape.path];
    const auto pairs = PairsOfPath(plan.shapes(), data).of(path.root);
    detail::PathWalk walk(plan);
    for (int round = 0; round < 2; ++round) {  // the second from what was remembered
      for (std::uint32_t i = 0; i < data.term_count(); ++i) {
        std::vector<TermId> values;
        walk.values(shape, TermId{i}, values);
        const std::set<TermId> once(values.begin(), values.end());
        EXPECT_EQ(once.size(), values.size()) << "each once: " << path.sparql << " seed " << seed;
        EXPECT_EQ(walk.leads_somewhere(shape, TermId{i}), !values.empty())
            << path.sparql << " seed " << seed;
        for (std::uint32_t j = 0; j < data.term_count(); ++j) {
          EXPECT_EQ(once.contains(TermId{j}), pairs.contains({TermId{i}, TermId{j}}))
              << path.sparql << " from " << i << " to " << j << " seed " << seed;
          EXPECT_EQ(walk.leads_to(shape, TermId{i}, TermId{j}), once.contains(TermId{j}))
              << path.sparql << " from " << i << " to " << j << " seed " << seed;
        }
      }
    }
    for (std::uint32_t j = 0; j < data.term_count(); ++j) {
      std::vector<TermId> sources;
      ASSERT_TRUE(walk.sources(shape, TermId{j}, 1'000'000, sources));
      for (std::uint32_t i = 0; i < data.term_count(); ++i) {
        EXPECT_EQ(std::binary_search(sources.begin(), sources.end(), TermId{i}),
                  pairs.contains({TermId{i}, TermId{j}}))
            << path.sparql << " from " << i << " to " << j << " seed " << seed;
      }
    }
  }
}

/// Numbers of the focus nodes where a has_value fails.
std::vector<TermId> failures(const Shapes& shapes, const rdf::Dataset& data, Direction direction,
                             std::size_t& backwards) {
  const detail::Plan plan(shapes.compiled(), data, direction);
  for (std::uint32_t i = 0; i < plan.shapes().constraints.size(); ++i) {
    if (plan.is_backwards(i)) ++backwards;
  }
  detail::Evaluator evaluator(plan);
  std::vector<detail::Finding> findings;
  for (const TermId focus : plan.focus_nodes(plan.shapes().shapes.front())) {
    evaluator.report(0, focus, findings);
  }
  std::vector<TermId> found;
  for (const detail::Finding& finding : findings) found.push_back(finding.focus);
  return found;
}

TEST(Direction, changes_no_answer) {
  std::size_t forwards = 0;
  std::size_t backwards = 0;
  std::size_t by_counts = 0;
  std::size_t found = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    std::mt19937 random(seed);
    const std::string graph = random_data(random);
    const rdf::Dataset data = turtle(graph);
    std::string text = "ex:S sh:path " + random_path(random, 3) + " ; sh:targetNode ex:absent";
    for (int i = 0; i < kNodes; ++i) text += ", ex:n" + std::to_string(i);
    text += " ; sh:hasValue " + (seed % 8 == 0 ? "ex:absent" : node(random));
    if (seed % 3 == 0) text += " ; sh:hasValue " + node(random);
    if (seed % 4 == 0) text += " ; sh:minCount 1";
    const auto shapes = compile(text + " .");
    ASSERT_TRUE(shapes) << to_string(shapes.error());
    const auto answer = failures(*shapes, data, Direction::forwards, forwards);
    EXPECT_EQ(failures(*shapes, data, Direction::backwards, backwards), answer)
        << text << "\n"
        << graph << "seed " << seed;
    EXPECT_EQ(failures(*shapes, data, Direction::by_counts, by_counts), answer) << "seed " << seed;
    found += answer.size();
  }
  EXPECT_EQ(forwards, 0U);
  EXPECT_GT(backwards, by_counts) << "counts choose both";
  EXPECT_GT(by_counts, 0U) << "counts choose both";
  EXPECT_GT(found, 100U);
}

TEST(Direction, is_backwards_where_few_nodes_lead_to_the_value) {
  std::string data = "ex:rare ex:to ex:hub .";
  for (int i = 0; i < 200; ++i) {
    data += " ex:n" + std::to_string(i) + " ex:to ex:m" + std::to_string(i % 7) + " .";
  }
  const auto shapes = compile(
      "ex:S sh:targetSubjectsOf ex:to ; sh:path [ sh:oneOrMorePath ex:to ] ; sh:hasValue ex:hub .");
  ASSERT_TRUE(shapes);
  std::size_t backwards = 0;
  EXPECT_EQ(failures(*shapes, turtle(data), Direction::by_counts, backwards).size(), 200U);
  EXPECT_EQ(backwards, 1U);
}

}  // namespace
}  // namespace knhk::shacl
