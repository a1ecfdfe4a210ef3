#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string_view>

namespace knhk::cli {
namespace {

constexpr const char* kDescription =
    "Keeps one validated snapshot of an RDF ontology current: admit it with evidence, promote it,\n"
    "roll it back, ask it questions.";

/// Adds a verb whose options are an `Options`; it is chosen when its callback runs.
template <class Options, class AddOptions>
void add_verb(CLI::App& app, Invocation& invocation, const std::string& name,
              const std::string& description, const AddOptions& add_options,
              const Options& defaults = {}) {
  const auto options = std::make_shared<Options>(defaults);
  CLI::App* verb = app.add_subcommand(name, description);
  verb->fallthrough();
  add_options(*verb, *options);
  verb->callback([&invocation, name, options] {
    invocation.verb_name = name;
    invocation.verb = *options;
  });
}

/// `64`, `64K`, `64M` or `64G` bytes, written out.
std::string as_bytes(std::string& text) {
  const std::size_t length = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string unit = text.substr(length);
  const std::size_t power = unit.empty() ? 0 : std::string_view("KMG").find(unit) + 1;
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + length, number);
  const bool is_unit = unit.empty() || (unit.size() == 1 && power != 0);
  const bool fits = problem == std::errc() && number > 0 && is_unit &&
                    number <= std::numeric_limits<std::uint64_t>::max() >> (10 * power);
  if (!fits) return "is no number of bytes, such as 4096, 64K, 64M or 8G: " + text;
  text = std::to_string(number << (10 * power));
  return {};
}

/// A whole number that is not less than `least`.
CLI::Validator whole_number(std::uint64_t least) {
  return {[least](std::string& text) -> std::string {
            std::uint64_t number = 0;
            const char* const text_end = text.data() + text.size();
            const auto [end, problem] = std::from_chars(text.data(), text_end, number);
            if (problem == std::errc() && end == text_end && number >= least) return {};
            return "is no number from " + std::to_string(least) + " on: " + text;
          },
          ""};
}

struct LimitOption {
  const char* name;
  const char* description;
  std::size_t rdf::ReadLimits::* limit;
  const char* type;
  const char* default_text;
};

constexpr LimitOption kLimits[] = {
    {"--max-bytes", "refuse larger files", &rdf::ReadLimits::bytes, "SIZE", "8G"},
    {"--max-term-bytes", "refuse longer IRIs, names and literals", &rdf::ReadLimits::term_bytes,
     "SIZE", "64M"},
    {"--max-nesting", "refuse brackets nested deeper", &rdf::ReadLimits::nesting, "N", "1000"},
};

void add_read_limits(CLI::App& verb, InputOptions& input) {
  for (const LimitOption& limit : kLimits) {
    CLI::Option* const option =
        verb.add_option(limit.name, input.limits.read.*limit.limit, limit.description)
            ->type_name(limit.type)
            ->default_str(limit.default_text);
    if (std::string_view(limit.type) == "SIZE") {
      option->transform(CLI::Validator(as_bytes, ""));
    } else {
      option->check(whole_number(1));
    }
  }
}

void add_work_limit(CLI::App& verb, InputOptions& input) {
  verb.add_option("--max-work", input.limits.work,
                  "refuse blank nodes that take more steps to tell apart; 0: by their number")
      ->check(whole_number(0))
      ->type_name("N")
      ->capture_default_str();
}

void add_input(CLI::App& verb, InputOptions& input) {
  verb.add_option("FILE", input.files, "Turtle, TriG, N-Triples or N-Quads files")
      ->required()
      ->type_name("");
  verb.add_option("--base", input.base, "resolve relative IRIs against this one")->type_name("IRI");
  add_read_limits(verb, input);
}

void add_shapes(CLI::App& verb, InputOptions& input) {
  verb.add_option("--shapes", input.shapes, "files with SHACL shapes")->type_name("FILE...");
}

void add_channel(CLI::App& verb, std::string& channel) {
  verb.add_option("--channel", channel, "the channel")->type_name("NAME")->capture_default_str();
}

/// A time to spend. CLI::Range lets through what is no number.
void add_seconds(CLI::App& verb, double& seconds, double least, const char* description) {
  verb.add_option("--seconds", seconds, description)
      ->check(CLI::Validator(
          [](const std::string& text) {
            return CLI::Range(0.0, 1e9)(text).empty() &&
                           text.find_first_of("nN") == std::string::npos
                       ? std::string()
                       : "is no number of seconds: " + text;
          },
          ""))
      ->check(CLI::Range(least, 3600.0))
      ->type_name("S")
      ->capture_default_str();
}

void add_content_verbs(CLI::App& app, Invocation& invocation) {
  add_verb<InitOptions>(
      app, invocation, "init", "make a store, a name for it and a signing key",
      [](CLI::App& verb, InitOptions& options) {
        verb.add_option("--name", options.name, "name of the store")->type_name("NAME");
        verb.add_option("--key", options.key_path,
                        "sign with this private key instead of a new one")
            ->type_name("PEM");
      });
  add_verb<IdOptions>(app, invocation, "id", "print the snapshot id of RDF files",
                      [](CLI::App& verb, IdOptions& options) {
                        add_input(verb, options.input);
                        add_work_limit(verb, options.input);
                      });
  add_verb<CanonicalizeOptions>(app, invocation, "canonicalize",
                                "print the canonical N-Quads (RDFC-1.0) of RDF files",
                                [](CLI::App& verb, CanonicalizeOptions& options) {
                                  add_input(verb, options.input);
                                  add_work_limit(verb, options.input);
                                });
  add_verb<ValidateOptions>(
      app, invocation, "validate", "check RDF files against SHACL shapes; changes nothing",
      [](CLI::App& verb, ValidateOptions& options) {
        add_input(verb, options.input);
        add_shapes(verb, options.input);
        verb.add_option("--format", options.format, "text, json or turtle")
            ->check(CLI::IsMember({"text", "json", "turtle"}))
            ->type_name("FORMAT")
            ->capture_default_str();
        verb.add_option("--limit", options.limit, "results printed as text, 0 for all")
            ->type_name("N")
            ->capture_default_str();
        verb.add_flag("--lenient", options.lenient,
                      "leave out what of the shapes is ill-formed or not supported, and say what");
        verb.add_flag("--watch", options.watch, "go on, and validate again when a file changes");
      });
  add_verb<AdmitOptions>(
      app, invocation, "admit", "parse, identify, compile, validate, sign and store a snapshot",
      [](CLI::App& verb, AdmitOptions& options) {
        add_input(verb, options.input);
        add_shapes(verb, options.input);
        add_work_limit(verb, options.input);
        verb.add_option("--parent", options.parent, "manifest of the snapshot this one changes")
            ->type_name("DIGEST");
      });
}

void add_promotion_verbs(CLI::App& app, Invocation& invocation) {
  add_verb<PromoteOptions>(
      app, invocation, "promote", "make an admitted snapshot, or files admitted first, current",
      [](CLI::App& verb, PromoteOptions& options) {
        verb.add_option("TARGET", options.targets, "a snapshot id, or RDF files")
            ->required()
            ->type_name("ID|FILE...");
        add_shapes(verb, options.input);
        verb.add_option("--base", options.input.base, "resolve relative IRIs against this one")
            ->type_name("IRI");
        add_read_limits(verb, options.input);
        add_work_limit(verb, options.input);
        verb.add_option("--manifest", options.manifest, "promote this admission, not the newest")
            ->type_name("DIGEST");
        verb.add_option("--reason", options.reason, "why, for the log")->type_name("TEXT");
        add_channel(verb, options.channel);
      });
  add_verb<RollbackOptions>(app, invocation, "rollback", "make an earlier snapshot current again",
                            [](CLI::App& verb, RollbackOptions& options) {
                              verb.add_option("--to", options.to,
                                              "an epoch or a snapshot id; else the one before")
                                  ->type_name("EPOCH|ID");
                              verb.add_option("--reason", options.reason, "why, for the log")
                                  ->required()
                                  ->type_name("TEXT");
                              add_channel(verb, options.channel);
                            });
}

void add_reading_verbs(CLI::App& app, Invocation& invocation) {
  add_verb<StatusOptions>(app, invocation, "status", "what is current in each channel",
                          [](CLI::App&, StatusOptions&) {});
  add_verb<QuarantineOptions>(
      app, invocation, "quarantine", "snapshots that must not become current, and why",
      [](CLI::App& verb, QuarantineOptions& options) {
        verb.add_option("--clear", options.clear, "let this snapshot out: it may be promoted again")
            ->type_name("ID");
      });
  add_verb<HistoryOptions>(
      app, invocation, "history", "every promotion and rollback, oldest first",
      [](CLI::App& verb, HistoryOptions& options) {
        verb.add_option("--channel", options.channel, "only this channel")->type_name("NAME");
      });
  add_verb<ShowOptions>(app, invocation, "show", "admissions of a snapshot, with their evidence",
                        [](CLI::App& verb, ShowOptions& options) {
                          verb.add_option("ID", options.id, "a snapshot id or its beginning")
                              ->required()
                              ->type_name("");
                        });
  add_verb<ArtifactsOptions>(
      app, invocation, "artifacts", "list or write what was compiled from a snapshot",
      [](CLI::App& verb, ArtifactsOptions& options) {
        verb.add_option("ID", options.id, "a snapshot id or its beginning")
            ->required()
            ->type_name("");
        verb.add_option("--out", options.out, "write them to this folder")->type_name("DIR");
      });
}

/// The parts of a pattern that a query verb takes, in order.
struct Pattern {
  bool subject, predicate, object, optional;
};

void add_query_verb(CLI::App& app, Invocation& invocation, const std::string& name,
                    const std::string& description, QueryOptions::Operation operation,
                    Pattern pattern) {
  QueryOptions defaults;
  defaults.operation = operation;
  add_verb<QueryOptions>(
      app, invocation, name, description,
      [pattern](CLI::App& verb, QueryOptions& options) {
        const auto add_part = [&](bool wanted, const char* part, std::string& value) {
          if (!wanted) return;
          verb.add_option(part, value,
                          "a term as in N-Triples, <> optional; a: rdf:type; _: anything")
              ->required(!pattern.optional)
              ->type_name("");
        };
        add_part(pattern.subject, "SUBJECT", options.subject);
        add_part(pattern.predicate, "PREDICATE", options.predicate);
        add_part(pattern.object, "OBJECT", options.object);
        verb.add_option("--snapshot", options.snapshot, "ask this snapshot, not the current one")
            ->type_name("ID");
        add_channel(verb, options.channel);
      },
      defaults);
}

void add_query_verbs(CLI::App& app, Invocation& invocation) {
  using Operation = QueryOptions::Operation;
  add_query_verb(app, invocation, "ask", "is this triple there?", Operation::ask,
                 {true, true, true, false});
  add_query_verb(app, invocation, "objects", "the objects of a subject and predicate",
                 Operation::objects, {true, true, false, false});
  add_query_verb(app, invocation, "subjects", "the subjects of a predicate and object",
                 Operation::subjects, {false, true, true, false});
  add_query_verb(app, invocation, "count", "how many triples match", Operation::count,
                 {true, true, true, true});
}

/// What to say when the first word is no verb, or there is none.
std::string describe_missing_verb(const CLI::App& app) {
  const std::vector<std::string> words = app.remaining(true);
  if (words.empty()) return "a verb is missing";
  return words.front() + (words.front().starts_with('-') ? " is not an option" : " is not a verb");
}

}  // namespace

std::variant<Invocation, Notice> parse_arguments(int argc, const char* const* argv) {
  Invocation invocation;
  CLI::App app(kDescription, "knhk");
  app.require_subcommand(1);
  app.set_version_flag("--version", "knhk " KNHK_VERSION);
  app.add_option("--store", invocation.settings.store, "folder of the store")
      ->envname("KNHK_STORE")
      ->type_name("DIR")
      ->default_str("knhk-store");
  app.add_flag("--json", invocation.settings.json, "print one JSON object");
  add_content_verbs(app, invocation);
  add_promotion_verbs(app, invocation);
  add_reading_verbs(app, invocation);
  add_query_verbs(app, invocation);
  add_verb<DemoOptions>(
      app, invocation, "demo", "the whole story in one process, under live readers",
      [](CLI::App& verb, DemoOptions& options) {
        verb.add_option("--readers", options.readers, "reader threads")
            ->check(CLI::Range(1U, 64U))
            ->type_name("N")
            ->capture_default_str();
        add_seconds(verb, options.seconds, 0.01, "how long each snapshot is read");
        verb.add_option("--scrape", options.scrape, "let Prometheus scrape figures here meanwhile")
            ->type_name("HOST:PORT");
      });
  add_verb<BenchOptions>(
      app, invocation, "bench", "what reads and promotions cost on this machine; needs no store",
      [](CLI::App& verb, BenchOptions& options) {
        add_seconds(verb, options.seconds, 0.05, "how long to measure, about");
        verb.add_option("--readers", options.readers, "most reader threads, else one per core")
            ->check(CLI::Range(1U, 256U))
            ->type_name("N");
      });
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& notice) {  // --help and --version are reported this way
    std::ostringstream text;
    std::ostringstream ignored;
    app.exit(notice, text, ignored);
    return Notice{text.str(), 0, false};
  } catch (const CLI::ParseError& problem) {
    const bool wants_json =
        std::any_of(argv, argv + argc, [](std::string_view arg) { return arg == "--json"; });
    if (invocation.verb_name.empty() && app.get_subcommands().empty()) {
      return Notice{describe_missing_verb(app), 2, wants_json};
    }
    return Notice{problem.what(), 2, wants_json};
  }
  if (invocation.settings.store.empty()) invocation.settings.store = "knhk-store";
  return invocation;
}

}  // namespace knhk::cli
