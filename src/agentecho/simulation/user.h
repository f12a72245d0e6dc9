// The scripted user: brings the goals of a task, answers what the agent asks, refuses, mistypes,
// corrects himself and gives partial data, as the task says. He speaks in sentences of a small
// fixed grammar; hear() is its inverse, and the only way in which an agent, or a student who reads
// a trace, learns what the user wants.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "agentecho/base/random.h"
#include "agentecho/simulation/acts.h"
#include "agentecho/simulation/slots.h"
#include "agentecho/simulation/tasks.h"

namespace agentecho::simulation {

enum class Sentence : std::uint8_t {
  kBook,  // the kinds of goals, in their order
  kCancel,
  kExtend,
  kSwap,
  kRepair,
  kPay,
  kUpdate,
  kEndDate,
  kEmail,
  kPhone,
  kNamePostcode,
  kHire,
  kDeclined,  // does not know, or will not say
  kYes,
  kNo,
  kCorrectDays,
  kCorrectEnd,
  kBye,
};

struct Heard {
  Sentence kind = Sentence::kYes;
  Slots slots;  // views into the text that was heard
};

// Splits what the user said into sentences of the grammar; other sentences are passed over. Fills
// `out` and returns how many were understood (at most out.size()).
std::size_t hear(std::string_view text, std::span<Heard> out);

class User {
 public:
  User(const World& world, const Task& task, Rng rng);

  // Appends the answer to an agent's text about the task's goal `goal`; nothing is appended when he
  // has left.
  void answer(Act act, std::size_t goal, std::string& out);
  // True after he has said goodbye.
  bool left() const { return left_; }

 private:
  void say(Sentence kind, const Slots& slots, std::string& out);
  void state_goal(std::size_t goal, std::string& out);
  void give_email(std::string& out);
  void give_phone(std::string& out);
  void give_name(std::string& out);
  void give_hire(std::size_t goal, std::string& out);
  void correct(std::string& out);

  const World* world_;
  const Task* task_;
  Rng rng_;
  std::size_t stated_ = 0;  // goals
  std::size_t closed_ = 0;
  Act last_contact_ = Act::kAskEmail;
  bool mistyped_ = false;
  bool corrected_ = false;
  bool left_ = false;
};

}  // namespace agentecho::simulation
