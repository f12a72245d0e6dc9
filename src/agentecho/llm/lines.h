// Lines of a stream with a bound on their length, so that one endless line cannot fill the memory.
#pragma once

#include <cstddef>
#include <istream>
#include <string>

namespace agentecho::llm {

// Bytes of a line of the files that this module keeps.
inline constexpr std::size_t kMaxLine = std::size_t{64} << 20;

enum class LineStatus { kLine, kTooLong, kEnd };

// The next line without its break ("\n" or "\r\n"). kTooLong: the line is skipped to its end.
LineStatus read_line(std::istream& in, std::string& line, std::size_t max_bytes);

// The next that is not blank; `number` counts all of them, from 1.
LineStatus read_filled_line(std::istream& in, std::string& line, std::size_t max_bytes,
                            std::size_t& number);

}  // namespace agentecho::llm
