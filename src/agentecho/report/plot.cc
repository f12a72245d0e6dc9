#include "agentecho/report/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <span>
#include <sstream>

#include "agentecho/base/markup.h"
#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/report/text_lines.h"

namespace agentecho {

namespace {

using Colour = std::array<int, 3>;
constexpr Colour kCividis[] = {{0, 34, 78},     {31, 56, 110},   {66, 78, 108},
                               {98, 101, 111},  {125, 124, 120}, {155, 149, 117},
                               {187, 175, 104}, {222, 203, 82},  {254, 232, 56}};
constexpr Colour kBlueOrange[] = {{33, 82, 146},   {103, 149, 203}, {190, 211, 232},
                                  {243, 243, 240}, {249, 206, 160}, {238, 140, 56},
                                  {168, 75, 0}};
constexpr const char* kBlue = "#2a6fb0";
constexpr const char* kGrey = "#8a8a8a";
constexpr const char* kNoValue = "#d9d9d9";
constexpr std::size_t kLongestName = 40;
constexpr double kTitleFont = 13;
constexpr double kMeaningFont = 11;
constexpr double kLetter = 0.56;  // its usual width, of the font's size

Colour between(ColourScale scale, double place) {
  const std::span<const Colour> stops = scale == ColourScale::kSequential
                                            ? std::span<const Colour>(kCividis)
                                            : std::span<const Colour>(kBlueOrange);
  const double at = std::clamp(place, 0.0, 0.9999) * static_cast<double>(stops.size() - 1);
  const auto k = static_cast<std::size_t>(at);
  Colour colour{};
  for (std::size_t i = 0; i < 3; ++i) {
    colour[i] = static_cast<int>(
        std::lround(stops[k][i] + (stops[k + 1][i] - stops[k][i]) * (at - static_cast<double>(k))));
  }
  return colour;
}

const char* ink_on(const Colour& colour) {
  return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] > 140 ? "#000000" : "#ffffff";
}

std::string drawn_number(double value, int digits) {
  std::string text = fixed(value, digits);
  if (text.starts_with('-')) text.replace(0, 1, "−");
  return text;
}

// An SVG document under construction.
class Drawing {
 public:
  void line(double x1, double y1, double x2, double y2, const char* stroke = "#000000",
            double width = 1, const char* dashes = "none") {
    body_ += fmt::format(
        "<path d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" "
        "stroke-dasharray=\"{}\"/>\n",
        x1, y1, x2, y2, stroke, width, dashes);
  }
  void rectangle(double x, double y, double width, double height, std::string_view fill) {
    body_ += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n", x, y,
        width, height, fill);
  }
  void circle(double x, double y, bool filled) {
    body_ += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\" stroke=\"{}\" "
        "stroke-width=\"2\"/>\n",
        x, y, filled ? kBlue : "#ffffff", kBlue);
  }
  // `more`: further attributes of ours.
  void text(double x, double y, std::string_view content, double size = 12,
            std::string_view more = {}) {
    body_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{}\" {}>{}</text>\n", x, y,
                         size, more, escaped_markup(content));
  }

  std::string document(double width, double height, std::string_view title) const {
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
        "viewBox=\"0 0 {0:.0f} {1:.0f}\" font-family=\"Helvetica, Arial, sans-serif\" "
        "fill=\"#000000\">\n<title>{2}</title>\n"
        "<rect width=\"{0:.0f}\" height=\"{1:.0f}\" fill=\"#ffffff\"/>\n{3}</svg>\n",
        width, height, escaped_markup(title), body_);
  }

 private:
  std::string body_;
};

double widest_name(const std::vector<std::string>& names, double font) {
  std::size_t widest = 1;
  for (const std::string& name : names) {
    widest = std::max(widest, std::min(kLongestName, display_width(printable(name))));
  }
  return static_cast<double>(widest) * font * 0.6;
}

std::string shown(const std::string& name) { return elided_middle(printable(name), kLongestName); }

class TreeDrawer {
 public:
  explicit TreeDrawer(const TreePlot& plot) : plot_(plot), row_(plot.tree.leaves) {
    const std::vector<std::size_t> order = leaf_order(plot.tree);
    for (std::size_t i = 0; i < order.size(); ++i) row_[order[i]] = static_cast<double>(i);
    for (const Dendrogram::Merge& merge : plot.tree.merges) depth_ = std::max(depth_, merge.height);
    step_ = order.size() > 60 ? 13 : 22;
    font_ = std::min(12.0, step_ - 1);
  }

  std::string draw() {
    if (!plot_.tree.merges.empty()) node(plot_.tree.leaves + plot_.tree.merges.size() - 1);
    const double bottom = static_cast<double>(row_.size()) * step_ + 20;
    drawing_.line(kLeft, bottom, kLeft + kWidth, bottom);
    for (const double share : {0.0, 0.5, 1.0}) {
      drawing_.text(x_of(share * depth_), bottom + 16, drawn_number(share * depth_, 1), 11,
                    "text-anchor=\"middle\"");
    }
    drawing_.text(kLeft + kWidth / 2, bottom + 30, "distance", 11, "text-anchor=\"middle\"");
    return drawing_.document(kLeft + kWidth + widest_name(plot_.names, font_) + 30, bottom + 40,
                             plot_.title);
  }

 private:
  static constexpr double kLeft = 20;
  static constexpr double kWidth = 460;
  struct Point {
    double x = 0;
    double y = 0;
  };

  double x_of(double height) const { return kLeft + (1 - height / depth_) * kWidth; }

  Point node(std::size_t n) {
    if (n < plot_.tree.leaves) {
      const Point leaf{x_of(0), 14 + row_[n] * step_};
      drawing_.text(leaf.x + 8, leaf.y + font_ * 0.35, shown(plot_.names[n]), font_);
      return leaf;
    }
    const std::size_t m = n - plot_.tree.leaves;
    const Dendrogram::Merge& merge = plot_.tree.merges[m];
    const Point a = node(merge.left);
    const Point b = node(merge.right);
    const Point here{x_of(merge.height), (a.y + b.y) / 2};
    drawing_.line(here.x, a.y, a.x, a.y);
    drawing_.line(here.x, b.y, b.x, b.y);
    drawing_.line(here.x, a.y, here.x, b.y);
    if (m < plot_.support.size() && m + 1 < plot_.tree.merges.size()) {
      const double support = plot_.support[m];
      drawing_.text(
          here.x - 3, here.y - 3, fmt::format("{:.0f}", 100 * support), 10,
          support >= 0.95 ? "text-anchor=\"end\" font-weight=\"bold\"" : "text-anchor=\"end\"");
    }
    return here;
  }

  const TreePlot& plot_;
  std::vector<double> row_;  // by leaf
  double depth_ = 1e-9;
  double step_ = 22;
  double font_ = 12;
  Drawing drawing_;
};

}  // namespace

std::string colour_of(ColourScale scale, double place) {
  const Colour colour = between(scale, place);
  return fmt::format("#{:02x}{:02x}{:02x}", colour[0], colour[1], colour[2]);
}

namespace {

// The colours of a matrix: where a value lies on the scale, and what stands below its ends.
struct MatrixColours {
  ColourScale scale = ColourScale::kSequential;
  std::function<double(double)> place;
  std::string low;
  std::string middle;
  std::string high;
};

MatrixColours colours_of(const MatrixPlot& plot) {
  if (plot.p_values) {
    return {ColourScale::kSequential,
            [](double p) { return std::min(1.0, -std::log10(std::max(p, 1e-4)) / 4); }, "1", "0.01",
            "≤0.0001"};
  }
  double least = 1e300;
  double most = -1e300;
  for (const auto& row : plot.values) {
    for (const auto& value : row) {
      if (!value) continue;
      least = std::min(least, *value);
      most = std::max(most, *value);
    }
  }
  if (plot.around_zero) {
    const double widest = std::max({std::abs(least), std::abs(most), 1e-9});
    return {ColourScale::kDiverging, [widest](double value) { return (value / widest + 1) / 2; },
            drawn_number(-widest, plot.digits), "0", drawn_number(widest, plot.digits)};
  }
  return {
      ColourScale::kSequential,
      [least, most](double value) { return most > least ? (value - least) / (most - least) : 1.0; },
      drawn_number(least, plot.digits), "", drawn_number(most, plot.digits)};
}

// The scale with its ends, and what is grey. Returns the height it takes.
double draw_legend(const MatrixColours& colours, double x, double y, Drawing& drawing) {
  for (int i = 0; i < 100; ++i) {
    drawing.rectangle(x + i * 2, y, 2.2, 10, colour_of(colours.scale, i / 99.0));
  }
  drawing.text(x, y + 24, colours.low, 11);
  drawing.text(x + 100, y + 24, colours.middle, 11, "text-anchor=\"middle\"");
  drawing.text(x + 200, y + 24, colours.high, 11, "text-anchor=\"end\"");
  drawing.rectangle(x + 224, y, 10, 10, kNoValue);
  drawing.text(x + 240, y + 9, "no value", 11);
  return 34;
}

std::string p_label(double p) {
  if (p < 0.001) return "<.001";
  return p < 0.9995 ? drawn_number(p, 3).substr(1) : "1.00";
}

}  // namespace

std::string plot_matrix(const MatrixPlot& plot) {
  const std::size_t n = plot.names.size();
  const double size = n <= 24 ? 44 : n <= 40 ? 26 : n <= 60 ? 18 : 13;
  const double font = std::min(12.0, size - 2);
  const double margin = 14 + widest_name(plot.names, font);
  const MatrixColours colours = colours_of(plot);
  const double width =
      std::max({margin + static_cast<double>(n) * size + 10, margin + 310,
                24 + static_cast<double>(display_width(plot.title)) * kTitleFont * kLetter});
  Drawing drawing;
  double top = 14 + kTitleFont;
  drawing.text(14, top, plot.title, kTitleFont, "font-weight=\"bold\"");
  const auto columns = static_cast<std::size_t>((width - 28) / (kMeaningFont * kLetter));
  std::istringstream lines(plot.meaning.empty() ? "" : wrapped_text(plot.meaning, columns));
  for (std::string line; std::getline(lines, line);) {
    top += kMeaningFont + 4;
    drawing.text(14, top, line, kMeaningFont);
  }
  top += margin;
  for (std::size_t r = 0; r < n; ++r) {
    const double middle = (static_cast<double>(r) + 0.5) * size;
    drawing.text(margin - 6, top + middle + font * 0.35, shown(plot.names[r]), font,
                 "text-anchor=\"end\"");
    const double x = margin + middle + font * 0.35;
    drawing.text(x, top - 6, shown(plot.names[r]), font,
                 fmt::format("transform=\"rotate(-90 {:.1f} {:.1f})\"", x, top - 6));
    for (std::size_t c = 0; c < n; ++c) {
      if (r == c) continue;
      const double left = margin + static_cast<double>(c) * size;
      const double above = top + static_cast<double>(r) * size;
      const auto& value = plot.values[r][c];
      const std::string fill =
          value ? colour_of(colours.scale, colours.place(*value)) : std::string(kNoValue);
      drawing.rectangle(left, above, size - 1, size - 1, fill);
      if (size < 40) continue;
      const std::string label = !value          ? "–"
                                : plot.p_values ? p_label(*value)
                                                : drawn_number(*value, plot.digits);
      const char* const ink =
          value ? ink_on(between(colours.scale, colours.place(*value))) : "#333333";
      drawing.text(left + size / 2, above + size / 2 + 4, label, 11,
                   fmt::format("text-anchor=\"middle\" fill=\"{}\"", ink));
    }
  }
  const double bottom = top + static_cast<double>(n) * size + 16;
  return drawing.document(width, bottom + draw_legend(colours, margin, bottom, drawing),
                          plot.title);
}

std::string plot_tree(const TreePlot& plot) { return TreeDrawer(plot).draw(); }

namespace {

struct Ticks {
  std::vector<double> values;
  int digits = 0;
};

// Three to six round numbers from least to most.
Ticks round_ticks(double least, double most) {
  const double rough = (most - least) / 4;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double factor = 10;
  for (const double smaller : {5.0, 2.5, 2.0, 1.0}) {
    if (smaller * power >= rough) factor = smaller;
  }
  const double step = factor * power;
  Ticks ticks;
  for (double k = std::ceil(least / step - 1e-9); k * step <= most + 1e-9 * step; ++k) {
    ticks.values.push_back(k == 0 ? 0 : k * step);
  }
  const int places = static_cast<int>(-std::floor(std::log10(step) + 1e-9));
  ticks.digits = std::clamp(places + (factor == 2.5 ? 1 : 0), 0, 6);
  return ticks;
}

}  // namespace

std::string plot_dots(const DotPlot& plot) {
  double least = plot.reference.value_or(0);
  double most = least + 1e-9;
  least = std::min(least, 0.0);
  std::vector<std::string> names;
  for (const DotPlot::Row& row : plot.rows) {
    names.push_back(row.name);
    for (const std::optional<double>& value :
         {row.value, row.interval ? std::optional(row.interval->low) : std::nullopt,
          row.interval ? std::optional(row.interval->high) : std::nullopt}) {
      if (!value) continue;
      least = std::min(least, *value);
      most = std::max(most, *value);
    }
  }
  constexpr double kWidth = 420;
  const double margin = 24 + widest_name(names, 12);
  const auto x_of = [&](double value) {
    return margin + (value - least) / (most - least) * kWidth;
  };
  const double bottom = static_cast<double>(plot.rows.size()) * 20 + 14;
  Drawing drawing;
  if (plot.reference) {
    drawing.line(x_of(*plot.reference), 4, x_of(*plot.reference), bottom, kGrey, 1, "3 3");
  }
  for (std::size_t i = 0; i < plot.rows.size(); ++i) {
    const DotPlot::Row& row = plot.rows[i];
    const double y = 14 + static_cast<double>(i) * 20;
    drawing.text(margin - 8, y + 4, shown(row.name), 12,
                 row.filled ? "text-anchor=\"end\" font-weight=\"bold\"" : "text-anchor=\"end\"");
    if (!row.value) {
      drawing.text(margin + 4, y + 4, "no value", 11);
      continue;
    }
    if (row.interval)
      drawing.line(x_of(row.interval->low), y, x_of(row.interval->high), y, kBlue, 2);
    drawing.circle(x_of(*row.value), y, row.filled);
    drawing.text(margin + kWidth + 10, y + 4, drawn_number(*row.value, 2), 12);
  }
  drawing.line(margin, bottom, margin + kWidth, bottom);
  const Ticks ticks = round_ticks(least, most);
  for (const double value : ticks.values) {
    drawing.line(x_of(value), bottom, x_of(value), bottom + 4);
    drawing.text(x_of(value), bottom + 16, drawn_number(value, ticks.digits), 11,
                 "text-anchor=\"middle\"");
  }
  drawing.text(margin, bottom + 36, plot.title, 12);
  return drawing.document(margin + kWidth + 70, bottom + 46, plot.title);
}

}  // namespace agentecho
