#include "knhk/shacl/path_compiler.hpp"

#include <algorithm>
#include <array>

#include "knhk/rdf/vocabulary.hpp"
#include "knhk/rdf/writer.hpp"

namespace knhk::shacl::detail {
namespace {

constexpr std::size_t kMaxNesting = 100;
constexpr std::size_t kMaxSteps = 10'000;

tl::unexpected<Error> ill_formed(std::string detail) {
  return fail(Errc::ill_formed_shapes, "", std::move(detail));
}

struct Repetition {
  std::string_view local_name;
  PathKind kind;
  char suffix;
};

constexpr std::array<Repetition, 3> kRepetitions = {
    Repetition{"zeroOrMorePath", PathKind::zero_or_more, '*'},
    Repetition{"oneOrMorePath", PathKind::one_or_more, '+'},
    Repetition{"zeroOrOnePath", PathKind::zero_or_one, '?'}};

}  // namespace

TermIndex TermInterner::intern(rdf::TermId id) {
  const auto [place, is_new] = known_.try_emplace(id, static_cast<TermIndex>(out_.terms.size()));
  if (is_new) out_.terms.emplace_back(graph_.term(id));
  return place->second;
}

TermIndex TermInterner::intern_iri(std::string_view iri) {
  if (const rdf::TermId id = graph_.iri(iri); id != rdf::kNoTerm) return intern(id);
  out_.terms.emplace_back(rdf::Term::iri(iri));
  return static_cast<TermIndex>(out_.terms.size() - 1);
}

Result<PathIndex> PathCompiler::compile(rdf::TermId path) {
  if (const auto known = known_.find(path); known != known_.end()) return known->second;
  steps_ = 0;
  Result<Built> built = build(path, false, 0);
  if (!built) return forward_error(std::move(built));
  out_.paths.push_back({built->node, std::move(built->text.sparql), std::move(built->text.turtle)});
  return known_[path] = static_cast<PathIndex>(out_.paths.size() - 1);
}

std::uint32_t PathCompiler::add_node(PathKind kind, TermIndex predicate,
                                     const std::vector<std::uint32_t>& children) {
  PathNode node{kind, predicate, {}};
  node.children.begin = static_cast<std::uint32_t>(out_.path_children.size());
  out_.path_children.insert(out_.path_children.end(), children.begin(), children.end());
  node.children.end = static_cast<std::uint32_t>(out_.path_children.size());
  out_.path_nodes.push_back(node);
  return static_cast<std::uint32_t>(out_.path_nodes.size() - 1);
}

Result<PathCompiler::Built> PathCompiler::build(rdf::TermId path, bool inverted,
                                                std::size_t depth) {
  if (depth > kMaxNesting) return ill_formed("contains itself or is nested too deeply");
  if (++steps_ > kMaxSteps) return ill_formed("has too many steps");
  const rdf::Term term = graph_.term(path);
  if (term.is_iri()) {
    if (graph_.iri(rdf::vocab::rdf::nil) == path) return ill_formed("is an empty list");
    const PathKind kind = inverted ? PathKind::inverse : PathKind::predicate;
    std::string text = rdf::to_ntriples(term);
    return Built{add_node(kind, terms_.intern(path), {}), Text{text, text, 3}};
  }
  if (term.is_literal()) return ill_formed("must be a path, found " + graph_.name(path));
  // A list is a sequence, whatever else is said about it: the suite has one with sh:inversePath.
  if (graph_.is_list(path)) return build_members(PathKind::sequence, path, inverted, depth);
  return build_operator(path, inverted, depth);
}

Result<PathCompiler::Built> PathCompiler::build_operator(rdf::TermId path, bool inverted,
                                                         std::size_t depth) {
  const auto inverse = graph_.values(path, "inversePath");
  const auto alternative = graph_.values(path, "alternativePath");
  std::size_t operators = inverse.size() + alternative.size();
  const Repetition* repetition = nullptr;
  rdf::TermId repeated = rdf::kNoTerm;
  for (const Repetition& one : kRepetitions) {
    const auto values = graph_.values(path, one.local_name);
    operators += values.size();
    if (values.empty()) continue;
    repetition = &one;
    repeated = values.front().object;
  }
  if (operators == 0) return ill_formed("has a blank node that is no path");
  if (operators > 1) return ill_formed("has a blank node that is more than one path");
  if (!alternative.empty()) {
    return build_members(PathKind::alternative, alternative.front().object, inverted, depth);
  }
  if (!inverse.empty()) {
    Result<Built> inner = build(inverse.front().object, !inverted, depth + 1);
    if (!inner) return inner;
    Text& text = inner->text;
    text.sparql = text.binding == 3 ? "^" + text.sparql : "^(" + text.sparql + ")";
    text.turtle = "[ sh:inversePath " + text.turtle + " ]";
    text.binding = 2;
    return inner;
  }
  Result<Built> inner = build(repeated, inverted, depth + 1);
  if (!inner) return inner;
  Text& text = inner->text;
  if (text.binding < 3) text.sparql = "(" + text.sparql + ")";
  text.sparql += repetition->suffix;
  text.turtle = "[ sh:" + std::string(repetition->local_name) + " " + text.turtle + " ]";
  text.binding = 2;
  inner->node = add_node(repetition->kind, kNone, {inner->node});
  return inner;
}

Result<PathCompiler::Built> PathCompiler::build_members(PathKind kind, rdf::TermId list,
                                                        bool inverted, std::size_t depth) {
  const bool sequence = kind == PathKind::sequence;
  const auto members = graph_.list(list);
  if (!members || members->size() < 2) {
    return ill_formed(sequence ? "has a sequence that is no list of two or more paths"
                               : "has a sh:alternativePath that is no list of two or more paths");
  }
  std::vector<std::uint32_t> nodes;
  Text text{"", sequence ? "(" : "[ sh:alternativePath (", sequence ? 1 : 0};
  for (const rdf::TermId member : *members) {
    Result<Built> part = build(member, inverted, depth + 1);
    if (!part) return part;
    nodes.push_back(part->node);
    if (!text.sparql.empty()) text.sparql += sequence ? "/" : "|";
    const bool brackets = part->text.binding <= text.binding;
    text.sparql += brackets ? "(" + part->text.sparql + ")" : part->text.sparql;
    text.turtle += " " + part->text.turtle;
  }
  text.turtle += sequence ? " )" : " ) ]";
  if (sequence && inverted) std::reverse(nodes.begin(), nodes.end());
  return Built{add_node(kind, kNone, nodes), std::move(text)};
}

}  // namespace knhk::shacl::detail
