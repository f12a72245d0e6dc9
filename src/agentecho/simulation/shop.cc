#include "agentecho/simulation/shop.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace agentecho::simulation {

namespace {

constexpr std::array<std::string_view, 6> kCities = {"Harbourside", "Millgate",  "Oakfield",
                                                     "Northcliff",  "Westbrook", "Saltmarsh"};
constexpr std::array<std::string_view, 5> kCategories = {"cello", "clarinet", "accordion",
                                                         "trumpet", "harp"};
constexpr std::array<std::string_view, 4> kMakers = {"Corvina", "Belmonte", "Tarn", "Vesper"};
constexpr std::array<std::string_view, 4> kHours = {"09:00-17:30", "10:00-18:00", "08:30-16:30",
                                                    "11:00-19:00"};

// Named as the kinds of goals (tasks.h).
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kRules = {{
    {"book", "One unit of a model at one branch, for 1 to 60 days."},
    {"cancel", "A hire that has started cannot be cancelled; else the whole price is refunded."},
    {"extend", "The end can be moved later unless the unit is promised to another member."},
    {"swap", "Only for another unit of the same model at the same branch."},
    {"repair",
     "A workshop slot of the branch where the unit belongs; the fault must be described."},
    {"pay", "Card, bank transfer or voucher; a payment that timed out was not charged."},
    {"update", "Email, phone or postcode, on the member's own wish."},
    {"end_date", "Members may ask for their own dates."},
}};

// Howard Hinnant's days_from_civil and its inverse (chrono-compatible low-level date algorithms).
constexpr int days_from_civil(int y, int m, int d) {
  y -= m <= 2;
  const int era = y / 400;
  const int yoe = y - era * 400;
  const int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy;
}
constexpr int kEpoch = days_from_civil(2031, 3, 1);

void append_number(std::string& out, std::int64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void two_digits(std::string& out, int value) {
  out.push_back(static_cast<char>('0' + value / 10));
  out.push_back(static_cast<char>('0' + value % 10));
}

// Compact JSON, written directly. Control characters, which only an agent could bring in, become
// spaces.
class Object {
 public:
  explicit Object(std::string& out) : out_(out) { out_.push_back('{'); }
  Object& text(std::string_view key, std::string_view value) {
    begin(key);
    out_.push_back('"');
    const auto special = [](char c) {
      return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
    };
    if (std::none_of(value.begin(), value.end(), special)) {
      out_.append(value);
    } else {
      for (const char c : value) {
        if (c == '"' || c == '\\') out_.push_back('\\');
        out_.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
      }
    }
    out_.push_back('"');
    return *this;
  }
  Object& flag(std::string_view key, bool value) {
    begin(key);
    out_ += value ? "true" : "false";
    return *this;
  }
  std::string& raw(std::string_view key) {
    begin(key);
    return out_;
  }
  void end() { out_.push_back('}'); }

 private:
  void begin(std::string_view key) {
    if (!first_) out_ += ", ";
    first_ = false;
    out_.push_back('"');
    out_ += key;
    out_ += "\": ";
  }
  std::string& out_;
  bool first_ = true;
};

bool error(std::string& out, std::string_view message) {
  out += "Error: ";
  out += message;
  return false;
}

std::string_view argument(std::span<const Argument> arguments, std::string_view name) {
  for (const Argument& a : arguments) {
    if (a.name == name) return a.value;
  }
  return {};
}

std::optional<int> number_of(std::string_view text) {
  int value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Values of "a * b" with decimals, as calculate understands them; cents in, cents out.
std::optional<std::int64_t> product(std::string_view expression) {
  const std::size_t star = expression.find(" * ");
  const std::size_t dot = expression.find('.');
  if (star == std::string_view::npos || dot == std::string_view::npos || dot > star) {
    return std::nullopt;
  }
  const auto whole = number_of(expression.substr(0, dot));
  const auto cents = number_of(expression.substr(dot + 1, star - dot - 1));
  const auto factor = number_of(expression.substr(star + 3));
  if (!whole || !cents || !factor) return std::nullopt;
  return (static_cast<std::int64_t>(*whole) * 100 + *cents) * *factor;
}

template <class Rows>
const auto& at(const Rows& rows, int row) {
  return rows[static_cast<std::size_t>(row)];
}

std::int64_t price_of(const Shop& shop, const Unit& unit, int days) {
  return static_cast<std::int64_t>(at(shop.models, unit.model).price) * days;
}

// [a, b, …], of which write(item) appends each.
template <class Items, class Write>
bool write_list(Items&& items, std::string& out, const Write& write) {
  out.push_back('[');
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ", ";
    first = false;
    write(item);
  }
  out.push_back(']');
  return true;
}

// ---- what the catalogue says, which no call changes

bool list_models(const std::vector<InstrumentModel>& models, std::string& out) {
  return write_list(models, out, [&](const InstrumentModel& m) {
    Object(out)
        .text("model_id", m.id)
        .text("instrument", m.name)
        .text("price_per_day", money_text(m.price))
        .end();
  });
}

bool find_models(const Shop& shop, std::string_view category, std::string& out) {
  const auto& known = shop.categories;
  if (std::find(known.begin(), known.end(), category) == known.end()) {
    return error(out, "unknown category");
  }
  std::vector<InstrumentModel> found;
  std::copy_if(shop.models.begin(), shop.models.end(), std::back_inserter(found),
               [&](const InstrumentModel& m) { return m.category == category; });
  return list_models(found, out);
}

bool get_model(const Shop& shop, int model, std::string& out) {
  if (model < 0) return error(out, "unknown model_id");
  const InstrumentModel& m = at(shop.models, model);
  Object(out)
      .text("model_id", m.id)
      .text("instrument", m.name)
      .text("category", m.category)
      .text("price_per_day", money_text(m.price))
      .text("deposit", money_text(m.deposit))
      .end();
  return true;
}

bool list_branches(const Shop& shop, std::string& out) {
  return write_list(shop.branches, out, [&](const Branch& b) {
    Object(out).text("branch_id", b.id).text("city", b.city).end();
  });
}

bool get_branch(const Shop& shop, int branch, std::string& out) {
  if (branch < 0) return error(out, "unknown branch_id");
  const Branch& b = at(shop.branches, branch);
  Object(out).text("branch_id", b.id).text("city", b.city).text("hours", b.hours).end();
  return true;
}

bool get_quote(const Shop& shop, int model, std::optional<int> days, std::string& out) {
  if (model < 0) return error(out, "unknown model_id");
  if (!days || *days < 1) return error(out, "the number of days must be positive");
  const InstrumentModel& m = at(shop.models, model);
  Object(out)
      .text("total", money_text(static_cast<std::int64_t>(m.price) * *days))
      .text("deposit", money_text(m.deposit))
      .end();
  return true;
}

bool list_workshop_slots(const Shop& shop, int branch, std::string& out) {
  if (branch < 0) return error(out, "unknown branch_id");
  return write_list(at(shop.diary, branch), out, [&](int slot) {
    const WorkshopSlot& w = at(shop.slots, slot);
    Object(out).text("slot_id", w.id).text("time", w.time).end();
  });
}

bool get_rules(std::string_view topic, std::string& out) {
  for (const auto& [name, rule] : kRules) {
    if (name != topic) continue;
    Object(out).text("rule", rule).end();
    return true;
  }
  return error(out, "no rules on this topic");
}

}  // namespace

std::string date_text(int day) {
  const int z = kEpoch + day;
  const int era = z / 146097;
  const int doe = z - era * 146097;
  const int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const int mp = (5 * doy + 2) / 153;
  const int month = mp + (mp < 10 ? 3 : -9);
  std::string out;
  append_number(out, yoe + era * 400 + (month <= 2));
  out.push_back('-');
  two_digits(out, month);
  out.push_back('-');
  two_digits(out, doy - (153 * mp + 2) / 5 + 1);
  return out;
}

int day_of(std::string_view date) {
  if (date.size() != 10 || date[4] != '-' || date[7] != '-') return -1;
  const auto y = number_of(date.substr(0, 4));
  const auto m = number_of(date.substr(5, 2));
  const auto d = number_of(date.substr(8, 2));
  if (!y || !m || !d || *m < 1 || *m > 12 || *d < 1 || *d > 31) return -1;
  return days_from_civil(*y, *m, *d) - kEpoch;
}

std::string money_text(std::int64_t cents) {
  std::string out;
  append_number(out, cents / 100);
  out.push_back('.');
  two_digits(out, static_cast<int>(cents % 100));
  return out;
}

std::string new_id(Shop& shop, Rng& rng, char prefix, int index) {
  for (;;) {
    std::string id(1, prefix);
    id.push_back('-');
    append_number(id, 10000 + static_cast<std::int64_t>(rng.below(90000)));
    if (shop.ids.emplace(id, index).second) return id;
  }
}

Shop make_shop(Rng& rng) {
  Shop shop;
  for (std::size_t b = 0; b < kCities.size(); ++b) {
    const int index = static_cast<int>(b);
    shop.branches.push_back({new_id(shop, rng, 'B', index), std::string(kCities[b]),
                             std::string(kHours[rng.below(kHours.size())])});
  }
  for (const std::string_view category : kCategories) {
    shop.categories.emplace_back(category);
    for (const std::string_view maker : kMakers) {
      const int index = static_cast<int>(shop.models.size());
      InstrumentModel& model = shop.models.emplace_back();
      model.id = new_id(shop, rng, 'M', index);
      model.name = std::string(maker) + " " + std::string(category);
      model.category = category;
      const auto tens = static_cast<int>(rng.below(190));
      const auto ones = static_cast<int>(rng.below(10));
      model.price = 410 + 10 * tens + ones;
      model.deposit = 2500 + 500 * static_cast<int>(rng.below(20));
    }
  }
  const std::size_t n_models = shop.models.size();
  shop.shelf.resize(shop.branches.size() * n_models);
  for (std::size_t b = 0; b < shop.branches.size(); ++b) {
    for (std::size_t m = 0; m < n_models; ++m) {
      for (int k = 0; k < 3; ++k) {
        const int index = static_cast<int>(shop.units.size());
        Unit& unit = shop.units.emplace_back();
        unit.id = new_id(shop, rng, 'U', index);
        unit.model = static_cast<int>(m);
        unit.branch = static_cast<int>(b);
        unit.listed = true;
        unit.stale = k == 0 && rng.chance(0.3);
        shop.shelf[b * n_models + m].push_back(index);
      }
    }
  }
  shop.diary.resize(shop.branches.size());
  for (std::size_t b = 0; b < shop.branches.size(); ++b) {
    for (int k = 0; k < 4; ++k) {
      const int index = static_cast<int>(shop.slots.size());
      WorkshopSlot& slot = shop.slots.emplace_back();
      slot.id = new_id(shop, rng, 'W', index);
      const bool full = rng.chance(0.5);
      const std::uint64_t hour = 9 + rng.below(8);
      slot.time = date_text(2 + k) + " at " + std::to_string(hour) + (full ? ":00" : ":30");
      slot.branch = static_cast<int>(b);
      slot.stale = k == 0 && rng.chance(0.5);
      shop.diary[b].push_back(index);
    }
  }
  return shop;
}

template <class Rows>
int Counter::row(const Rows& rows, std::string_view id) const {
  const auto found = shop_->ids.find(id);
  if (found == shop_->ids.end()) return -1;
  const int index = found->second;
  return index < static_cast<int>(rows.size()) && rows[static_cast<std::size_t>(index)].id == id
             ? index
             : -1;
}

Hire Counter::current(int hire) const {
  Hire h = at(shop_->hires, hire);
  for (const Change& c : changes_) {
    if (c.subject != hire) continue;
    if (c.tool == Tool::kUpdateHireEnd) h.end = c.end;
    if (c.tool == Tool::kExchangeUnit) h.unit = c.object;
  }
  return h;
}

bool Counter::cancelled(int hire) const {
  return std::any_of(changes_.begin(), changes_.end(), [&](const Change& c) {
    return c.tool == Tool::kCancelHire && c.subject == hire;
  });
}

bool Counter::paid(int invoice) const {
  return std::any_of(changes_.begin(), changes_.end(), [&](const Change& c) {
    return c.tool == Tool::kPayInvoice && c.subject == invoice;
  });
}

bool Counter::unit_taken(int unit) const {
  return at(shop_->units, unit).stale || !at(shop_->units, unit).listed ||
         std::any_of(changes_.begin(), changes_.end(), [&](const Change& c) {
           return (c.tool == Tool::kBookHire || c.tool == Tool::kExchangeUnit) && c.object == unit;
         });
}

bool Counter::find_member(std::string_view key, std::string& out) {
  const auto found = shop_->contacts.find(key);
  if (found == shop_->contacts.end()) return error(out, "no member found with these details");
  Object(out).text("member_id", at(shop_->members, found->second).id).end();
  return true;
}

void Counter::hire_fields(int hire, bool full, std::string& out) const {
  const Hire h = current(hire);
  const Unit& unit = at(shop_->units, h.unit);
  const InstrumentModel& model = at(shop_->models, unit.model);
  const Branch& branch = at(shop_->branches, unit.branch);
  Object object(out);
  object.text("hire_id", h.id).text("instrument", model.name);
  if (full) {
    object.text("unit_id", unit.id)
        .text("model_id", model.id)
        .text("branch_id", branch.id)
        .text("city", branch.city)
        .text("price_per_day", money_text(model.price));
  }
  object.text("start_date", date_text(h.start))
      .text("end_date", date_text(h.end))
      .text("status", cancelled(hire) ? "cancelled"
                      : h.started     ? "started"
                                      : "reserved");
  object.end();
}

bool Counter::get_member(int member, std::string& out) {
  if (member < 0) return error(out, "unknown member_id");
  const Member& m = at(shop_->members, member);
  Object object(out);
  object.text("member_id", m.id)
      .text("name", m.name)
      .text("home_city", at(shop_->branches, m.branch).city);
  object.text("home_branch_id", at(shop_->branches, m.branch).id);
  std::string email = m.email, phone = m.phone, postcode = m.postcode;
  for (const Change& c : changes_) {
    if (c.tool != Tool::kUpdateMember || c.subject != member) continue;
    const std::size_t equals = c.text.find('=');
    const std::string_view field = std::string_view(c.text).substr(0, equals);
    (field == "email" ? email : field == "phone" ? phone : postcode) = c.text.substr(equals + 1);
  }
  object.text("email", email).text("phone", phone).text("postcode", postcode);
  std::string& raw = object.raw("hires");
  write_list(m.hires, raw, [&](int hire) { hire_fields(hire, false, raw); });
  object.end();
  return true;
}

bool Counter::list_hires(int member, std::string& out) {
  if (member < 0) return error(out, "unknown member_id");
  const Member& m = at(shop_->members, member);
  return write_list(m.hires, out, [&](int hire) { hire_fields(hire, false, out); });
}

bool Counter::get_hire(std::string_view id, std::string& out) {
  const int hire = row(shop_->hires, id);
  if (hire >= 0) {
    hire_fields(hire, true, out);
    return true;
  }
  // A hire that was booked in this run: its id is "N-" and the number of its unit.
  for (const Change& c : changes_) {
    if (c.tool != Tool::kBookHire) continue;
    const Unit& unit = at(shop_->units, c.object);
    if (id.size() < 2 || id.substr(0, 2) != "N-" ||
        id.substr(2) != std::string_view(unit.id).substr(2)) {
      continue;
    }
    Object(out)
        .text("hire_id", id)
        .text("instrument", at(shop_->models, unit.model).name)
        .text("unit_id", unit.id)
        .text("city", at(shop_->branches, unit.branch).city)
        .text("start_date", date_text(c.start))
        .text("end_date", date_text(c.start + c.days))
        .text("status", "reserved")
        .end();
    return true;
  }
  return error(out, "unknown hire_id");
}

bool Counter::find_units(int model, int branch, std::string& out) {
  if (model < 0) return error(out, "unknown model_id");
  if (branch < 0) return error(out, "unknown branch_id");
  // The list is a little old: it still shows units that somebody has just taken.
  const auto& shelf = shop_->shelf[static_cast<std::size_t>(branch) * shop_->models.size() +
                                   static_cast<std::size_t>(model)];
  return write_list(
      shelf, out, [&](int unit) { Object(out).text("unit_id", at(shop_->units, unit).id).end(); });
}

bool Counter::book_hire(std::span<const Argument> arguments, std::string& out) {
  const int member = row(shop_->members, argument(arguments, "member_id"));
  const int unit = row(shop_->units, argument(arguments, "unit_id"));
  const int start = day_of(argument(arguments, "start_date"));
  const auto days = number_of(argument(arguments, "days"));
  if (member < 0) return error(out, "unknown member_id");
  if (unit < 0) return error(out, "unknown unit_id");
  if (start < 0 || !days || *days < 1 || *days > 60) {
    return error(out, "a hire needs a start date and 1 to 60 days");
  }
  if (unit_taken(unit)) return error(out, "this unit is already reserved by somebody else");
  const Unit& u = at(shop_->units, unit);
  changes_.push_back({Tool::kBookHire, member, unit, start, *days, 0, {}});
  Object(out)
      .text("hire_id", std::string("N-").append(u.id, 2))
      .text("end_date", date_text(start + *days))
      .text("total", money_text(price_of(*shop_, u, *days)))
      .end();
  return true;
}

bool Counter::cancel_hire(std::span<const Argument> arguments, std::string& out) {
  const int hire = row(shop_->hires, argument(arguments, "hire_id"));
  const std::string_view reason = argument(arguments, "reason");
  if (hire < 0) return error(out, "unknown hire_id");
  if (reason.empty()) return error(out, "a reason is needed");
  if (cancelled(hire)) return error(out, "this hire is already cancelled");
  const Hire h = current(hire);
  if (h.started) return error(out, "this hire has already started and cannot be cancelled");
  const Unit& u = at(shop_->units, h.unit);
  changes_.push_back({Tool::kCancelHire, hire, -1, 0, 0, 0, std::string(reason)});
  Object(out)
      .text("hire_id", h.id)
      .text("status", "cancelled")
      .text("refund", money_text(price_of(*shop_, u, h.end - h.start)))
      .end();
  return true;
}

bool Counter::update_hire_end(std::span<const Argument> arguments, std::string& out) {
  const int hire = row(shop_->hires, argument(arguments, "hire_id"));
  const int end = day_of(argument(arguments, "end_date"));
  if (hire < 0) return error(out, "unknown hire_id");
  const Hire h = current(hire);
  if (end <= h.end) return error(out, "the new end must be later than the present one");
  if (end > h.promised) {
    return error(out, "this unit is promised to another member, the latest possible end is " +
                          date_text(h.promised));
  }
  const Unit& u = at(shop_->units, h.unit);
  changes_.push_back({Tool::kUpdateHireEnd, hire, -1, 0, 0, end, {}});
  Object(out)
      .text("hire_id", h.id)
      .text("end_date", date_text(end))
      .text("extra_charge", money_text(price_of(*shop_, u, end - h.end)))
      .end();
  return true;
}

bool Counter::exchange_unit(std::span<const Argument> arguments, std::string& out) {
  const int hire = row(shop_->hires, argument(arguments, "hire_id"));
  const int unit = row(shop_->units, argument(arguments, "unit_id"));
  if (hire < 0) return error(out, "unknown hire_id");
  if (unit < 0) return error(out, "unknown unit_id");
  const Hire h = current(hire);
  const Unit& to = at(shop_->units, unit);
  if (to.model != at(shop_->units, h.unit).model) {
    return error(out, "a unit can only be exchanged for another of the same model");
  }
  if (unit_taken(unit)) return error(out, "this unit is already reserved by somebody else");
  changes_.push_back({Tool::kExchangeUnit, hire, unit, 0, 0, 0, {}});
  Object(out).text("hire_id", h.id).text("unit_id", to.id).text("status", "exchanged").end();
  return true;
}

bool Counter::book_repair(std::span<const Argument> arguments, std::string& out) {
  const int hire = row(shop_->hires, argument(arguments, "hire_id"));
  const int slot = row(shop_->slots, argument(arguments, "slot_id"));
  const std::string_view fault = argument(arguments, "fault");
  if (hire < 0) return error(out, "unknown hire_id");
  if (slot < 0) return error(out, "unknown slot_id");
  if (fault.empty()) return error(out, "a description of the fault is needed");
  const WorkshopSlot& s = at(shop_->slots, slot);
  const bool taken = std::any_of(changes_.begin(), changes_.end(), [&](const Change& c) {
    return c.tool == Tool::kBookRepair && c.object == slot;
  });
  if (s.stale || taken) return error(out, "this slot is already reserved by somebody else");
  changes_.push_back({Tool::kBookRepair, hire, slot, 0, 0, 0, std::string(fault)});
  Object(out).text("slot_id", s.id).text("time", s.time).text("status", "booked").end();
  return true;
}

bool Counter::list_invoices(int member, std::string& out) {
  if (member < 0) return error(out, "unknown member_id");
  const Member& m = at(shop_->members, member);
  return write_list(m.invoices, out, [&](int invoice) { get_invoice(invoice, out); });
}

bool Counter::get_invoice(int invoice, std::string& out) {
  if (invoice < 0) return error(out, "unknown invoice_id");
  const Invoice& i = at(shop_->invoices, invoice);
  const Hire& h = at(shop_->hires, i.hire);
  const Unit& u = at(shop_->units, h.unit);
  Object(out)
      .text("invoice_id", i.id)
      .text("instrument", at(shop_->models, u.model).name)
      .text("amount", money_text(i.amount))
      .text("status", paid(invoice) ? "settled" : "due")
      .end();
  return true;
}

bool Counter::pay_invoice(std::span<const Argument> arguments, std::string& out) {
  const int invoice = row(shop_->invoices, argument(arguments, "invoice_id"));
  const std::string_view method = argument(arguments, "method");
  if (invoice < 0) return error(out, "unknown invoice_id");
  if (method.empty()) return error(out, "a payment method is needed");
  if (paid(invoice)) return error(out, "this invoice is settled");
  const Invoice& i = at(shop_->invoices, invoice);
  if (i.flaky && payment_attempts_++ == 0) {
    return error(out, "the payment service timed out, nothing was charged");
  }
  changes_.push_back({Tool::kPayInvoice, invoice, -1, 0, 0, 0, std::string(method)});
  Object(out)
      .text("invoice_id", i.id)
      .text("amount", money_text(i.amount))
      .text("status", "settled")
      .end();
  return true;
}

bool Counter::update_member(std::span<const Argument> arguments, std::string& out) {
  const int member = row(shop_->members, argument(arguments, "member_id"));
  const std::string_view field = argument(arguments, "field");
  const std::string_view value = argument(arguments, "value");
  if (member < 0) return error(out, "unknown member_id");
  if (field != "email" && field != "phone" && field != "postcode") {
    return error(out, "the field must be email, phone or postcode");
  }
  if (value.empty()) return error(out, "a value is needed");
  changes_.push_back(
      {Tool::kUpdateMember, member, -1, 0, 0, 0, std::string(field) + "=" + std::string(value)});
  Object(out)
      .text("member_id", at(shop_->members, member).id)
      .text("field", field)
      .text("value", value)
      .end();
  return true;
}

bool Counter::call(Tool tool, std::span<const Argument> a, std::string& out) {
  const Shop& s = *shop_;
  switch (tool) {
    case Tool::kFindMemberByEmail:
      return find_member(argument(a, "email"), out);
    case Tool::kFindMemberByPhone:
      return find_member(argument(a, "phone"), out);
    case Tool::kFindMemberByName: {
      std::string key(argument(a, "name"));
      key.push_back('|');
      key += argument(a, "postcode");
      return find_member(key, out);
    }
    case Tool::kGetMember:
      return get_member(row(s.members, argument(a, "member_id")), out);
    case Tool::kListHires:
      return list_hires(row(s.members, argument(a, "member_id")), out);
    case Tool::kGetHire:
      return get_hire(argument(a, "hire_id"), out);
    case Tool::kFindModels:
      return find_models(s, argument(a, "category"), out);
    case Tool::kListModels:
      return list_models(s.models, out);
    case Tool::kGetModel:
      return get_model(s, row(s.models, argument(a, "model_id")), out);
    case Tool::kListBranches:
      return list_branches(s, out);
    case Tool::kGetBranch:
      return get_branch(s, row(s.branches, argument(a, "branch_id")), out);
    case Tool::kFindUnits:
      return find_units(row(s.models, argument(a, "model_id")),
                        row(s.branches, argument(a, "branch_id")), out);
    case Tool::kCheckAvailability: {
      const int unit = row(s.units, argument(a, "unit_id"));
      if (unit < 0) return error(out, "unknown unit_id");
      Object(out).text("unit_id", at(s.units, unit).id).flag("free", !unit_taken(unit)).end();
      return true;
    }
    case Tool::kGetQuote:
      return get_quote(s, row(s.models, argument(a, "model_id")), number_of(argument(a, "days")),
                       out);
    case Tool::kListWorkshopSlots:
      return list_workshop_slots(s, row(s.branches, argument(a, "branch_id")), out);
    case Tool::kListInvoices:
      return list_invoices(row(s.members, argument(a, "member_id")), out);
    case Tool::kGetInvoice:
      return get_invoice(row(s.invoices, argument(a, "invoice_id")), out);
    case Tool::kGetRules:
      return get_rules(argument(a, "topic"), out);
    case Tool::kBookHire:
      return book_hire(a, out);
    case Tool::kCancelHire:
      return cancel_hire(a, out);
    case Tool::kUpdateHireEnd:
      return update_hire_end(a, out);
    case Tool::kExchangeUnit:
      return exchange_unit(a, out);
    case Tool::kBookRepair:
      return book_repair(a, out);
    case Tool::kPayInvoice:
      return pay_invoice(a, out);
    case Tool::kUpdateMember:
      return update_member(a, out);
    case Tool::kSendReceipt:
      if (row(s.members, argument(a, "member_id")) < 0) return error(out, "unknown member_id");
      Object(out).text("receipt", "sent").end();
      return true;
    case Tool::kCalculate: {
      const auto value = product(argument(a, "expression"));
      if (!value) return error(out, "this expression cannot be evaluated");
      out += money_text(*value);
      return true;
    }
    case Tool::kThink:
      return true;
    case Tool::kLogNote:
      Object(out).text("note", "kept").end();
      return true;
    case Tool::kEscalate:
      Object(out).text("case", "handed over").end();
      return true;
  }
  return error(out, "unknown tool");
}

}  // namespace agentecho::simulation
