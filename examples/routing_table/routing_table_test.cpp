#include "routing_table.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "knhk/promotion/promotion_pipeline.hpp"

namespace routing_table {
namespace {

using knhk::Errc;
using knhk::promotion::Source;
using knhk::receipts::Outcome;

knhk::Result<std::vector<Route>> parse(std::string text) {
  const Source source{"table.txt", std::move(text)};
  return RoutingTableDomain().parse({&source, 1});
}

std::shared_ptr<const RoutingTable> compiled(const std::vector<Route>& routes) {
  const RoutingTableDomain domain;
  auto blobs = domain.compile(routes);
  auto table = domain.load({}, {knhk::promotion::VerifiedBlob::seal(std::move(blobs->front()))});
  return table ? *table : nullptr;
}

knhk::receipts::InvariantResults judged(std::string text) {
  const RoutingTableDomain domain;
  const auto routes = parse(std::move(text));
  const auto blobs = domain.compile(*routes);
  return *domain.validate(*routes, *blobs, {});
}

TEST(RoutingTable, finds_the_same_next_hops_as_looking_at_every_route) {
  constexpr unsigned kSeed = 20261123;
  RecordProperty("seed", std::to_string(kSeed));
  std::mt19937 random(kSeed);
  for (int round = 0; round < 50; ++round) {
    std::vector<Route> routes;
    for (int i = 0; i < 40; ++i) {
      const auto length = static_cast<unsigned>(random() % 33);
      const Address mask = length == 0 ? 0 : ~Address{0} << (32 - length);
      // Few leading bits vary, so that prefixes nest.
      routes.push_back({static_cast<Address>(random() & 0x8C0300FFU) & mask, length,
                        static_cast<Address>(random() | 1U)});
    }
    const auto table = compiled(routes);
    ASSERT_NE(table, nullptr);
    const auto expect_same = [&](Address at) {
      EXPECT_EQ(table->next_hop(at), naive_next_hop(routes, at))
          << to_text(at) << ", seed " << kSeed;
    };
    for (const Route& route : routes) {
      for (const Address step : {~Address{0}, Address{0}, Address{1}}) {
        expect_same(route.prefix + step);
      }
    }
    for (int i = 0; i < 200; ++i) expect_same(static_cast<Address>(random() & 0x8C0300FFU));
  }
}

TEST(RoutingTable, without_routes_leads_nowhere) {
  const auto table = compiled({});
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->next_hop(0), 0U);
  EXPECT_EQ(table->next_hop(~Address{0}), 0U);
}

TEST(RoutingTable, has_an_id_that_order_spacing_and_comments_do_not_change) {
  const RoutingTableDomain domain;
  const auto one = parse("0.0.0.0/0 192.0.2.1\n198.51.0.0/16 192.0.2.2\n");
  const auto two = parse("# routes\n198.51.0.0/16\t 192.0.2.2  # office\r\n\n0.0.0.0/0 192.0.2.1");
  ASSERT_TRUE(one && two);
  EXPECT_EQ(domain.id(*one), domain.id(*two));
  EXPECT_NE(domain.id(*one), domain.id(*parse("0.0.0.0/0 192.0.2.1\n")));
}

TEST(RoutingTable, refuses_malformed_lines_and_says_where) {
  for (const std::string line :
       {"198.51.0.0 192.0.2.1", "198.51.0.0/33 192.0.2.1", "198.51.0.1/16 192.0.2.1",
        "198.51.0.0/16", "198.51.0.0/16 192.0.2", "198.51.0.0/ 192.0.2.1", "/8 192.0.2.1",
        "198.51.0.0/16 0.0.0.0", "198.51.0.0/-1 192.0.2.1", "x"}) {
    const auto routes = parse("0.0.0.0/0 192.0.2.1\n" + line + "\n");
    ASSERT_FALSE(routes) << line;
    EXPECT_EQ(routes.error().code, Errc::syntax_error);
    EXPECT_EQ(routes.error().where, "table.txt:2");
  }
}

TEST(RoutingTable, fails_exactly_the_invariant_that_is_broken) {
  const auto outcomes = [](const knhk::receipts::InvariantResults& results) {
    std::string failed;
    for (const auto& result : results) {
      if (result.outcome == Outcome::failed) failed += result.name;
    }
    return failed;
  };
  EXPECT_EQ(outcomes(judged("0.0.0.0/0 192.0.2.1\n")), "");
  EXPECT_EQ(outcomes(judged("198.51.0.0/16 192.0.2.1\n")), "Q1");
  EXPECT_EQ(outcomes(judged("0.0.0.0/0 192.0.2.1\n0.0.0.0/0 192.0.2.2\n")), "Q2");
}

TEST(RoutingTable, refuses_a_blob_that_is_no_table) {
  const RoutingTableDomain domain;
  for (const std::string bytes : {"", "1234567", "12345678"}) {
    auto blob = knhk::promotion::VerifiedBlob::seal(
        {"table.bin", "application/vnd.knhk.routing-table.v1", bytes});
    EXPECT_FALSE(domain.load({}, {blob}));
  }
  EXPECT_FALSE(domain.load({}, {}));
}

}  // namespace
}  // namespace routing_table
