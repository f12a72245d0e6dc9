// So that what writes to a stream writes to an AtomicFile.
#pragma once

#include <streambuf>

#include "agentecho/base/atomic_file.h"

namespace agentecho::cli {

class AtomicFileBuffer final : public std::streambuf {
 public:
  // The file must outlive it.
  explicit AtomicFileBuffer(AtomicFile& file) : file_(file) {}

 private:
  std::streamsize xsputn(const char* bytes, std::streamsize n) override {
    return file_.write({bytes, static_cast<std::size_t>(n)}) ? n : 0;
  }
  int_type overflow(int_type c) override {
    const char byte = traits_type::to_char_type(c);
    return file_.write({&byte, 1}) ? c : traits_type::eof();
  }

  AtomicFile& file_;
};

}  // namespace agentecho::cli
