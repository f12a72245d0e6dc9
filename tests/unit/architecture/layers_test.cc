// The sources against src/layers.txt: which module may include which.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace agentecho {
namespace {

namespace fs = std::filesystem;
using ::testing::IsEmpty;
using Layers = std::map<std::string, std::set<std::string>>;

struct Layering {
  Layers allowed;
  std::vector<std::string> order;
};

Layering parse_layers(std::istream& text) {
  Layering layering;
  for (std::string line; std::getline(text, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::size_t colon = line.find(':');
    const std::string module = line.substr(0, colon);
    layering.order.push_back(module);
    std::istringstream names(line.substr(colon + 1));
    for (std::string name; names >> name;) layering.allowed[module].insert(name);
    layering.allowed[module].insert(module);
  }
  return layering;
}

Layering read_layers() {
  std::ifstream file(fs::path(AGENTECHO_SOURCE_DIR) / "src" / "layers.txt");
  return parse_layers(file);
}

// A module may only include modules listed above it, which rules out cycles.
std::vector<std::string> order_violations(const Layering& layering) {
  std::vector<std::string> violations;
  std::set<std::string> above;
  for (const std::string& module : layering.order) {
    if (above.contains(module)) violations.push_back(module + " is listed twice");
    above.insert(module);
    for (const std::string& other : layering.allowed.at(module)) {
      if (!above.contains(other)) violations.push_back(module + " includes " + other + " below it");
    }
  }
  return violations;
}

// "metrics/ags" of "metrics/ags/similarity.h".
std::string module_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

// What the file at `path` (below agentecho/) must not include.
std::vector<std::string> include_violations(const Layers& allowed, const std::string& path,
                                            std::istream& text) {
  static const std::regex include_line(R"re(^\s*#\s*include\s*["<]agentecho/([^">]+)[">])re");
  std::vector<std::string> violations;
  const auto module = allowed.find(module_of(path));
  if (module == allowed.end()) return {path + ": module is not listed"};
  std::smatch match;
  for (std::string line; std::getline(text, line);) {
    if (!std::regex_search(line, match, include_line)) continue;
    const std::string included = match[1];
    if (!module->second.contains(module_of(included))) {
      violations.push_back(path + " includes " + included);
    }
  }
  return violations;
}

TEST(Layers, EverySourceIncludesOnlyWhatItsModuleMay) {
  const Layering layering = read_layers();
  const fs::path root = fs::path(AGENTECHO_SOURCE_DIR) / "src" / "agentecho";
  std::vector<std::string> violations;
  int n_files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".h" && entry.path().extension() != ".cc") continue;
    ++n_files;
    std::ifstream file(entry.path());
    for (std::string& violation : include_violations(
             layering.allowed, entry.path().lexically_relative(root).generic_string(), file)) {
      violations.push_back(std::move(violation));
    }
  }
  EXPECT_GT(n_files, 50);
  EXPECT_THAT(violations, IsEmpty());
}

TEST(Layers, PointDownwardsOnly) { EXPECT_THAT(order_violations(read_layers()), IsEmpty()); }

TEST(Layers, AViolationIsSeen) {
  std::istringstream text("# comment\nbase:\nreaders: base\n");
  const Layering layering = parse_layers(text);
  const auto violations = [&](const std::string& path, const std::string& source) {
    std::istringstream stream(source);
    return include_violations(layering.allowed, path, stream).size();
  };
  EXPECT_EQ(violations("readers/a.cc", "#include \"agentecho/base/x.h\"\n"), 0u);
  EXPECT_EQ(violations("readers/a.cc", "#include \"agentecho/readers/x.h\"\n"), 0u);
  EXPECT_EQ(violations("base/a.cc", "  # include <agentecho/readers/x.h>\n"), 1u);
  EXPECT_EQ(violations("base/a.cc", "#include <vector>\n"), 0u);
  EXPECT_EQ(violations("other/a.cc", ""), 1u);
  std::istringstream cycle("a: b\nb: a\n");
  EXPECT_EQ(order_violations(parse_layers(cycle)).size(), 1u);
}

}  // namespace
}  // namespace agentecho
