#include "knhk/shacl/validate.hpp"

#include "cli/input.hpp"
#include "cli/verbs.hpp"

namespace knhk::cli {

Result<Answer> run(const ValidateOptions& options, const Settings&) {
  const InputOptions& input = options.input;
  auto data = read_files(input.files, input.base, RelativeIris::against_the_file);
  if (!data) return forward_error(std::move(data));
  // Without --shapes the files carry their own, as ontologies often do.
  const auto& shape_files = input.shapes.empty() ? input.files : input.shapes;
  auto shapes_graph = read_files(shape_files, input.base, RelativeIris::against_the_file);
  if (!shapes_graph) return forward_error(std::move(shapes_graph));
  auto shapes = shacl::Shapes::compile(*shapes_graph);
  if (!shapes) return forward_error(std::move(shapes));
  const shacl::ValidationReport report = shacl::validate(*shapes, *data);

  Answer answer;
  answer.exit_code = report.conforms ? 0 : 1;
  answer.json = nlohmann::ordered_json::parse(shacl::to_json(report), nullptr, false);
  if (options.format == "json") {
    answer.text = shacl::to_json(report) + "\n";
  } else if (options.format == "turtle") {
    answer.text = shacl::to_turtle(report);
  } else {
    if (shapes->target_shape_count() == 0)
      answer.text = "no shape has a target: nothing to check\n";
    shacl::TextOptions text;
    text.limit = options.limit == 0 ? report.results.size() : options.limit;
    answer.text += shacl::to_text(report, text);
  }
  return answer;
}

}  // namespace knhk::cli
