// A member whose type stands in the source file alone, so that its header need not include what the
// type is made of.
#pragma once

#include <memory>

namespace agentecho {

// Unlike a plain unique_ptr it knows how to end its object where the type is incomplete: the class
// that holds it needs neither destructor nor move operations of its own.
template <class T>
using Hidden = std::unique_ptr<T, void (*)(T*)>;

template <class T>
Hidden<T> make_hidden() {
  return {new T, [](T* object) { delete object; }};
}

}  // namespace agentecho
