#include "knhk/store/store_fixture.hpp"
