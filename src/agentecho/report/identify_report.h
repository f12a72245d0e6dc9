// IdentifyResults and IdentityCheck in words and as tables.
#pragma once

#include <optional>
#include <string>

#include "agentecho/report/data_table.h"
#include "agentecho/study/identify.h"
#include "agentecho/study/identity_check.h"

namespace agentecho {

// "These 20 runs are consistent with …" in one paragraph: the set, which channel carries it, what
// is claimed, how many foreign runs would be noticed.
std::string identify_verdict(const IdentifyResults& results);

// The verdict, then candidates, channels and runs. Warnings come first among the notes.
DataReport identify_report(const IdentifyResults& results);

// Whether the runs may be of the claimed model: "yes", "no", "cannot_tell", or nothing where none
// is claimed.
std::string_view claim_answer(const IdentifyResults& results);

// On which answers a gate on the claim is shut.
struct ClaimGate {
  bool mismatch = true;
  bool cannot_tell = false;
};

// Why the gate is shut; nothing where it is open.
std::optional<std::string> claim_failure(const IdentifyResults& results,
                                         const ClaimGate& gate = {});

DataReport identity_check_report(const IdentityCheck& check);

}  // namespace agentecho
