#include "knhk/receipts/strict_json.hpp"

#include <cmath>
#include <set>
#include <utility>
#include <vector>

namespace knhk::receipts {
namespace {

// Watches the parser go by: keeps the keys of every open object, and the depth.
class Watch {
 public:
  explicit Watch(std::size_t max_depth) : max_depth_(max_depth) {}

  bool operator()(int, Json::parse_event_t event, const Json& value) {
    using Event = Json::parse_event_t;
    if (!problem_.empty()) return false;  // refused already: keep nothing more, whatever its depth
    if (event == Event::object_start || event == Event::array_start) {
      if (++depth_ > max_depth_) complain("is nested too deeply");
      keys_.emplace_back();
    } else if (event == Event::object_end || event == Event::array_end) {
      --depth_;
      if (!keys_.empty()) keys_.pop_back();
    } else if (event == Event::key && !keys_.empty() && value.is_string()) {
      const auto& key = value.get_ref<const std::string&>();
      if (!keys_.back().insert(key).second) complain("has the key \"" + key + "\" twice");
    }
    return problem_.empty();  // false drops the value: what follows is not kept in memory
  }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  void complain(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
  }

  std::size_t max_depth_;
  std::size_t depth_ = 0;
  std::vector<std::set<std::string>> keys_;
  std::string problem_;
};

bool all_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

int two_digits(std::string_view text) { return (text[0] - '0') * 10 + (text[1] - '0'); }

}  // namespace

Result<Json> parse_json(std::string_view text, const JsonRules& rules) {
  const std::string where(rules.where);
  if (text.size() > rules.max_bytes) {
    return fail(Errc::limit_exceeded, where,
                "is longer than " + std::to_string(rules.max_bytes) + " bytes");
  }
  try {
    Watch watch(rules.max_depth);
    Json value = Json::parse(text.begin(), text.end(), std::ref(watch));
    if (!watch.problem().empty()) return fail(rules.malformed, where, watch.problem());
    return value;
  } catch (const Json::parse_error& error) {
    return fail(rules.malformed, where, "is not JSON from byte " + std::to_string(error.byte));
  } catch (const Json::exception&) {
    return fail(rules.malformed, where, "is not JSON with numbers of a usual size");
  }
}

Result<std::string> dump_json(const Json& json, Errc code, std::string_view where) {
  try {
    return json.dump();
  } catch (const Json::exception&) {
    return fail(code, std::string(where), "a text is not UTF-8");
  }
}

Fields::Fields(const Json& object, std::string prefix)
    : object_(&object), prefix_(std::move(prefix)) {
  if (!object.is_object()) {
    problem_ = (prefix_.empty() ? "the whole" : '"' + prefix_ + '"') + " is not an object";
  }
}

void Fields::note(const std::string& problem) {
  if (problem_.empty()) problem_ = problem;
}

void Fields::wrong(const char* key, std::string_view complaint) {
  note('"' + (prefix_.empty() ? "" : prefix_ + '.') + key + "\" " + std::string(complaint));
}

const Json* Fields::find(const char* key) const {
  if (!object_->is_object()) return nullptr;
  const auto found = object_->find(key);
  return found == object_->end() ? nullptr : &*found;
}

const Json* Fields::required(const char* key) {
  const Json* const value = find(key);
  if (value == nullptr) wrong(key, "is missing");
  return value;
}

std::string Fields::text(const char* key) {
  const Json* const value = required(key);
  if (value == nullptr) return {};
  if (value->is_string()) return value->get_ref<const std::string&>();
  wrong(key, "is not a string");
  return {};
}

std::optional<std::string> Fields::optional_text(const char* key) {
  if (find(key) == nullptr) return std::nullopt;
  return text(key);
}

std::uint64_t Fields::unsigned_number(const char* key) {
  const Json* const value = required(key);
  if (value == nullptr) return 0;
  if (value->is_number_unsigned()) return value->get<std::uint64_t>();
  wrong(key, "is not a whole number");
  return 0;
}

double Fields::number(const char* key) {
  const Json* const value = required(key);
  if (value == nullptr) return 0;
  if (value->is_number() && std::isfinite(value->get<double>())) return value->get<double>();
  wrong(key, "is not a number");
  return 0;
}

Digest Fields::digest(const char* key) {
  constexpr std::string_view kPrefix = "sha256:";
  const std::string value = text(key);
  if (value.starts_with(kPrefix)) {
    const auto digest = digest_from_lowercase_hex(std::string_view(value).substr(kPrefix.size()));
    if (digest) return *digest;
  }
  wrong(key, "is not \"sha256:\" and 64 lowercase hexadecimal digits");
  return {};
}

std::optional<Digest> Fields::optional_digest(const char* key) {
  if (find(key) == nullptr) return std::nullopt;
  return digest(key);
}

Digest Fields::nullable_digest(const char* key) {
  const Json* const value = required(key);
  if (value == nullptr || value->is_null()) return {};
  return digest(key);
}

const Json& Fields::array(const char* key, std::size_t max_size) {
  static const Json kEmpty = Json::array();
  const Json* const value = required(key);
  if (value == nullptr) return kEmpty;
  if (value->is_array() && value->size() <= max_size) return *value;
  wrong(key, value->is_array() ? "has too many members" : "is not an array");
  return kEmpty;
}

const Json& Fields::object(const char* key) {
  static const Json kEmpty = Json::object();
  const Json* const value = required(key);
  if (value == nullptr) return kEmpty;
  if (value->is_object()) return *value;
  wrong(key, "is not an object");
  return kEmpty;
}

std::optional<Digest> digest_from_lowercase_hex(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  Digest digest;
  if (text.find_first_not_of(kDigits) != std::string_view::npos) return std::nullopt;
  if (!from_hex(text, digest.bytes)) return std::nullopt;
  return digest;
}

bool is_utc_time(std::string_view text) {
  // 2026-11-23T09:04:05Z
  if (text.size() != 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':' || text[19] != 'Z') {
    return false;
  }
  for (const auto& [start, length] :
       {std::pair<std::size_t, std::size_t>{0, 4}, {5, 2}, {8, 2}, {11, 2}, {14, 2}, {17, 2}}) {
    if (!all_digits(text.substr(start, length))) return false;
  }
  const int month = two_digits(text.substr(5));
  const int day = two_digits(text.substr(8));
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && two_digits(text.substr(11)) <= 23 &&
         two_digits(text.substr(14)) <= 59 && two_digits(text.substr(17)) <= 60;
}

}  // namespace knhk::receipts
