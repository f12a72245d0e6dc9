#include "agentecho/readers/run_containers.h"

#include <algorithm>

#include "agentecho/readers/formats/json.h"

namespace agentecho {

std::span<const Format> run_containers() {
  static const Format containers[] = {formats::data_frame(), formats::record_map()};
  return containers;
}

const Format* recognised_container(const Beginning& beginning) {
  const std::span<const Format> all = run_containers();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Format& container) {
    return container.recognises({}, beginning);
  });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace agentecho
