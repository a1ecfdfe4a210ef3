// Plug-ins that read, and promote, the program's hot path. All are built with hidden visibility.

#include <dlfcn.h>
#include <elf.h>
#include <gtest/gtest.h>
#include <link.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "knhk/hot_path/binder.hpp"
#include "knhk/hot_path/plugins/reading_plugin.hpp"
#include "knhk/hot_path/plugins/shared_path.hpp"

namespace knhk::hot_path {

constinit HotPath<int, EagerTraits> shared_path;

namespace {

using OfThread = HotPathBinder<shared_path>;

/// A plug-in, loaded as long as this lives.
class Loaded {
 public:
  explicit Loaded(const std::string& file)
      : file_(file), handle_(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) {
      error_ = dlerror();
      return;
    }
    plugin_ = static_cast<const ReadingPlugin*>(dlsym(handle_, "reading_plugin"));
  }
  Loaded(Loaded&& other) noexcept
      : file_(other.file_),
        handle_(std::exchange(other.handle_, nullptr)),
        plugin_(other.plugin_),
        error_(other.error_) {}
  Loaded& operator=(Loaded&&) = delete;
  ~Loaded() {
    if (handle_ != nullptr) dlclose(handle_);
  }
  [[nodiscard]] explicit operator bool() const { return plugin_ != nullptr; }
  [[nodiscard]] const ReadingPlugin* operator->() const { return plugin_; }
  [[nodiscard]] const std::string& error() const { return error_; }

  /// True when it needs a place in the thread-local storage that is reserved at start-up.
  [[nodiscard]] bool needs_static_storage() const {
    link_map* map = nullptr;
    EXPECT_EQ(dlinfo(handle_, RTLD_DI_LINKMAP, &map), 0);
    for (const ElfW(Dyn)* entry = map->l_ld; entry->d_tag != DT_NULL; ++entry) {
      if (entry->d_tag == DT_FLAGS) return (entry->d_un.d_val & DF_STATIC_TLS) != 0;
    }
    return false;
  }

 private:
  std::string file_;
  void* handle_;
  const ReadingPlugin* plugin_ = nullptr;
  std::string error_;
};

/// True while the code of `file` is mapped.
bool is_mapped(const std::string& file) {
  void* const handle = dlopen(file.c_str(), RTLD_NOW | RTLD_NOLOAD);
  if (handle != nullptr) dlclose(handle);
  return handle != nullptr;
}

/// The same plug-in under many names, so that each is loaded for itself.
class Copies {
 public:
  Copies(const std::string& file, int count) {
    std::string name = (std::filesystem::temp_directory_path() / "knhk-plugins-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    for (int i = 0; i < count; ++i) {
      files_.push_back(folder_ / (std::to_string(i) + ".so"));
      std::filesystem::copy_file(file, files_.back());
    }
  }
  Copies(const Copies&) = delete;
  Copies& operator=(const Copies&) = delete;
  ~Copies() { std::filesystem::remove_all(folder_); }
  [[nodiscard]] const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  std::filesystem::path folder_;
  std::vector<std::filesystem::path> files_;
};

// P22: state that is there once per shared object is only where a thread keeps its reader; what
// matters is in the path, which is there once.
TEST(Plugins, share_one_hot_path_with_the_program) {
  const Loaded one(KNHK_PLUGIN_ONE);
  const Loaded other(KNHK_PLUGIN_OTHER);
  ASSERT_TRUE(one) << one.error();
  ASSERT_TRUE(other) << other.error();
  EXPECT_EQ(one->path(), &shared_path);
  EXPECT_EQ(other->path(), &shared_path);
  std::thread([&] {
    const std::size_t readers = shared_path.stats().readers;
    ASSERT_TRUE(one->promote(1));
    EXPECT_EQ(other->read(), 1);
    const auto pin = OfThread::pin();
    ASSERT_TRUE(other->promote(2));
    EXPECT_EQ(one->read(), 2);
    EXPECT_EQ(*pin, 1) << "what one plug-in promoted is kept from the other's scan";
    EXPECT_EQ(shared_path.stats().held_slots, 1U);
    EXPECT_NE(one->reader(), other->reader());
    EXPECT_EQ(shared_path.stats().readers, readers + 3) << "the thread's, once in each of them";
  }).join();
  EXPECT_EQ(shared_path.stats().readers, 0U);
  promote(shared_path, 3, std::make_shared<const int>(3));
  EXPECT_TRUE(shared_path.reclaim());
  EXPECT_EQ(shared_path.stats().living_snapshots, 1U) << "before the code that made them goes";
}

// P23: a thread that read in a plug-in needs the plug-in's code when it ends. The loader keeps it.
TEST(Plugins, may_be_closed_while_a_thread_that_read_in_them_lives) {
  promote(shared_path, 1, std::make_shared<const int>(1));
  const std::string file = KNHK_PLUGIN_ONE;
  ASSERT_FALSE(is_mapped(file));
  std::atomic<int> step{0};
  std::thread pool;
  {
    const Loaded plugin(file);
    ASSERT_TRUE(plugin) << plugin.error();
    pool = std::thread([&step, &plugin] {
      EXPECT_EQ(plugin->read(), 1);
      step = 1;
      while (step != 2) std::this_thread::yield();
    });
    while (step != 1) std::this_thread::yield();
  }
  EXPECT_TRUE(is_mapped(file)) << "closed, but its thread isn't at its end";
  EXPECT_EQ(shared_path.stats().readers, 1U);
  step = 2;
  pool.join();
  EXPECT_EQ(shared_path.stats().readers, 0U);
  {
    const Loaded again(file);
    ASSERT_TRUE(again) << again.error();
    std::thread([&again] { EXPECT_EQ(again->read(), 1); }).join();
  }
  EXPECT_FALSE(is_mapped(file)) << "nothing holds it any more";
}

// P24: a hundred plug-ins need no place that a running process may lack.
TEST(Plugins, load_however_many_there_are) {
  promote(shared_path, 1, std::make_shared<const int>(1));
  const Copies copies(KNHK_PLUGIN_ONE, 100);
  std::vector<Loaded> plugins;
  for (const auto& file : copies.files()) {
    plugins.emplace_back(file.string());
    ASSERT_TRUE(plugins.back()) << plugins.back().error();
    ASSERT_FALSE(plugins.back().needs_static_storage());
  }
  std::thread([&plugins] {
    for (const Loaded& plugin : plugins) EXPECT_EQ(plugin->read(), 1);
    EXPECT_EQ(shared_path.stats().readers, plugins.size());
  }).join();
  EXPECT_EQ(shared_path.stats().readers, 0U);
}

// The twin, so that the test above is known to mean something: with -ftls-model=initial-exec, they
// need it, and it runs out.
TEST(Plugins, that_ask_for_initial_exec_storage_run_out_of_it) {
  const Copies copies(KNHK_PLUGIN_INITIAL_EXEC, 400);
  std::vector<Loaded> plugins;
  for (const auto& file : copies.files()) {
    plugins.emplace_back(file.string());
    if (!plugins.back()) break;
    EXPECT_TRUE(plugins.back().needs_static_storage());
  }
  ASSERT_FALSE(plugins.empty());
  EXPECT_FALSE(plugins.back());
  EXPECT_NE(plugins.back().error().find("static TLS"), std::string::npos) << plugins.back().error();
}

}  // namespace
}  // namespace knhk::hot_path
