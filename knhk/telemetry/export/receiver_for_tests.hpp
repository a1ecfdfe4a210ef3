#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace knhk::telemetry::testing {

/// A request as it came.
struct Received {
  std::string head;  ///< request line and headers
  std::string body;

  [[nodiscard]] std::string path() const {
    const std::size_t begin = head.find(' ') + 1;
    return head.substr(begin, head.find(' ', begin) - begin);
  }
};

/// A receiver of HTTP on 127.0.0.1 that answers what it is told to: one connection at a time, one
/// request on each.
class Receiver {
 public:
  enum class Manner { answers, hangs };

  explicit Receiver(Manner manner = Manner::answers) : manner_(manner) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    bind(listener_, reinterpret_cast<const sockaddr*>(&address), size);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    listen(listener_, 16);
    port_ = ntohs(address.sin_port);
    pipe(wake_);
    thread_ = std::thread([this] { serve(); });
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver() {
    static_cast<void>(write(wake_[1], "x", 1));
    thread_.join();
    for (const int descriptor : {listener_, wake_[0], wake_[1]}) close(descriptor);
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::string url(std::string_view path = "") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }

  /// The next request gets this answer, `503 Service Unavailable\r\nRetry-After: 1`; without any,
  /// `200 OK` and `{}`. An empty one: the connection is closed instead.
  void answer_next(std::string status_and_headers, std::string body = "{}") {
    const std::scoped_lock lock(mutex_);
    answers_.emplace_back(std::move(status_and_headers), std::move(body));
  }

  [[nodiscard]] std::vector<Received> received() const {
    const std::scoped_lock lock(mutex_);
    return received_;
  }
  /// Waits until that many have come.
  std::vector<Received> wait_for(std::size_t count) const {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return received_.size() >= count; });
    return received_;
  }

 private:
  void serve() {
    while (wait_readable(listener_)) {
      const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) continue;
      Received request;
      if (read_request(connection, request)) reply(connection, std::move(request));
      close(connection);
    }
  }

  /// False when the test is over.
  bool wait_readable(int descriptor) const {
    pollfd watched[] = {{descriptor, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    while (poll(watched, 2, -1) < 0) {
    }
    return watched[1].revents == 0;
  }

  bool read_request(int connection, Received& request) const {
    std::string text;
    std::size_t end = std::string::npos;
    std::size_t length = 0;
    while (end == std::string::npos || text.size() < end + 4 + length) {
      if (!wait_readable(connection)) return false;
      char piece[65536];
      const ssize_t got = read(connection, piece, sizeof(piece));
      if (got <= 0) return false;
      text.append(piece, static_cast<std::size_t>(got));
      end = text.find("\r\n\r\n");
      const std::size_t said = text.find("Content-Length: ");
      if (said != std::string::npos) length = std::strtoull(text.c_str() + said + 16, nullptr, 10);
    }
    request.head = text.substr(0, end);
    request.body = text.substr(end + 4);
    return true;
  }

  void reply(int connection, Received request) {
    std::pair<std::string, std::string> answer{"200 OK", "{}"};
    {
      const std::scoped_lock lock(mutex_);
      if (!answers_.empty()) {
        answer = std::move(answers_.front());
        answers_.pop_front();
      }
      received_.push_back(std::move(request));
    }
    arrived_.notify_all();
    if (manner_ == Manner::hangs) {
      char byte = 0;  // until the client goes away
      while (wait_readable(connection) && read(connection, &byte, 1) > 0) {
      }
      return;
    }
    if (answer.first.empty()) return;
    const std::string text = "HTTP/1.1 " + answer.first +
                             "\r\nContent-Type: application/json\r\nConnection: close\r\n"
                             "Content-Length: " +
                             std::to_string(answer.second.size()) + "\r\n\r\n" + answer.second;
    for (std::size_t sent = 0; sent < text.size();) {
      const ssize_t now = send(connection, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (now <= 0) return;
      sent += static_cast<std::size_t>(now);
    }
  }

  const Manner manner_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  mutable std::condition_variable arrived_;
  std::deque<std::pair<std::string, std::string>> answers_;
  std::vector<Received> received_;
  std::thread thread_;
};

}  // namespace knhk::telemetry::testing
