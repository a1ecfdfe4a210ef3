#include "knhk/shacl/source_lines.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

#include "knhk/rdf/reader.hpp"

namespace knhk::shacl {
namespace {

using rdf::kNoTerm;
using rdf::TermId;
using rdf::Triple;

constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();

TermId find(const rdf::Dataset& data, std::string_view text) {
  const auto term = rdf::parse_term(text);
  return term ? data.find(term->view()) : kNoTerm;
}

/// The one predicate that a path consists of, and whether it is followed backwards.
struct Step {
  TermId predicate = kNoTerm;
  bool inverse = false;
};

Step step_of(const rdf::Dataset& data, std::string_view path) {
  Step step;
  step.inverse = path.starts_with('^');
  if (step.inverse) path.remove_prefix(1);
  const bool is_iri = path.starts_with('<') && path.find('>') == path.size() - 1;
  if (is_iri) step.predicate = find(data, path);
  return step;
}

/// What would tell where a result comes from; parts are `kNoTerm` where it can't be told.
struct Wanted {
  TermId focus = kNoTerm;
  Triple statement{kNoTerm, kNoTerm, kNoTerm};
};

Wanted wanted_by(const ValidationResult& result, const rdf::Dataset& data) {
  Wanted wanted;
  wanted.focus = find(data, result.focus_node);
  if (!result.value || result.path.empty()) return wanted;
  const Step step = step_of(data, result.path);
  const TermId value = find(data, *result.value);
  wanted.statement = step.inverse ? Triple{value, step.predicate, wanted.focus}
                                  : Triple{wanted.focus, step.predicate, value};
  return wanted;
}

/// Things looked for, each with the first statement that has it.
template <class Key>
class FirstPlaces {
 public:
  void want(const Key& key) { keys_.push_back(key); }
  void seal() {
    std::sort(keys_.begin(), keys_.end());
    keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
    places_.assign(keys_.size(), kNowhere);
  }
  void meet(const Key& key, std::size_t place) {
    const auto found = std::lower_bound(keys_.begin(), keys_.end(), key);
    if (found == keys_.end() || *found != key) return;
    std::size_t& known = places_[static_cast<std::size_t>(found - keys_.begin())];
    known = std::min(known, place);
  }
  [[nodiscard]] std::size_t of(const Key& key) const {
    const auto found = std::lower_bound(keys_.begin(), keys_.end(), key);
    if (found == keys_.end() || *found != key) return kNowhere;
    return places_[static_cast<std::size_t>(found - keys_.begin())];
  }

 private:
  std::vector<Key> keys_;
  std::vector<std::size_t> places_;
};

}  // namespace

void SourceLines::begin_file(std::string file) {
  files_.push_back({std::move(file), statements_.size()});
}

void SourceLines::add(const rdf::Quad& statement, std::uint64_t line) {
  if (statement.graph != kNoTerm) return;
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint32_t>::max();
  statements_.push_back({{statement.subject, statement.predicate, statement.object},
                         static_cast<std::uint32_t>(std::min(line, kLast))});
}

void SourceLines::locate(ValidationReport& report, const rdf::Dataset& data) const {
  std::vector<Wanted> wanted;
  wanted.reserve(report.results.size());
  FirstPlaces<Triple> exact;
  FirstPlaces<TermId> about;
  std::vector<bool> is_subject(data.term_count());  // of a statement looked for
  for (const ValidationResult& result : report.results) {
    wanted.push_back(wanted_by(result, data));
    const auto& [focus, statement] = wanted.back();
    exact.want(statement);
    about.want(focus);
    for (const TermId subject : {focus, statement.subject}) {
      if (subject != kNoTerm) is_subject[static_cast<std::uint32_t>(subject)] = true;
    }
  }
  exact.seal();
  about.seal();
  for (std::size_t i = 0; i < statements_.size(); ++i) {
    const Triple& triple = statements_[i].triple;
    const auto subject = static_cast<std::uint32_t>(triple.subject);
    if (subject >= is_subject.size() || !is_subject[subject]) continue;
    exact.meet(triple, i);
    about.meet(triple.subject, i);
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    std::size_t place = exact.of(wanted[i].statement);
    if (place == kNowhere) place = about.of(wanted[i].focus);
    if (place != kNowhere) report.results[i].source = line_of(place);
  }
}

SourceLine SourceLines::line_of(std::size_t statement) const {
  const auto after =
      std::upper_bound(files_.begin(), files_.end(), statement,
                       [](std::size_t place, const File& file) { return place < file.begin; });
  return {after == files_.begin() ? std::string() : std::prev(after)->name,
          statements_[statement].line};
}

}  // namespace knhk::shacl
