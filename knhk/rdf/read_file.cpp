#include <new>
#include <stdexcept>

#include "knhk/rdf/detail/open_file.hpp"
#include "knhk/rdf/reader.hpp"

namespace knhk::rdf {

Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  try {
    const auto file = detail::OpenFile::open(path, max_bytes);
    if (!file) return tl::unexpected(file.error());
    std::string bytes;
    std::size_t step = file->size() + 1;  // one more, to meet the end without growing
    while (true) {
      auto count = detail::append_from(file->descriptor(), path, bytes, step);
      if (!count) return forward_error(std::move(count));
      if (bytes.size() > max_bytes) return detail::too_large(path, max_bytes);
      if (*count < step) return bytes;
      step = bytes.size() / 2 + 4096;
    }
  } catch (const std::bad_alloc&) {
    return fail(Errc::out_of_memory, path.string(), "not enough memory to read this");
  } catch (const std::length_error&) {
    return fail(Errc::out_of_memory, path.string(), "not enough memory to read this");
  }
}

}  // namespace knhk::rdf
