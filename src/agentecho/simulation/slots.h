// Sentences with gaps. Everything that is said in the world, by its user and by its agents, is made
// from templates such as "Shall I book the {instrument} for {days} days?". One mechanism serves
// three ends:
//   render      an agent or the user speaks,
//   match       an agent understands the user (who speaks in sentences of a known grammar),
//   delexicalise  a student turns a sentence that it read in a trace into a template of its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho::simulation {

enum class Slot : std::uint8_t {
  kName,
  kEmail,
  kPhone,
  kPostcode,
  kHire,
  kInstrument,
  kUnit,
  kCity,
  kStart,
  kDays,
  kEnd,
  kTotal,
  kTime,
  kInvoice,
  kField,
  kValue,
  kReason,
  kFault,
  kMethod,
};
constexpr std::size_t kSlotCount = 19;

// The values known at some moment; empty where nothing is known.
class Slots {
 public:
  std::string_view& operator[](Slot slot) { return values_[static_cast<std::size_t>(slot)]; }
  std::string_view operator[](Slot slot) const { return values_[static_cast<std::size_t>(slot)]; }
  // Bit i is set when slot i has a value.
  std::uint32_t known() const;

 private:
  std::array<std::string_view, kSlotCount> values_{};
};

class Template {
 public:
  // `text` holds slots as {name}, with the names of the enumeration in lower case. An unknown name
  // in braces is plain text.
  explicit Template(std::string_view text);

  const std::string& text() const { return text_; }
  // Bit i is set when slot i occurs.
  std::uint32_t needs() const { return needs_; }
  void render(const Slots& slots, std::string& out) const;
  // Matches a prefix of `text` that ends at its end or before white space; slots take the shortest
  // text that makes the rest fit. Returns the length of the prefix and fills `slots`.
  std::optional<std::size_t> match(std::string_view text, Slots& slots) const;

 private:
  struct Piece {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
    std::int8_t slot = -1;  // -1: text_[begin, begin + size)
  };
  std::string text_;
  std::vector<Piece> pieces_;
  std::uint32_t needs_ = 0;
};

// `text` with every whole-word occurrence of a slot's value replaced by the slot, longest value
// first.
std::string delexicalised(std::string_view text, const Slots& slots);

}  // namespace agentecho::simulation
