// Bytes as text: base64 (RFC 4648, section 4), padded.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho {

std::string to_base64(std::span<const std::uint8_t> bytes);

// Nothing when a character is no digit of it or the length is no multiple of four.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

}  // namespace agentecho
