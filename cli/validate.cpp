#include "knhk/shacl/validate.hpp"

#include "cli/input.hpp"
#include "cli/verbs.hpp"
#include "cli/watch.hpp"

namespace knhk::cli {
namespace {

using Json = nlohmann::ordered_json;
using shacl::Warning;

std::vector<Warning> select(std::span<const Warning> warnings, bool left_out) {
  std::vector<Warning> selected;
  for (const Warning& warning : warnings) {
    if (shacl::is_left_out(warning.kind) == left_out) selected.push_back(warning);
  }
  return selected;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

Json json_of(std::span<const Warning> warnings) {
  Json list = Json::array();
  for (const Warning& warning : warnings) {
    list.push_back({{"kind", shacl::to_string(warning.kind)},
                    {"shape", warning.shape},
                    {"property", warning.property},
                    {"detail", warning.detail}});
  }
  return list;
}

/// The report and, where shapes could be left out, what was.
Json json_of(const shacl::ValidationReport& report, std::span<const Warning> left_out,
             bool lenient) {
  Json object = Json::parse(shacl::to_json(report), nullptr, false);
  if (lenient) object["left_out"] = json_of(left_out);
  return object;
}

std::string text_of(const shacl::ValidationReport& report, std::span<const Warning> left_out,
                    bool nothing_to_check, const ValidateOptions& options) {
  std::string text;
  if (!left_out.empty()) {
    text += "Left out of the shapes:\n";
    for (const std::string& line : lines_of(shacl::to_text(left_out))) text += "  " + line + "\n";
    text += "\n";
  }
  if (nothing_to_check) text += "no shape has a target: nothing to check\n";
  shacl::TextOptions text_options;
  text_options.limit = options.limit == 0 ? report.results.size() : options.limit;
  return text + shacl::to_text(report, text_options);
}

Result<Answer> validate_once(const ValidateOptions& options, const Settings& settings) {
  const InputOptions& input = options.input;
  // The Turtle report is the standard's, which has no place for lines.
  const bool with_lines = settings.json || options.format != "turtle";
  shacl::SourceLines lines;
  const auto data =
      read_files(input.files, input, RelativeIris::against_the_file, with_lines ? &lines : nullptr);
  if (!data) return tl::unexpected(data.error());
  const auto compile = [&](const rdf::Dataset& graph) {
    return shacl::Shapes::compile(graph, {.lenient = options.lenient});
  };
  // Without --shapes the files carry their own, as ontologies often do.
  const auto shapes =
      input.shapes.empty()
          ? compile(*data)
          : read_files(input.shapes, input, RelativeIris::against_the_file).and_then(compile);
  if (!shapes) return tl::unexpected(shapes.error());
  shacl::ValidationReport report = shacl::validate(*shapes, *data);
  if (with_lines) lines.locate(report, *data);
  const std::vector<Warning> left_out = select(shapes->warnings(), true);

  Answer answer;
  answer.exit_code = report.conforms ? 0 : 1;
  answer.warnings = lines_of(shacl::to_text(select(shapes->warnings(), false)));
  if (settings.json) {
    answer.json = json_of(report, left_out, options.lenient);
  } else if (options.format == "json") {
    answer.text = options.lenient ? json_of(report, left_out, true).dump(2) : to_json(report);
    answer.text += "\n";
  } else if (options.format == "turtle") {
    answer.text = shacl::to_turtle(report);
    for (std::string& line : lines_of(shacl::to_text(left_out))) {
      answer.warnings.push_back("left out: " + std::move(line));
    }
  } else {
    answer.text = text_of(report, left_out, shapes->target_shape_count() == 0, options);
  }
  return answer;
}

}  // namespace

Result<Answer> run(const ValidateOptions& options, const Settings& settings) {
  if (!options.watch) return validate_once(options, settings);
  std::vector<std::string> paths = options.input.files;
  paths.insert(paths.end(), options.input.shapes.begin(), options.input.shapes.end());
  return watch({.verb = "validate",
                .paths = std::move(paths),
                .heading = options.format == "turtle" ? "# " : "== ",
                .json = settings.json},
               [&] { return validate_once(options, settings); });
}

}  // namespace knhk::cli
