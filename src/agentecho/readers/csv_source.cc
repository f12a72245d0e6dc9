#include "agentecho/readers/csv_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/formats/run_writer.h"

namespace agentecho {

namespace {

// The grammar of RFC 8259, so that "007" and "+1" stay texts, as does what is too large ("1e999").
bool is_json_number(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && is_ascii_digit(text[at])) ++at;
    return at - from;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const bool zero = at < text.size() && text[at] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  double value = 0;
  return at == text.size() &&
         std::from_chars(text.data(), text.data() + at, value).ec == std::errc();
}

class CsvSource final : public ByteSource {
 public:
  CsvSource(std::unique_ptr<ByteSource> csv, std::size_t longest_row)
      : csv_(std::move(csv)), longest_row_(longest_row) {}

  Result<std::size_t> read(char* to, std::size_t size) override {
    while (given_ == lines_.size() && !ended_) {
      lines_.clear();
      given_ = 0;
      if (auto more = take_more(); !more) return Unexpected(more.error());
    }
    const std::size_t n = std::min(size, lines_.size() - given_);
    std::memcpy(to, lines_.data() + given_, n);
    given_ += n;
    return n;
  }

 private:
  enum class State { kCell, kQuoted, kBehindQuote };

  Result<void> take_more() {
    constexpr std::size_t kPiece = 1 << 16;
    piece_.resize(kPiece);
    const auto n = csv_->read(piece_.data(), kPiece);
    if (!n) return Unexpected(n.error());
    std::string_view bytes(piece_.data(), *n);
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    if (!begun_ && bytes.starts_with(kMark)) bytes.remove_prefix(kMark.size());
    if (!begun_ && !bytes.empty()) choose_separator(bytes);
    begun_ = true;
    for (const char c : bytes) take(c);
    if (*n == 0) end();
    return {};
  }

  void choose_separator(std::string_view bytes) {
    constexpr std::array<char, 3> kSeparators = {',', ';', '\t'};
    std::array<std::size_t, 3> counts{};
    bool quoted = false;
    for (const char c : bytes) {
      if (c == '"') quoted = !quoted;
      if (c == '\n' && !quoted) break;
      for (std::size_t i = 0; i < kSeparators.size(); ++i) {
        counts[i] += !quoted && c == kSeparators[i] ? 1 : 0;
      }
    }
    const auto most = std::max_element(counts.begin(), counts.end());
    separator_ = kSeparators[static_cast<std::size_t>(most - counts.begin())];
  }

  void take(char c) {
    switch (state_) {
      case State::kQuoted:
        if (c == '"') {
          state_ = State::kBehindQuote;
        } else {
          add(c);
        }
        return;
      case State::kBehindQuote:
        state_ = State::kCell;
        if (c == '"') {  // a doubled one is one
          state_ = State::kQuoted;
          add(c);
          return;
        }
        break;
      case State::kCell:
        if (c == '"' && cell_.empty() && !was_quoted_) {
          state_ = State::kQuoted;
          was_quoted_ = true;
          return;
        }
        break;
    }
    if (c == separator_) {
      end_cell();
    } else if (c == '\n') {
      end_row();
    } else if (c != '\r') {  // outside of quotes it is part of a line's end
      add(c);
    }
  }

  void add(char c) {
    if (row_size_ <= longest_row_) {
      cell_ += c;
      ++row_size_;
    }
  }

  void end_cell() {
    cells_.push_back(std::exchange(cell_, {}));
    was_quoted_ = false;
  }

  void end_row() {
    end_cell();
    const bool empty = cells_.size() == 1 && cells_[0].empty();
    if (names_.empty()) {
      for (const std::string& cell : cells_) names_.emplace_back(trimmed(cell));
    } else if (!empty) {
      write_row();
    }
    cells_.clear();
    row_size_ = 0;
  }

  void write_row() {
    if (row_size_ > longest_row_) {
      write_problem("a row that is larger than --max-record-mb allows");
      return;
    }
    if (cells_.size() != names_.size()) {
      write_problem(
          fmt::format("a row of {} cells under {} columns", cells_.size(), names_.size()));
      return;
    }
    lines_ += '{';
    bool first = true;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const std::string& cell = cells_[i];
      if (cell.empty()) continue;
      if (!first) lines_ += ',';
      first = false;
      formats::append_string(lines_, names_[i]);
      lines_ += ':';
      if (is_json_number(cell)) {
        lines_ += cell;
      } else {
        formats::append_string(lines_, cell);
      }
    }
    lines_ += "}\n";
  }

  void write_problem(std::string_view what) {
    lines_ += '{';
    formats::append_string(lines_, what);
    lines_ += ":true}\n";
  }

  void end() {
    ended_ = true;
    if (state_ == State::kQuoted) {
      cells_.clear();
      write_problem("a row with a quote that is not closed");
    } else if (!cell_.empty() || !cells_.empty() || was_quoted_) {
      end_row();
    }
  }

  std::unique_ptr<ByteSource> csv_;
  std::size_t longest_row_;
  std::string piece_;
  std::string lines_;  // made and not yet read
  std::size_t given_ = 0;
  bool begun_ = false;
  bool ended_ = false;
  char separator_ = ',';
  std::vector<std::string> names_;
  State state_ = State::kCell;
  std::string cell_;
  bool was_quoted_ = false;
  std::vector<std::string> cells_;
  std::size_t row_size_ = 0;
};

}  // namespace

std::unique_ptr<ByteSource> csv_as_json_lines(std::unique_ptr<ByteSource> csv,
                                              std::size_t longest_row) {
  return std::make_unique<CsvSource>(std::move(csv), longest_row);
}

bool names_messages(std::string_view beginning) {
  constexpr std::string_view kNames[] = {
      "messages",     "traj",       "role",     "conversation", "conversations",   "history",
      "chat_history", "trajectory", "dialogue", "transcript",   "message_history", "turns"};
  std::string_view header = beginning.substr(0, beginning.find('\n'));
  while (!header.empty()) {
    const std::size_t end = std::min(header.find_first_of(",;\t"), header.size());
    std::string_view name = trimmed(header.substr(0, end));
    if (name.starts_with('"') && name.ends_with('"') && name.size() > 1) {
      name = trimmed(name.substr(1, name.size() - 2));
    }
    if (is_in(kNames, name)) return true;
    header.remove_prefix(std::min(end + 1, header.size()));
  }
  return false;
}

}  // namespace agentecho
