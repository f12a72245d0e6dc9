#include "agentecho/run_sets.h"

#include "agentecho/corpus/feature_table.h"

namespace agentecho::cli {

Result<LoadedCorpus> load_runs(const InputOptions& input, const std::vector<std::string>& paths,
                               const AdjustCorpus& adjust) {
  InputOptions named = input;
  named.paths = paths;
  if (paths != input.paths) named.named.clear();
  if (auto found = find_inputs(named); !found) return Unexpected(found.error());
  return load_inputs(named, adjust);
}

Result<void> save_features(const LoadedCorpus& loaded, const std::string& path) {
  auto file = create_output(path);
  if (!file) return Unexpected(file.error());
  auto written = write_features(loaded, feature_format_of(path),
                                [&](std::string_view bytes) { return file->write(bytes); });
  if (!written) return Unexpected(written.error());
  return file->commit();
}

}  // namespace agentecho::cli
