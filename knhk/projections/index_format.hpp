#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// The image of a compiled index, version 1.
///
/// It is relocatable (offsets only, no pointer), can be mapped read-only and used in place, and is
/// a function of the snapshot alone. Every integer is little-endian.
///
///     offset   bytes   what
///     0        8       magic "KNHKIDX\n"
///     8        4       version: 1
///     12       4       byte order mark 0x01020304
///     16       8       size of the whole image in bytes, a multiple of 8
///     24       4       number of sections n, at most 64
///     28       4       zero
///     32       32      snapshot id
///     64       32*n    section table
///     ...              sections in the order of the table, each at a multiple of 8, gaps zero
///     size-64  32      SHA-256 of all bytes before it
///     size-32  32      snapshot id again
///
/// An entry of the table: kind (4), bytes per element (4), offset (8), number of elements (8),
/// zero (8). A reader ignores kinds that it doesn't know, so version 1 can grow by addition.
///
///     kind  element  what
///     1     8        term offsets: t+1 positions in the term text, for t terms
///     2     1        term text: N-Triples forms without separators, sorted by byte, each once
///     3     24       graphs: term of the name (4; 0xFFFFFFFF for the default graph, which is
///     always
///                    there and first; the others ascending), zero (4), first row (8), rows (8)
///     4     12       rows (subject, predicate, object), each graph's sorted and without repetition
///     5     12       the same as (predicate, object, subject)
///     6     12       the same as (object, subject, predicate)
///
/// A term's id is its place in the sorted dictionary. Every graph has the same range of rows in
/// sections 4, 5 and 6; the ranges follow each other without a gap.
namespace knhk::projections::index_format {

inline constexpr std::string_view kMagic{"KNHKIDX\n", 8};
inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::uint32_t kByteOrderMark = 0x01020304;
inline constexpr std::size_t kMaxSections = 64;

inline constexpr std::size_t kVersionAt = 8;
inline constexpr std::size_t kMarkAt = 12;
inline constexpr std::size_t kSizeAt = 16;
inline constexpr std::size_t kSectionCountAt = 24;
inline constexpr std::size_t kIdAt = 32;
inline constexpr std::size_t kTableAt = 64;
inline constexpr std::size_t kTableEntryBytes = 32;
inline constexpr std::size_t kIdBytes = 32;
inline constexpr std::size_t kTrailerBytes = 64;

inline constexpr std::uint32_t kDefaultGraph = 0xFFFFFFFF;

enum class Section : std::uint32_t {
  term_offsets = 1,
  term_text = 2,
  graphs = 3,
  spo = 4,
  pos = 5,
  osp = 6,
};

inline constexpr std::size_t kOffsetBytes = 8;
inline constexpr std::size_t kGraphBytes = 24;
inline constexpr std::size_t kRowBytes = 12;

}  // namespace knhk::projections::index_format
