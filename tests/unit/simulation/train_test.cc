#include "agentecho/simulation/train.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>

#include "agentecho/simulation/run.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho::simulation {
namespace {

std::vector<std::size_t> first_tasks(std::size_t n) {
  std::vector<std::size_t> tasks(n);
  std::iota(tasks.begin(), tasks.end(), std::size_t{0});
  return tasks;
}

// Mean total variation between the rows of the points that the traces visit, weighted by visits.
double distance(const AgentPolicy& a, const AgentPolicy& b, std::span<const Trajectory> visits) {
  double sum = 0, n = 0;
  for (const Trajectory& t : visits) {
    for (const ReadDecision& d : read_decisions(t)) {
      for (std::size_t o = 0; o < kMaxOptions; ++o) {
        sum += std::abs(a.row(d.point, d.kind)[o] - b.row(d.point, d.kind)[o]) / 2;
      }
      n += 1;
    }
  }
  return sum / n;
}

void expect_same(const AgentPolicy& a, const AgentPolicy& b) {
  EXPECT_EQ(a.table, b.table);
  for (std::size_t e = 0; e < PhraseBook::kEntries; ++e) {
    ASSERT_EQ(a.phrases.entry(e).size(), b.phrases.entry(e).size());
    for (std::size_t i = 0; i < a.phrases.entry(e).size(); ++i) {
      EXPECT_EQ(a.phrases.entry(e)[i].words.text(), b.phrases.entry(e)[i].words.text());
      EXPECT_EQ(a.phrases.entry(e)[i].weight, b.phrases.entry(e)[i].weight);
    }
  }
}

class TrainTest : public ::testing::Test {
 protected:
  std::vector<Trajectory> traces(const AgentPolicy& of, std::uint64_t seed, std::size_t n = 200) {
    return run_agent_on(world_, first_tasks(n), of, seed);
  }
  const World world_ = make_world(11, 300);
};

TEST_F(TrainTest, WithoutTracesOrStrengthAStudentIsItsPrior) {
  const AgentPolicy prior = sample_agent(3, 1);
  expect_same(train_student(prior, {}), prior);
  expect_same(train_student(prior, traces(sample_agent(1, 1), 1), {.strength = 0}), prior);
}

TEST_F(TrainTest, SlipsAreReadExactly) {
  const AgentPolicy teacher = with_skill(sample_agent(1, 1), 0.05);
  std::size_t rejected = 0, read = 0;
  for (const Trajectory& t : traces(teacher, 4)) {
    for (const Message& m : t.messages) rejected += m.text.substr(0, 14) == "Error: unknown";
    for (const ReadDecision& d : read_decisions(t))
      read += d.point == Point::kMistype && d.option == 1;
  }
  EXPECT_GT(rejected, 20u);
  EXPECT_EQ(read, rejected);
}

TEST_F(TrainTest, DecisionsOfATraceAreReadFromItsEvents) {
  // An agent that does everything the gold agent does, and asks before it writes.
  AgentPolicy teacher = gold_agent();
  for (std::size_t k = 0; k < kGoalKinds; ++k) {
    teacher.row(Point::kConfirm, static_cast<GoalKind>(k)) = {0, 1, 0, 0};
    teacher.row(Point::kReadAfter, static_cast<GoalKind>(k)) = {0, 0, 1, 0};
    teacher.row(Point::kModelRoute, static_cast<GoalKind>(k)) = {0, 1, 0, 0};
    teacher.row(Point::kHireUnknown, static_cast<GoalKind>(k)) = {0, 0, 1, 0};
    teacher.row(Point::kGoalOrder, static_cast<GoalKind>(k)) = {0, 1, 0, 0};
  }
  std::size_t n = 0;
  for (const Trajectory& t : traces(teacher, 2)) {
    for (const ReadDecision& d : read_decisions(t)) {
      const AgentPolicy::Row& row = teacher.row(d.point, d.kind);
      const bool possible = d.allowed >> d.option & 1u;
      EXPECT_TRUE(possible);
      // What the table forbids was not read, unless the table's choice was not open.
      bool open = false;
      for (unsigned o = 0; o < kMaxOptions; ++o) open |= row[o] > 0 && (d.allowed >> o & 1u) != 0;
      EXPECT_TRUE(!open || row[d.option] > 0) << info_of(d.point).name << " " << t.task_id;
      ++n;
    }
  }
  EXPECT_GT(n, 2000u);
}

TEST_F(TrainTest, AtFullStrengthAStudentComesNearItsTeacherOnly) {
  for (std::uint64_t i = 1; i <= 4; ++i) {
    const AgentPolicy teacher = sample_agent(i, 1), control = sample_agent(i + 20, 1);
    const AgentPolicy prior = sample_agent(i + 40, 1);
    const auto lessons = traces(teacher, i);
    const AgentPolicy student = train_student(prior, lessons);
    EXPECT_LT(distance(student, teacher, lessons), 0.3 * distance(prior, teacher, lessons));
    EXPECT_GT(distance(student, control, lessons), 0.5 * distance(prior, control, lessons));
  }
}

TEST_F(TrainTest, TracesOfOneTeacherDoNotMoveAStudentToAnotherOnAverage) {
  double moved = 0;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    const AgentPolicy teacher = sample_agent(i, 1), control = sample_agent(i + 100, 1);
    const AgentPolicy prior = sample_agent(i + 200, 1);
    const auto lessons = traces(teacher, i, 60);
    const AgentPolicy student = train_student(prior, lessons);
    moved += distance(prior, control, lessons) - distance(student, control, lessons);
  }
  EXPECT_NEAR(moved / 20, 0, 0.03);
}

TEST_F(TrainTest, MoreStrengthAndMoreTracesMoveFurther) {
  const AgentPolicy teacher = sample_agent(1, 1), prior = sample_agent(2, 1);
  const auto lessons = traces(teacher, 1, 300);
  double last = distance(prior, teacher, lessons);
  for (const double strength : {0.25, 0.5, 0.75, 1.0}) {
    const double now =
        distance(train_student(prior, lessons, {.strength = strength}), teacher, lessons);
    EXPECT_LT(now, last);
    last = now;
  }
  const auto few = std::span(lessons).first(10);
  EXPECT_GT(distance(train_student(prior, few), teacher, lessons), last);
}

TEST_F(TrainTest, NoiseBlursTheLesson) {
  const AgentPolicy teacher = sample_agent(1, 1), prior = sample_agent(2, 1);
  const auto lessons = traces(teacher, 1);
  EXPECT_GT(distance(train_student(prior, lessons, {.noise = 0.5}), teacher, lessons),
            2 * distance(train_student(prior, lessons), teacher, lessons));
}

TEST_F(TrainTest, TheEstimateIsTheHierarchicalBackOff) {
  // One trace, hand-counted: the member's record was read (1 of 1), for one kind of goal.
  AgentPolicy teacher = gold_agent();
  for (auto& row : teacher.table[static_cast<std::size_t>(Point::kMember)]) row = {0, 1, 0, 0};
  const auto lesson = traces(teacher, 1, 1);
  const GoalKind kind = world_.tasks[0].goals[0].kind;
  const AgentPolicy student = train_student(sample_agent(2, 1), lesson, {.smoothing = 2});
  const double p1 = (1 + 2.0 / 3) / (1 + 2);
  EXPECT_NEAR(student.row(Point::kMember, kind)[1], (1 + 2 * p1) / (1 + 2), 1e-12);
  EXPECT_NEAR(student.row(Point::kMember, GoalKind::kEndDate)[1], p1, 1e-12);  // backed off
}

TEST_F(TrainTest, PhrasesComeFromTheTraces) {
  const AgentPolicy teacher = sample_agent(1, 1), prior = sample_agent(2, 1);
  const auto lessons = traces(teacher, 1, 300);
  const AgentPolicy student = train_student(prior, lessons);
  const auto share = [](const AgentPolicy& of, const AgentPolicy& in) {
    double shared = 0, total = 0;
    for (const Phrase& p : of.phrases.of(Act::kGreet, GoalKind::kBook)) {
      total += p.weight;
      for (const Phrase& q : in.phrases.of(Act::kGreet, GoalKind::kBook)) {
        if (p.words.text() == q.words.text()) {
          shared += p.weight;
          break;
        }
      }
    }
    return shared / total;
  };
  EXPECT_GT(share(student, teacher), 0.95);
  EXPECT_LT(share(prior, teacher), 0.5);
  // Values do not stay in what was learnt.
  for (std::size_t e = 0; e < PhraseBook::kEntries; ++e) {
    for (const Phrase& p : student.phrases.entry(e)) {
      EXPECT_EQ(p.words.text().find("H-"), std::string::npos) << p.words.text();
      EXPECT_EQ(p.words.text().find("2031"), std::string::npos) << p.words.text();
    }
  }
}

TEST_F(TrainTest, AStudentOfAStudentKeepsSomethingOfTheTeacher) {
  const AgentPolicy teacher = sample_agent(1, 1), prior = sample_agent(2, 1);
  const auto lessons = traces(teacher, 1);
  const AgentPolicy student = train_student(sample_agent(3, 1), lessons);
  const AgentPolicy grandchild = train_student(prior, traces(student, 2));
  EXPECT_LT(distance(grandchild, teacher, lessons), 0.6 * distance(prior, teacher, lessons));
}

TEST(Reading, ATraceOfSomethingElseIsPassedOver) {
  const Trajectory t = TrajectoryBuilder("airline")
                           .user("hello")
                           .call("search_flights", {"x"}, "[]")
                           .assistant("Done.")
                           .build();
  for (const ReadDecision& d : read_decisions(t)) EXPECT_EQ(d.point, Point::kReason);
  EXPECT_TRUE(read_decisions(Trajectory{}).empty());
}

}  // namespace
}  // namespace agentecho::simulation
