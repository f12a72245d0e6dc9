// JSON whose objects keep the order of their members, as documents are written. Not a header for
// users of the library.
#pragma once

#include <nlohmann/json.hpp>

namespace agentecho {

using Json = nlohmann::ordered_json;

}  // namespace agentecho
