// The features of a corpus for other programs and later runs: as lines of features.jsonl, or as an
// Arrow table whose columns are the members of such a line (docs/formats.md has the schema), so
// that one definition serves both. load_corpus() reads either.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "agentecho/arrow/arrow_table.h"
#include "agentecho/base/error.h"
#include "agentecho/corpus/load_corpus.h"

namespace agentecho {

enum class FeatureFormat : std::uint8_t {
  kLines,  // features.jsonl
  kArrow,  // Arrow IPC file
};

// By the extension: kArrow for ".arrow", else kLines.
FeatureFormat feature_format_of(std::string_view path);

// Columns of the Arrow form: one a member of a line; packed parts are text.
const arrow::Schema& feature_schema();

// All runs, in the order of the corpus. `sink` takes the bytes of the file piece by piece. Errors:
// the sink's.
Result<void> write_features(const LoadedCorpus& loaded, FeatureFormat format,
                            const std::function<Result<void>(std::string_view)>& sink);

Result<arrow::Table> feature_table(const LoadedCorpus& loaded);

}  // namespace agentecho
