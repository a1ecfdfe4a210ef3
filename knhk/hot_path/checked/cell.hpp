#pragma once

#include <cstdint>

#include "knhk/hot_path/checked/machine.hpp"

namespace knhk::hot_path::checked {

/// In the place of a plain variable: the machine sees who touches it when.
template <class U>
class Cell {
 public:
  Cell() : Cell(U{}) {}
  explicit Cell(U value) : value_(value), id_(Machine::current().add_cell(this).id) {}
  ~Cell() { Machine::current().remove_cell({this, id_}); }
  Cell(const Cell&) = delete;
  Cell& operator=(const Cell&) = delete;

  // As a variable, it is read and written without a word.
  operator U() const noexcept {  // NOLINT(google-explicit-constructor)
    Machine::current().read_cell({this, id_});
    return value_;
  }
  Cell& operator=(U value) noexcept {
    Machine::current().write_cell({this, id_});
    value_ = value;
    return *this;
  }

 private:
  U value_;
  std::uint32_t id_;
};

}  // namespace knhk::hot_path::checked
