#include "agentecho/report/csv.h"

#include <fmt/format.h>

#include <cstdlib>

namespace agentecho {

namespace {

bool is_number(const std::string& field) {
  char* end = nullptr;
  std::strtod(field.c_str(), &end);
  return end == field.c_str() + field.size();
}

std::string quoted(const std::string& field) {
  const bool formula = !field.empty() &&
                       std::string_view("=+-@").find(field.front()) != std::string_view::npos &&
                       !is_number(field);
  std::string safe = formula ? fmt::format("'{}", field) : field;
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string out = "\"";
  for (const char c : safe) {
    out += c;
    if (c == '"') out += '"';
  }
  return out + "\"";
}

}  // namespace

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) line += (i > 0 ? "," : "") + quoted(fields[i]);
  return line + "\n";
}

std::string csv_number(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : std::string{};
}

}  // namespace agentecho
