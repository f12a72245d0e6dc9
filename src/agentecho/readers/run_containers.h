// Containers in which several runs stand that are ordinary chat records: maps of records by name,
// data frames. Each is opened like a format.
#pragma once

#include <span>

#include "agentecho/readers/formats/format.h"

namespace agentecho {

// In the order in which they are asked.
std::span<const Format> run_containers();

// The first that recognises the entry, or null.
const Format* recognised_container(const Beginning& beginning);

namespace formats {
Format data_frame();
Format record_map();
}  // namespace formats

}  // namespace agentecho
