// The runs of a log that has a message in each row, and what is not sure about them.
//
// Rows are of one run where they name the same session, task and trial. Rows of one session or
// trial that name different models, benchmarks or domains, and rows of one task that differ in what
// may number a trial (seed, run, sample_idx …), are different runs too where every row names one
// and each of them is a conversation of its own, in which an agent speaks. Where not every row says
// of which run it is, all are one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho {

struct Metadata;

// Where a file's rows begin and end: to see that the next one goes on with its last run.
struct RowsEdge {
  std::string first;  // what the run of the first row says of itself; empty: nothing
  std::string last;
  bool has_session = false;
  bool begins_midway = false;  // neither with the system nor with a user
  bool begins_anew = false;    // with the system
  bool several = false;        // runs
};

struct RowNote {
  std::string text;
  bool is_doubt = false;  // the rows may mean something else than was read
};

struct RowRuns {
  std::vector<std::string> records;  // one for each run, in the order of their first rows
  std::vector<RowNote> notes;        // counted
  RowsEdge edge;
};

// `beside`: what stands beside the log, or null.
RowRuns runs_of_rows(const std::vector<std::string>& rows, const Metadata* beside);

// Is the first run of a file the rest of the last one of the file before?
bool goes_on(const RowsEdge& before, const RowsEdge& next);

// What the list that `json` begins with, under the name `key` in an object, holds.
enum class ListedRows {
  kNothing,  // no messages that say of which run they are
  kOneRun,   // so far as can be seen
  kUnsure,   // messages that name several runs, which may be one all the same
  kSeveral,  // rows of several runs, beyond doubt
};
// `json` must be followed by RecordBlock::kPadding readable bytes; it may be cut, as may `around`,
// the object that holds the list.
ListedRows listed_rows(std::string_view key, std::string_view json, std::string_view around);

}  // namespace agentecho
