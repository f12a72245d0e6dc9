#include "agentecho/simulation/tasks.h"

#include <algorithm>
#include <array>

#include "agentecho/base/text.h"

namespace agentecho::simulation {

namespace {

constexpr std::array<std::string_view, kGoalKinds> kGoalNames = {
    "book", "cancel", "extend", "swap", "repair", "pay", "update", "end_date"};

constexpr std::array<std::string_view, 24> kFirstNames = {
    "Ada",  "Bruno", "Celia", "Dario", "Edith", "Farid", "Greta", "Hugo",
    "Ines", "Jonas", "Karin", "Luca",  "Mira",  "Nils",  "Olga",  "Pablo",
    "Rosa", "Sami",  "Tilda", "Ulf",   "Vera",  "Wim",   "Yara",  "Zeno"};
constexpr std::array<std::string_view, 24> kLastNames = {
    "Abend",  "Brook",   "Castell", "Dorn",  "Ember",   "Falk",   "Gruber", "Hollis",
    "Ivers",  "Jansen",  "Keller",  "Lorca", "Mertens", "Norden", "Okafor", "Petrov",
    "Quandt", "Rossini", "Sorel",   "Tamm",  "Ulrich",  "Vance",  "Weir",   "Zoltan"};
constexpr std::array<std::string_view, 6> kReasons = {
    "the concert was called off", "I have bought one of my own", "I am moving to another town",
    "my teacher lends me one",    "I have no time to practise",  "the orchestra found one for me"};
constexpr std::array<std::string_view, 6> kFaults = {
    "one key keeps sticking", "there is a crack near the rim", "a screw has come loose",
    "the lowest note buzzes", "the case does not close",       "it will not stay in tune"};
constexpr std::array<std::string_view, 3> kMethods = {"card", "bank transfer", "voucher"};

template <class Array>
std::string_view one_of(const Array& array, Rng& rng) {
  return array[rng.below(array.size())];
}

class TaskMaker {
 public:
  TaskMaker(World& world, Rng& rng) : shop_(world.shop), rng_(rng) {}

  Task make(std::size_t number) {
    Task task;
    const std::string digits = std::to_string(number);
    task.id.append(1, 't').append(digits.size() < 4 ? 4 - digits.size() : 0, '0').append(digits);
    task.member = make_member();
    const auto first = static_cast<GoalKind>(number % kGoalKinds);
    task.goals.push_back(make_goal(first, task));
    if (rng_.chance(0.3)) {
      const auto second =
          static_cast<GoalKind>((number + 1 + rng_.below(kGoalKinds - 1)) % kGoalKinds);
      task.goals.push_back(make_goal(second, task));
      const auto writes = [](const Goal& g) { return g.allowed && g.kind != GoalKind::kEndDate; };
      task.together = writes(task.goals[0]) && writes(task.goals[1]) && rng_.chance(0.5);
    }
    add_other_hires(task);
    task.lacks_email = rng_.chance(0.15);
    task.lacks_phone = !task.lacks_email && rng_.chance(0.15);
    task.refuses_phone = !task.lacks_email && !task.lacks_phone && rng_.chance(0.1);
    task.mistypes = rng_.chance(0.15);
    task.knows_hire = rng_.chance(0.5);
    settle(task);
    return task;
  }

 private:
  int make_member() {
    const int index = static_cast<int>(shop_.members.size());
    for (;;) {
      Member m;
      const std::string_view first = one_of(kFirstNames, rng_);
      const std::string_view last = one_of(kLastNames, rng_);
      m.name = std::string(first) + " " + std::string(last);
      m.email = ascii_lowered(first) + "." + ascii_lowered(last) +
                std::to_string(100 + rng_.below(900)) + "@post.example";
      m.phone = "0555-" + std::to_string(100000 + rng_.below(900000));
      m.postcode = std::to_string(10000 + rng_.below(90000));
      if (shop_.contacts.contains(m.email) || shop_.contacts.contains(m.phone) ||
          shop_.contacts.contains(m.name + "|" + m.postcode)) {
        continue;
      }
      m.id = new_id(shop_, rng_, 'C', index);
      m.branch = static_cast<int>(rng_.below(shop_.branches.size()));
      shop_.contacts.emplace(m.email, index);
      shop_.contacts.emplace(m.phone, index);
      shop_.contacts.emplace(m.name + "|" + m.postcode, index);
      shop_.members.push_back(std::move(m));
      return index;
    }
  }

  // A hire of a model that the member does not hire yet.
  int make_hire(int member, bool started) {
    const int index = static_cast<int>(shop_.hires.size());
    Hire hire;
    hire.id = new_id(shop_, rng_, 'H', index);
    hire.member = member;
    hire.unit = static_cast<int>(shop_.units.size());
    hire.started = started;
    hire.start =
        started ? -static_cast<int>(2 + rng_.below(12)) : 3 + static_cast<int>(rng_.below(20));
    hire.end = std::max(hire.start, 0) + 5 + static_cast<int>(rng_.below(20));
    Unit unit;
    unit.id = new_id(shop_, rng_, 'U', hire.unit);
    do {
      unit.model = static_cast<int>(rng_.below(shop_.models.size()));
    } while (hires_model(member, unit.model));
    unit.branch = shop_.members[static_cast<std::size_t>(member)].branch;
    shop_.units.push_back(std::move(unit));
    shop_.members[static_cast<std::size_t>(member)].hires.push_back(index);
    shop_.hires.push_back(std::move(hire));
    return index;
  }

  bool hires_model(int member, int model) const {
    const auto& hires = shop_.members[static_cast<std::size_t>(member)].hires;
    return std::any_of(hires.begin(), hires.end(), [&](int h) {
      return shop_.units[static_cast<std::size_t>(shop_.hires[static_cast<std::size_t>(h)].unit)]
                 .model == model;
    });
  }

  int make_invoice(int member, int hire) {
    const int index = static_cast<int>(shop_.invoices.size());
    Invoice invoice;
    invoice.id = new_id(shop_, rng_, 'I', index);
    invoice.member = member;
    invoice.hire = hire;
    invoice.amount = 1500 + static_cast<int>(rng_.below(20000));
    invoice.flaky = rng_.chance(0.5);
    shop_.members[static_cast<std::size_t>(member)].invoices.push_back(index);
    shop_.invoices.push_back(std::move(invoice));
    return index;
  }

  Goal make_goal(GoalKind kind, const Task& task) {
    Goal g;
    g.kind = kind;
    switch (kind) {
      case GoalKind::kBook:
        do {
          g.model = static_cast<int>(rng_.below(shop_.models.size()));
        } while (hires_model(task.member, g.model));
        g.branch = rng_.chance(0.5) ? shop_.members[static_cast<std::size_t>(task.member)].branch
                                    : static_cast<int>(rng_.below(shop_.branches.size()));
        g.start = 4 + static_cast<int>(rng_.below(40));
        g.days = g.said_days = 11 + static_cast<int>(rng_.below(30));
        break;
      case GoalKind::kCancel:
        g.allowed = !rng_.chance(0.3);
        g.hire = make_hire(task.member, !g.allowed);
        g.reason = one_of(kReasons, rng_);
        break;
      case GoalKind::kExtend: {
        g.hire = make_hire(task.member, true);
        Hire& hire = shop_.hires[static_cast<std::size_t>(g.hire)];
        g.end = g.said_end = hire.end + 6 + static_cast<int>(rng_.below(12));
        if (rng_.chance(0.4)) {
          hire.promised = hire.end + 2 + static_cast<int>(rng_.below(3));
          g.end = hire.promised;
          g.allowed = rng_.chance(0.6);  // the user accepts the earlier day
        }
        break;
      }
      case GoalKind::kSwap:
        g.hire = make_hire(task.member, true);
        break;
      case GoalKind::kRepair:
        g.hire = make_hire(task.member, true);
        g.fault = one_of(kFaults, rng_);
        break;
      case GoalKind::kPay:
        g.hire = make_hire(task.member, true);
        g.invoice = make_invoice(task.member, g.hire);
        g.method = one_of(kMethods, rng_);
        break;
      case GoalKind::kUpdate: {
        const std::uint64_t which = rng_.below(3);
        const std::string number = std::to_string(100000 + rng_.below(900000));
        g.field = which == 0 ? "email" : which == 1 ? "phone" : "postcode";
        g.value = which == 0   ? "new" + number + "@post.example"
                  : which == 1 ? "0556-" + number
                               : number.substr(0, 5);
        break;
      }
      case GoalKind::kEndDate:
        g.hire = make_hire(task.member, true);
        break;
    }
    return g;
  }

  // So that a lookup has something to choose from.
  void add_other_hires(const Task& task) {
    const std::uint64_t n = rng_.below(3);
    for (std::uint64_t i = 0; i < n; ++i) {
      const int hire = make_hire(task.member, rng_.chance(0.7));
      if (rng_.chance(0.4)) make_invoice(task.member, hire);
    }
    auto& member = shop_.members[static_cast<std::size_t>(task.member)];
    rng_.shuffle(member.hires);
    rng_.shuffle(member.invoices);
  }

  // What the user says unasked, and what he corrects.
  void settle(Task& task) {
    Goal& g = task.goals[0];
    const bool correctable =
        g.kind == GoalKind::kBook ||
        (g.kind == GoalKind::kExtend &&
         shop_.hires[static_cast<std::size_t>(g.hire)].promised > g.said_end + 9);
    task.corrects = correctable && rng_.chance(0.3);
    if (task.corrects) {
      if (g.kind == GoalKind::kBook) g.said_days = g.days + 2 + static_cast<int>(rng_.below(5));
      if (g.kind == GoalKind::kExtend) g.said_end = g.end + 1 + static_cast<int>(rng_.below(4));
    }
    task.volunteers = !task.corrects && rng_.chance(0.35);
    task.volunteers_phone =
        task.lacks_email || (!task.lacks_phone && !task.refuses_phone && rng_.chance(0.4));
  }

  Shop& shop_;
  Rng& rng_;
};

bool fits(const World& world, const Task& task, const Goal& g, const Change& c) {
  const Shop& s = world.shop;
  const auto unit = [&](int index) -> const Unit& {
    return s.units[static_cast<std::size_t>(index)];
  };
  const auto home = [&](int hire) {
    return unit(s.hires[static_cast<std::size_t>(hire)].unit).branch;
  };
  switch (g.kind) {
    case GoalKind::kBook:
      return c.tool == Tool::kBookHire && c.subject == task.member &&
             unit(c.object).model == g.model && unit(c.object).branch == g.branch &&
             c.start == g.start && c.days == g.days;
    case GoalKind::kCancel:
      return c.tool == Tool::kCancelHire && c.subject == g.hire && c.text == g.reason;
    case GoalKind::kExtend:
      return c.tool == Tool::kUpdateHireEnd && c.subject == g.hire && c.end == g.end;
    case GoalKind::kSwap:
      return c.tool == Tool::kExchangeUnit && c.subject == g.hire &&
             unit(c.object).branch == home(g.hire);
    case GoalKind::kRepair:
      return c.tool == Tool::kBookRepair && c.subject == g.hire && c.text == g.fault &&
             s.slots[static_cast<std::size_t>(c.object)].branch == home(g.hire);
    case GoalKind::kPay:
      return c.tool == Tool::kPayInvoice && c.subject == g.invoice && c.text == g.method;
    case GoalKind::kUpdate:
      return c.tool == Tool::kUpdateMember && c.subject == task.member &&
             c.text == g.field + "=" + g.value;
    case GoalKind::kEndDate:
      return false;
  }
  return false;
}

bool wants_change(const Goal& g) { return g.allowed && g.kind != GoalKind::kEndDate; }

}  // namespace

std::string_view goal_name(GoalKind kind) { return kGoalNames[static_cast<std::size_t>(kind)]; }

std::string_view shop_policy() {
  return "# Rules of the counter (simulated)\n"
         "You serve the members of a shop that hires out musical instruments. Today is "
         "2031-03-01.\n"
         "- Find the member's record before you do anything, by email, by phone, or by name and "
         "postcode.\n"
         "- A hire is booked for one unit of a model at one branch, for 1 to 60 days.\n"
         "- A hire that has started cannot be cancelled.\n"
         "- An end can be moved later as long as the unit is not promised to another member.\n"
         "- A unit is exchanged only for another unit of the same model at the same branch.\n"
         "- Repairs need a workshop slot of the branch where the unit belongs.\n"
         "- Lists may be a little out of date; a unit or slot can be gone when you book it.\n"
         "- Tell the member the outcome: total, refund, charge, date, time, unit or new value.\n";
}

World make_world(std::uint64_t seed, std::size_t n_tasks) {
  World world;
  world.seed = seed;
  Rng rng(seed, 0);
  world.shop = make_shop(rng);
  TaskMaker maker(world, rng);
  world.tasks.reserve(n_tasks);
  for (std::size_t i = 0; i < n_tasks; ++i) world.tasks.push_back(maker.make(i));
  return world;
}

bool changes_fit(const World& world, const Task& task, std::span<const Change> changes) {
  const auto wanted =
      static_cast<std::size_t>(std::count_if(task.goals.begin(), task.goals.end(), wants_change));
  return changes.size() == wanted &&
         std::all_of(task.goals.begin(), task.goals.end(), [&](const Goal& g) {
           return !wants_change(g) ||
                  std::any_of(changes.begin(), changes.end(),
                              [&](const Change& c) { return fits(world, task, g, c); });
         });
}

bool told(const World& world, const Task& task, std::size_t goal, std::span<const Change> changes,
          std::span<const std::string_view> texts) {
  const Shop& s = world.shop;
  const Goal& g = task.goals[goal];
  const auto said = [&](std::string_view fact) {
    return std::any_of(texts.begin(), texts.end(), [&](std::string_view text) {
      return text.find(fact) != std::string_view::npos;
    });
  };
  const auto price = [&](int model) {
    return static_cast<std::int64_t>(s.models[static_cast<std::size_t>(model)].price);
  };
  const auto hire_price = [&] {
    return price(
        s.units[static_cast<std::size_t>(s.hires[static_cast<std::size_t>(g.hire)].unit)].model);
  };
  if (!g.allowed) {
    if (g.kind == GoalKind::kExtend) return said(date_text(g.end));
    return said("cannot") || said("can't") || said("not possible") || said("unable");
  }
  const auto change = std::find_if(changes.begin(), changes.end(),
                                   [&](const Change& c) { return fits(world, task, g, c); });
  if (g.kind != GoalKind::kEndDate && change == changes.end()) return false;
  switch (g.kind) {
    case GoalKind::kBook:
      return said(money_text(price(g.model) * g.days));
    case GoalKind::kCancel: {
      const Hire& h = s.hires[static_cast<std::size_t>(g.hire)];
      return said(money_text(hire_price() * (h.end - h.start)));
    }
    case GoalKind::kExtend:
      return said(
          money_text(hire_price() * (g.end - s.hires[static_cast<std::size_t>(g.hire)].end)));
    case GoalKind::kSwap:
      return said(s.units[static_cast<std::size_t>(change->object)].id);
    case GoalKind::kRepair:
      return said(s.slots[static_cast<std::size_t>(change->object)].time);
    case GoalKind::kPay:
      return said(money_text(s.invoices[static_cast<std::size_t>(g.invoice)].amount));
    case GoalKind::kUpdate:
      return said(g.value);
    case GoalKind::kEndDate:
      return said(date_text(s.hires[static_cast<std::size_t>(g.hire)].end));
  }
  return false;
}

}  // namespace agentecho::simulation
