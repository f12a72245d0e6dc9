// Comma-separated values as RFC 4180 defines them, with "\n" as the line break.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace agentecho {

// Fields with commas, quotes or line breaks are quoted; a field that a spreadsheet would take for a
// formula (it starts with = + - @ and is no number) gets an apostrophe in front.
std::string csv_line(const std::vector<std::string>& fields);

// Shortest form that reads back as the same double; empty where undefined.
std::string csv_number(const std::optional<double>& value);

}  // namespace agentecho
