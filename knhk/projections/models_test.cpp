#include "knhk/projections/models.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "knhk/projections/cpp_names.hpp"
#include "knhk/projections/escape.hpp"
#include "knhk/projections/test_input.hpp"

namespace knhk::projections {
namespace {

std::string models_of(std::string_view data, std::string_view shapes = "") {
  const auto input = testing::canonicalized(data);
  const auto rules = testing::canonicalized(shapes);
  ProjectionInput projection{input.id, input.dataset};
  if (!shapes.empty()) {
    projection.shapes_id = rules.id;
    projection.shapes = &rules.dataset;
  }
  return generate_models(projection, OntologySchema::read(input.dataset, projection.shapes));
}

/// Compiles `models` and a `main` that uses it, and runs that. Returns 0 when all went well; the
/// compiler's words are in the test's output.
int compile_and_run(const std::string& models, const std::string& main_body) {
  namespace fs = std::filesystem;
  const auto* const test = ::testing::UnitTest::GetInstance()->current_test_info();
  const fs::path folder = fs::path(KNHK_BINARY_DIR) / "models_test" / test->name();
  fs::create_directories(folder);
  std::ofstream(folder / "models.hpp", std::ios::binary) << models;
  std::ofstream(folder / "main.cpp", std::ios::binary)
      << "#include \"models.hpp\"\n#include \"models.hpp\"\nint main() {\n"
      << main_body << "\n}\n";
  const std::string program = (folder / "main").string();
  const std::string command =
      std::string(KNHK_CXX) +
      " -std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Wtrigraphs -Werror -o '" + program + "' '" +
      (folder / "main.cpp").string() + "' && '" + program + "'";
  return std::system(command.c_str());
}

TEST(Models, compile_and_hold_what_shapes_and_domains_say) {
  const std::string models = models_of(testing::kShop, testing::kShopShapes);
  EXPECT_EQ(compile_and_run(models, R"(
    using namespace knhk_models::shop;
    Book book;
    book.id = "http://example.org/shop#b1";
    book.name = std::string("Ulysses");          // exactly one
    book.price = "12.50";                        // at most one
    book.stock = std::int64_t{3};
    book.isbn = "123";
    book.category.push_back({"http://example.org/shop#novels"});
    static_assert(std::is_same_v<decltype(book.name), std::string>);
    static_assert(std::is_same_v<decltype(book.price), std::optional<knhk_models::Decimal>>);
    static_assert(std::is_same_v<decltype(book.stock), std::int64_t>);
    static_assert(std::is_same_v<decltype(book.isbn), std::optional<std::string>>);
    static_assert(std::is_same_v<decltype(book.category), std::vector<knhk_models::Ref<Category>>>);
    static_assert(Product::kIri == "http://example.org/shop#Product");
    static_assert(kPrice == "http://example.org/shop#price");
    static_assert(knhk_models::kSnapshotId.starts_with("sha256:"));
    return book.category.size() == 1 ? 0 : 1;)"),
            0)
      << models;
}

TEST(Models, of_hostile_names_and_texts_compile) {
  const std::string models = models_of(testing::kHostile);
  EXPECT_EQ(compile_and_run(models, R"(
    knhk_models::h::class_ one;
    one.self.push_back({"x"});
    return one.kIri == "http://example.org/h#class" ? 0 : 1;)"),
            0)
      << models;
}

TEST(Models, carry_the_snapshot_id_in_their_first_and_last_line) {
  const std::string models = models_of(testing::kShop);
  const std::string line =
      "// knhk snapshot " + testing::canonicalized(testing::kShop).id.to_string() + "\n";
  EXPECT_TRUE(models.starts_with(line));
  EXPECT_TRUE(models.ends_with("\n" + line));
}

TEST(CppNames, are_identifiers_and_no_keywords) {
  EXPECT_EQ(cpp_identifier("Product"), "Product");
  EXPECT_EQ(cpp_identifier("has-part"), "has_part");
  EXPECT_EQ(cpp_identifier("__x__y__"), "x_y");
  EXPECT_EQ(cpp_identifier("_Reserved"), "Reserved");
  EXPECT_EQ(cpp_identifier("1st"), "n1st");
  EXPECT_EQ(cpp_identifier(""), "unnamed");
  EXPECT_EQ(cpp_identifier("\xE4\xB8\xAD"), "unnamed");
  for (const std::string_view word :
       {"class", "and", "xor_eq", "std", "NULL", "INT_MAX", "linux"}) {
    EXPECT_EQ(cpp_identifier(word), std::string(word) + "_");
  }
}

TEST(CppNames, are_given_away_once_in_a_scope) {
  CppScope scope({"kIri"});
  EXPECT_EQ(scope.claim("a-b"), "a_b");
  EXPECT_EQ(scope.claim("a_b"), "a_b_2");
  EXPECT_EQ(scope.claim("a_b_2"), "a_b_2_2");
  EXPECT_EQ(scope.claim("class"), "class_");
  EXPECT_EQ(scope.claim("class"), "class_2");
  EXPECT_EQ(scope.claim("kIri"), "kIri_2");
}

TEST(CppNames, in_string_literals_stand_for_exactly_their_bytes) {
  EXPECT_EQ(cpp_string_literal("a\"b\\c?\n\xC3\xA4"), R"("a\042b\134c\077\012\303\244")");
}

}  // namespace
}  // namespace knhk::projections
