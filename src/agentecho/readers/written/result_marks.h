// How results are marked that come back as a user's message.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho::written {

// What SWE-agent's first shell answered ends with its prompt.
inline constexpr std::string_view kShellPrompt = "bash-$";

// The result that a user's message holds: what stands within the mark, or behind it; a mark without
// an end that is itself an element of the result ("<returncode>") stays in it.
std::optional<std::string> marked_result(std::string_view message);

// Is it what CrewAI says behind a reply in which the agent wrote down what its call gave?
bool asks_about_result(std::string_view message);

// Does the message say that a program failed: "exitcode: 1 (execution failed)" (AutoGen)?
bool says_exit_code_of_failure(std::string_view message);

// Several results in one message, where `wanted` are, each behind a label or within the mark's
// begin and end; otherwise one.
std::vector<std::string> marked_results(std::string_view message, std::size_t wanted);

}  // namespace agentecho::written
