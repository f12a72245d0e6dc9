#include "agentecho/readers/run_containers.h"

#include <algorithm>

#include "agentecho/readers/formats/json.h"

namespace agentecho {

std::span<const Format> run_containers() {
  static constexpr Format kContainers[] = {{.name = "data-frame",
                                            .title = "a data frame",
                                            .recognises = formats::is_data_frame,
                                            .convert = formats::convert_data_frame,
                                            .many_runs = true},
                                           {.name = "record-map",
                                            .title = "a map of runs by name",
                                            .recognises = formats::is_record_map,
                                            .convert = formats::convert_record_map,
                                            .many_runs = true},
                                           {.name = "dotted-columns",
                                            .title = "records whose objects became columns",
                                            .recognises = formats::has_dotted_columns,
                                            .convert = formats::convert_dotted_columns,
                                            .many_runs = true},
                                           {.name = "session-record",
                                            .title = "records that hold a session of an agent",
                                            .recognises = formats::has_session,
                                            .convert = formats::convert_session,
                                            .many_runs = true},
                                           {.name = "message-lists",
                                            .title = "lists of messages, each of them a run",
                                            .recognises = formats::is_message_list,
                                            .convert = formats::convert_message_list,
                                            .many_runs = true}};
  return kContainers;
}

const Format* recognised_container(const Beginning& beginning) {
  const std::span<const Format> all = run_containers();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Format& container) {
    return container.recognises({}, beginning);
  });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace agentecho
