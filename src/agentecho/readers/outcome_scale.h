// What the numbers mean that say how runs ended. A number above 1 may be per cent or points, and
// what is at most 1 means something else then. So it is settled for all numbers that the whole
// input has under one key, when all of them are known:
//
//   none above 1                                     a share of success: 1 is success
//   a reward: 0 to 100, 100 among them, none in (0, 1]    per cent: 100 is success
//   any other reward                                 as it is: 1 and more is success (METHOD 1)
//   0 to 100, one of them above 10                   per cent: 100 is success, and 1 is 1 %
//   anything else (1 to 5, -1 to 100, 0 to 340)      points of which nothing says how many are all:
//                                                    taken as missing
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace agentecho {

enum class OutcomeScale : std::uint8_t { kShare, kPerCent, kPoints };

// All numbers under one key.
struct NumbersSeen {
  std::uint64_t runs = 0;
  std::uint64_t shares = 0;  // of them in (0, 1]
  double least = 0;
  double most = 0;

  void operator+=(const NumbersSeen& other);
};

// The order in which numbers are added makes no difference.
class OutcomeScales {
 public:
  void add(std::string_view key, double number);
  void add(std::string_view key, const NumbersSeen& numbers);
  void operator+=(const OutcomeScales& other);

  OutcomeScale scale_of(std::string_view key) const;
  // The share of success that a number means; nothing for points.
  std::optional<double> share(std::string_view key, double number) const;
  // May a run have another success than a number above 1 taken as per cent, and any other as it
  // is, says?
  bool change_anything() const;
  // The keys whose numbers go beyond 1.
  std::map<std::string, NumbersSeen> above_one() const;
  const std::map<std::string, NumbersSeen, std::less<>>& seen() const { return seen_; }

 private:
  std::map<std::string, NumbersSeen, std::less<>> seen_;
};

// Is the key a reward's ("reward", "final_reward", "info.reward")?
bool is_reward_key(std::string_view key);

}  // namespace agentecho
