#include "agentecho/metrics/lineage/task_comparison.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "agentecho/stats/pair_table.h"

namespace agentecho::lineage {

namespace {

struct Entry {
  std::uint64_t marker = 0;
  std::uint32_t model = 0;

  auto operator<=>(const Entry&) const = default;
};

// Hashes are uniform: those of markers up to `known` are dealt into many equal parts of the range,
// and each of the few that fall together is sorted.
void sort_hashed(std::vector<Entry>& entries, std::uint64_t known) {
  constexpr std::size_t kInPart = 8;
  if (entries.size() < 4 * kInPart) {
    std::sort(entries.begin(), entries.end());
    return;
  }
  const auto bits = static_cast<int>(std::bit_width(entries.size() / kInPart));
  const int shift = std::max(0, static_cast<int>(std::bit_width(known)) - bits);
  std::vector<std::uint32_t> ends((known >> shift) + 1, 0);
  for (const Entry& entry : entries) ++ends[entry.marker >> shift];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  std::vector<Entry> sorted(entries.size());
  for (std::size_t i = entries.size(); i-- > 0;) {
    sorted[--ends[entries[i].marker >> shift]] = entries[i];
  }
  for (std::size_t part = 0; part < ends.size(); ++part) {  // by now they are the begins
    const std::size_t end = part + 1 < ends.size() ? ends[part + 1] : sorted.size();
    std::sort(sorted.begin() + ends[part], sorted.begin() + static_cast<std::ptrdiff_t>(end));
  }
  entries.swap(sorted);
}

}  // namespace

TaskComparison::Sums TaskComparison::terms(double usual, double a, double b) const {
  const auto n = static_cast<double>(present_.size());
  // Sums of shares are off by rounding. And what nearly all models show has terms of "neither of
  // two" that hold for no pair: add_marker() takes them away again, so they only have to be finite.
  usual = std::clamp(usual, 0.0, n - 2);
  const double p = (usual + 0.5) / (n - 1);
  const double weight = 1 / (p * (1 - p));
  const double q = usual / (n - 2);
  return {weight * (a - p) * (b - p), weight * (a - p) * (a - p), weight * (b - p) * (b - p),
          (2 * a - 1) * (b - q) + (2 * b - 1) * (a - q),
          a * (1 - q) + (1 - a) * q + b * (1 - q) + (1 - b) * q};
}

TaskComparison::TaskComparison(std::span<const ModelRuns> models, const MarkerFilter& filter)
    : place_of_(models.size()) {
  std::uint64_t known = std::numeric_limits<std::uint64_t>::max();
  std::size_t size = 0;
  for (std::size_t m = 0; m < models.size(); ++m) {
    double runs = 0;
    for (const MarkerSketch* run : models[m]) {
      if (run->hashes().empty()) continue;
      ++runs;
      size += run->hashes().size();
      known = std::min(known, run->limit());
    }
    if (runs == 0) continue;
    place_of_[m] = present_.size();
    present_.push_back(m);
    runs_.push_back(runs);
  }
  if (present_.size() < kFewestModels) return;
  one_.resize(present_.size());
  self_.resize(present_.size());
  both_.resize(pair_count(present_.size()));

  std::vector<Entry> entries;
  entries.reserve(size);
  for (std::size_t place = 0; place < present_.size(); ++place) {
    for (const MarkerSketch* run : models[present_[place]]) {
      for (const std::uint64_t marker : run->hashes()) {
        if (marker > known) break;
        entries.push_back({marker, static_cast<std::uint32_t>(place)});
      }
    }
  }
  sort_hashed(entries, known);
  std::vector<Shown> shown;
  Scratch scratch;
  for (std::size_t begin = 0; begin < entries.size();) {
    const std::uint64_t marker = entries[begin].marker;
    std::size_t end = begin;
    shown.clear();
    for (; end < entries.size() && entries[end].marker == marker; ++end) {
      if (shown.empty() || shown.back().model != entries[end].model) {
        shown.push_back({entries[end].model, 0});
      }
      ++shown.back().runs;
    }
    if (!filter || filter(marker)) add_marker(shown, scratch);
    begin = end;
  }
}

// The terms of a pair are those of a marker that neither shows, corrected for each that shows it,
// and corrected again where both do: so a rare marker costs little.
void TaskComparison::add_marker(std::span<const Shown> shown, Scratch& scratch) {
  double total = 0;
  const auto share = [&](const Shown& s) { return static_cast<double>(s.runs) / runs_[s.model]; };
  for (const Shown& s : shown) total += share(s);
  const Sums none = terms(total, 0, 0);
  none_ += none;
  auto& [shares, kinds, alone, together] = scratch;
  shares.clear();
  kinds.clear();
  alone.clear();
  together.clear();
  for (const Shown& s : shown) {
    const auto found = std::find(shares.begin(), shares.end(), share(s));
    kinds.push_back(static_cast<std::uint32_t>(found - shares.begin()));
    if (found == shares.end()) shares.push_back(share(s));
  }
  for (const double a : shares) {
    alone.push_back(terms(total - a, a, 0));
    alone.back() -= none;
  }
  for (std::size_t k = 0; k < shares.size() && shown.size() > 1; ++k) {
    for (const double b : shares) {
      Sums& of_both = together.emplace_back(terms(total - shares[k] - b, shares[k], b));
      of_both -= none;
      of_both -= alone[k];
      of_both -= terms(total - b, 0, b);
      of_both += none;
    }
  }
  for (std::size_t i = 0; i < shown.size(); ++i) {
    one_[shown[i].model] += alone[kinds[i]];
    const Sums* const with = together.data() + kinds[i] * shares.size();
    // Pairs of one first model lie together, in the order of the second.
    Sums* const pairs_of =
        both_.data() + pair_index(shown[i].model, shown[i].model + 1, present_.size());
    for (std::size_t j = i + 1; j < shown.size(); ++j) {
      pairs_of[shown[j].model - shown[i].model - 1] += with[kinds[j]];
    }
  }
  std::size_t next = 0;
  double silent_runs = 0;  // of the model that `silent` was made for
  Sums silent;
  for (std::size_t m = 0; m < present_.size(); ++m) {
    const bool shows = next < shown.size() && shown[next].model == m;
    const double with = shows ? shown[next++].runs : 0;
    if (runs_[m] < 2) continue;
    if (shows) {
      self_[m] += self_terms(total, runs_[m], with);
      continue;
    }
    if (runs_[m] != silent_runs) silent = self_terms(total, runs_[m], 0);
    silent_runs = runs_[m];
    self_[m] += silent;
  }
}

// Of a model with itself, over the ordered pairs of its `runs`, of which `with` show the marker.
TaskComparison::Sums TaskComparison::self_terms(double total, double runs, double with) const {
  const auto n = static_cast<double>(present_.size());
  const double usual = std::max(total - with / runs, 0.0);
  const double p = (usual + 0.5) / n;
  const double weight = 1 / (p * (1 - p));
  const double q = usual / (n - 1);
  const double pairs = runs * (runs - 1);
  const double yes_yes = with * (with - 1) / pairs;
  const double yes_no = with * (runs - with) / pairs;  // and as many the other way round
  const double no_no = (runs - with) * (runs - with - 1) / pairs;
  const double square = weight * ((with / runs) * (1 - p) * (1 - p) + (1 - with / runs) * p * p);
  return {weight * (yes_yes * (1 - p) * (1 - p) - 2 * yes_no * p * (1 - p) + no_no * p * p), square,
          square, yes_yes * (1 - q) - yes_no * q - yes_no * (1 - q) + no_no * q,
          (with / runs) * (1 - q) + (1 - with / runs) * q};
}

Comparison TaskComparison::compared(const Sums& sums) {
  Comparison result{{}, sums.repeated, sums.free};
  constexpr double kRounding = 1e-9;
  if (sums.first > kRounding && sums.second > kRounding) {
    result.similarity = std::clamp(sums.dot / std::sqrt(sums.first * sums.second), -1.0, 1.0);
  }
  return result;
}

std::optional<Comparison> TaskComparison::pair(std::size_t first, std::size_t second) const {
  if (present_.size() < kFewestModels) return std::nullopt;
  auto i = place_of_[first];
  auto j = place_of_[second];
  if (!i || !j) return std::nullopt;
  if (*i > *j) std::swap(i, j);
  Sums sums = none_;
  const Sums& a = one_[*i];
  const Sums& b = one_[*j];
  // What a model shows alone was added up as the first of two.
  sums += a;
  sums += Sums{b.dot, b.second, b.first, b.repeated, b.free};
  sums += both_[pair_index(*i, *j, present_.size())];
  return compared(sums);
}

std::optional<Comparison> TaskComparison::self(std::size_t model) const {
  if (present_.size() < kFewestModels) return std::nullopt;
  const auto place = place_of_[model];
  if (!place || runs_[*place] < 2) return std::nullopt;
  return compared(self_[*place]);
}

}  // namespace agentecho::lineage
