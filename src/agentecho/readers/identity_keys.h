// Under which keys a record (or metadata beside it) says which model ran and on which task.
//
// The tables are in order of precedence, of folded keys (folded_key.h). The first that is there and
// holds a text or a number wins; a text that looks like the random id of a run (a UUID, a long
// hexadecimal number) is no task. Objects that usually hold such members (metadata, info, config,
// agent_info …) are looked into as well, after the record's own members.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/hidden.h"

namespace agentecho {

// What a record says about who ran and on what. The keys are empty where nothing is said.
struct RecordIdentity {
  std::string model;
  std::string model_key;       // "model", "info.config.model.model_name"
  bool model_is_weak = false;  // the key may name an agent or a program as well ("solver")
  std::string task;
  std::string task_key;
  // The id of the session, conversation or run: records of different ones are different runs.
  std::string session;
  // What else tells systems behind one model name apart, as lines "name=value" in order of name:
  // agent implementation, endpoint, effort, served model.
  std::string system;
};

class IdentityReader {
 public:
  IdentityReader();

  void clear();
  // Is a text, a number or a list with this key worth handing over?
  static bool wants(std::string_view key);
  // Is an object?
  static bool looks_into(std::string_view key);
  // Does a member of such an object surely name a model, whatever the object is?
  static bool names_model(std::string_view key);
  // A text or a number, as text.
  void take_text(std::string_view key, std::string_view text);
  // A list, as JSON: of texts, which together name the model.
  void take_list(std::string_view key, std::string_view json);
  // An object, as JSON.
  void take_object(std::string_view key, std::string_view json);
  RecordIdentity identity() const;

 private:
  struct Impl;
  Hidden<Impl> impl_;
};

// Is a member of this name about another model than the agent: who judges, or plays the user?
bool speaks_of_others(std::string_view key);

// The members of an object, also in objects of settings within it, that may name the agent's model
// where nothing surely does ("setup.agent.backend"), except those of models that judge or play the
// user.
void add_model_candidates(std::string_view key, std::string_view object,
                          std::vector<std::string>& names);

// May a member of this name say the domain besides `domain` itself (`env`), and is the text a plain
// word as domains are, and none for where something runs ("production", "docker")?
bool may_hold_domain(std::string_view key);
bool may_be_domain(std::string_view text);

// Looks like the random id of a run or a reply: a UUID, at least 16 hexadecimal digits with a
// letter and a digit among them, a ULID, one of these behind "run-", "thread_" and the like, or
// what an API calls its replies ("chatcmpl-…").
bool looks_like_run_id(std::string_view text);

// A line of at most 300 bytes, as names of models and tasks are where no key says so beyond doubt.
bool may_be_name(std::string_view text);

// Does a member with this key name a model, or is its value an object that surely holds one that
// does? `value`: from its first character on.
bool may_name_model(std::string_view key, std::string_view value);

// May a member of this name say of which kind or set a task is ("task", "scenario")?
bool is_unsure_task_key(std::string_view key);

// May a member of this name be a row's number as well as a task's ("idx", "id", "name")?
bool is_weak_task_key(std::string_view key);

}  // namespace agentecho
