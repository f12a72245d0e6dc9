// Text inside XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace agentecho {

// printable() with &, <, >, " and ' as references, so that it cannot end an element, an attribute
// or the document around it.
std::string escaped_markup(std::string_view text);

}  // namespace agentecho
