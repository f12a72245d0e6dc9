// Seeded logs in the shape of tau-bench results, for measuring speed only: an invented lending
// library, invented people, as many bytes as wanted, written as they are made. Texts, lengths of
// results and the share of bytes that repeat (the rules of the house stand in every record) are
// like those of real logs.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "agentecho/base/random.h"

namespace agentecho::bench {

class SyntheticLog {
 public:
  SyntheticLog(std::uint64_t seed, std::uint64_t model) : rng_(seed, model) {}

  // One JSON array of records, at least `bytes` long and at most one record longer. Returns the
  // number of records.
  std::uint64_t write(std::ostream& out, std::uint64_t bytes) {
    std::uint64_t written = 0;
    std::uint64_t records = 0;
    while (written < bytes) {
      const std::string json = (records == 0 ? "[\n" : ",\n") + record(records);
      ++records;
      out << json;
      written += json.size();
    }
    out << "\n]\n";
    return records;
  }

 private:
  static std::string quoted(std::string_view text) {
    std::string json = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') json += '\\';
      if (c == '\n') {
        json += "\\n";
      } else {
        json += c;
      }
    }
    return json += '"';
  }

  std::string sentences(std::size_t bytes) {
    static constexpr std::string_view kPhrases[] = {
        "I have looked at the card of this reader",  "the volume is due on Friday",
        "you may keep it for two more weeks",        "please tell me which branch suits you",
        "the reservation stands until noon",         "a late fee of 2.40 applies",
        "I would like to extend the loan",           "that edition is out at the moment",
        "may I confirm the change before I enter it"};
    std::string text;
    while (text.size() < bytes) {
      text += kPhrases[rng_.below(std::size(kPhrases))];
      text += rng_.chance(0.2) ? ".\n" : ". ";
    }
    return text;
  }

  std::string policy() const {
    std::string text = "# Rules of the house\n\n";
    for (int i = 1; i <= 60; ++i) {
      text += fmt::format(
          "- Rule {}: a reader with more than {} open loans gets no \"express\" card this week.\n",
          i, i % 7 + 2);
    }
    return text;
  }

  std::string loan(std::uint64_t loan_id) {
    std::string json =
        fmt::format(R"({{"loan_id": "#L{}", "reader_id": "{}", "volumes": [)", loan_id, reader_);
    const std::uint64_t volumes = 2 + rng_.below(6);
    for (std::uint64_t i = 0; i < volumes; ++i) {
      const std::uint64_t title = rng_.below(400);
      const std::uint64_t shelf = 10000 + rng_.below(90000);
      const std::uint64_t copy = 1000000000 + rng_.below(900000000);
      const std::uint64_t cents = rng_.below(9000);
      const std::uint64_t year = 1900 + rng_.below(120);
      json += fmt::format(
          R"({}{{"title": "Atlas of {}", "shelf": "{}", "copy_id": "{}", "fee": {}.{:02}, "marks": {{"binding": "cloth", "colour": "green", "year": "{}"}}}})",
          i == 0 ? "" : ", ", title, shelf, copy, cents / 100, cents % 100, year);
    }
    return json + R"(], "status": "pending", "history": [{"branch": "north", "state": "held"}]})";
  }

  std::string call(std::string_view tool, const std::string& arguments, const std::string& result) {
    const std::string id = fmt::format("call_{:016x}", rng_.bits());
    const std::string said = rng_.chance(0.4) ? quoted(sentences(150)) : "null";
    return fmt::format(
        R"({{"role": "assistant", "content": {}, "tool_calls": [{{"id": "{}", "type": "function", "function": {{"name": "{}", "arguments": {}}}}}]}},
{{"role": "tool", "tool_call_id": "{}", "name": "{}", "content": {}}})",
        said, id, tool, quoted(arguments), id, tool, quoted(result));
  }

  std::string say(std::string_view role, std::size_t bytes) {
    return fmt::format(R"({{"role": "{}", "content": {}}})", role, quoted(sentences(bytes)));
  }

  std::string record(std::uint64_t task) {
    const std::uint64_t name = rng_.below(500);
    reader_ = fmt::format("reader_{}_{}", name, 1000 + rng_.below(9000));
    std::string messages = fmt::format(R"({{"role": "system", "content": {}}})", quoted(policy()));
    const auto add = [&](const std::string& message) { messages += ",\n" + message; };
    add(say("user", 200));
    add(call("find_reader", fmt::format(R"({{"name": "{}"}})", reader_.substr(0, 10)), reader_));
    const std::uint64_t first_loan = 1000000 + rng_.below(9000000);
    const std::uint64_t loans = 2 + rng_.below(6);
    for (std::uint64_t i = 0; i < loans; ++i) {
      const std::string key = fmt::format(R"({{"loan_id": "#L{}"}})", first_loan + i);
      add(call("get_loan", key, loan(first_loan + i)));
      if (rng_.chance(0.5)) {
        add(say("assistant", 400));
        add(say("user", 120));
      }
      if (rng_.chance(0.5)) {
        const std::string change =
            fmt::format(R"({{"loan_id": "#L{}", "days": {}, "reader_id": "{}"}})", first_loan + i,
                        rng_.below(30), reader_);
        add(call("extend_loan", change,
                 rng_.chance(0.2) ? "Error: not allowed" : loan(first_loan + i)));
      }
    }
    add(say("assistant", 300));
    const bool solved = rng_.chance(0.6);
    const double cost = rng_.uniform();
    return fmt::format(
        R"({{"task_id": {}, "trial": 0, "reward": {}, "info": {{"source": "generated", "user_cost": {}, "actions": [{{"name": "extend_loan", "kwargs": {}}}]}},
"traj": [{}]}})",
        task, solved ? "1.0" : "0.0", cost, loan(first_loan), messages);
  }

  Rng rng_;
  std::string reader_;
};

}  // namespace agentecho::bench
