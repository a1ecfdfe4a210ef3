// Parses one file with serd and does nothing with the statements but count them: what is left of
// `serdi` when it writes nothing. Prints the count.

#include <serd/serd.h>

#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

namespace {

SerdStatus count(void* handle, SerdStatementFlags, const SerdNode*, const SerdNode*,
                 const SerdNode*, const SerdNode*, const SerdNode*, const SerdNode*) {
  ++*static_cast<std::uint64_t*>(handle);
  return SERD_SUCCESS;
}

SerdSyntax syntax_of(std::string_view path) {
  if (path.ends_with(".nt")) return SERD_NTRIPLES;
  if (path.ends_with(".nq")) return SERD_NQUADS;
  if (path.ends_with(".trig")) return SERD_TRIG;
  return SERD_TURTLE;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: serd_parse FILE\n";
    return 2;
  }
  std::uint64_t statements = 0;
  SerdReader* const reader =
      serd_reader_new(syntax_of(argv[1]), &statements, nullptr, nullptr, nullptr, count, nullptr);
  const std::string path = argv[1];
  const SerdStatus status =
      serd_reader_read_file(reader, reinterpret_cast<const std::uint8_t*>(path.c_str()));
  serd_reader_free(reader);
  if (status != SERD_SUCCESS) {
    std::cerr << path << ": " << serd_strerror(status) << '\n';
    return 1;
  }
  std::cout << statements << '\n';
  return 0;
}
