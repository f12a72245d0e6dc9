// The one-definition rule over the whole program: no type is defined twice under one name. A linker
// takes one of the two without a word. Types in unnamed namespaces are their file's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <istream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace agentecho {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The types that a file defines in named namespaces, with their namespaces. Relies on the project's
// layout: nothing inside a namespace is indented.
std::vector<std::string> defined_types(std::istream& text) {
  static const std::regex opens(R"(^namespace( [\w:]+)? \{)");
  static const std::regex closes(R"(^\}  // namespace)");
  static const std::regex type(
      R"(^(?:struct|class|union|enum(?: class)?) (\w+)(?: final)?(?: : [\w:<>, ]+)? \{)");
  std::vector<std::string> path;
  std::vector<std::string> types;
  std::smatch match;
  for (std::string line; std::getline(text, line);) {
    if (std::regex_search(line, match, opens)) path.push_back(match[1].str());
    if (std::regex_search(line, closes) && !path.empty()) path.pop_back();
    if (!std::regex_search(line, match, type)) continue;
    std::string name;
    bool unnamed = false;
    for (const std::string& part : path) {
      unnamed = unnamed || part.empty();
      name += part.empty() ? "" : part.substr(1) + "::";
    }
    if (!unnamed) types.push_back(name + match[1].str());
  }
  return types;
}

// "agentecho::Measure: a.h b.h". Twice in one file are branches of the preprocessor.
std::vector<std::string> types_defined_twice(const std::vector<fs::path>& files) {
  std::map<std::string, std::set<std::string>> places;
  for (const fs::path& file : files) {
    std::ifstream text(file);
    for (const std::string& type : defined_types(text)) places[type].insert(file.string());
  }
  std::vector<std::string> twice;
  for (const auto& [type, where] : places) {
    if (where.size() < 2) continue;
    std::string line = type + ":";
    for (const std::string& file : where) line += " " + file;
    twice.push_back(line);
  }
  return twice;
}

TEST(OneDefinition, types_are_found_with_their_namespaces) {
  std::istringstream text(
      "namespace agentecho::llm {\n"
      "struct Request {\n  struct Inner {\n  };\n};\n"
      "class Pool final : public Base {\n};\n"
      "struct Declared;\n"
      "namespace {\nstruct Hidden {\n};\n}  // namespace\n"
      "enum class Kind : int {\n};\n"
      "}  // namespace agentecho::llm\n");
  EXPECT_THAT(defined_types(text), ElementsAre("agentecho::llm::Request", "agentecho::llm::Pool",
                                               "agentecho::llm::Kind"));
}

TEST(OneDefinition, no_type_of_the_program_is_defined_twice) {
  std::vector<fs::path> files;
  for (const char* root : {"src", "apps"}) {
    const fs::path folder = fs::path(AGENTECHO_SOURCE_DIR) / root;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const fs::path extension = entry.path().extension();
      if (extension == ".h" || extension == ".cc") files.push_back(entry.path());
    }
  }
  ASSERT_GT(files.size(), 100u);
  EXPECT_THAT(types_defined_twice(files), IsEmpty());
}

}  // namespace
}  // namespace agentecho
