#include "agentecho/report/plot.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

namespace agentecho {
namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(PlotColours, AreThoseOfThePage) {
  std::ifstream file(std::string(AGENTECHO_SOURCE_DIR) + "/web/src/colours.ts");
  const std::string source{std::istreambuf_iterator<char>(file), {}};
  for (const auto& [name, scale] : {std::pair("kCividis", ColourScale::kSequential),
                                    std::pair("kDiverging", ColourScale::kDiverging)}) {
    const std::size_t begin = source.find(name);
    ASSERT_NE(begin, std::string::npos);
    const std::string list = source.substr(begin, source.find(';', begin) - begin);
    const std::regex triple("\\[(\\d+), (\\d+), (\\d+)\\]");
    std::vector<std::string> stops;
    for (std::sregex_iterator i(list.begin(), list.end(), triple), end; i != end; ++i) {
      char hex[8];
      std::snprintf(hex, sizeof hex, "#%02x%02x%02x", std::stoi((*i)[1]), std::stoi((*i)[2]),
                    std::stoi((*i)[3]));
      stops.emplace_back(hex);
    }
    ASSERT_GT(stops.size(), 5u);
    for (std::size_t k = 0; k + 1 < stops.size(); ++k) {
      EXPECT_EQ(colour_of(scale, static_cast<double>(k) / static_cast<double>(stops.size() - 1)),
                stops[k]);
    }
    EXPECT_EQ(colour_of(scale, 1), stops.back());
  }
}

TEST(MatrixPlots, DrawEveryPairTwiceAndGreyWhereThereIsNoValue) {
  const std::optional<double> none;
  const std::string svg = plot_matrix(
      {"t", {"a<b>", "b", "c"}, {{none, 0.5, none}, {0.5, none, 1.0}, {none, 1.0, none}}});
  EXPECT_EQ(count_of(svg, "width=\"43.0\""), 6u);
  EXPECT_EQ(count_of(svg, "#d9d9d9"), 3u);  // and once in the legend
  EXPECT_EQ(count_of(svg, ">0.50</text>"), 3u);  // and once on the scale
  EXPECT_EQ(count_of(svg, "a&lt;b&gt;"), 2u);
  EXPECT_EQ(count_of(svg, "<b>"), 0u);
}

TEST(MatrixPlots, SayWhatIsDrawnAndWhatTheNumbersAre) {
  const std::optional<double> none;
  MatrixPlot plot{"S_node, score", {"a", "b"}, {{none, 0.25}, {0.25, none}}};
  plot.meaning = "S_node: share of a task's optional tools on which both make the same decision.";
  const std::string svg = plot_matrix(plot);
  EXPECT_EQ(count_of(svg, "font-weight=\"bold\">S_node, score</text>"), 1u);
  EXPECT_EQ(count_of(svg, ">S_node: share of"), 1u);
  EXPECT_EQ(count_of(svg, ">no value</text>"), 1u);
  EXPECT_LT(svg.find(">S_node, score</text>"), svg.find(">a</text>"));
}

TEST(MatrixPlots, ColourPValuesByTheirLogarithm) {
  const std::optional<double> none;
  MatrixPlot plot{"p", {"a", "b"}, {{none, 0.01}, {0.01, none}}};
  plot.p_values = true;
  const std::string svg = plot_matrix(plot);
  const std::string half = colour_of(ColourScale::kSequential, 0.5);
  EXPECT_EQ(count_of(svg, "height=\"43.0\" fill=\"" + half + "\""), 2u);
  EXPECT_EQ(count_of(svg, ">.010</text>"), 2u);
  EXPECT_EQ(count_of(svg, ">≤0.0001</text>"), 1u);
}

TEST(TreePlots, WriteEveryLeafAndTheSupportOfEveryForkButTheRoot) {
  const std::vector<double> distances{1, 4, 4};
  const std::string svg =
      plot_tree({"t", {"x", "y", "z"}, average_linkage(3, distances), {0.97, 1}});
  for (const char* name : {">x<", ">y<", ">z<"}) EXPECT_EQ(count_of(svg, name), 1u);
  EXPECT_EQ(count_of(svg, ">97<"), 1u);
  EXPECT_EQ(count_of(svg, ">100<"), 0u);
}

TEST(DotPlots, SayWhereThereIsNoValue) {
  const std::string svg =
      plot_dots({"t", {{"m", 0.5, Interval{0.4, 0.6}, true}, {"n", {}, {}}}, {}});
  EXPECT_EQ(count_of(svg, "<circle"), 1u);
  EXPECT_EQ(count_of(svg, "no value"), 1u);
}

}  // namespace
}  // namespace agentecho
