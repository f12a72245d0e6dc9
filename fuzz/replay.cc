// Runs a fuzz target over files and folders of files, over every cut of each file and over some
// changes to its JSON, the same each time.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz.h"
#include "json_mutator.h"

namespace {

constexpr std::uint64_t kChanges = 200;

// A copy of exactly these bytes, so that reading beyond them shows under a sanitizer.
void run(const std::string& content, std::size_t size) {
  const std::vector<std::uint8_t> bytes(content.begin(),
                                        content.begin() + static_cast<std::ptrdiff_t>(size));
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

void replay(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(file)), {});
  for (std::size_t size = 0; size <= content.size(); ++size) run(content, size);
  const auto twice = [](std::string& text) { text += text; };
  for (std::uint64_t seed = 0; seed < kChanges; ++seed) {
    const std::string changed = agentecho::fuzz::mutated_json(content, seed, twice);
    run(changed, changed.size());
  }
}

}  // namespace

int main(int argc, char** argv) {
  int n_files = 0;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      replay(argv[i]);
      ++n_files;
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      replay(entry.path());
      ++n_files;
    }
  }
  std::printf("%d files replayed\n", n_files);
  return n_files > 0 ? 0 : 1;
}
