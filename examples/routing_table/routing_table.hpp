#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "knhk/promotion/domain.hpp"

namespace routing_table {

/// An IPv4 address in host byte order.
using Address = std::uint32_t;

/// Where packets to the addresses under a prefix go.
struct Route {
  Address prefix = 0;
  unsigned length = 0;  ///< how many leading bits of `prefix` count
  Address next_hop = 0;

  friend auto operator<=>(const Route&, const Route&) = default;
};

/// The addresses from `first` up to the next interval's; `next_hop` 0: no route.
struct Interval {
  Address first = 0;
  Address next_hop = 0;
};

/// What is promoted: the table cut into intervals, so that the longest prefix of an address is
/// found by one binary search. Threads: immutable.
class RoutingTable {
 public:
  RoutingTable(const knhk::SnapshotId& id, const knhk::Digest& blob,
               std::vector<Interval> intervals)
      : id_(id), blobs_{blob}, intervals_(std::move(intervals)) {}

  /// The next hop of the longest prefix that holds `address`; 0 when no prefix does.
  [[nodiscard]] Address next_hop(Address address) const noexcept;

  [[nodiscard]] const knhk::SnapshotId& snapshot_id() const noexcept { return id_; }
  [[nodiscard]] std::span<const knhk::Digest> blob_digests() const noexcept { return blobs_; }
  [[nodiscard]] std::size_t size_bytes() const noexcept {
    return sizeof *this + intervals_.size() * sizeof(Interval);
  }

 private:
  knhk::SnapshotId id_;
  std::array<knhk::Digest, 1> blobs_;
  std::vector<Interval> intervals_;
};

/// Routing tables as text, one `prefix/length next-hop` a line, `#` begins a comment. Two texts
/// with the same routes are the same snapshot, in whatever order.
class RoutingTableDomain {
 public:
  using Parsed = std::vector<Route>;  // sorted, each route once
  using Artifacts = RoutingTable;

  [[nodiscard]] std::string_view name() const noexcept { return "routing-table"; }
  [[nodiscard]] std::string_view compiler_version() const noexcept { return "routing-table/1"; }

  [[nodiscard]] knhk::Result<Parsed> parse(std::span<const knhk::promotion::Source> sources) const;
  [[nodiscard]] knhk::Result<knhk::SnapshotId> id(const Parsed& routes) const;
  [[nodiscard]] knhk::Result<std::vector<knhk::promotion::Blob>> compile(
      const Parsed& routes) const;
  [[nodiscard]] knhk::Result<knhk::receipts::InvariantResults> validate(
      const Parsed& routes, std::span<const knhk::promotion::Blob> blobs,
      const knhk::promotion::ValidationContext& context) const;
  [[nodiscard]] knhk::Result<std::shared_ptr<const RoutingTable>> load(
      const knhk::SnapshotId& id, std::vector<knhk::promotion::VerifiedBlob> blobs) const;
};

static_assert(knhk::promotion::explain_domain<RoutingTableDomain>());

/// `192.0.2.1`, or nothing for any other text.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);
[[nodiscard]] std::string to_text(Address address);

/// The longest matching prefix by looking at every route: what the compiled table must agree with.
[[nodiscard]] Address naive_next_hop(std::span<const Route> routes, Address address) noexcept;

}  // namespace routing_table
