#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "knhk/rdf/vocabulary.hpp"
#include "knhk/shacl/report.hpp"
#include "knhk/shacl/term_text.hpp"

namespace knhk::shacl {
namespace {

std::string plural(std::size_t count, const std::string& noun) {
  std::string text = std::to_string(count);
  text += ' ';
  text += noun;
  if (count != 1) text += 's';
  return text;
}

std::string_view local_name(std::string_view iri) { return iri.substr(iri.find_last_of("#/") + 1); }

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

class TextReport {
 public:
  TextReport(const ValidationReport& report, const TextOptions& options)
      : report_(report), left_(options.limit) {
    for (const auto& [name, space] : options.prefixes) prefixes_.emplace_back(name, space);
    const auto standard = standard_prefixes();
    prefixes_.insert(prefixes_.end(), standard.begin(), standard.end());
  }

  std::string run() {
    summary();
    std::map<std::string_view, std::vector<const ValidationResult*>> by_shape;
    for (const ValidationResult& result : report_.results) {
      by_shape[result.target_shape.empty() ? result.source_shape : result.target_shape].push_back(
          &result);
    }
    std::vector<std::pair<std::string_view, std::size_t>> hidden;
    for (const auto& [shape, results] : by_shape) {
      if (left_ < results.size()) hidden.emplace_back(shape, results.size() - left_);
      if (left_ == 0) continue;
      out_ += "\nShape ";
      out_ += compact(shape);
      out_ += ": ";
      out_ += plural(results.size(), "result");
      out_ += '\n';
      for (const ValidationResult* const result : results) {
        if (left_ == 0) break;
        --left_;
        one(*result);
      }
    }
    count_hidden(hidden);
    return std::move(out_);
  }

 private:
  void summary() {
    if (report_.conforms) {
      out_ += "Conforms\n";
      return;
    }
    std::map<std::string_view, std::size_t> by_severity;
    for (const ValidationResult& result : report_.results) ++by_severity[result.severity];
    out_ += "Does not conform: ";
    out_ += plural(report_.results.size(), "result");
    std::string counts;
    for (const auto& [severity, count] : by_severity) {
      if (!counts.empty()) counts += ", ";
      counts += plural(count, lower(local_name(severity)));
    }
    out_ += " (";
    out_ += counts;
    out_ += ")\n";
  }

  /// Says what the limit left out, the shapes with the most results first.
  void count_hidden(std::vector<std::pair<std::string_view, std::size_t>>& hidden) {
    if (hidden.empty()) return;
    std::sort(hidden.begin(), hidden.end(), [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    std::size_t count = 0;
    for (const auto& [shape, results] : hidden) count += results;
    out_ += '\n';
    out_ += plural(count, "more result");
    out_ += " not shown:\n";
    constexpr std::size_t kMostShapes = 10;
    for (std::size_t i = 0; i < std::min(hidden.size(), kMostShapes); ++i) {
      out_ += "  ";
      out_ += std::to_string(hidden[i].second);
      out_ += " of shape ";
      out_ += compact(hidden[i].first);
      out_ += '\n';
    }
    if (hidden.size() > kMostShapes) {
      out_ += "  and of ";
      out_ += plural(hidden.size() - kMostShapes, "more shape");
      out_ += '\n';
    }
  }

  void one(const ValidationResult& result) {
    out_ += "  ";
    out_ += local_name(result.severity);
    out_ += '\n';
    row("focus node", compact(result.focus_node));
    if (!result.path.empty()) row("path", compact(result.path));
    row("rule", std::string(local_name(result.component)));
    if (result.value && *result.value != result.focus_node) row("value", compact(*result.value));
    row("message", result.message);
    if (result.source) {
      row("source", result.source->file + ":" + std::to_string(result.source->line));
    }
  }

  void row(std::string_view name, std::string_view text) {
    constexpr std::size_t kWidth = 12;
    out_ += "    ";
    out_ += name;
    out_.append(kWidth - name.size(), ' ');
    out_ += text;
    out_ += '\n';
  }

  /// `text` with its IRIs shortened: a term, or a path. What a literal says stays as it is.
  [[nodiscard]] std::string compact(std::string_view text) const {
    std::string out;
    if (text.starts_with('"')) {
      const std::size_t end = text.rfind('"') + 1;
      out = text.substr(0, end);
      text.remove_prefix(end);
    }
    while (!text.empty()) {
      const std::size_t begin = std::min(text.find('<'), text.size());
      out += text.substr(0, begin);
      text.remove_prefix(begin);
      const std::size_t end = text.find('>');
      if (text.empty() || end == std::string_view::npos) break;
      out += compact_iri(text.substr(1, end - 1), prefixes_);
      text.remove_prefix(end + 1);
    }
    return out;
  }

  const ValidationReport& report_;
  std::size_t left_;
  std::vector<Prefix> prefixes_;
  std::string out_;
};

}  // namespace

std::string to_text(const ValidationReport& report, const TextOptions& options) {
  return TextReport(report, options).run();
}

}  // namespace knhk::shacl
