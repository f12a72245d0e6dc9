// What one row says of the run that it is part of, where a log has a message in each row.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/dialects/json_peek.h"

namespace agentecho {

struct MessageRow {
  std::string session;
  std::string task;
  std::string trial;  // under the best key of those that surely number a trial
  std::string model;
  bool model_is_weak = false;  // it may be an agent's or a program's name as well
  std::string benchmark;
  std::string domain;
  bool begins_run = false;  // it is of the system
  bool is_users = false;
  bool is_agents = false;  // neither of them, nor a tool's
  // What says something of the run; the values end where they end. They point into the row.
  std::vector<dialects::PeekedMember> members;
  // What may number a trial, or something else.
  std::vector<dialects::PeekedMember> may_be_trials;
  // What may say where in its run it stands: the number of a step or turn, a time.
  std::vector<dialects::PeekedMember> places;

  bool says_run() const { return !session.empty() || !task.empty(); }
};

// `json`: an object. What the result points to must live as long.
MessageRow parse_message_row(std::string_view json);

// May a column of this name number the rows of a run, or say when each was written?
bool says_place_of_row(std::string_view key);

// A scalar as text, null as nothing.
std::string_view text_of_cell(std::string_view json);

// The row without these of its members, as far as messages have no such member.
std::string without_members(std::string_view row,
                            const std::vector<dialects::PeekedMember>& members);

}  // namespace agentecho
