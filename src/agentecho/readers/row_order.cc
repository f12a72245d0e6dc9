#include "agentecho/readers/row_order.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "agentecho/base/folded_key.h"
#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/record_outcome.h"

namespace agentecho {

namespace {

// Folded keys. `index` and `id` may number what was there before a table was sorted.
constexpr std::string_view kNumbers[] = {
    "messageindex", "messageidx", "messagenumber",  "messageno", "messagenum", "messageorder",
    "msgindex",     "msgidx",     "msgnumber",      "msgno",     "msgnum",     "sequence",
    "seq",          "seqno",      "sequencenumber", "seqnum",    "step",       "stepindex",
    "stepidx",      "stepnumber", "stepno",         "stepnum",   "turn",       "turnindex",
    "turnidx",      "turnnumber", "turnno",         "turnnum"};
constexpr std::string_view kTimes[] = {"timestamp", "ts",         "time",      "createdat",
                                       "datetime",  "createtime", "starttime", "startedat"};

// The values of one column in the rows of a run.
struct RowColumn {
  std::string_view name;
  std::vector<std::string_view> cells;
};

// Those under keys that `wanted` knows and that every row has.
template <std::size_t N>
std::vector<RowColumn> columns_of(const std::vector<MessageRow>& rows,
                                  const std::vector<std::size_t>& run,
                                  const std::string_view (&wanted)[N]) {
  std::vector<RowColumn> columns;
  for (const dialects::PeekedMember& cell : rows[run[0]].places) {
    if (is_in(wanted, FoldedKey(cell.name).view())) columns.push_back({cell.name, {}});
  }
  for (RowColumn& column : columns) {
    column.cells.reserve(run.size());
    for (const std::size_t i : run) {
      const auto& places = rows[i].places;
      const auto cell = std::find_if(places.begin(), places.end(),
                                     [&](const auto& one) { return one.name == column.name; });
      if (cell == places.end()) break;
      column.cells.push_back(cell->value);
    }
  }
  std::erase_if(columns, [&](const RowColumn& one) { return one.cells.size() != run.size(); });
  return columns;
}

std::optional<std::vector<std::int64_t>> integers_of(const RowColumn& column) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(column.cells.size());
  for (const std::string_view cell : column.cells) {
    bool odd = false;
    const auto number = parse_trial(cell, odd);
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

// Does it go down anywhere but to where it starts, as what counts within a turn does?
bool goes_back(const std::vector<std::int64_t>& numbers) {
  const std::int64_t least = *std::min_element(numbers.begin(), numbers.end());
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    if (numbers[i] < numbers[i - 1] && numbers[i] != least) return true;
  }
  return numbers.front() != least;
}

bool all_differ(std::vector<std::int64_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  return std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end();
}

// Times are compared where they are written alike: numbers, or texts of one length that begin with
// the year.
bool is_before(std::string_view a, std::string_view b) {
  const std::string_view x = text_of_cell(a);
  const std::string_view y = text_of_cell(b);
  if (x.empty() || y.empty() || !is_ascii_digit(x[0]) || !is_ascii_digit(y[0])) return false;
  double number = 0;
  double other = 0;
  const auto read = [](std::string_view text, double& into) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc{} && end == text.data() + text.size();
  };
  if (read(x, number) && read(y, other)) return number < other;
  constexpr std::size_t kDay = 10;  // 2025-01-31
  return x.size() == y.size() && x.size() >= kDay && x[4] == '-' && y[4] == '-' && x < y;
}

bool times_go_back(const RowColumn& column) {
  for (std::size_t i = 1; i < column.cells.size(); ++i) {
    if (is_before(column.cells[i], column.cells[i - 1])) return true;
  }
  return false;
}

void sort_by(const std::vector<std::int64_t>& numbers, std::vector<std::size_t>& run) {
  std::vector<std::size_t> order(run.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return numbers[a] < numbers[b]; });
  std::vector<std::size_t> sorted;
  sorted.reserve(run.size());
  for (const std::size_t i : order) sorted.push_back(run[i]);
  run = std::move(sorted);
}

}  // namespace

bool says_place_of_row(std::string_view key) {
  const FoldedKey folded(key);
  return is_in(kNumbers, folded.view()) || is_in(kTimes, folded.view());
}

RowOrder put_in_order(const std::vector<MessageRow>& rows, std::vector<std::size_t>& run,
                      bool of_table) {
  bool contradicted = false;
  std::vector<std::vector<std::int64_t>> columns;
  for (const RowColumn& column : columns_of(rows, run, kNumbers)) {
    auto numbers = integers_of(column);
    if (!numbers || numbers->empty()) continue;
    // What numbers each row decides; what goes up with them confirms their order.
    if (std::is_sorted(numbers->begin(), numbers->end()) && numbers->front() != numbers->back()) {
      return RowOrder::kAsTheyStand;
    }
    contradicted = contradicted || goes_back(*numbers);
    columns.push_back(std::move(*numbers));
  }
  for (const std::vector<std::int64_t>& numbers : columns) {
    if (numbers.size() < 2 || !all_differ(numbers)) continue;
    sort_by(numbers, run);
    return RowOrder::kSorted;
  }
  if (of_table && !contradicted) {
    for (const RowColumn& column : columns_of(rows, run, kTimes)) {
      contradicted = contradicted || times_go_back(column);
    }
  }
  return contradicted ? RowOrder::kContradicted : RowOrder::kAsTheyStand;
}

}  // namespace agentecho
