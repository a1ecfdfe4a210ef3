#pragma once

// Clang's typestate analysis (-Wconsumed) refuses a second use of a guard that was moved from.
// Other compilers see nothing of it; there a second use asserts at run time.
#if defined(__clang__)
#define KNHK_CONSUMABLE(state) [[clang::consumable(state)]]
#define KNHK_RETURNS_STATE(state) [[clang::return_typestate(state)]]
#define KNHK_CALLABLE_WHEN_USABLE [[clang::callable_when("unconsumed", "unknown")]]
#define KNHK_TESTS_STATE(state) [[clang::test_typestate(state)]]
#else
#define KNHK_CONSUMABLE(state)
#define KNHK_RETURNS_STATE(state)
#define KNHK_CALLABLE_WHEN_USABLE
#define KNHK_TESTS_STATE(state)
#endif
