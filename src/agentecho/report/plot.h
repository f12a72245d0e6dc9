// Figures for papers: the drawings of the page (web/src/figures.ts) as SVG text, with the same
// colours. Each plot_* returns one complete SVG document in pixels, with names and titles escaped;
// what is undefined is drawn as a gap, never as 0. None fails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/stats/clustering.h"
#include "agentecho/stats/resampling.h"

namespace agentecho {

enum class ColourScale : std::uint8_t {
  kSequential,  // cividis
  kDiverging,   // blue to orange, white in the middle
};

// "#rrggbb" for a place from 0 to 1 on the scale.
std::string colour_of(ColourScale scale, double place);

struct MatrixPlot {
  std::string title;               // what is drawn: metric and figure
  std::vector<std::string> names;  // rows and columns
  std::vector<std::vector<std::optional<double>>>
      values;                // square, symmetric; the diagonal is not drawn
  bool around_zero = false;  // diverging colours about 0; else from the least to the largest value
  int digits = 2;
  bool p_values = false;  // colours by the logarithm, from 1 to .0001 and below
  std::string meaning{};  // of the numbers, in a sentence or two: below the title
};
std::string plot_matrix(const MatrixPlot& plot);

struct TreePlot {
  std::string title;
  std::vector<std::string> names;  // by leaf
  Dendrogram tree;
  std::vector<double> support;  // by merge; may be empty
};
std::string plot_tree(const TreePlot& plot);

// Values with intervals, one a row.
struct DotPlot {
  struct Row {
    std::string name;
    std::optional<double> value;
    std::optional<Interval> interval;
    bool filled = false;
  };
  std::string title;
  std::vector<Row> rows;
  std::optional<double> reference;  // a dashed line
};
std::string plot_dots(const DotPlot& plot);

}  // namespace agentecho
