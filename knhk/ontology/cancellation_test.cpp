// Work is called off at its n-th allocation, so in the middle and at the same place every time; how
// soon it ends after that is counted in allocations, too.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <new>
#include <string>
#include <thread>

#include "knhk/ontology/current_snapshot.hpp"
#include "knhk/ontology/test_sources.hpp"
#include "knhk/projections/index_writer.hpp"
#include "knhk/promotion/promotion_pipeline.hpp"
#include "knhk/promotion/testing/threads.hpp"
#include "knhk/rdf/canonical.hpp"
#include "knhk/rdf/reader.hpp"

namespace {

std::atomic<std::uint64_t> allocations{0};
std::atomic<std::uint64_t> stop_at{0};  // 0: never
std::atomic<bool> has_come{false};      // to that allocation
std::atomic<bool> is_stopped{false};

}  // namespace

namespace {

void* allocate(std::size_t size) noexcept {
  if (allocations.fetch_add(1) + 1 == stop_at.load()) {
    has_come.store(true);
    has_come.notify_one();
    while (!is_stopped.load()) std::this_thread::yield();
  }
  return std::malloc(size == 0 ? 1 : size);
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* const made = allocate(size)) return made;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
// Not inlined: g++ 12 would see free() called on what new returned, and warn.
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace knhk::ontology {
namespace {

namespace fs = std::filesystem;

/// What became of work that was called off.
struct CalledOff {
  bool was_cancelled = false;
  std::uint64_t allocations = 0;  ///< all that it made
};

/// Does `work`, a function of a stop token that gives a `Result`, and stops it at its
/// `allocation`-th; 0: lets it do all.
template <class Work>
CalledOff call_off(std::uint64_t allocation, const Work& work) {
  std::stop_source stop;
  has_come.store(false);
  is_stopped.store(false);
  // Another thread than the one that allocates: that one may hold a lock.
  std::thread stopper([&] {
    has_come.wait(false);
    if (allocation != 0) stop.request_stop();
    is_stopped.store(true);
  });
  const std::uint64_t before = allocations.load();
  stop_at.store(allocation == 0 ? 0 : before + allocation);
  CalledOff outcome;
  {
    const auto result = work(stop.get_token());
    outcome.allocations = allocations.load() - before;
    outcome.was_cancelled = !result && result.error().code == Errc::cancelled;
    EXPECT_TRUE(result || outcome.was_cancelled) << to_string(result.error());
  }
  stop_at.store(0);
  has_come.store(true);
  has_come.notify_one();
  stopper.join();
  return outcome;
}

/// Calls `work` off at many places in its middle. Each time it must be cancelled, and in the mean
/// have left out half at least of what it had left to do.
template <class Work>
void expect_to_end_early(const Work& work) {
  const std::uint64_t all = call_off(0, work).allocations;
  constexpr std::uint64_t kPlaces = 16;
  std::uint64_t left = 0;
  std::uint64_t done_after = 0;
  std::string table;
  for (std::uint64_t place = 1; place < kPlaces; ++place) {
    const std::uint64_t at = all * place / kPlaces;
    const CalledOff outcome = call_off(at, work);
    EXPECT_TRUE(outcome.was_cancelled) << "at allocation " << at << " of " << all;
    left += all - at;
    done_after += outcome.allocations - at;
    table += std::to_string(at) + ": " + std::to_string(outcome.allocations - at) + "\n";
  }
  EXPECT_LT(done_after, left / 2) << "allocations after being called off, of " << all << ":\n"
                                  << table;
  ::testing::Test::RecordProperty("allocations_left", std::to_string(left));
  ::testing::Test::RecordProperty("allocations_done_after", std::to_string(done_after));
}

/// A shop with many products, each of which the rules look at.
std::string many_products() {
  std::string text(":Product a owl:Class .\n:name a owl:DatatypeProperty .\n");
  for (int i = 0; i < 3000; ++i) {
    const std::string number = std::to_string(i);
    text += ":p" + number + " a :Product ; :name \"Product " + number + "\" ; :next :p" +
            std::to_string((i + 1) % 3000) + " .\n";
  }
  return text;
}

class OntologyCancellation : public ::testing::Test {
 protected:
  void SetUp() override {
    auto snapshot = domain_.parse(sources_);
    ASSERT_TRUE(snapshot) << to_string(snapshot.error());
    snapshot_.emplace(*std::move(snapshot));
    auto blobs = domain_.compile(*snapshot_);
    ASSERT_TRUE(blobs) << to_string(blobs.error());
    blobs_ = *std::move(blobs);
  }

  const std::vector<promotion::Source> sources_ =
      testing::sources(many_products(), testing::kRules);
  OntologyDomain domain_;
  std::optional<Snapshot> snapshot_;
  std::vector<promotion::Blob> blobs_;
};

TEST_F(OntologyCancellation, ends_compilation_in_the_middle) {
  expect_to_end_early(
      [&](const std::stop_token& stop) { return domain_.compile(*snapshot_, stop); });
}

TEST_F(OntologyCancellation, ends_validation_in_the_middle) {
  expect_to_end_early([&](const std::stop_token& stop) {
    promotion::ValidationContext context;
    context.stop = stop;
    return domain_.validate(*snapshot_, blobs_, context);
  });
}

TEST_F(OntologyCancellation, ends_the_index_in_the_middle) {
  expect_to_end_early([&](const std::stop_token& stop) {
    return projections::build_index(snapshot_->data().dataset, snapshot_->id(), 1, stop);
  });
}

TEST_F(OntologyCancellation, ends_the_shapes_in_the_middle) {
  // Every product lacks what the rules want, and hardly anything else is looked at.
  const auto bad = domain_.parse(testing::sources(many_products(), R"(
:S a sh:NodeShape ; sh:targetClass :Product ; sh:property [ sh:path :price ; sh:minCount 1 ] .)"));
  ASSERT_TRUE(bad) << to_string(bad.error());
  InvariantOptions options;
  options.compared_statements = 1;
  expect_to_end_early([&](const std::stop_token& stop) {
    promotion::ValidationContext context;
    context.stop = stop;
    return InvariantValidator(options).validate(*bad, blobs_, context);
  });
}

TEST_F(OntologyCancellation, ends_parsing_between_its_steps) {
  const std::uint64_t all = call_off(0, [&](const std::stop_token& stop) {
                              return domain_.parse(sources_, stop);
                            }).allocations;
  const CalledOff early = call_off(
      all / 100, [&](const std::stop_token& stop) { return domain_.parse(sources_, stop); });
  EXPECT_TRUE(early.was_cancelled);
  EXPECT_LT(early.allocations, all / 2);
}

TEST(Canonicalize, ends_the_search_among_alike_blank_nodes_when_it_is_called_off) {
  // Alike nodes around one node, all connected: a factorial of their number.
  std::string text;
  for (int i = 0; i < 7; ++i) {
    for (int j = 0; j < 7; ++j) {
      if (i != j) text += "_:n" + std::to_string(i) + " <x:p> _:n" + std::to_string(j) + " .\n";
    }
  }
  rdf::ReadOptions read;
  read.syntax = rdf::Syntax::ntriples;
  const auto dataset = rdf::read_dataset(text, "alike.nt", read);
  ASSERT_TRUE(dataset) << to_string(dataset.error());
  const auto canonicalize = [&](const std::stop_token& stop) {
    rdf::CanonicalizeOptions options;
    options.stop = stop;
    options.threads = 1;
    return rdf::canonicalize(*dataset, options);
  };
  const auto whole = call_off(0, canonicalize);
  const auto called_off = call_off(whole.allocations / 2, canonicalize);
  EXPECT_TRUE(called_off.was_cancelled);
  EXPECT_LT(called_off.allocations, whole.allocations / 2 + 1000);
}

TEST_F(OntologyCancellation, of_an_admission_anywhere_leaves_nothing_in_the_store) {
  const fs::path folder = fs::path(KNHK_BINARY_DIR) / "ontology_test" / "cancellation";
  fs::remove_all(folder);
  fs::create_directories(folder.parent_path());
  const auto store = store::Store::create(folder, "test");
  const auto key = crypto::PrivateKey::generate_ed25519();
  ASSERT_TRUE(store && key);
  receipts::TrustedKeys trusted;
  trusted.add(key->public_key());
  const auto files = [&] {
    std::map<std::string, std::uintmax_t> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file() && entry.path().filename() != "lock") {
        found[entry.path()] = entry.file_size();
      }
    }
    return found;
  };
  const auto files_before = files();
  const promotion::testing::Threads threads;
  OntologyHotPath path;
  promotion::PromotionPipeline<OntologyDomain> pipeline(*store, domain_, path, trusted, &*key);
  const auto admit = [&](const std::stop_token& stop) {
    promotion::AdmitOptions options;
    options.stop = stop;
    return pipeline.admit_async(sources_, options).get();
  };
  const std::uint64_t all =
      call_off(0, [&](const std::stop_token&) {
        return domain_.parse(sources_).and_then(
            [&](const Snapshot& snapshot) { return domain_.compile(snapshot); });
      }).allocations;
  constexpr std::uint64_t kPlaces = 12;
  for (std::uint64_t place = 1; place < kPlaces; ++place) {
    EXPECT_TRUE(call_off(all * place / kPlaces, admit).was_cancelled) << place;
    EXPECT_EQ(files(), files_before);
    threads.wait_for_the_end_of_new_ones();
  }
  EXPECT_FALSE(call_off(0, admit).was_cancelled);
  EXPECT_NE(files(), files_before);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace knhk::ontology
