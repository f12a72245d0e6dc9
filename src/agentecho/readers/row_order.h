// The order of the rows of one run, where a log has a message in each row: that in which they
// stand, unless a column that numbers them says otherwise.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "agentecho/readers/message_row.h"

namespace agentecho {

enum class RowOrder {
  kAsTheyStand,
  kSorted,       // by a column that numbers each row
  kContradicted  // a column of steps or times says otherwise, but not for certain what
};

// `run`: places in `rows`, sorted where a column of integers (step, turn, message_index, seq …)
// numbers each of them differently. `of_table`: the rows of several runs may stand in any order, so
// that times count as well.
RowOrder put_in_order(const std::vector<MessageRow>& rows, std::vector<std::size_t>& run,
                      bool of_table);

}  // namespace agentecho
