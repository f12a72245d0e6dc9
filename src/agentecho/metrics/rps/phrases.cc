#include "agentecho/metrics/rps/phrases.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

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

void PhraseTable::add(const std::vector<Item>& items, std::string_view where) {
  std::unordered_set<std::uint64_t> seen;
  TextScan scan;
  for (const Item& item : items) {
    if (item.kind != ItemKind::kResponse) continue;
    scan_text(item.text, scan);
    for_each_phrase(scan,
                    [&](std::uint64_t hash, PhraseKind kind, std::size_t first, std::size_t count) {
                      if (!seen.insert(hash).second) return;
                      Entry& entry = entries_[hash];
                      if (entry.count++ == 0) {
                        entry.kind = kind;
                        entry.missed = forgotten_;
                      } else if (entry.text.empty()) {
                        entry.text = spelled(scan, first, count);
                        entry.where = where;
                      }
                    });
  }
  ++trajectories_;
  if (trajectories_ % kBucket == 0) {
    ++forgotten_;
    drop_rare();
  }
}

void PhraseTable::drop_rare() {
  std::erase_if(entries_, [&](const auto& item) {
    return item.second.count + item.second.missed <= forgotten_;
  });
}

void PhraseTable::merge(const PhraseTable& other) {
  for (auto& [hash, entry] : entries_) {
    if (!other.entries_.contains(hash)) entry.missed += other.forgotten_;
  }
  for (const auto& [hash, theirs] : other.entries_) {
    Entry& entry = entries_[hash];
    if (entry.count == 0) {
      entry = theirs;
      entry.missed += forgotten_;
      continue;
    }
    entry.count += theirs.count;
    entry.missed += theirs.missed;
    if (entry.text.empty()) {
      entry.text = theirs.text;
      entry.where = theirs.where;
    }
  }
  trajectories_ += other.trajectories_;
  forgotten_ += other.forgotten_;
  drop_rare();
}

double PhraseTable::share(std::uint64_t hash) const {
  const auto found = entries_.find(hash);
  if (found == entries_.end() || trajectories_ == 0) return 0;
  return static_cast<double>(found->second.count) / static_cast<double>(trajectories_);
}

std::vector<SharedPhrase> shared_phrases(const PhraseTable& a, const PhraseTable& b,
                                         std::span<const PhraseTable* const> others,
                                         std::size_t limit) {
  std::vector<SharedPhrase> found;
  for (const auto& [hash, entry] : a.entries()) {
    if (entry.count < 2) continue;
    const auto theirs = b.entries().find(hash);
    if (theirs == b.entries().end() || theirs->second.count < 2) continue;
    SharedPhrase phrase;
    phrase.text = with_valid_utf8(entry.text.empty() ? theirs->second.text : entry.text);
    if (phrase.text.empty()) continue;
    phrase.kind = entry.kind;
    phrase.where_a = entry.where;
    phrase.where_b = theirs->second.where;
    phrase.share_a = a.share(hash);
    phrase.share_b = b.share(hash);
    for (const PhraseTable* other : others) phrase.share_others += other->share(hash);
    if (!others.empty()) phrase.share_others /= static_cast<double>(others.size());
    const double both = std::min(phrase.share_a, phrase.share_b);
    const auto words =
        static_cast<double>(1 + std::count(phrase.text.begin(), phrase.text.end(), ' '));
    phrase.weight =
        words * both * std::log((both + kSmoothing) / (phrase.share_others + kSmoothing));
    if (phrase.weight > 0) found.push_back(std::move(phrase));
  }
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
