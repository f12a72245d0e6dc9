// Hostile text as a judge may see it: nothing in it is invisible, reorders what stands around it,
// or is taken for a token of a chat template.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace agentecho::judges {

// Valid UTF-8. Line feeds and tabs stay, "\r\n" becomes "\n". As \u{HEX}: all other control
// characters and line separators, zero-width and filler characters, bidirectional controls, Unicode
// tags, supplementary variation selectors, private-use and unassigned-for-ever code points; as
// \x{HEX}: bytes that are no UTF-8. A space breaks up what chat templates use as tokens ("<|",
// "|>",
// "[INST]", "<<SYS>>", "</s>", "<start_of_turn>", ...), in any case, so also fence lines.
std::string visible_text(std::string_view text);

// The same on one line, for names that somebody chose.
std::string visible_line(std::string_view text);

// Without the code points that visible_text() escapes.
std::string without_invisible(std::string_view text);

// Each place where `name` stands as a word, without regard to case, replaced by "[model]"; for
// names of at least 3 bytes.
std::string without_name(std::string_view text, std::string_view name);

// A text with its middle left out: at most `max_bytes` are kept, cut between code points.
struct Clipped {
  std::string_view head;
  std::string_view tail;     // empty where nothing is left out
  std::size_t left_out = 0;  // bytes
};
Clipped clipped(std::string_view text, std::size_t max_bytes);

}  // namespace agentecho::judges
