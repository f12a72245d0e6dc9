// The lines of one feature file, read as the library reads them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "agentecho/corpus/feature_file.h"
#include "agentecho/readers/load.h"

namespace agentecho::testing {

struct ReadFeatures {
  std::vector<FeatureLineParser::Line> lines;
  Diagnostics diagnostics;
};

class FeatureLines final : public TrajectoryConsumer {
 public:
  explicit FeatureLines(ReadFeatures& into) : into_(into) {}
  std::unique_ptr<BatchConsumer> start_batch() override { return std::make_unique<Batch>(into_); }

 private:
  struct Batch final : BatchConsumer {
    explicit Batch(ReadFeatures& all) : into(all), parser({true, true, true, true, true}) {}
    void take(Trajectory&, const RecordOrigin&) override { ADD_FAILURE() << "a log"; }
    bool take_features(std::string_view json, const RecordOrigin&, std::string& problem) override {
      auto line = parser.parse(json);
      if (!line) {
        problem = line.error().message;
        return false;
      }
      lines.push_back(std::move(*line));
      return true;
    }
    void commit() override {
      for (FeatureLineParser::Line& line : lines) into.lines.push_back(std::move(line));
    }

    ReadFeatures& into;
    FeatureLineParser parser;
    std::vector<FeatureLineParser::Line> lines;
  };

  ReadFeatures& into_;
};

inline ReadFeatures read_features(const std::string& path) {
  ReadFeatures all;
  FeatureLines lines(all);
  LoadOptions options;
  options.files = {{path, "", "", false, false}};
  options.format = LogFormat::kFeatures;
  auto report = load_logs(options, lines);
  EXPECT_TRUE(report) << report.error().message;
  if (report) all.diagnostics = std::move(report->diagnostics);
  return all;
}

}  // namespace agentecho::testing
