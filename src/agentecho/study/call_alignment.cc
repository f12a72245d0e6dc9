#include "agentecho/study/call_alignment.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace agentecho {

namespace {

// Counts the literals true and false of a JSON text, outside its strings.
void count_literals(std::string_view json, CallKey& key) {
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (in_string) {
      if (json[i] == '\\') ++i;
      if (i < json.size() && json[i] == '"') in_string = false;
    } else if (json[i] == '"') {
      in_string = true;
    } else if (json.substr(i).starts_with("true")) {
      ++key.n_true;
    } else if (json.substr(i).starts_with("false")) {
      ++key.n_false;
    }
  }
}

// A call as two numbers: those of its tool and of the whole call.
struct NumberedCall {
  std::uint32_t tool = 0;
  std::uint32_t whole = 0;
};

// Gives equal tools and equal calls of both sides one number, so that calls are told apart without
// a look at their texts.
class CallNumbers {
 public:
  std::vector<NumberedCall> of(std::span<const CallKey> keys) {
    std::vector<NumberedCall> numbered;
    numbered.reserve(keys.size());
    for (const CallKey& key : keys) {
      const auto next_tool = static_cast<std::uint32_t>(tools_.size());
      const auto next_call = static_cast<std::uint32_t>(calls_.size());
      numbered.push_back({tools_.try_emplace(key.tool, next_tool).first->second,
                          calls_.try_emplace(&key, next_call).first->second});
    }
    return numbered;
  }

 private:
  struct ByValue {
    bool operator()(const CallKey* x, const CallKey* y) const { return *x < *y; }
  };
  std::map<std::string_view, std::uint32_t> tools_;
  std::map<const CallKey*, std::uint32_t, ByValue> calls_;
};

std::uint32_t worth(NumberedCall a, NumberedCall b) {
  return (a.tool == b.tool ? 2 : 0) + (a.whole == b.whole ? 1 : 0);
}

// Calls a_begin to a_end of A against b_begin to b_end of B.
struct Part {
  std::uint32_t a_begin;
  std::uint32_t a_end;
  std::uint32_t b_begin;
  std::uint32_t b_end;

  std::size_t cells() const {
    return (std::size_t{a_end - a_begin} + 1) * (std::size_t{b_end - b_begin} + 1);
  }
};

class Aligner {
 public:
  Aligner(std::vector<NumberedCall> a, std::vector<NumberedCall> b, std::size_t most_cells)
      : a_(std::move(a)), b_(std::move(b)), most_cells_(most_cells) {}

  std::vector<AlignedStep> align() {
    align({0, static_cast<std::uint32_t>(a_.size()), 0, static_cast<std::uint32_t>(b_.size())});
    return std::move(steps_);
  }

 private:
  // Of the alignments of a part that count most, the one that matches earliest passes through a
  // place between two calls of A; before and behind that place it is again the earliest of those
  // that count most, so that both halves can be aligned by themselves.
  void align(const Part& part) {
    if (part.a_end - part.a_begin < 2 || part.cells() <= most_cells_) {
      align_by_table(part);
      return;
    }
    const std::uint32_t middle = part.a_begin + (part.a_end - part.a_begin) / 2;
    const std::uint32_t split = place_at(middle, part);
    align({part.a_begin, middle, part.b_begin, split});
    align({middle, part.a_end, split, part.b_end});
  }

  void align_by_table(const Part& part) {
    // best(i, j): the most that the calls from a_[i] and from b_[j] on can count.
    const std::size_t width = std::size_t{part.b_end - part.b_begin} + 1;
    table_.assign(part.cells(), 0);
    const auto best = [&](std::uint32_t i, std::uint32_t j) -> std::uint32_t& {
      return table_[(i - part.a_begin) * width + (j - part.b_begin)];
    };
    for (std::uint32_t i = part.a_end; i-- > part.a_begin;) {
      for (std::uint32_t j = part.b_end; j-- > part.b_begin;) {
        std::uint32_t most = std::max(best(i + 1, j), best(i, j + 1));
        if (const std::uint32_t both = worth(a_[i], b_[j]); both > 0) {
          most = std::max(most, both + best(i + 1, j + 1));
        }
        best(i, j) = most;
      }
    }
    std::uint32_t i = part.a_begin;
    std::uint32_t j = part.b_begin;
    while (i < part.a_end || j < part.b_end) {
      const std::uint32_t here = best(i, j);
      const bool both_left = i < part.a_end && j < part.b_end;
      const std::uint32_t both = both_left ? worth(a_[i], b_[j]) : 0;
      if (both > 0 && here == both + best(i + 1, j + 1)) {
        steps_.push_back({both == 3 ? StepKind::kSame : StepKind::kSameTool, i++, j++});
      } else if (i < part.a_end && here == best(i + 1, j)) {
        steps_.push_back({StepKind::kOnlyA, i++, std::nullopt});
      } else {
        steps_.push_back({StepKind::kOnlyB, std::nullopt, j++});
      }
    }
  }

  // How many calls of B the alignment of the part has passed when it comes to a_[middle]. Keeps one
  // row of best(i, j) and, above the middle, of where the alignment from (i, j) on passes it.
  std::uint32_t place_at(std::uint32_t middle, const Part& part) {
    const std::size_t width = std::size_t{part.b_end - part.b_begin} + 1;
    best_.assign(width, 0);
    place_.resize(width);
    std::iota(place_.begin(), place_.end(), part.b_begin);
    for (std::uint32_t i = part.a_end; i-- > part.a_begin;) {
      if (i < middle) {
        add_row<true>(a_[i], part);
      } else {
        add_row<false>(a_[i], part);
      }
    }
    return place_.front();
  }

  // From the row of the next call of A to that of this one.
  template <bool with_places>
  void add_row(NumberedCall call, const Part& part) {
    std::uint32_t best_right = 0;
    std::uint32_t best_across = 0;
    std::uint32_t place_right = part.b_end;
    std::uint32_t place_across = part.b_end;
    for (std::size_t j = best_.size() - 1; j-- > 0;) {
      const std::uint32_t both = worth(call, b_[part.b_begin + j]);
      const std::uint32_t matched = both > 0 ? both + best_across : 0;
      const std::uint32_t best_below = best_[j];
      const std::uint32_t most = std::max(matched, std::max(best_below, best_right));
      if constexpr (with_places) {
        const std::uint32_t place_below = place_[j];
        const std::uint32_t alone = most == best_below ? place_below : place_right;
        place_right = both > 0 && most == matched ? place_across : alone;
        place_[j] = place_right;
        place_across = place_below;
      }
      best_[j] = most;
      best_right = most;
      best_across = best_below;
    }
  }

  std::vector<NumberedCall> a_;
  std::vector<NumberedCall> b_;
  std::size_t most_cells_;
  std::vector<std::uint32_t> table_;
  std::vector<std::uint32_t> best_;
  std::vector<std::uint32_t> place_;
  std::vector<AlignedStep> steps_;
};

}  // namespace

CallKey key_of(const Trajectory& trajectory, const ToolCall& call) {
  CallKey key;
  key.tool = call.name;
  for (const std::string_view leaf : trajectory.leaves_of(call)) key.values.emplace_back(leaf);
  std::sort(key.values.begin(), key.values.end());
  if (!call.malformed_arguments) count_literals(call.arguments, key);
  return key;
}

std::vector<AlignedStep> align_calls(std::span<const CallKey> a, std::span<const CallKey> b,
                                     std::size_t most_cells) {
  CallNumbers numbers;
  std::vector<NumberedCall> of_a = numbers.of(a);
  return Aligner(std::move(of_a), numbers.of(b), most_cells).align();
}

}  // namespace agentecho
