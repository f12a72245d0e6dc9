#include "agentecho/readers/formats/format.h"

namespace agentecho {

std::span<const Format> known_formats() { return {}; }

}  // namespace agentecho
