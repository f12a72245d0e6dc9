#include "agentecho/study/fewest_models.h"

#include <fmt/format.h>

namespace agentecho {

std::string needs_models(std::string_view what, std::size_t fewest, std::string_view with) {
  return fmt::format("{} needs at least {} models {}{}on the same tasks", what, fewest, with,
                     with.empty() ? "" : " ");
}

}  // namespace agentecho
