#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

#include "cli/verbs.hpp"
#include "cli/workspace.hpp"

namespace knhk::cli {
namespace {

namespace fs = std::filesystem;

/// Files that were made on the way; removed again unless everything worked.
class Unfinished {
 public:
  Unfinished() = default;
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() {
    for (const fs::path& path : paths_) {
      std::error_code ignored;
      fs::remove(path, ignored);
    }
  }
  void add(fs::path path) { paths_.push_back(std::move(path)); }
  void keep() { paths_.clear(); }

 private:
  std::vector<fs::path> paths_;
};

/// A store's name from its folder's: `./My Shop` gives `my-shop`.
std::string name_from(const fs::path& folder) {
  std::error_code ignored;
  const fs::path whole = fs::weakly_canonical(fs::absolute(folder, ignored), ignored);
  std::string name;
  for (const char c : whole.filename().string()) {
    const bool upper = c >= 'A' && c <= 'Z';
    const char lower = upper ? static_cast<char>(c - 'A' + 'a') : c;
    name += store::is_valid_name(std::string("a") + lower) ? lower : '-';
  }
  const std::size_t begin = name.find_first_not_of("-._");
  if (begin == std::string::npos) return "store";
  return name.substr(begin, 63);
}

Status make_folder(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (!problem) {
    fs::permissions(folder, fs::perms::owner_all, problem);
    if (!problem) return {};
  }
  return fail(Errc::key_unreadable, folder.string(), "cannot be made: " + problem.message());
}

Status write_public_key(const fs::path& path, const std::string& pem) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << pem;
  file.close();
  if (file.fail()) return fail(Errc::io_error, path.string(), "cannot be written");
  return {};
}

/// The key to sign with: the one named by the user, or a new one, saved.
Result<crypto::PrivateKey> take_key(const InitOptions& options, const KeyFolder& folder,
                                    std::string_view name, Unfinished& unfinished) {
  const fs::path path = folder.private_key(name);
  for (const fs::path& taken : {path, folder.public_key(name)}) {
    if (!fs::exists(taken)) continue;
    return fail(Errc::store_exists, taken.string(),
                "there is a key for a store of this name; choose another with --name");
  }
  auto key = options.key_path.empty() ? crypto::PrivateKey::generate_ed25519()
                                      : crypto::PrivateKey::load(options.key_path);
  if (!key) return key;
  if (!key->public_key().raw()) {
    return fail(Errc::key_malformed, options.key_path, "a store is signed with an Ed25519 key");
  }
  if (auto saved = key->save(path); !saved) return forward_error(std::move(saved));
  unfinished.add(path);
  return key;
}

}  // namespace

Result<Answer> run(const InitOptions& options, const Settings& settings) {
  const std::string name = options.name.empty() ? name_from(settings.store) : options.name;
  if (!store::is_valid_name(name)) {
    return fail(Errc::usage, name,
                "a store's name has 1 to 63 of a-z 0-9 . _ - and starts with a letter or digit");
  }
  auto folder = KeyFolder::find();
  if (!folder) return forward_error(std::move(folder));
  if (auto existing = store::Store::open(settings.store); existing) {
    return fail(Errc::store_exists, settings.store, "there is a store already");
  }
  if (auto made = make_folder(folder->path); !made) return forward_error(std::move(made));
  if (auto made = make_folder(folder->trusted()); !made) return forward_error(std::move(made));

  Unfinished unfinished;
  const fs::path private_path = folder->private_key(name);
  const fs::path public_path = folder->public_key(name);
  auto key = take_key(options, *folder, name, unfinished);
  if (!key) return forward_error(std::move(key));
  unfinished.add(public_path);
  if (auto written = write_public_key(public_path, key->public_key().to_pem()); !written) {
    return forward_error(std::move(written));
  }
  auto made = store::Store::create(settings.store, name);
  if (!made) return forward_error(std::move(made));
  unfinished.keep();

  Answer answer;
  answer.json = {{"store", settings.store},
                 {"name", name},
                 {"origin", made->origin()},
                 {"private_key", private_path.string()},
                 {"public_key", public_path.string()},
                 {"key_id", key->public_key().key_id()}};
  answer.text = fmt::format(
      "store    {}  (named {})\n"
      "signs    {}  (keep it secret, back it up)\n"
      "trusts   {}\n",
      settings.store, name, private_path.string(), public_path.string());
  return answer;
}

}  // namespace knhk::cli
