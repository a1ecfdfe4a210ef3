#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "knhk/base/result.hpp"
#include "knhk/telemetry/export/otlp_settings.hpp"

namespace knhk::telemetry {

/// What came back.
struct HttpAnswer {
  int status = 0;  ///< 0: the connection couldn't be made, was lost, or nothing came in time
  std::optional<std::chrono::seconds> retry_after;
  std::string body;
  std::string problem;  ///< with status 0: what happened, as a sentence

  /// Whether the same request may fare better later (OTLP, "Retryable Response Codes").
  [[nodiscard]] bool is_retryable() const noexcept {
    return status == 0 || status == 429 || status == 502 || status == 503 || status == 504;
  }
  [[nodiscard]] bool is_success() const noexcept { return status >= 200 && status < 300; }
};

/// Posts JSON over HTTP or HTTPS, one request after the other, on connections that are kept.
///
/// Threads: `post` one at a time; `cancel` from any.
class HttpPoster {
 public:
  /// Larger bodies are not sent, larger answers not read (OTLP's recommended limits).
  static constexpr std::size_t kMaxRequestBytes = std::size_t{64} << 20U;
  static constexpr std::size_t kMaxAnswerBytes = std::size_t{4} << 20U;

  HttpPoster();
  HttpPoster(const HttpPoster&) = delete;
  HttpPoster& operator=(const HttpPoster&) = delete;
  ~HttpPoster();

  /// Sends `json` to `target`, compressed if that says so, and waits for the answer for
  /// `target.timeout` and for `patience`, whichever is less.
  /// Errors, all of them final: limit-exceeded (request or answer too large), io-error (what
  /// certificates or URL make impossible, and `cancel`), out-of-memory.
  [[nodiscard]] Result<HttpAnswer> post(const OtlpTarget& target, std::string_view json,
                                        std::chrono::milliseconds patience);

  /// Makes a `post` that waits end at once, and every later one.
  void cancel() noexcept;

 private:
  class Transfer;
  std::unique_ptr<Transfer> transfer_;
};

}  // namespace knhk::telemetry
