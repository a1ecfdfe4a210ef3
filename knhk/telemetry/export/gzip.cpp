#include "knhk/telemetry/export/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace knhk::telemetry {

Result<std::string> gzip(std::string_view text) {
  constexpr int kWindowBitsOfGzip = 15 + 16;
  constexpr int kMemoryLevel = 8;
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWindowBitsOfGzip, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return fail(Errc::out_of_memory, "", "no memory to compress with");
  }
  std::string packed(deflateBound(&stream, text.size()), '\0');
  constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
  std::size_t taken = 0;
  std::size_t made = 0;
  int state = Z_OK;
  while (state == Z_OK) {
    const std::size_t piece = std::min(text.size() - taken, kMost);
    const std::size_t room = std::min(packed.size() - made, kMost);
    // zlib's interface predates const; it doesn't write there.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data() + taken));
    stream.avail_in = static_cast<uInt>(piece);
    stream.next_out = reinterpret_cast<Bytef*>(packed.data() + made);
    stream.avail_out = static_cast<uInt>(room);
    state = deflate(&stream, taken + piece == text.size() ? Z_FINISH : Z_NO_FLUSH);
    taken += piece - stream.avail_in;
    made += room - stream.avail_out;
  }
  deflateEnd(&stream);
  if (state != Z_STREAM_END) return fail(Errc::out_of_memory, "", "no memory to compress with");
  packed.resize(made);
  return packed;
}

}  // namespace knhk::telemetry
