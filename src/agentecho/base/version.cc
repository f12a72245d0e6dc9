#include "agentecho/base/version.h"

namespace agentecho {

std::string_view version() { return AGENTECHO_VERSION; }

}  // namespace agentecho
