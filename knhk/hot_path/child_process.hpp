#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <initializer_list>

namespace knhk::hot_path {

/// 0 when everything is as `expected` says, else the number of the first that is not, from 1.
[[nodiscard]] inline int first_that_fails(std::initializer_list<bool> expected) {
  int number = 1;
  for (const bool holds : expected) {
    if (!holds) return number;
    ++number;
  }
  return 0;
}

/// Forks, and runs `body` in the child, which ends with what `body` returns and without cleaning
/// up. Returns that, or minus the number of the signal that ended the child; -1000 when there was
/// no child.
template <class Body>
[[nodiscard]] int in_child(const Body& body) {
  const pid_t child = fork();
  if (child == 0) std::_Exit(body());
  int status = 0;
  if (child == -1 || waitpid(child, &status, 0) != child) return -1000;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace knhk::hot_path
