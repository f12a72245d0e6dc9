// The few socket calls that the loopback servers share.
#pragma once

namespace agentecho::test {

// A non-blocking listening socket on 127.0.0.1 and a free port. Aborts on failure.
int listen_on_loopback();
int port_of(int listener);

}  // namespace agentecho::test
