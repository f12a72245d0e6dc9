// Finds where a JSON object or array ends without parsing it.
//
// Only three things matter for that: which bytes are inside strings, and the opening and closing
// brackets outside of them. Both come from bit masks of 64 bytes at a time (after Langdale and
// Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 28, 2019,
// doi:10.1007/s00778-019-00578-5, section 3.1); only the brackets outside of strings, which are
// few, are visited one by one. The scan can be stopped at the end of the available bytes and
// resumed with more. It does not validate; a parser does that afterwards, record by record.
#pragma once

#include <cstddef>
#include <cstdint>

namespace agentecho {

class StructuralScan {
 public:
  // Reads from data[position], which at the first call holds the opening bracket, and advances
  // `position`. True: the bracket is closed, and `position` is behind the closing one. False: more
  // bytes are needed; unless `last`, up to 63 bytes may be left unread. Call again with the same
  // bytes extended (they may have moved) and the same position.
  bool find_end(const char* data, std::size_t size, std::size_t& position, bool last);

 private:
  template <class Block>
  bool scan_block(const char* block, std::size_t length, std::size_t& end);

  std::uint64_t escape_carry_ = 0;  // 1: the next byte is escaped
  std::uint64_t in_string_ = 0;     // all ones: the next byte is inside a string
  std::int64_t depth_ = 0;
};

}  // namespace agentecho
