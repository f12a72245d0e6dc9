// Vectors as text: base64 (RFC 4648, section 4) of 32-bit floats, little endian.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho::llm {

std::string base64_of_floats(std::span<const float> numbers);

// Empty where the text is not exactly what base64_of_floats would write.
std::optional<std::vector<float>> floats_of_base64(std::string_view text);

}  // namespace agentecho::llm
