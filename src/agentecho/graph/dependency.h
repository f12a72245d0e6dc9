// Data dependencies between tool calls (METHOD 2, "Dependencies").
//
// A value in the arguments of call v that also occurs in an earlier result of call u is a candidate
// (u, v, x). A verifier decides which candidates are dependencies. DependencyVerifier is the
// interface; here are the two that need no judge:
//   provenance  x first became available through u's result: no earlier item of the log holds it
//   none        every candidate
// Paper: section 3.1 and appendix B (arXiv:2604.21255).
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/graph/value_finder.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

// Calls of the agent are numbered 0, 1, … in log order: the nodes of the action graph.
struct Dependency {
  std::uint32_t source = 0;
  std::uint32_t destination = 0;
  std::string_view value;  // canonical; lives until the next call to the object that gave it

  bool operator==(const Dependency&) const = default;
};

// Candidates of one trajectory that a judge was asked about, and those of them with a verdict.
struct JudgedCandidates {
  std::uint32_t asked = 0;
  std::uint32_t answered = 0;

  bool operator==(const JudgedCandidates&) const = default;
};

class DependencyVerifier {
 public:
  virtual ~DependencyVerifier() = default;
  virtual std::string_view name() const = 0;
  // The dependencies of one trajectory, at most one per (source, destination), ordered by
  // destination, then source. Not thread-safe (scratch memory is kept): one verifier a thread.
  virtual Result<std::vector<Dependency>> dependencies(const Trajectory& trajectory) = 0;
  // The same with every value that makes a dependency, so that several may have the same (source,
  // destination): what a verdict on single values is measured by.
  virtual Result<std::vector<Dependency>> verified_values(const Trajectory& trajectory) = 0;
  // Of the trajectory that was looked at last; zeros where no judge is asked.
  virtual JudgedCandidates judged() const { return {}; }
};

// Indices into Trajectory::calls of the agent's own calls, in log order.
std::vector<std::uint32_t> agent_calls(const Trajectory& trajectory);

// All candidates (u, v, x), ordered by v, then u, then x's first place in the arguments.
class CandidateFinder {
 public:
  std::vector<Dependency> find(const Trajectory& trajectory);

 private:
  ValueFinder finder_;
};

class ProvenanceVerifier final : public DependencyVerifier {
 public:
  std::string_view name() const override { return "provenance"; }
  // O(bytes of the trajectory): every text is looked at once.
  Result<std::vector<Dependency>> dependencies(const Trajectory& trajectory) override;
  Result<std::vector<Dependency>> verified_values(const Trajectory& trajectory) override;

 private:
  std::vector<Dependency> find(const Trajectory& trajectory, bool every_value);

  ValueFinder finder_;
};

class AcceptAllVerifier final : public DependencyVerifier {
 public:
  std::string_view name() const override { return "none"; }
  Result<std::vector<Dependency>> dependencies(const Trajectory& trajectory) override;
  Result<std::vector<Dependency>> verified_values(const Trajectory& trajectory) override;

 private:
  CandidateFinder candidates_;
};

// By name; ErrorKind::kUsage for an unknown one.
Result<std::unique_ptr<DependencyVerifier>> make_dependency_verifier(std::string_view name);

}  // namespace agentecho
