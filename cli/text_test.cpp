#include "cli/text.hpp"

#include <gtest/gtest.h>

namespace knhk::cli {
namespace {

TEST(Text, separates_thousands) {
  EXPECT_EQ(with_separators(0), "0");
  EXPECT_EQ(with_separators(999), "999");
  EXPECT_EQ(with_separators(1000), "1,000");
  EXPECT_EQ(with_separators(1234567), "1,234,567");
}

TEST(Text, gives_durations_three_digits_and_a_unit) {
  EXPECT_EQ(readable_duration(0), "0 ns");
  EXPECT_EQ(readable_duration(820), "820 ns");
  EXPECT_EQ(readable_duration(999.9), "1.00 µs");
  EXPECT_EQ(readable_duration(1500), "1.50 µs");
  EXPECT_EQ(readable_duration(99.96e3), "100 µs");
  EXPECT_EQ(readable_duration(12.34e6), "12.3 ms");
  EXPECT_EQ(readable_duration(2.1e9), "2.10 s");
}

TEST(Text, counts_with_the_right_number_of_the_noun) {
  EXPECT_EQ(counted(1, "reader"), "1 reader");
  EXPECT_EQ(counted(2000, "reader"), "2,000 readers");
}

TEST(Table, aligns_columns_by_characters_and_trims_line_ends) {
  Table table(2);
  table.add({"µs", "a", ""});
  table.add({"long", "b", "c"});
  EXPECT_EQ(table.to_string(), "  µs    a\n  long  b  c\n");
}

TEST(Abbreviated, keeps_the_algorithm_and_twelve_digits) {
  EXPECT_EQ(abbreviated(SnapshotId{}), "sha256:000000000000");
}

TEST(Text, of_others_tells_a_terminal_nothing) {
  EXPECT_EQ(on_one_line("too slow: p99 4 µs, é"), "too slow: p99 4 µs, é");
  EXPECT_EQ(on_one_line("a\nb\t\x1b[31mred\x7f"), "a?b??[31mred?");
  EXPECT_EQ(on_one_line("\xC2\x9B"
                        "31m"),
            "\xC2?31m");
}

}  // namespace
}  // namespace knhk::cli
