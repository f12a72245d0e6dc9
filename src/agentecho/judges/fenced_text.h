// A user message of trusted and untrusted lines that cannot be taken for one another.
//
//   Stage: Execution
//   <<<DATA 4c1f...(32 digits) BEGIN side 1>>>
//   item 1 of 2 (response)
//   | untrusted, every line begins like this
//   (512 bytes left out here)
//   | untrusted
//   <<<DATA 4c1f... END side 1>>>
//
// Two walls: every untrusted line is prefixed, so none of them can be a fence or a line of ours;
// and fences carry a mark, the beginning of the SHA-256 of everything in the message. It is the
// same whenever the same is asked, which the reply cache needs, and yet nobody can write it into
// a text beforehand: the text would have to contain its own digest.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho::judges {

inline constexpr std::string_view kQuotePrefix = "| ";

class FencedText {
 public:
  // purpose: takes part in the mark, so that two judges never use the same one.
  explicit FencedText(std::string_view purpose) : purpose_(purpose) {}

  // A line of ours; no line breaks, nothing from a transcript.
  void say(std::string_view line);
  void begin(std::string_view label);
  void end();
  // Untrusted text as visible_text() shows it, line by line behind "| ".
  void quote(std::string_view text);
  // At most about max_bytes of it; what is left out is said in between.
  void quote(std::string_view text, std::size_t max_bytes);

  // Of the whole message so far, in bytes.
  std::size_t size() const { return size_; }
  std::string text() const;

 private:
  enum class Kind { kLine, kBegin, kEnd };
  struct Line {
    Kind kind;
    std::string text;
  };
  void add(Kind kind, std::string text);

  std::string purpose_;
  std::string label_;  // of the open fence
  std::vector<Line> lines_;
  std::size_t size_ = 0;
};

}  // namespace agentecho::judges
