// Speech acts of agents: what an assistant text is for. The wording of each is a matter of the
// agent's phrase book (phrases.h).
#pragma once

#include <cstddef>
#include <cstdint>

namespace agentecho::simulation {

enum class Act : std::uint8_t {
  kGreet,
  kAskEmail,
  kAskPhone,
  kAskName,       // and postcode
  kAskAgain,      // nothing was found with what the user gave
  kAskHire,       // the hire number
  kConfirm,       // before a write
  kOfferNext,     // the unit or slot is gone: may I take the next one
  kOfferShorter,  // the end is too late: what about the latest possible one
  kAskRetry,      // the payment timed out: shall I try again
  kGiveUp,
  kRefuse,   // the policy forbids it
  kDecline,  // the user did not want the shorter hire: nothing was changed
  kReport,   // done, with the facts
  // Said beside a call, thought, or written into a tool.
  kAnnounceLookup,
  kAnnounceWrite,
  kReasonLookup,
  kReasonWrite,
  kReasonError,
  kReasonAnswer,
  kThought,
  kNote,
};
constexpr std::size_t kActCount = 22;

}  // namespace agentecho::simulation
