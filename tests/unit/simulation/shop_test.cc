#include "agentecho/simulation/shop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <set>

#include "agentecho/simulation/tasks.h"

namespace agentecho::simulation {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// The first hire for which the predicate holds.
template <class Predicate>
const Hire& some_hire(const World& world, Predicate predicate) {
  return *std::find_if(world.shop.hires.begin(), world.shop.hires.end(), predicate);
}

class ShopTest : public ::testing::Test {
 protected:
  // The result of a call; it must succeed or fail as expected.
  std::string call(Tool tool, std::vector<Argument> arguments, bool expected = true) {
    std::string result;
    EXPECT_EQ(counter_.call(tool, arguments, result), expected) << result;
    EXPECT_EQ(result.rfind("Error: ", 0) == 0, !expected) << result;
    return result;
  }
  const Unit& unit_of(const Hire& hire) {
    return world_.shop.units[static_cast<std::size_t>(hire.unit)];
  }

  const World world_ = make_world(3, 120);
  Counter counter_{world_.shop};
};

TEST(Dates, AreCivilDates) {
  EXPECT_EQ(date_text(0), "2031-03-01");
  EXPECT_EQ(date_text(31), "2031-04-01");
  EXPECT_EQ(date_text(-1), "2031-02-28");
  EXPECT_EQ(date_text(366), "2032-03-01");  // 2032 is a leap year
  for (const int day : {-30, 0, 59, 1000}) EXPECT_EQ(day_of(date_text(day)), day);
  EXPECT_EQ(day_of("soon"), -1);
  EXPECT_EQ(day_of("2031-13-01"), -1);
}

TEST(Money, HasTwoDecimals) {
  EXPECT_EQ(money_text(5), "0.05");
  EXPECT_EQ(money_text(123456), "1234.56");
}

TEST(Tools, AreAtLeastSixteenAndClassifiedByTheirFirstWord) {
  const std::set<std::string> read = {"find", "get", "list", "check"};
  const std::set<std::string> write = {"book", "cancel", "update", "exchange", "pay", "send"};
  std::size_t reads = 0, writes = 0;
  for (std::size_t i = 0; i < kToolCount; ++i) {
    const std::string name(kToolNames[i]);
    const std::string word = name.substr(0, name.find('_'));
    reads += read.count(word);
    writes += write.count(word);
    EXPECT_EQ(write.count(word) == 1, is_write(static_cast<Tool>(i))) << name;
    EXPECT_EQ(tool_named(name), static_cast<Tool>(i));
  }
  EXPECT_EQ(reads, 18u);
  EXPECT_EQ(writes, 8u);
  EXPECT_EQ(kToolCount - reads - writes, 4u);
  EXPECT_FALSE(tool_named("get_weather").has_value());
}

TEST_F(ShopTest, FindsAMemberByEachDetail) {
  const Member& m = world_.shop.members[5];
  for (const std::string& found :
       {call(Tool::kFindMemberByEmail, {{"email", m.email}}),
        call(Tool::kFindMemberByPhone, {{"phone", m.phone}}),
        call(Tool::kFindMemberByName, {{"name", m.name}, {"postcode", m.postcode}})}) {
    EXPECT_EQ(found, "{\"member_id\": \"" + m.id + "\"}");
  }
  call(Tool::kFindMemberByEmail, {{"email", "nobody@post.example"}}, false);
  call(Tool::kFindMemberByEmail, {}, false);
}

TEST_F(ShopTest, EveryToolRefusesUnknownIdsOfEveryKind) {
  const std::string hire = world_.shop.hires[0].id;
  for (std::size_t i = 0; i < kToolCount; ++i) {
    const auto tool = static_cast<Tool>(i);
    if (tool == Tool::kListModels || tool == Tool::kListBranches || tool == Tool::kThink ||
        tool == Tool::kLogNote || tool == Tool::kEscalate) {
      continue;  // these take no id
    }
    const std::string wrong = tool == Tool::kGetHire ? "H-1" : hire;  // an id of another kind
    call(tool,
         {{"member_id", wrong},
          {"unit_id", wrong},
          {"model_id", wrong},
          {"branch_id", wrong},
          {"invoice_id", wrong},
          {"slot_id", wrong},
          {"hire_id", "H-1"}},
         false);
  }
  EXPECT_TRUE(counter_.changes().empty());
}

TEST_F(ShopTest, AFreeUnitCanBeBookedOnce) {
  const auto& units = world_.shop.units;
  const Unit& unit =
      *std::find_if(units.begin(), units.end(), [](const Unit& u) { return u.listed && !u.stale; });
  const std::vector<Argument> booking = {{"member_id", world_.shop.members[0].id},
                                         {"unit_id", unit.id},
                                         {"start_date", "2031-04-01"},
                                         {"days", "3", true}};
  EXPECT_THAT(call(Tool::kCheckAvailability, {{"unit_id", unit.id}}), HasSubstr("\"free\": true"));
  const int price = world_.shop.models[static_cast<std::size_t>(unit.model)].price;
  const std::string booked = call(Tool::kBookHire, booking);
  EXPECT_THAT(booked, HasSubstr("\"total\": \"" + money_text(3 * price) + "\""));
  EXPECT_THAT(booked, HasSubstr("\"end_date\": \"2031-04-04\""));
  EXPECT_THAT(call(Tool::kCheckAvailability, {{"unit_id", unit.id}}), HasSubstr("\"free\": false"));
  EXPECT_THAT(call(Tool::kBookHire, booking, false), HasSubstr("already reserved"));
  EXPECT_THAT(call(Tool::kGetHire, {{"hire_id", std::string("N").append(unit.id, 1)}}),
              HasSubstr(unit.id));
  ASSERT_EQ(counter_.changes().size(), 1u);
  EXPECT_EQ(counter_.changes()[0].days, 3);
}

TEST_F(ShopTest, AStaleUnitIsListedButCannotBeBooked) {
  const auto& units = world_.shop.units;
  const Unit& unit =
      *std::find_if(units.begin(), units.end(), [](const Unit& u) { return u.stale; });
  EXPECT_THAT(call(Tool::kFindUnits,
                   {{"model_id", world_.shop.models[static_cast<std::size_t>(unit.model)].id},
                    {"branch_id", world_.shop.branches[static_cast<std::size_t>(unit.branch)].id}}),
              HasSubstr(unit.id));
  EXPECT_THAT(call(Tool::kCheckAvailability, {{"unit_id", unit.id}}), HasSubstr("false"));
}

TEST_F(ShopTest, AHireIsCancelledOnceAndOnlyBeforeItStarts) {
  const Hire& reserved = some_hire(world_, [](const Hire& h) { return !h.started; });
  const Hire& started = some_hire(world_, [](const Hire& h) { return h.started; });
  const int price = world_.shop.models[static_cast<std::size_t>(unit_of(reserved).model)].price;
  EXPECT_THAT(call(Tool::kCancelHire, {{"hire_id", reserved.id}, {"reason", "x"}}),
              HasSubstr("\"refund\": \"" + money_text(price * (reserved.end - reserved.start))));
  EXPECT_THAT(call(Tool::kGetHire, {{"hire_id", reserved.id}}), HasSubstr("\"cancelled\""));
  call(Tool::kCancelHire, {{"hire_id", reserved.id}, {"reason", "x"}}, false);
  EXPECT_THAT(call(Tool::kCancelHire, {{"hire_id", started.id}, {"reason", "x"}}, false),
              HasSubstr("cannot be cancelled"));
}

TEST_F(ShopTest, AnEndMovesUpToThePromisedDay) {
  const Hire& hire = some_hire(world_, [](const Hire& h) { return h.promised < 9999; });
  EXPECT_THAT(call(Tool::kUpdateHireEnd,
                   {{"hire_id", hire.id}, {"end_date", date_text(hire.promised + 1)}}, false),
              ::testing::EndsWith(date_text(hire.promised)));
  call(Tool::kUpdateHireEnd, {{"hire_id", hire.id}, {"end_date", date_text(hire.end)}}, false);
  call(Tool::kUpdateHireEnd, {{"hire_id", hire.id}, {"end_date", date_text(hire.promised)}});
  EXPECT_THAT(call(Tool::kGetHire, {{"hire_id", hire.id}}), HasSubstr(date_text(hire.promised)));
}

TEST_F(ShopTest, AnExchangeStaysWithTheModel) {
  const Hire& hire = world_.shop.hires[0];
  const auto& units = world_.shop.units;
  const auto free_unit = [&](bool same) {
    return std::find_if(units.begin(), units.end(),
                        [&](const Unit& u) {
                          return u.listed && !u.stale && (u.model == unit_of(hire).model) == same;
                        })
        ->id;
  };
  call(Tool::kExchangeUnit, {{"hire_id", hire.id}, {"unit_id", free_unit(false)}}, false);
  call(Tool::kExchangeUnit, {{"hire_id", hire.id}, {"unit_id", free_unit(true)}});
  EXPECT_THAT(call(Tool::kGetHire, {{"hire_id", hire.id}}), HasSubstr(free_unit(true)));
}

TEST_F(ShopTest, AFlakyPaymentTimesOutOnceAndAnInvoiceIsPaidOnce) {
  const auto& invoices = world_.shop.invoices;
  const Invoice& invoice =
      *std::find_if(invoices.begin(), invoices.end(), [](const Invoice& i) { return i.flaky; });
  const std::vector<Argument> payment = {{"invoice_id", invoice.id}, {"method", "card"}};
  EXPECT_THAT(call(Tool::kPayInvoice, payment, false), HasSubstr("timed out"));
  call(Tool::kPayInvoice, payment);
  EXPECT_THAT(call(Tool::kGetInvoice, {{"invoice_id", invoice.id}}), HasSubstr("settled"));
  call(Tool::kPayInvoice, payment, false);
}

TEST_F(ShopTest, ContactDetailsChange) {
  const Member& m = world_.shop.members[1];
  call(Tool::kUpdateMember, {{"member_id", m.id}, {"field", "shoe size"}, {"value", "44"}}, false);
  call(Tool::kUpdateMember, {{"member_id", m.id}, {"field", "phone"}, {"value", "0556-1"}});
  EXPECT_THAT(call(Tool::kGetMember, {{"member_id", m.id}}), HasSubstr("\"phone\": \"0556-1\""));
}

TEST_F(ShopTest, QuoteAndCalculatorAgree) {
  const InstrumentModel& m = world_.shop.models[7];
  const std::string expression = money_text(m.price) + " * 12";
  EXPECT_THAT(
      call(Tool::kGetQuote, {{"model_id", m.id}, {"days", "12", true}}),
      HasSubstr("\"total\": \"" + call(Tool::kCalculate, {{"expression", expression}}) + "\""));
  call(Tool::kCalculate, {{"expression", "1 / 0"}}, false);
}

TEST_F(ShopTest, IdsAreUniqueAndReceiptsChangeNothing) {
  const Shop& s = world_.shop;
  EXPECT_EQ(s.ids.size(), s.branches.size() + s.models.size() + s.units.size() + s.members.size() +
                              s.hires.size() + s.slots.size() + s.invoices.size());
  call(Tool::kSendReceipt, {{"member_id", s.members[0].id}});
  EXPECT_TRUE(counter_.changes().empty());
}

}  // namespace
}  // namespace agentecho::simulation
