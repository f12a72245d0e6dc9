// Folders in paths, as text: nothing is looked up.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace agentecho {

// "a/b/" of "a/b/log.json"; empty for a file that stands in none.
inline std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash + 1);
}

// "a/" of "a/b/"; empty where there is none above.
inline std::string_view folder_above(std::string_view folder) {
  return folder.empty() ? folder : folder_of(folder.substr(0, folder.size() - 1));
}

// "b" of "a/b/".
inline std::string_view folder_name(std::string_view folder) {
  if (folder.ends_with('/')) folder.remove_suffix(1);
  return folder.substr(folder.rfind('/') + 1);
}

// The folder that all paths lie in, with "/" at its end; empty where there is none.
inline std::string common_folder(const std::vector<std::string>& paths) {
  if (paths.empty()) return {};
  std::string_view common = folder_of(paths.front());
  for (const std::string& path : paths) {
    while (!common.empty() && !path.starts_with(common)) common = folder_above(common);
  }
  return std::string(common);
}

}  // namespace agentecho
