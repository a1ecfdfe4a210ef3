#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "knhk/ontology/snapshot.hpp"

namespace knhk::cli {

/// What every verb takes.
struct Settings {
  std::string store;  ///< Folder of the store.
  bool json = false;  ///< Print one JSON object instead of text.
};

/// RDF files as the user named them, what their relative IRIs resolve against, and how much of
/// them is borne.
struct InputOptions {
  std::vector<std::string> files;
  std::vector<std::string> shapes;
  std::string base;
  ontology::SnapshotLimits limits;
};

struct InitOptions {
  std::string name;      ///< The store's name; empty: the folder's.
  std::string key_path;  ///< An existing private key to sign with; empty: a new one is made.
};
struct IdOptions {
  InputOptions input;
};
struct CanonicalizeOptions {
  InputOptions input;
};
struct ValidateOptions {
  InputOptions input;
  std::string format = "text";  ///< text, json or turtle
  std::size_t limit = 100;      ///< Results printed as text; 0: all.
  bool lenient = false;         ///< Leave out what of the shapes can't be used.
  bool watch = false;           ///< Validate again whenever a file changes.
};
struct AdmitOptions {
  InputOptions input;
  std::string parent;  ///< Digest of the parent's manifest; empty: none.
};
struct PromoteOptions {
  std::vector<std::string> targets;  ///< One snapshot id, or files to admit first.
  InputOptions input;
  std::string channel = "main";
  std::string manifest;
  std::string reason;
};
struct RollbackOptions {
  std::string channel = "main";
  std::string to;  ///< An epoch or a snapshot id; empty: the promotion before the current one.
  std::string reason;
};
struct StatusOptions {};
struct QuarantineOptions {
  std::string clear;  ///< A snapshot id to let out; empty: only list.
};
struct HistoryOptions {
  std::string channel;  ///< Empty: every channel.
};
struct ShowOptions {
  std::string id;
};
struct ArtifactsOptions {
  std::string id;
  std::string out;  ///< Folder to write to; empty: only list.
};
/// `ask`, `objects`, `subjects` and `count`: a pattern; an empty part matches anything.
struct QueryOptions {
  enum class Operation { ask, objects, subjects, count };
  Operation operation = Operation::ask;
  std::string subject, predicate, object;
  std::string channel = "main";
  std::string snapshot;  ///< Empty: the channel's current one.
};
struct DemoOptions {
  unsigned readers = 2;
  double seconds = 0.5;  ///< How long the readers hammer each snapshot.
  std::string scrape;    ///< Where Prometheus may scrape it, `host:port`; empty: nowhere.
};

struct BenchOptions {
  double seconds = 5;    ///< How long it measures, about.
  unsigned readers = 0;  ///< Most reader threads at once; 0: one per core.
};

/// A verb with its options.
using Verb =
    std::variant<InitOptions, IdOptions, CanonicalizeOptions, ValidateOptions, AdmitOptions,
                 PromoteOptions, RollbackOptions, StatusOptions, QuarantineOptions, HistoryOptions,
                 ShowOptions, ArtifactsOptions, QueryOptions, DemoOptions, BenchOptions>;

/// A whole command line, understood.
struct Invocation {
  Settings settings;
  std::string verb_name;
  Verb verb;
};

}  // namespace knhk::cli
