#include "agentecho/llm/lines.h"

#include "agentecho/base/text.h"

namespace agentecho::llm {

LineStatus read_line(std::istream& in, std::string& line, std::size_t max_bytes) {
  line.clear();
  bool any = false;
  bool too_long = false;
  std::streambuf* const buffer = in.rdbuf();
  using Traits = std::char_traits<char>;
  for (int c = buffer->sbumpc();; c = buffer->sbumpc()) {
    if (c == Traits::eof()) {
      in.setstate(std::ios::eofbit);
      if (!any) return LineStatus::kEnd;
      break;
    }
    any = true;
    if (c == '\n') break;
    if (line.size() >= max_bytes) {
      too_long = true;
    } else {
      line.push_back(Traits::to_char_type(c));
    }
  }
  if (too_long) return LineStatus::kTooLong;
  if (line.ends_with('\r')) line.pop_back();
  return LineStatus::kLine;
}

LineStatus read_filled_line(std::istream& in, std::string& line, std::size_t max_bytes,
                            std::size_t& number) {
  for (;;) {
    const LineStatus status = read_line(in, line, max_bytes);
    if (status == LineStatus::kEnd) return status;
    ++number;
    if (status == LineStatus::kTooLong || !trimmed(line).empty()) return status;
  }
}

}  // namespace agentecho::llm
