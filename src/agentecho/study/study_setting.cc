#include "agentecho/study/study_setting.h"

#include <utility>

#include "agentecho/base/within.h"
#include "agentecho/corpus/names.h"

namespace agentecho {

namespace {

Result<Families> families_of(const Corpus& corpus, const SettingOptions& options) {
  if (options.families_json.empty()) return guess_families(corpus);
  auto families = parse_families(corpus, options.families_json);
  if (families || options.families_file.empty()) return families;
  return Unexpected(within(options.families_file, families.error()));
}

}  // namespace

Result<StudySetting> settle_study(const LoadedCorpus& loaded, const SettingOptions& options) {
  const Corpus& corpus = loaded.corpus;
  StudySetting setting;
  setting.mandatory = options.mandatory;
  auto pool = require_models(corpus, options.pool);
  if (!pool) return Unexpected(pool.error());
  setting.pool = std::move(*pool);
  auto listed = listed_tools(corpus, options.mandatory);
  if (!listed) return Unexpected(listed.error());
  setting.listed = std::move(*listed);
  setting.split = ToolSplit::make(corpus, setting.pool, options.mandatory.rule, setting.listed);
  auto families = families_of(corpus, options);
  if (!families) return Unexpected(families.error());
  setting.families = std::move(*families);
  setting.provenance =
      make_provenance(loaded, setting.pool, options.mandatory, options.bootstrap, options.metrics);
  return setting;
}

}  // namespace agentecho
