// Bytes of features.jsonl → features; what was read is written and read back the same.
#include <stdlib.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "agentecho/corpus/feature_file.h"
#include "fuzz.h"

namespace {

using namespace agentecho;

// A file of this process, overwritten for every input.
const std::string& write_file(std::string_view bytes) {
  static const std::string path = [] {
    std::string name = "/tmp/agentecho-fuzz-XXXXXX";
    const int descriptor = mkstemp(name.data());
    FUZZ_CHECK(descriptor >= 0);
    close(descriptor);
    static const std::string to_remove = name;
    std::atexit([] { unlink(to_remove.c_str()); });
    return name;
  }();
  std::FILE* file = std::fopen(path.c_str(), "wb");
  FUZZ_CHECK(file != nullptr);
  FUZZ_CHECK(std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size());
  std::fclose(file);
  return path;
}

struct Line {
  TrajectoryFeatures features;
  FeatureSettings settings;
};

std::vector<Line> read(std::string_view bytes) {
  std::vector<Line> lines;
  Diagnostics diagnostics;
  const auto done = read_feature_file(write_file(bytes), 0, diagnostics,
                                      [&](TrajectoryFeatures&& f, const FeatureSettings& settings) {
                                        lines.push_back({std::move(f), settings});
                                      });
  (void)done;
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto lines = read({reinterpret_cast<const char*>(data), size});
  std::string written;
  for (const Line& line : lines) written += to_json_line(line.features, line.settings) + "\n";
  const auto again = read(written);
  FUZZ_CHECK(again.size() == lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    FUZZ_CHECK(to_json_line(again[i].features, again[i].settings) ==
               to_json_line(lines[i].features, lines[i].settings));
  }
  return 0;
}
