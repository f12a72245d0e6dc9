// The world's business: a shop with several branches that hires out musical instruments, with its
// tables (Shop, shared and never changed) and its counter (Counter, the state of one run: the
// tables plus the changes made in that run). A run's changes are a short list on top of shared
// tables, so that a run costs no copy of the database and runs are independent of each other.
//
// Every id is made so that it occurs nowhere else (one number range per kind), and ids of members,
// models, branches, units, slots and invoices can only be learnt from results of calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/simulation/tools.h"

// The world's own words (Unit, Member, Branch, ...) are too common for the library's namespace.
namespace agentecho::simulation {

// Days are counted from 1 March 2031.
std::string date_text(int day);
// The day of a date in the form 2031-03-01, or -1.
int day_of(std::string_view date);
// Cents as "12.50".
std::string money_text(std::int64_t cents);

struct Branch {
  std::string id, city, hours;
};
struct InstrumentModel {
  std::string id, name, category;
  int price = 0;    // cents a day
  int deposit = 0;  // cents
};
struct Unit {
  std::string id;
  int model = 0;
  int branch = 0;
  bool listed = false;  // find_units shows it
  bool stale = false;   // listed although somebody has just taken it
};
struct Member {
  std::string id, name, email, phone, postcode;
  int branch = 0;
  std::vector<int> hires;
  std::vector<int> invoices;
};
struct Hire {
  std::string id;
  int member = 0;
  int unit = 0;
  int start = 0;  // day
  int end = 0;    // day
  bool started = false;
  int promised = 9999;  // the unit is promised to somebody else from this day on
};
struct WorkshopSlot {
  std::string id, time;
  int branch = 0;
  bool stale = false;
};
struct Invoice {
  std::string id;
  int member = 0;
  int hire = 0;
  int amount = 0;      // cents
  bool flaky = false;  // the first attempt to pay in a run times out
};

struct Shop {
  std::vector<Branch> branches;
  std::vector<InstrumentModel> models;
  std::vector<Unit> units;
  std::vector<Member> members;
  std::vector<Hire> hires;
  std::vector<WorkshopSlot> slots;
  std::vector<Invoice> invoices;
  std::vector<std::string> categories;

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  using Index = std::unordered_map<std::string, int, TextHash, std::equal_to<>>;
  Index ids;       // of every kind; kinds never share an id
  Index contacts;  // email, phone, "name|postcode" → member

  // Units of a model at a branch that find_units lists, and workshop slots of a branch.
  std::vector<std::vector<int>> shelf;  // [branch * models + model]
  std::vector<std::vector<int>> diary;  // [branch]
};

// Branches, models, free units and workshop slots; members, hires and invoices are added with the
// tasks that need them (tasks.h).
Shop make_shop(Rng& rng);
// A new id "<prefix>-<number>" that no record has.
std::string new_id(Shop& shop, Rng& rng, char prefix, int index);

// One argument of a call: JSON number when `number`, else string.
struct Argument {
  std::string_view name;
  std::string_view value;
  bool number = false;
};

// What a run changed.
struct Change {
  Tool tool = Tool::kBookHire;
  int subject = -1;  // hire, member (book, update) or invoice
  int object = -1;   // unit or slot
  int start = 0;     // day
  int days = 0;
  int end = 0;       // day
  std::string text;  // reason, fault, method, or field=value
};

class Counter {
 public:
  explicit Counter(const Shop& shop) : shop_(&shop) {}

  // Carries out a call: appends the result, compact JSON or "Error: ...", to `result`; false when
  // it failed. Unknown or missing arguments are errors, never undefined.
  bool call(Tool tool, std::span<const Argument> arguments, std::string& result);

  // In order. Notes, receipts and escalations change nothing that counts and are not listed.
  const std::vector<Change>& changes() const { return changes_; }

 private:
  bool find_member(std::string_view key, std::string& out);
  bool get_member(int member, std::string& out);
  bool list_hires(int member, std::string& out);
  bool get_hire(std::string_view id, std::string& out);
  bool find_units(int model, int branch, std::string& out);
  bool book_hire(std::span<const Argument> arguments, std::string& out);
  bool cancel_hire(std::span<const Argument> arguments, std::string& out);
  bool update_hire_end(std::span<const Argument> arguments, std::string& out);
  bool exchange_unit(std::span<const Argument> arguments, std::string& out);
  bool book_repair(std::span<const Argument> arguments, std::string& out);
  bool pay_invoice(std::span<const Argument> arguments, std::string& out);
  bool update_member(std::span<const Argument> arguments, std::string& out);
  bool list_invoices(int member, std::string& out);
  bool get_invoice(int invoice, std::string& out);

  Hire current(int hire) const;
  bool cancelled(int hire) const;
  bool paid(int invoice) const;
  bool unit_taken(int unit) const;
  void hire_fields(int hire, bool full, std::string& out) const;
  template <class Rows>
  int row(const Rows& rows, std::string_view id) const;

  const Shop* shop_;
  std::vector<Change> changes_;
  int payment_attempts_ = 0;
};

}  // namespace agentecho::simulation
