#include "agentecho/report/html.h"

#include <fmt/format.h>
#include <zlib.h>

#include <span>
#include <vector>

#include "agentecho/base/base64.h"
#include "agentecho/base/hash.h"
#include "agentecho/base/markup.h"
#include "agentecho/base/text.h"
#ifdef AGENTECHO_HAS_PAGE
#include "agentecho/report/page_script.h"
#include "agentecho/report/page_style.h"
#endif

namespace agentecho {

namespace {

#ifndef AGENTECHO_HAS_PAGE
constexpr std::string_view kPageScript;
constexpr std::string_view kPageStyle;
#endif

// In zlib's format, which browsers call "deflate".
Result<std::vector<std::uint8_t>> deflated(std::string_view text) {
  uLongf size = compressBound(text.size());
  std::vector<std::uint8_t> bytes(size);
  if (compress2(bytes.data(), &size, reinterpret_cast<const Bytef*>(text.data()), text.size(),
                Z_BEST_COMPRESSION) != Z_OK) {
    return fail(ErrorKind::kFailed, "the page's data cannot be compressed");
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace

bool has_page() { return !kPageScript.empty(); }

Result<std::string> make_page(const PageData& data, std::string_view title) {
  if (!has_page()) {
    return fail(ErrorKind::kFailed, "this program was built without the page",
                "build it with -DAGENTECHO_PAGE=ON, which needs esbuild (Debian package esbuild)");
  }
  auto bytes = deflated(data.json);
  if (!bytes) return Unexpected(bytes.error());
  // Scripts and styles run only with this mark. All else in the file is base64 or escaped text, so
  // nothing from the logs can carry it.
  const std::string nonce = to_hex(digest_of(data.json));
  std::string noscript = "<p>This page needs scripts to show its figures. In short:</p><p>";
  for (const std::string& sentence : data.verdict) noscript += escaped_markup(sentence) + " ";
  for (const std::string& note : data.notes) noscript += "</p><p>" + escaped_markup(note);
  noscript += "</p>" + data.table_html;
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src "
      "'nonce-{0}'; style-src 'nonce-{0}'; img-src data: blob:; base-uri 'none'; form-action "
      "'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"robots\" content=\"noindex\">\n<meta name=\"referrer\" "
      "content=\"no-referrer\">\n"
      "<title>{1}</title>\n<style nonce=\"{0}\">",
      nonce, escaped_markup(title));
  html += kPageStyle;
  html += fmt::format(
      "</style>\n</head>\n<body>\n<noscript>{}</noscript>\n<div id=\"app\"></div>\n", noscript);
  html += "<script id=\"data\" type=\"text/plain\">" + to_base64(*bytes) + "</script>\n";
  html += fmt::format("<script nonce=\"{}\">", nonce);
  html += kPageScript;
  return html + "</script>\n</body>\n</html>\n";
}

}  // namespace agentecho
