#include "routing_table.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <set>

#include "knhk/crypto/hash.hpp"

namespace routing_table {
namespace {

using knhk::Errc;
using knhk::fail;
using knhk::promotion::Blob;
using knhk::receipts::InvariantResult;
using knhk::receipts::Outcome;

constexpr std::string_view kMediaType = "application/vnd.knhk.routing-table.v1";

Address mask_of(unsigned length) noexcept { return length == 0 ? 0 : ~Address{0} << (32 - length); }

std::optional<Route> parse_route(std::string_view line) {
  const std::size_t slash = line.find('/');
  const std::size_t space = line.find_first_of(" \t", slash == line.npos ? 0 : slash);
  if (slash == line.npos || space == line.npos) return std::nullopt;
  Route route;
  const auto prefix = parse_address(line.substr(0, slash));
  const auto next_hop = parse_address(line.substr(line.find_first_not_of(" \t", space)));
  const auto length = std::from_chars(line.data() + slash + 1, line.data() + space, route.length);
  if (!prefix || !next_hop || *next_hop == 0 || length.ec != std::errc{} ||
      length.ptr != line.data() + space || route.length > 32 ||
      (*prefix & ~mask_of(route.length)) != 0) {
    return std::nullopt;
  }
  route.prefix = *prefix;
  route.next_hop = *next_hop;
  return route;
}

/// Cuts the addresses wherever a prefix begins or ends.
std::vector<Interval> cut(std::span<const Route> routes) {
  std::set<Address> cuts{0};
  for (const Route& route : routes) {
    cuts.insert(route.prefix);
    const Address last = route.prefix | ~mask_of(route.length);
    if (last != ~Address{0}) cuts.insert(last + 1);
  }
  std::vector<Interval> intervals;
  for (const Address first : cuts) {
    const Address next_hop = naive_next_hop(routes, first);
    if (intervals.empty() || intervals.back().next_hop != next_hop) {
      intervals.push_back({first, next_hop});
    }
  }
  return intervals;
}

std::vector<Interval> read_intervals(std::string_view bytes) {
  std::vector<Interval> intervals;
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    Address words[2];
    std::memcpy(words, bytes.data(), sizeof words);
    intervals.push_back({ntohl(words[0]), ntohl(words[1])});
  }
  return intervals;
}

InvariantResult judge(std::string name, std::string title, bool holds, std::string broken) {
  return {std::move(name),
          std::move(title),
          holds ? Outcome::passed : Outcome::failed,
          holds ? std::string() : std::move(broken),
          {}};
}

}  // namespace

Address RoutingTable::next_hop(Address address) const noexcept {
  const auto after = std::upper_bound(
      intervals_.begin(), intervals_.end(), address,
      [](Address wanted, const Interval& interval) { return wanted < interval.first; });
  return std::prev(after)->next_hop;  // the first interval begins at 0
}

Address naive_next_hop(std::span<const Route> routes, Address address) noexcept {
  const Route* best = nullptr;
  for (const Route& route : routes) {
    const bool matches = (address & mask_of(route.length)) == route.prefix;
    if (matches && (best == nullptr || route.length > best->length)) best = &route;
  }
  return best == nullptr ? 0 : best->next_hop;
}

std::optional<Address> parse_address(std::string_view text) {
  in_addr address{};
  if (inet_pton(AF_INET, std::string(text).c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

std::string to_text(Address address) {
  std::string text;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    text += std::to_string((address >> shift) & 255U) + (shift == 0 ? "" : ".");
  }
  return text;
}

knhk::Result<RoutingTableDomain::Parsed> RoutingTableDomain::parse(
    std::span<const knhk::promotion::Source> sources) const {
  std::set<Route> routes;
  for (const auto& source : sources) {
    std::size_t number = 0;
    for (std::string_view rest = source.bytes; !rest.empty();) {
      std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      ++number;
      line = line.substr(0, line.find('#'));
      line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
      if (line.empty()) continue;
      const auto route = parse_route(line);
      if (!route) {
        return fail(Errc::syntax_error, source.name + ":" + std::to_string(number),
                    "expected `prefix/length next-hop`, no bits of the prefix below its length");
      }
      routes.insert(*route);
    }
  }
  return Parsed(routes.begin(), routes.end());
}

knhk::Result<knhk::SnapshotId> RoutingTableDomain::id(const Parsed& routes) const {
  std::string text;
  for (const Route& route : routes) {
    text += to_text(route.prefix) + "/" + std::to_string(route.length) + " " +
            to_text(route.next_hop) + "\n";
  }
  return knhk::SnapshotId{knhk::crypto::sha256(text).bytes};
}

knhk::Result<std::vector<Blob>> RoutingTableDomain::compile(const Parsed& routes) const {
  std::string bytes;
  for (const Interval& interval : cut(routes)) {
    const Address words[2] = {htonl(interval.first), htonl(interval.next_hop)};
    bytes.append(reinterpret_cast<const char*>(words), sizeof words);
  }
  return std::vector<Blob>{{"table.bin", std::string(kMediaType), std::move(bytes)}};
}

knhk::Result<knhk::receipts::InvariantResults> RoutingTableDomain::validate(
    const Parsed& routes, std::span<const Blob> blobs,
    const knhk::promotion::ValidationContext& context) const {
  const auto conflict = std::adjacent_find(
      routes.begin(), routes.end(),
      [](const Route& a, const Route& b) { return a.prefix == b.prefix && a.length == b.length; });
  const RoutingTable table({}, {}, read_intervals(blobs.front().bytes));
  const auto agrees = [&](Address at) { return table.next_hop(at) == naive_next_hop(routes, at); };
  const auto wrong = std::find_if(routes.begin(), routes.end(), [&](const Route& route) {
    const Address last = route.prefix | ~mask_of(route.length);
    return !agrees(route.prefix) || !agrees(last) || !agrees(route.prefix - 1) || !agrees(last + 1);
  });
  constexpr std::size_t kBudgetBytes = std::size_t{16} << 20U;
  return knhk::receipts::InvariantResults{
      judge("Q1", "completeness",
            std::any_of(routes.begin(), routes.end(), [](const Route& r) { return r.length == 0; }),
            "there is no default route"),
      judge("Q2", "consistency", conflict == routes.end(),
            conflict == routes.end() ? "" : to_text(conflict->prefix) + " has two next hops"),
      judge("Q3", "correctness", wrong == routes.end(),
            "the compiled table and the routes disagree"),
      judge("Q4", "performance", blobs.front().bytes.size() <= kBudgetBytes,
            "the compiled table exceeds 16 MiB"),
      knhk::promotion::judge_provenance(context)};
}

knhk::Result<std::shared_ptr<const RoutingTable>> RoutingTableDomain::load(
    const knhk::SnapshotId& id, std::vector<knhk::promotion::VerifiedBlob> blobs) const {
  if (blobs.size() != 1 || blobs.front().media_type() != kMediaType) {
    return fail(Errc::manifest_damaged, id.to_string(), "expected one compiled routing table");
  }
  std::vector<Interval> intervals = read_intervals(blobs.front().bytes());
  if (blobs.front().bytes().size() % 8 != 0 || intervals.empty() || intervals.front().first != 0) {
    return fail(Errc::index_damaged, std::string(blobs.front().name()), "is no routing table");
  }
  return std::make_shared<const RoutingTable>(id, blobs.front().digest(), std::move(intervals));
}

}  // namespace routing_table
