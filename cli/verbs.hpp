#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "knhk/base/result.hpp"

namespace knhk::cli {

/// What a verb has to say, in both forms; `main` prints one of them to standard output.
struct Answer {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  std::string text;
  int exit_code = 0;  ///< 1 where the content was refused, with the reasons in the answer.
  std::vector<std::string> warnings;  ///< Sentences for standard error; `warnings` in JSON.
};

[[nodiscard]] Result<Answer> run(const InitOptions& options, const Settings& settings);
[[nodiscard]] Result<Answer> run(const IdOptions& options, const Settings& settings);
[[nodiscard]] Result<Answer> run(const CanonicalizeOptions& options, const Settings& settings);
[[nodiscard]] Result<Answer> run(const ValidateOptions& options, const Settings& settings);
[[nodiscard]] Result<Answer> run(const AdmitOptions& options, const Settings& settings);
[[nodiscard]] Result<Answer> run(const PromoteOptions& options, const Settings& settings);
[[nodiscard]] Result<Answer> run(const RollbackOptions& options, const Settings& settings);
[[nodiscard]] Result<Answer> run(const StatusOptions& options, const Settings& settings);
[[nodiscard]] Result<Answer> run(const QuarantineOptions& options, const Settings& settings);
[[nodiscard]] Result<Answer> run(const HistoryOptions& options, const Settings& settings);
[[nodiscard]] Result<Answer> run(const ShowOptions& options, const Settings& settings);
[[nodiscard]] Result<Answer> run(const ArtifactsOptions& options, const Settings& settings);
[[nodiscard]] Result<Answer> run(const QueryOptions& options, const Settings& settings);
[[nodiscard]] Result<Answer> run(const DemoOptions& options, const Settings& settings);
[[nodiscard]] Result<Answer> run(const BenchOptions& options, const Settings& settings);

}  // namespace knhk::cli
