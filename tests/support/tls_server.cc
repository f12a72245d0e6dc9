#include <fmt/core.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "support/chat_server.h"
#include "support/sockets.h"

namespace agentecho::test {

namespace {

// A self-signed certificate for the address 127.0.0.1, good for an hour.
X509* make_certificate(EVP_PKEY* key) {
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("loopback test"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* address =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(certificate, address, -1);
  X509_EXTENSION_free(address);
  X509_sign(certificate, key, EVP_sha256());
  return certificate;
}

}  // namespace

class TlsServer::Loop {
 public:
  Loop(const std::string& certificate_file, const std::string& content)
      : body_(completion_body(content)), listener_(listen_on_loopback()) {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = make_certificate(key);
    std::FILE* file = std::fopen(certificate_file.c_str(), "w");
    if (file == nullptr || PEM_write_X509(file, certificate) != 1) std::abort();
    std::fclose(file);
    context_ = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(context_, certificate);
    SSL_CTX_use_PrivateKey(context_, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    thread_ = std::thread([this] { run(); });
  }

  ~Loop() {
    stop_ = true;
    thread_.join();
    SSL_CTX_free(context_);
    close(listener_);
  }

  int port() const { return port_of(listener_); }
  std::size_t requests() const { return requests_; }
  std::size_t handshakes() const { return handshakes_; }

 private:
  void run() {
    // A client that does not trust us hangs up in the middle; that must not end the test.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    while (!stop_) {
      pollfd poll_entry{listener_, POLLIN, 0};
      if (poll(&poll_entry, 1, 20) <= 0) continue;
      const int file = accept(listener_, nullptr, nullptr);
      if (file < 0) continue;
      const timeval limit{5, 0};
      setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
      serve(file);
      close(file);
    }
  }

  void serve(int file) {
    SSL* tls = SSL_new(context_);
    SSL_set_fd(tls, file);
    ++handshakes_;
    if (SSL_accept(tls) == 1) {
      // One request a connection; what the test sends fits into one record.
      char buffer[65536];
      if (SSL_read(tls, buffer, sizeof buffer) > 0) {
        ++requests_;
        const std::string text = fmt::format(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            "Content-Length: {}\r\n\r\n{}",
            body_.size(), body_);
        SSL_write(tls, text.data(), static_cast<int>(text.size()));
        SSL_shutdown(tls);
      }
    }
    SSL_free(tls);
  }

  std::string body_;
  int listener_;
  SSL_CTX* context_ = nullptr;
  std::atomic<bool> stop_ = false;
  std::atomic<std::size_t> requests_ = 0;
  std::atomic<std::size_t> handshakes_ = 0;
  std::thread thread_;
};

TlsServer::TlsServer(const std::string& certificate_file, const std::string& content)
    : loop_(std::make_unique<Loop>(certificate_file, content)) {}
TlsServer::~TlsServer() = default;
std::string TlsServer::url() const { return fmt::format("https://127.0.0.1:{}/v1", loop_->port()); }
std::size_t TlsServer::requests() const { return loop_->requests(); }
std::size_t TlsServer::handshakes() const { return loop_->handshakes(); }

}  // namespace agentecho::test
