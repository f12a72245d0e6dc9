// Comma-separated values (RFC 4180) as JSON Lines: each row becomes an object of its cells under
// the names in the first row, so that a row is read as any other record or message.
//
// Cells may be quoted, with line breaks and doubled quotes inside; lines end in LF or CRLF. The
// separator is the one of ",", ";" and tab that the first row has most of. A cell that is a JSON
// number stays a number, any other is a text, an empty one is left out. A row of another length
// than the first, an open quote and a row that is too long become an object that says so, which is
// then counted as a lost record. Memory: one row.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "agentecho/readers/byte_source.h"

namespace agentecho {

std::unique_ptr<ByteSource> csv_as_json_lines(std::unique_ptr<ByteSource> csv,
                                              std::size_t longest_row);

// Whether the first row, in the beginning of a table, has a column for messages ("messages",
// "conversation", …) or for their roles.
bool names_messages(std::string_view beginning);

}  // namespace agentecho
