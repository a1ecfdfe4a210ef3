#include "knhk/telemetry/export/http_post.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <array>
#include <thread>

#include "knhk/telemetry/export/receiver_for_tests.hpp"

namespace knhk::telemetry {
namespace {

using namespace std::chrono_literals;
using testing::Receiver;

constexpr std::chrono::milliseconds kLong = 60s;

OtlpTarget target(const std::string& url) {
  OtlpTarget made;
  made.url = url;
  made.timeout = kLong;
  return made;
}

std::string gunzip(const std::string& packed) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string text;
  std::array<char, 4096> piece{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = inflate(&stream, Z_NO_FLUSH);
    text.append(piece.data(), piece.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return state == Z_STREAM_END ? text : "not gzip";
}

TEST(HttpPoster, sends_the_body_with_the_headers_it_is_told_and_its_own_name) {
  Receiver receiver;
  HttpPoster poster;
  OtlpTarget to = target(receiver.url("/v1/traces"));
  to.headers = {{"authorization", "Bearer x"}, {"empty", ""}};
  const auto answer = poster.post(to, R"({"a":1})", kLong);
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "{}");
  EXPECT_FALSE(answer->retry_after);
  const auto received = receiver.received();
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].path(), "/v1/traces");
  EXPECT_EQ(received[0].body, R"({"a":1})");
  for (const char* const line :
       {"POST ", "\r\nContent-Type: application/json\r\n", "\r\nauthorization: Bearer x\r\n",
        "\r\nempty:", "\r\nUser-Agent: knhk-otlp-exporter/"}) {
    EXPECT_NE(received[0].head.find(line), std::string::npos) << line << received[0].head;
  }
  EXPECT_EQ(received[0].head.find("Expect"), std::string::npos);
}

TEST(HttpPoster, compresses_when_told) {
  Receiver receiver;
  HttpPoster poster;
  OtlpTarget to = target(receiver.url());
  to.gzip = true;
  const std::string body(100'000, 'x');
  ASSERT_TRUE(poster.post(to, body, kLong));
  const auto received = receiver.received();
  EXPECT_NE(received[0].head.find("\r\nContent-Encoding: gzip\r\n"), std::string::npos);
  EXPECT_LT(received[0].body.size(), 1000U);
  EXPECT_EQ(gunzip(received[0].body), body);
}

TEST(HttpPoster, tells_what_may_fare_better_later) {
  Receiver receiver;
  HttpPoster poster;
  const OtlpTarget to = target(receiver.url());
  const std::pair<int, bool> cases[] = {{400, false}, {401, false}, {404, false}, {413, false},
                                        {429, true},  {500, false}, {501, false}, {502, true},
                                        {503, true},  {504, true},  {200, false}, {301, false}};
  for (const auto& [status, is_retryable] : cases) {
    receiver.answer_next(std::to_string(status) + " x\r\nRetry-After: 7");
    const auto answer = poster.post(to, "{}", kLong);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, status);
    EXPECT_EQ(answer->is_retryable(), is_retryable) << status;
    EXPECT_EQ(answer->is_success(), status == 200) << status;
    EXPECT_EQ(answer->retry_after, 7s) << status;
  }
}

TEST(HttpPoster, takes_lost_connections_for_an_answer_that_may_come_later) {
  Receiver receiver;
  HttpPoster poster;
  receiver.answer_next("");
  auto answer = poster.post(target(receiver.url()), "{}", kLong);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 0);
  EXPECT_TRUE(answer->is_retryable());
  EXPECT_NE(answer->problem, "");
  std::string dead;
  {
    const Receiver gone;
    dead = gone.url("/p?secret");
    dead.insert(dead.find("127"), "user:secret@");
  }
  answer = poster.post(target(dead), "{}", kLong);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 0);
  EXPECT_EQ(answer->problem.find("secret"), std::string::npos) << answer->problem;
}

TEST(HttpPoster, gives_up_when_nothing_comes_in_time) {
  Receiver receiver(Receiver::Manner::hangs);
  HttpPoster poster;
  const auto answer = poster.post(target(receiver.url()), "{}", 30ms);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 0);
  EXPECT_TRUE(answer->is_retryable());
}

TEST(HttpPoster, that_is_cancelled_ends_at_once_and_for_good) {
  Receiver receiver(Receiver::Manner::hangs);
  HttpPoster poster;
  std::thread other([&] {
    receiver.wait_for(1);
    poster.cancel();
  });
  for (int i = 0; i < 2; ++i) {  // the second time nothing is even sent
    const auto answer = poster.post(target(receiver.url()), "{}", kLong);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::io_error);
  }
  other.join();
  EXPECT_EQ(receiver.received().size(), 1U);
}

TEST(HttpPoster, refuses_requests_and_answers_that_are_too_long) {
  Receiver receiver;
  HttpPoster poster;
  const OtlpTarget to = target(receiver.url());
  const auto sent = poster.post(to, std::string(HttpPoster::kMaxRequestBytes + 1, ' '), kLong);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::limit_exceeded);
  EXPECT_EQ(receiver.received().size(), 0U);
  receiver.answer_next("200 OK", std::string(HttpPoster::kMaxAnswerBytes, ' '));
  receiver.answer_next("200 OK", std::string(HttpPoster::kMaxAnswerBytes + 1, ' '));
  EXPECT_TRUE(poster.post(to, "{}", kLong));
  const auto answered = poster.post(to, "{}", kLong);
  ASSERT_FALSE(answered);
  EXPECT_EQ(answered.error().code, Errc::limit_exceeded);
}

TEST(HttpPoster, takes_a_certificate_that_isnt_there_for_final) {
  HttpPoster poster;
  OtlpTarget to = target("https://127.0.0.1:9/");
  to.certificate = "/nowhere/certificate.pem";
  Receiver receiver;
  to.url = "https" + receiver.url().substr(4);
  const auto answer = poster.post(to, "{}", kLong);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::io_error);
}

}  // namespace
}  // namespace knhk::telemetry
