#include "agentecho/study/provenance.h"

#include <gtest/gtest.h>

namespace agentecho {
namespace {

TEST(Provenance, HoldsWhatSpeaksAgainstEachLoadOnce) {
  LoadedCorpus before;
  before.validity = {{"no_calls", Severity::kInvalid, "no call", "", {"a"}},
                     {"tasks_from_paths", Severity::kNote, "from the path", "", {}}};
  LoadedCorpus after;
  after.validity = {{"tasks_from_paths", Severity::kNote, "from the path", "", {}},
                    {"tasks_from_paths", Severity::kNote, "from another", "", {}}};
  const Provenance provenance = make_provenance({&before, &after}, {});
  std::vector<std::string> messages;
  for (const Finding& finding : provenance.validity) messages.push_back(finding.message);
  EXPECT_EQ(messages, (std::vector<std::string>{"no call", "from the path", "from another"}));
}

}  // namespace
}  // namespace agentecho
