#include "knhk/telemetry/export/prometheus_endpoint.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace knhk::telemetry {
namespace {

/// What `GET /metrics` on 127.0.0.1 answers.
std::string scrape(std::uint16_t port) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    const std::string request = "GET /metrics HTTP/1.0\r\n\r\n";
    EXPECT_EQ(write(connection, request.data(), request.size()),
              static_cast<ssize_t>(request.size()));
    char piece[4096];
    for (ssize_t got = 0; (got = read(connection, piece, sizeof(piece))) > 0;) {
      answer.append(piece, static_cast<std::size_t>(got));
    }
  }
  close(connection);
  return answer;
}

TEST(PrometheusNames, say_unit_and_kind_in_prometheus_words) {
  EXPECT_EQ(prometheus_name("knhk.attempts", "{attempt}", MetricKind::counter),
            "knhk_attempts_total");
  EXPECT_EQ(prometheus_name("knhk.phase.duration", "s", MetricKind::histogram),
            "knhk_phase_duration_seconds");
  EXPECT_EQ(prometheus_name("knhk.snapshots.size", "By", MetricKind::gauge),
            "knhk_snapshots_size_bytes");
  EXPECT_EQ(prometheus_name("knhk.sent", "By", MetricKind::counter), "knhk_sent_bytes_total");
  EXPECT_EQ(prometheus_name("knhk.epoch", "", MetricKind::gauge), "knhk_epoch");
  EXPECT_EQ(prometheus_name("0a--b/c.d", "1", MetricKind::gauge), "_0a_b_c_d");
  EXPECT_EQ(prometheus_name("already.seconds", "s", MetricKind::gauge), "already_seconds");
  EXPECT_EQ(prometheus_name("already.total", "", MetricKind::counter), "already_total");
  EXPECT_EQ(prometheus_label("error.type"), "error_type");
}

TEST(PrometheusEndpoint, lets_a_process_that_ends_wait_for_a_last_look_of_who_looked_before) {
  const MetricSources sources;
  const Resource resource{{{"service.name", std::string("shop")}}};
  const auto endpoint = PrometheusEndpoint::open("127.0.0.1:0", sources, resource);
  ASSERT_TRUE(endpoint) << to_string(endpoint.error());
  EXPECT_FALSE(endpoint->wait_for_a_scrape(std::chrono::hours(1))) << "nobody ever looked";
  EXPECT_NE(scrape(endpoint->port()), "");
  EXPECT_FALSE(endpoint->wait_for_a_scrape(std::chrono::milliseconds(1))) << "it was before";
  std::atomic<bool> is_over{false};
  bool came = false;
  std::thread ending([&] {
    came = endpoint->wait_for_a_scrape(std::chrono::hours(1));
    is_over.store(true);
  });
  while (!is_over.load()) EXPECT_NE(scrape(endpoint->port()), "");
  ending.join();
  EXPECT_TRUE(came);
}

TEST(PrometheusEndpoint, shows_what_sources_say_at_each_scrape) {
  std::uint64_t count = 0;
  MetricSources sources;
  sources.add([&](std::vector<Metric>& metrics) {
    metrics.push_back({"a.count",
                       "how many",
                       "{x}",
                       MetricKind::counter,
                       {{{{"b.c", std::string("v\"1")}}, ++count}}});
    metrics.push_back(
        {"a.time", "", "s", MetricKind::histogram, {{{}, HistogramPoint{{0.5}, {2, 1}, 3.5}}}});
    metrics.push_back({"muddled", "", "", MetricKind::gauge, {{{}, HistogramPoint{}}}});
  });
  const Resource resource{{{"service.name", std::string("shop")}}};
  const auto endpoint = PrometheusEndpoint::open("127.0.0.1:0", sources, resource);
  ASSERT_TRUE(endpoint) << to_string(endpoint.error());
  const std::string version(scope_version());
  const std::string scope = "otel_scope_name=\"knhk\",otel_scope_version=\"" + version + "\"";
  for (const char* const n : {"1", "2"}) {
    const std::string text = scrape(endpoint->port());
    EXPECT_NE(text.find("# TYPE a_count_total counter\n"), std::string::npos) << text;
    EXPECT_NE(text.find("a_count_total{b_c=\"v\\\"1\"," + scope + "} " + n), std::string::npos)
        << text;
    EXPECT_NE(text.find("a_time_seconds_bucket{" + scope + ",le=\"0.5\"} 2\n"), std::string::npos)
        << text;
    EXPECT_NE(text.find("a_time_seconds_bucket{" + scope + ",le=\"+Inf\"} 3\n"), std::string::npos)
        << text;
    EXPECT_NE(text.find("a_time_seconds_sum{" + scope + "} 3.5"), std::string::npos) << text;
    EXPECT_NE(text.find("target_info{service_name=\"shop\"} 1"), std::string::npos) << text;
    EXPECT_EQ(text.find("muddled{"), std::string::npos) << text;
  }
}

TEST(PrometheusEndpoint, says_so_when_the_port_is_taken) {
  const MetricSources none;
  const auto first = PrometheusEndpoint::open("127.0.0.1:0", none, Resource{});
  ASSERT_TRUE(first);
  const auto second =
      PrometheusEndpoint::open("127.0.0.1:" + std::to_string(first->port()), none, Resource{});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::io_error);
}

TEST(PrometheusEndpoint, takes_nothing_but_a_host_and_a_port) {
  const MetricSources none;
  for (const char* const address :
       {"", "9464", ":9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536",
        "127.0.0.1:80,127.0.0.1:81", "127.0.0.1:443s", "127.0.0.1:80r", "::1:80", "a b:1"}) {
    const auto endpoint = PrometheusEndpoint::open(address, none, Resource{});
    ASSERT_FALSE(endpoint) << address;
    EXPECT_EQ(endpoint.error().code, Errc::usage) << address;
  }
}

}  // namespace
}  // namespace knhk::telemetry
