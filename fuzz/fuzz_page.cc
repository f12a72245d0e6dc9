// A log → the page with its transcripts: whatever names and texts hold, the page's data is JSON,
// and what people see without scripts is text.
#include <algorithm>
#include <array>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/ordered_json.h"
#include "agentecho/base/text.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/readers/memory_file.h"
#include "agentecho/report/html.h"
#include "agentecho/report/page_data.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/scoring/metric_scores.h"
#include "agentecho/study/evidence.h"
#include "fuzz.h"

using namespace agentecho;

namespace {

bool is_own_tag(std::string_view text) {
  text.remove_prefix(text.starts_with("</") ? 2 : 1);
  constexpr std::array kTags = {"noscript", "p", "table", "tr", "th", "td"};
  return std::any_of(kTags.begin(), kTags.end(), [&](std::string_view tag) {
    return text.starts_with(tag) && text.size() > tag.size() &&
           (text[tag.size()] == '>' || text[tag.size()] == ' ');
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(
      "a.jsonl", std::make_shared<const std::string>(reinterpret_cast<const char*>(data), size));
  Diagnostics refused;
  CorpusOptions options;
  options.load.files = {{file.path(), "", "", false, false}};
  options.load.threads = 1;
  options.parts.stages = true;
  options.phrases = true;
  options.refused = &refused;
  options.keep = [](const Trajectory&) { return true; };
  const auto loaded = load_corpus(options);
  if (!loaded) return 0;

  const Corpus& corpus = loaded->corpus;
  std::vector<ModelIndex> pool(corpus.models().size());
  std::iota(pool.begin(), pool.end(), 0U);
  const ToolSplit split = ToolSplit::make(corpus, pool, {});
  const std::vector<std::string> metrics = {"ags", "rps"};
  const Study study{corpus, make_metrics(metrics, {corpus, split}).value(), {20, 7, 0.95}, 1};
  EvidenceResults evidence = weigh_evidence(study, split, guess_families(corpus));
  explain_wording(*loaded, evidence);
  const Provenance provenance;
  PageOptions page;
  page.transcripts = true;
  const auto made =
      make_page_data({*loaded, study, split, evidence, nullptr, {}, {}, provenance}, page);
  FUZZ_CHECK(made.has_value());
  FUZZ_CHECK(is_valid_utf8(made->json));
  FUZZ_CHECK(!Json::parse(made->json, nullptr, false).is_discarded());
  if (!has_page()) return 0;
  const auto html = make_page(*made, "title");
  FUZZ_CHECK(html.has_value());
  FUZZ_CHECK(is_valid_utf8(*html));
  const std::size_t noscript = html->find("<noscript>");
  const std::string_view shown(html->data() + noscript, html->find("</noscript>") - noscript);
  for (std::size_t at = shown.find('<'); at != std::string_view::npos;
       at = shown.find('<', at + 1)) {
    FUZZ_CHECK(is_own_tag(shown.substr(at)));
  }
  return 0;
}
