#include "knhk/rdf/detail/statement_sink.hpp"

#include <utility>

#include "knhk/rdf/iri.hpp"

namespace knhk::rdf::detail {

StatementSink::StatementSink(DatasetBuilder* builder, std::string base, std::string label_prefix,
                             std::string made_up_prefix)
    : builder_(builder),
      base_(std::move(base)),
      label_prefix_(std::move(label_prefix)),
      made_up_prefix_(std::move(made_up_prefix)) {}

void StatementSink::refuse(Errc code, std::string written, std::string detail) {
  if (!refusal_) refusal_ = Refusal{code, std::move(written), std::move(detail)};
}

bool StatementSink::resolve_reference(std::string_view iri, std::string& out) {
  if (is_absolute_iri(iri)) {
    out = iri;
    return true;
  }
  if (base_.empty()) {
    std::string written(1, '<');
    written.append(iri).append(1, '>');
    std::string detail("the IRI ");
    detail.append(written).append(" is relative and there is no base");
    refuse(Errc::relative_iri, std::move(written), std::move(detail));
    return false;
  }
  out = resolve_iri(base_, iri);
  return true;
}

bool StatementSink::expand(std::string_view name, std::string& out) {
  const std::size_t colon = name.find(':');
  const std::string_view prefix = name.substr(0, colon);
  const auto found = colon == std::string_view::npos ? prefixes_.end() : prefixes_.find(prefix);
  if (found == prefixes_.end()) {
    std::string detail("the prefix '");
    detail.append(prefix).append(":' is not defined");
    refuse(Errc::undefined_prefix, std::string(name), std::move(detail));
    return false;
  }
  out = found->second;
  out += name.substr(colon + 1);
  return true;
}

bool StatementSink::resolve(const ParsedNode& node, std::string& out) {
  switch (node.kind) {
    case ParsedNode::Kind::iri:
      return resolve_reference(node.text, out);
    case ParsedNode::Kind::prefixed_name:
      return expand(node.text, out);
    case ParsedNode::Kind::document_label:
      out = label_prefix_;
      break;
    case ParsedNode::Kind::made_up_label:
      out = made_up_prefix_;
      break;
    case ParsedNode::Kind::literal:
    case ParsedNode::Kind::none:
      out.clear();
      break;
  }
  out += node.text;
  return true;
}

std::optional<TermId> StatementSink::intern(const Term& term) {
  if (builder_ == nullptr) return TermId{0};
  const TermId id = builder_->intern(term);
  if (id != kNoTerm) return id;
  refuse(Errc::limit_exceeded, "", builder_->status().error().detail);
  return std::nullopt;
}

std::optional<TermId> StatementSink::intern(const ParsedNode& node) {
  if (node.kind == ParsedNode::Kind::none) return kNoTerm;
  if (!resolve(node, scratch_)) return std::nullopt;
  const bool is_iri =
      node.kind == ParsedNode::Kind::iri || node.kind == ParsedNode::Kind::prefixed_name;
  return intern(is_iri ? Term::iri(scratch_) : Term::blank(scratch_));
}

bool StatementSink::set_base(std::string_view iri) {
  if (!resolve_reference(iri, scratch_)) return false;
  base_ = scratch_;
  return true;
}

bool StatementSink::set_prefix(std::string_view prefix, std::string_view iri) {
  if (!resolve_reference(iri, scratch_)) return false;
  prefixes_.insert_or_assign(std::string(prefix), scratch_);
  return true;
}

bool StatementSink::add(const ParsedNode& graph, const ParsedNode& subject,
                        const ParsedNode& predicate, const ParsedNode& object,
                        const ParsedNode& datatype, std::string_view language) {
  if (refusal_) return false;
  const auto s = intern(subject);
  const auto p = s ? intern(predicate) : std::nullopt;
  if (!p) return false;
  std::optional<TermId> o;
  if (object.kind != ParsedNode::Kind::literal) {
    o = intern(object);
  } else if (datatype.kind == ParsedNode::Kind::none) {
    o = intern(language.empty() ? Term::literal(object.text)
                                : Term::lang_literal(object.text, language));
  } else if (resolve(datatype, datatype_)) {
    o = intern(Term::literal(object.text, datatype_));
  }
  const auto g = o ? intern(graph) : std::nullopt;
  if (!g) return false;
  if (builder_ != nullptr) builder_->add(*s, *p, *o, *g);
  return true;
}

}  // namespace knhk::rdf::detail
