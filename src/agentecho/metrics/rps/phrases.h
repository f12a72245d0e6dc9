// Which phrases two models share that are rare among the others: the verbal evidence of a pair.
//
// A ResponseSample keeps what one model said in its runs, up to kMostBytes: where that is not all,
// the runs with the smallest of numbers that are as good as random and each run's own. So the
// sample is the same for the same runs in any order, in any files and in any number of parts, and
// every run is as likely to be in it (bottom-k sampling; E. Cohen, H. Kaplan, "Summarizing data
// using bottom-k sketches", PODC 2007). A PhraseTable counts in how many runs of it each phrase of
// three to five words, each opening (first words of a response) and each closing (its last
// sentence, up to six words) occurs. Words with digits are in no phrase, so ids, prices and dates
// never show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/metrics/rps/items.h"
#include "agentecho/metrics/rps/text_scan.h"

namespace agentecho::rps {

enum class PhraseKind : std::uint8_t { kPhrase, kOpening, kClosing };

class ResponseSample {
 public:
  static constexpr std::size_t kMostBytes = 1 << 20;
  static constexpr std::size_t kMostOfRun = kMostBytes / 16;  // what is behind it is not counted

  struct Run {
    std::string where;
    std::string text;                 // its responses, one behind the other
    std::vector<std::uint32_t> ends;  // of each
  };

  // The responses among a run's items. `number`: the run's own, well mixed; a run that comes twice
  // counts once. `where` says which run it is, for examples.
  void add(const std::vector<Item>& items, std::uint64_t number, std::string_view where = {});
  // Of other runs of the same model.
  void merge(const ResponseSample& other);

  // By their numbers.
  const std::map<std::uint64_t, Run>& runs() const { return runs_; }

 private:
  void trim();

  std::map<std::uint64_t, Run> runs_;
  std::size_t bytes_ = 0;
  std::optional<std::uint64_t> limit_;  // the smallest number that was left out
};

class PhraseTable {
 public:
  // In two runs or more.
  struct Entry {
    std::uint64_t hash = 0;
    std::uint32_t count = 0;  // runs that have it
    // Where it stands first: the run, and its words in the text of that.
    std::uint32_t run = 0;
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
    PhraseKind kind = PhraseKind::kPhrase;
  };

  PhraseTable() = default;
  explicit PhraseTable(const ResponseSample& sample);

  std::size_t runs() const { return runs_.size(); }
  // By hash.
  const std::vector<Entry>& entries() const { return entries_; }
  // Share of the runs that have the phrase with this hash; 0 when there are no runs.
  double share(std::uint64_t hash) const;
  // An entry's words in lower case, valid UTF-8, and the run in which they stand first.
  std::string text_of(const Entry& entry) const;
  const std::string& where(const Entry& entry) const { return runs_[entry.run].where; }

 private:
  std::vector<ResponseSample::Run> runs_;
  std::vector<Entry> entries_;
  std::vector<std::uint64_t> once_;  // phrases of one run, by hash
};

struct SharedPhrase {
  std::string text;  // valid UTF-8
  PhraseKind kind = PhraseKind::kPhrase;
  double share_a = 0;
  double share_b = 0;
  double share_others = 0;  // mean over the other models
  std::string where_a;      // a run of each that has it, as ResponseSample::add() was told
  std::string where_b;
  double weight = 0;  // m ln((m + s) / (share_others + s)), m = min(share_a, share_b), s = 0.02
};

// The phrases in at least two runs of both models, by falling weight (then text), at most
// `limit`; weights <= 0 are left out, and so is a phrase that has three successive words in common
// with one already chosen. `others` are the other models of the pool.
std::vector<SharedPhrase> shared_phrases(const PhraseTable& a, const PhraseTable& b,
                                         std::span<const PhraseTable* const> others,
                                         std::size_t limit);

// Where a phrase, spelled as SharedPhrase::text, stands first in a scanned text: [begin, end) in
// bytes. All its words lie in one sentence.
std::optional<std::pair<std::uint32_t, std::uint32_t>> find_phrase(const TextScan& scan,
                                                                   std::string_view phrase);

}  // namespace agentecho::rps
