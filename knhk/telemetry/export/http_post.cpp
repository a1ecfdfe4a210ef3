#include "knhk/telemetry/export/http_post.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <utility>

#include "knhk/telemetry/export/gzip.hpp"
#include "knhk/telemetry/export/resource.hpp"

namespace knhk::telemetry {
namespace {

using Clock = std::chrono::steady_clock;

struct FreeHeaders {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, FreeHeaders>;

void append(Headers& headers, const std::string& line) {
  if (curl_slist* const longer = curl_slist_append(headers.get(), line.c_str())) {
    static_cast<void>(headers.release());
    headers.reset(longer);
  }
}

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* body) {
  auto& text = *static_cast<std::string*>(body);
  if (text.size() + size * count > HttpPoster::kMaxAnswerBytes) return 0;
  text.append(data, size * count);
  return size * count;
}

/// `url` without a name and password in it: fit for a message.
std::string without_secrets(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const std::size_t begin = scheme + 3;
  const std::size_t path = url.find_first_of("/?#", begin);
  const std::size_t at = url.substr(0, path).rfind('@');
  std::string shown =
      at == std::string::npos || at < begin ? url : url.substr(0, begin) + url.substr(at + 1);
  return shown.substr(0, shown.find('?'));
}

/// Failures that say nothing against the request itself.
bool is_lost_connection(CURLcode code) {
  constexpr std::array kLost{
      CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,
      CURLE_OPERATION_TIMEDOUT,    CURLE_SEND_ERROR,           CURLE_RECV_ERROR,
      CURLE_GOT_NOTHING,           CURLE_PARTIAL_FILE,         CURLE_SSL_CONNECT_ERROR,
      CURLE_WEIRD_SERVER_REPLY};
  return std::find(kLost.begin(), kLost.end(), code) != kLost.end();
}

/// libcurl's state of the process, made before its first use and never taken back: other code in
/// the process may use libcurl too.
bool is_curl_ready() {
  static const bool is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return is_ready;
}

}  // namespace

/// A connection's handle, driven by the multi interface, since only that can be woken at once from
/// another thread.
class HttpPoster::Transfer {
 public:
  Transfer()
      : easy_(is_curl_ready() ? curl_easy_init() : nullptr),
        multi_(is_curl_ready() ? curl_multi_init() : nullptr) {}
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() {
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
  }

  Result<HttpAnswer> post(const OtlpTarget& target, std::string_view body, bool is_packed,
                          std::chrono::milliseconds patience) {
    const std::string where = without_secrets(target.url);
    if (easy_ == nullptr || multi_ == nullptr) {
      return fail(Errc::out_of_memory, where, "libcurl has no memory");
    }
    HttpAnswer answer;
    std::array<char, CURL_ERROR_SIZE> problem{};
    const Headers headers = headers_of(target, is_packed);
    curl_easy_reset(easy_);
    set_up(target, body, headers.get(), patience);
    curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy_, CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, problem.data());
    const std::optional<CURLcode> code = perform(Clock::now() + patience);
    curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, nullptr);
    if (!code) return fail(Errc::io_error, where, "the export was cancelled");
    const std::string said = problem[0] != '\0' ? problem.data() : curl_easy_strerror(*code);
    if (*code == CURLE_WRITE_ERROR) {
      return fail(Errc::limit_exceeded, where, "the answer is longer than 4 MiB");
    }
    if (is_lost_connection(*code)) {
      answer.problem = where + ": " + said;
      return answer;
    }
    if (*code != CURLE_OK) return fail(Errc::io_error, where, said);
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    curl_off_t seconds = 0;
    curl_easy_getinfo(easy_, CURLINFO_RETRY_AFTER, &seconds);
    if (seconds > 0) answer.retry_after = std::chrono::seconds(seconds);
    return answer;
  }

  void cancel() noexcept {
    // Release: pairs with the acquire in `perform`; `curl_multi_wakeup` makes it look again.
    is_cancelled_.store(true, std::memory_order_release);
    if (multi_ != nullptr) curl_multi_wakeup(multi_);
  }

 private:
  static Headers headers_of(const OtlpTarget& target, bool is_packed) {
    Headers headers;
    append(headers, "Content-Type: application/json");
    append(headers, "Expect:");  // no waiting for leave to send the body
    if (is_packed) append(headers, "Content-Encoding: gzip");
    for (const auto& [key, value] : target.headers) {
      append(headers, value.empty() ? key + ";" : key + ": " + value);
    }
    return headers;
  }

  void set_up(const OtlpTarget& target, std::string_view body, curl_slist* headers,
              std::chrono::milliseconds patience) {
    const auto limit = static_cast<long>(std::max<std::int64_t>(patience.count(), 1));
    const std::string agent =
        std::string("knhk-otlp-exporter/").append(scope_version()).append(" (http/json)");
    curl_easy_setopt(easy_, CURLOPT_URL, target.url.c_str());
    curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);  // no waiting for a resolver that hangs
    curl_easy_setopt(easy_, CURLOPT_USERAGENT, agent.c_str());
    curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy_, CURLOPT_POST, 1L);
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, limit);
    curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, limit);
    const auto file = [&](CURLoption option, const std::string& path) {
      if (!path.empty()) curl_easy_setopt(easy_, option, path.c_str());
    };
    file(CURLOPT_CAINFO, target.certificate);
    file(CURLOPT_SSLCERT, target.client_certificate);
    file(CURLOPT_SSLKEY, target.client_key);
  }

  static constexpr std::chrono::milliseconds kSlack{1'000};
  static constexpr std::int64_t kLongestNapMs = 3'600'000;

  /// Runs what was set up. Returns: nothing when it was cancelled.
  std::optional<CURLcode> perform(Clock::time_point deadline) {
    if (curl_multi_add_handle(multi_, easy_) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
    std::optional<CURLcode> code;
    int running = 1;
    while (!is_cancelled_.load(std::memory_order_acquire)) {
      if (curl_multi_perform(multi_, &running) != CURLM_OK) code = CURLE_OUT_OF_MEMORY;
      int queued = 0;
      while (const CURLMsg* const message = curl_multi_info_read(multi_, &queued)) {
        if (message->msg == CURLMSG_DONE) code = message->data.result;
      }
      if (code) break;
      // libcurl watches the time limits itself; this is for what it might overlook.
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
      if (left < -kSlack) {
        code = CURLE_OPERATION_TIMEDOUT;
        break;
      }
      const auto nap = std::min<std::int64_t>((left + kSlack).count() + 1, kLongestNapMs);
      curl_multi_poll(multi_, nullptr, 0, static_cast<int>(nap), nullptr);
    }
    curl_multi_remove_handle(multi_, easy_);
    return code;
  }

  CURL* easy_;
  CURLM* multi_;
  std::atomic<bool> is_cancelled_{false};
};

HttpPoster::HttpPoster() : transfer_(std::make_unique<Transfer>()) {}
HttpPoster::~HttpPoster() = default;

Result<HttpAnswer> HttpPoster::post(const OtlpTarget& target, std::string_view json,
                                    std::chrono::milliseconds patience) {
  if (json.size() > kMaxRequestBytes) {
    return fail(Errc::limit_exceeded, without_secrets(target.url),
                "the request is longer than 64 MiB");
  }
  const auto limit = std::min(patience, target.timeout);
  if (!target.gzip) return transfer_->post(target, json, false, limit);
  const auto packed = gzip(json);
  if (!packed) return tl::unexpected(packed.error());
  return transfer_->post(target, *packed, true, limit);
}

void HttpPoster::cancel() noexcept { transfer_->cancel(); }

}  // namespace knhk::telemetry
