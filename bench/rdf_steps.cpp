// What each step of identifying and validating RDF takes within one process: the library's side of
// bench/rdf_bench and bench/shacl_bench, which run it beside the peers. Prints one JSON object.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "knhk/rdf/canonical.hpp"
#include "knhk/rdf/dataset.hpp"
#include "knhk/rdf/reader.hpp"
#include "knhk/shacl/shapes.hpp"
#include "knhk/shacl/validate.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

struct Request {
  std::string data;
  std::string shapes;
  std::string results;  // file for one line per result
  bool is_identified = false;
  bool is_text_counted = false;
  double seconds = 0;  // each step is repeated until so many are over
};

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The most that was resident since this program began; what getrusage says includes the program
/// that started it.
std::size_t peak_bytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  std::size_t kibibytes = 0;
  while (status >> word) {
    if (word == "VmHWM:" && status >> kibibytes) break;
  }
  return kibibytes * 1024;
}

std::size_t resident_bytes() {
  std::size_t pages = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// Does `step`, which gives a Result, once and then again until `seconds` are over; notes how long
/// each time took and gives what came first.
template <class Step>
auto timed(Json& times, double seconds, Step&& step) {
  const auto begin = Clock::now();
  auto first = step();
  times.push_back(since(begin));
  while (first && since(begin) < seconds) {
    const auto start = Clock::now();
    const auto again = step();
    times.push_back(since(start));
    static_cast<void>(again);
  }
  return first;
}

knhk::Result<knhk::rdf::Dataset> load(const std::string& path, Json* steps) {
  auto start = Clock::now();
  knhk::rdf::DatasetBuilder builder;
  if (auto status = knhk::rdf::read_path(path, {}, builder); !status) {
    return knhk::forward_error(std::move(status));
  }
  if (steps != nullptr) (*steps)["read and parse"].push_back(since(start));
  start = Clock::now();
  auto dataset = std::move(builder).build();
  if (steps != nullptr) (*steps)["index"].push_back(since(start));
  return dataset;
}

/// Bytes of the text of all terms, a datatype's IRI counted once.
std::size_t text_bytes(const knhk::rdf::Dataset& dataset) {
  std::size_t bytes = 0;
  std::unordered_set<std::string_view> datatypes;
  for (std::uint32_t number = 0; number < dataset.term_count(); ++number) {
    const knhk::rdf::Term term = dataset.term(knhk::rdf::TermId{number});
    bytes += term.text.size() + term.language.size();
    if (datatypes.insert(term.datatype).second) bytes += term.datatype.size();
  }
  return bytes;
}

/// Blank nodes have other labels in every program.
std::string_view without_label(std::string_view term) {
  return term.starts_with("_:") ? term.substr(0, 2) : term;
}

void write_results(const knhk::shacl::ValidationReport& report, const std::string& path) {
  std::ofstream out(path);
  for (const auto& result : report.results) {
    out << without_label(result.focus_node) << '\t' << '<' << result.component << ">\t"
        << (result.value ? without_label(*result.value) : std::string_view()) << '\n';
  }
}

int refused(Json answer, std::string_view step, const knhk::Error& error) {
  answer["refused"] = {
      {"step", step}, {"code", std::string(knhk::name(error.code))}, {"detail", error.detail}};
  std::cout << answer.dump() << '\n';
  return 0;
}

int validate(const Request& request, const knhk::rdf::Dataset& data, Json& answer) {
  Json& steps = answer["steps"];
  const auto graph = timed(steps["load shapes"], 0, [&] { return load(request.shapes, nullptr); });
  if (!graph) return refused(answer, "load shapes", graph.error());
  const auto shapes = timed(steps["compile"], request.seconds,
                            [&] { return knhk::shacl::Shapes::compile(*graph); });
  if (!shapes) return refused(answer, "compile", shapes.error());
  const auto report = timed(steps["validate"], request.seconds, [&] {
    return knhk::Result<knhk::shacl::ValidationReport>(knhk::shacl::validate(*shapes, data));
  });
  answer["results"] = report->results.size();
  if (!request.results.empty()) write_results(*report, request.results);
  return -1;
}

int run(const Request& request) {
  Json answer;
  Json& steps = answer["steps"];
  const std::size_t before = resident_bytes();
  const auto dataset =
      timed(steps["load"], request.seconds, [&] { return load(request.data, &steps); });
  if (!dataset) return refused(answer, "load", dataset.error());
  // With one load alone, since memory of loads before would count, too.
  if (request.seconds == 0) answer["peak_bytes"] = peak_bytes();
  answer["resident_bytes_before"] = before;
  answer["quads"] = dataset->size();
  answer["terms"] = dataset->term_count();
  answer["dataset_bytes"] = dataset->size_bytes();
  if (request.is_text_counted) answer["text_bytes"] = text_bytes(*dataset);
  if (request.is_identified) {
    const auto canonical = timed(steps["canonicalize"], request.seconds,
                                 [&] { return knhk::rdf::canonicalize(*dataset); });
    if (!canonical) return refused(answer, "canonicalize", canonical.error());
    answer["id"] = knhk::rdf::snapshot_id_of(canonical->nquads).to_string();
  }
  if (!request.shapes.empty()) {
    if (const int code = validate(request, *dataset, answer); code >= 0) return code;
  }
  std::cout << answer.dump() << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Request request;
  CLI::App app("Times of the steps of loading, identifying and validating RDF, as JSON.");
  app.add_option("data", request.data)->required();
  app.add_option("--shapes", request.shapes);
  app.add_option("--results", request.results);
  app.add_flag("--id", request.is_identified);
  app.add_flag("--text-bytes", request.is_text_counted);
  app.add_option("--seconds", request.seconds);
  CLI11_PARSE(app, argc, argv);
  return run(request);
}
