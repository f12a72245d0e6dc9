#include "agentecho/metrics/rps/phrases.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "agentecho/base/text.h"
#include "agentecho/metrics/rps/text_scan.h"

namespace agentecho::rps {

namespace {

constexpr std::size_t kShortest = 3;  // words of a phrase
constexpr std::size_t kLongest = 5;
constexpr std::size_t kLongestClosing = 6;
constexpr std::size_t kLongestWord = 32;  // bytes; longer words are in no phrase
constexpr double kSmoothing = 0.02;

bool fits(const Word& word) { return !word.has_digit && word.end - word.begin <= kLongestWord; }

std::string spelled(const TextScan& scan, std::size_t first, std::size_t count) {
  std::string text;
  for (std::size_t w = first; w < first + count; ++w) {
    if (!text.empty()) text += ' ';
    text += ascii_lowered(scan.spelling(scan.words[w]));
  }
  return text;
}

// Calls visit(hash, kind, first word, words) for every phrase of a scanned response.
template <class Visit>
void for_each_phrase(const TextScan& scan, Visit&& visit) {
  const auto hash_of = [&](std::size_t first, std::size_t count, PhraseKind kind) {
    std::uint64_t h = static_cast<std::uint64_t>(kind) + 1;
    for (std::size_t w = first; w < first + count; ++w) {
      h = hash_combine(h, scan.words[w].hash);
    }
    return h;
  };
  for (const Sentence& sentence : scan.sentences) {
    const std::size_t end = sentence.first_word + sentence.n_words;
    for (std::size_t first = sentence.first_word; first < end; ++first) {
      std::uint64_t h = static_cast<std::uint64_t>(PhraseKind::kPhrase) + 1;
      for (std::size_t count = 1; count <= kLongest && first + count <= end; ++count) {
        const Word& word = scan.words[first + count - 1];
        if (!fits(word)) break;
        h = hash_combine(h, word.hash);
        if (count >= kShortest) visit(h, PhraseKind::kPhrase, first, count);
      }
    }
  }
  if (scan.sentences.empty()) return;
  const auto visit_whole = [&](std::size_t first, std::size_t count, PhraseKind kind) {
    for (std::size_t w = first; w < first + count; ++w) {
      if (!fits(scan.words[w])) return;
    }
    visit(hash_of(first, count, kind), kind, first, count);
  };
  if (scan.words.size() >= kShortest) visit_whole(0, kShortest, PhraseKind::kOpening);
  const Sentence& last = scan.sentences.back();
  const std::size_t closing = std::min<std::size_t>(last.n_words, kLongestClosing);
  visit_whole(last.first_word + last.n_words - closing, closing, PhraseKind::kClosing);
}

// Whether the two texts have kShortest successive words in common: windows of one saying.
bool overlap_in_words(const std::string& a, const std::string& b) {
  const std::string padded = " " + b + " ";
  std::vector<std::size_t> starts = {0};
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == ' ') starts.push_back(i + 1);
  }
  const std::size_t window = std::min(kShortest, starts.size());
  for (std::size_t first = 0; first + window <= starts.size(); ++first) {
    const std::size_t end = first + window < starts.size() ? starts[first + window] - 1 : a.size();
    const std::string run = a.substr(starts[first], end - starts[first]);
    if (padded.find(" " + run + " ") != std::string::npos) return true;
  }
  return false;
}

}  // namespace

void ResponseSample::add(const std::vector<Item>& items, std::uint64_t number,
                         std::string_view where) {
  if (limit_ && number >= *limit_) return;
  const auto [place, is_new] = runs_.try_emplace(number);
  if (!is_new) return;
  Run& run = place->second;
  run.where = where;
  for (const Item& item : items) {
    if (item.kind != ItemKind::kResponse) continue;
    run.text += item.text.substr(0, kMostOfRun - run.text.size());
    run.ends.push_back(static_cast<std::uint32_t>(run.text.size()));
  }
  bytes_ += run.text.size();
  trim();
}

void ResponseSample::merge(const ResponseSample& other) {
  if (other.limit_ && (!limit_ || *other.limit_ < *limit_)) limit_ = other.limit_;
  for (const auto& [number, run] : other.runs_) {
    if (runs_.try_emplace(number, run).second) bytes_ += run.text.size();
  }
  trim();
}

// The runs with the smallest numbers, as many as have room.
void ResponseSample::trim() {
  while (!runs_.empty()) {
    const auto last = std::prev(runs_.end());
    const bool is_beyond = limit_ && last->first >= *limit_;
    if (bytes_ <= kMostBytes && !is_beyond) return;
    if (!is_beyond) limit_ = last->first;
    bytes_ -= last->second.text.size();
    runs_.erase(last);
  }
}

PhraseTable::PhraseTable(const ResponseSample& sample) {
  runs_.reserve(sample.runs().size());
  for (const auto& [number, run] : sample.runs()) runs_.push_back(run);
  std::vector<Entry> seen;  // count: of this place alone
  TextScan scan;
  for (std::uint32_t r = 0; r < runs_.size(); ++r) {
    std::uint32_t begin = 0;
    for (const std::uint32_t end : runs_[r].ends) {
      scan_text(std::string_view(runs_[r].text).substr(begin, end - begin), scan);
      for_each_phrase(
          scan, [&](std::uint64_t hash, PhraseKind kind, std::size_t first, std::size_t count) {
            const Word& first_word = scan.words[first];
            const Word& last_word = scan.words[first + count - 1];
            seen.push_back(
                {hash, 1, r, begin + first_word.begin, last_word.end - first_word.begin, kind});
          });
      begin = end;
    }
  }
  std::sort(seen.begin(), seen.end(), [](const Entry& x, const Entry& y) {
    if (x.hash != y.hash) return x.hash < y.hash;
    return x.run != y.run ? x.run < y.run : x.begin < y.begin;
  });
  for (std::size_t i = 0; i < seen.size();) {
    Entry entry = seen[i];
    for (std::size_t next = i + 1; next <= seen.size(); ++next) {
      if (next == seen.size() || seen[next].hash != entry.hash) {
        i = next;
        break;
      }
      if (seen[next].run != seen[next - 1].run) ++entry.count;
    }
    if (entry.count == 1) {
      once_.push_back(entry.hash);
    } else {
      entries_.push_back(entry);
    }
  }
  entries_.shrink_to_fit();
  once_.shrink_to_fit();
}

double PhraseTable::share(std::uint64_t hash) const {
  if (runs_.empty()) return 0;
  const auto n = static_cast<double>(runs_.size());
  const auto entry = std::lower_bound(entries_.begin(), entries_.end(), hash,
                                      [](const Entry& x, std::uint64_t y) { return x.hash < y; });
  if (entry != entries_.end() && entry->hash == hash) return static_cast<double>(entry->count) / n;
  return std::binary_search(once_.begin(), once_.end(), hash) ? 1 / n : 0;
}

std::string PhraseTable::text_of(const Entry& entry) const {
  TextScan scan;
  scan_text(std::string_view(runs_[entry.run].text).substr(entry.begin, entry.size), scan);
  return with_valid_utf8(spelled(scan, 0, scan.words.size()));
}

namespace {

// What both say, before the others are asked.
struct Candidate {
  const PhraseTable::Entry* a = nullptr;
  const PhraseTable::Entry* b = nullptr;
  double words = 0;
  double both = 0;
  double most = 0;  // its weight where no other says it
};

double weight_of(double words, double both, double others) {
  return words * both * std::log((both + kSmoothing) / (others + kSmoothing));
}

// By falling weight that they can have.
std::vector<Candidate> candidates_of(const PhraseTable& a, const PhraseTable& b) {
  std::vector<Candidate> found;
  auto theirs = b.entries().begin();
  for (const PhraseTable::Entry& mine : a.entries()) {
    while (theirs != b.entries().end() && theirs->hash < mine.hash) ++theirs;
    if (theirs == b.entries().end()) break;
    if (theirs->hash != mine.hash) continue;
    Candidate candidate{&mine, &*theirs, 0, 0, 0};
    candidate.both = std::min(static_cast<double>(mine.count) / static_cast<double>(a.runs()),
                              static_cast<double>(theirs->count) / static_cast<double>(b.runs()));
    const std::string text = a.text_of(mine);
    candidate.words = static_cast<double>(1 + std::count(text.begin(), text.end(), ' '));
    candidate.most = weight_of(candidate.words, candidate.both, 0);
    found.push_back(candidate);
  }
  std::sort(found.begin(), found.end(), [](const Candidate& x, const Candidate& y) {
    return x.most != y.most ? x.most > y.most : x.a->hash < y.a->hash;
  });
  return found;
}

// By falling weight, without those that repeat a stronger one; at most `limit`.
std::vector<SharedPhrase> strongest(std::vector<SharedPhrase> found, std::size_t limit) {
  std::sort(found.begin(), found.end(), [](const SharedPhrase& x, const SharedPhrase& y) {
    if (x.weight != y.weight) return x.weight > y.weight;
    if (x.text != y.text) return x.text < y.text;
    return x.kind < y.kind;
  });
  std::vector<SharedPhrase> chosen;
  for (SharedPhrase& phrase : found) {
    if (chosen.size() >= limit) break;
    const bool repeats = std::any_of(chosen.begin(), chosen.end(), [&](const SharedPhrase& other) {
      return overlap_in_words(phrase.text, other.text);
    });
    if (!repeats) chosen.push_back(std::move(phrase));
  }
  return chosen;
}

}  // namespace

std::vector<SharedPhrase> shared_phrases(const PhraseTable& a, const PhraseTable& b,
                                         std::span<const PhraseTable* const> others,
                                         std::size_t limit) {
  const std::vector<Candidate> candidates = candidates_of(a, b);
  std::vector<SharedPhrase> found;
  std::size_t n_asked = 0;
  // The others are asked about the strongest first, until what is left cannot be stronger.
  for (std::size_t n = 4 * limit + 64;; n *= 4) {
    for (; n_asked < std::min(n, candidates.size()); ++n_asked) {
      const Candidate& candidate = candidates[n_asked];
      SharedPhrase phrase;
      for (const PhraseTable* other : others) {
        phrase.share_others += other->share(candidate.a->hash);
      }
      if (!others.empty()) phrase.share_others /= static_cast<double>(others.size());
      phrase.weight = weight_of(candidate.words, candidate.both, phrase.share_others);
      if (!(phrase.weight > 0)) continue;
      phrase.text = a.text_of(*candidate.a);
      phrase.kind = candidate.a->kind;
      phrase.share_a = a.share(candidate.a->hash);
      phrase.share_b = b.share(candidate.a->hash);
      phrase.where_a = a.where(*candidate.a);
      phrase.where_b = b.where(*candidate.b);
      found.push_back(std::move(phrase));
    }
    std::vector<SharedPhrase> chosen = strongest(found, limit);
    const bool all_asked = n_asked == candidates.size();
    const bool settled =
        chosen.size() == limit &&
        (limit == 0 || all_asked || chosen.back().weight > candidates[n_asked].most);
    if (all_asked || settled) return chosen;
  }
}

std::optional<std::pair<std::uint32_t, std::uint32_t>> find_phrase(const TextScan& scan,
                                                                   std::string_view phrase) {
  TextScan wanted;
  scan_text(phrase, wanted);
  if (wanted.words.empty()) return std::nullopt;
  const auto same = [](const Word& x, const Word& y) { return x.hash == y.hash; };
  for (auto from = scan.words.begin();;) {
    const auto first =
        std::search(from, scan.words.end(), wanted.words.begin(), wanted.words.end(), same);
    if (first == scan.words.end()) return std::nullopt;
    const auto last = first + static_cast<std::ptrdiff_t>(wanted.words.size()) - 1;
    if (first->sentence == last->sentence) return std::pair(first->begin, last->end);
    from = first + 1;
  }
}

}  // namespace agentecho::rps
