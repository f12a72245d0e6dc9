// What a command says before any table: one paragraph of plain sentences, and what to type next.
#pragma once

#include <string>
#include <vector>

namespace agentecho {

// Each part is one or more whole sentences, or empty where there is nothing to say.
struct VerdictParagraph {
  std::string found;      // what was found
  std::string sureness;   // how sure that is
  std::string basis;      // on what it rests: tasks, runs, pool
  std::string elsewhere;  // which command answers another question, and why its figure may differ
  // Words of the command line to type next, the program's name first. "PATHS" stands for the logs;
  // a program replaces it by what its user named (name_logs()).
  std::vector<std::string> next;

  bool empty() const { return found.empty(); }
};

// The parts that there are, with a space between them.
std::string paragraph_of(const VerdictParagraph& verdict);

// The command line with the word "PATHS" replaced by `logs`, for example {"results/"}. Nothing
// changes where `logs` is empty.
void name_logs(VerdictParagraph& verdict, const std::vector<std::string>& logs);

}  // namespace agentecho
