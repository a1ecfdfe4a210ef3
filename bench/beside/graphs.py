"""The graphs that are measured: real ones, copies of real ones under other names, and graphs whose
blank nodes are hard to tell apart. What is made is the same on every machine."""

import hashlib
import multiprocessing
import pathlib
import re
import subprocess

LABEL = re.compile(r"(?:^| )(_:\S+)")
BLANK = re.compile(r"_:c14n")
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS, OWL = "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/2002/07/owl#"
BUILDINGS = ("bldg11", "bldg37")


def renamed(text, copy):
    """Turtle or N-Triples of a building under the names of copy number `copy`."""
    text = text.replace("buildsys.org/ontologies/", f"buildsys.org/ontologies/copy{copy}/")
    return BLANK.sub(f"_:copy{copy}x", text)


def with_fewer_types(ntriples):
    """Drops every fourth statement of a type, so that there is something to report."""
    kept, seen = [], 0
    for line in ntriples.splitlines(keepends=True):
        if f" {TYPE} " in line:
            seen += 1
            if seen % 4 == 0:
                continue
        kept.append(line)
    return "".join(kept)


def apart(function, *arguments):
    """What `function` gives, computed in a process of its own: what this one ever held would count
    as the memory of the programs that it starts."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(function, arguments)


class Source:
    """Graphs made of the files in a folder: as they are, and of the Brick ontology with renamed
    copies of two buildings."""

    def __init__(self, source, folder, knhk):
        # What another version of this file made is made again.
        version = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()[:12]
        self.source, self.folder, self.knhk = source, folder / version, knhk
        self.folder.mkdir(parents=True, exist_ok=True)

    def canonical(self, name):
        """One of the source's files as N-Triples."""
        made = self.folder / f"{name}.nt"
        if not made.exists():
            with open(made, "wb") as file:
                subprocess.run([self.knhk, "canonicalize", self.source / f"{name}.ttl"],
                               check=True, stdout=file)
        return made

    def _read_canonical(self, name):
        return self.canonical(name).read_text(encoding="utf-8")

    def copies(self, kind, name, count):
        """The ontology with `count` copies of the two buildings. `kind`: .nt, .nq and .trig (each
        copy in a graph of its own), .ttl, and -untyped.nt, where every fourth type is missing."""
        path = self.folder / f"{name}{kind}"
        make = {".nt": self._ntriples, ".nq": self._nquads, ".ttl": self._turtle,
                ".trig": self._trig, "-untyped.nt": self._untyped}[kind]
        if not path.exists():
            apart(make, name, count)
        return path

    def shapes_of_classes(self):
        """The Core part of Brick's shapes and what makes its classes targets, as is meant but not
        said: that a class of OWL is one of RDFS."""
        path = self.folder / "shapes-of-classes.nt"
        text = (self.source / "shapes-core.nt").read_text(encoding="utf-8")
        path.write_text(f"{text}<{OWL}Class> <{RDFS}subClassOf> <{RDFS}Class> .\n", encoding="utf-8")
        return path

    def _made(self, name, parts):
        path = self.folder / name
        if not path.exists():
            unfinished = path.with_suffix(".part")
            with open(unfinished, "w", encoding="utf-8") as file:
                file.writelines(parts())
            unfinished.rename(path)

    def _copies(self, names, count, change):
        texts = {name: change(name) for name in names}
        for copy in range(count):
            for name in names:
                yield renamed(texts[name], f"{copy}{name}"), copy

    def _ntriples(self, name, copies):
        def parts():
            yield self._read_canonical("shapes")
            yield from (text for text, _ in self._copies(BUILDINGS, copies, self._read_canonical))
        self._made(f"{name}.nt", parts)

    def _nquads(self, name, copies):
        def parts():
            yield self._read_canonical("shapes")
            for text, copy in self._copies(BUILDINGS, copies, self._read_canonical):
                yield re.sub(r" \.$", f" <urn:copy:{copy}> .", text, flags=re.MULTILINE)
        self._made(f"{name}.nq", parts)

    def _turtle(self, name, copies):
        def parts():
            yield self._read_turtle("shapes")
            yield from (text for text, _ in self._copies(BUILDINGS, copies, self._read_turtle))
        self._made(f"{name}.ttl", parts)

    def _trig(self, name, copies):
        def parts():
            yield self._read_turtle("shapes")
            for text, copy in self._copies(BUILDINGS, copies, self._read_turtle):
                lines = text.splitlines(keepends=True)
                yield from (line for line in lines if line.startswith("@prefix"))
                yield f"<urn:copy:{copy}> {{\n"
                yield from (line for line in lines if not line.startswith("@prefix"))
                yield "}\n"
        self._made(f"{name}.trig", parts)

    def _untyped(self, name, copies):
        def parts():
            yield self._read_canonical("shapes")
            yield from (text for text, _ in self._copies(
                BUILDINGS, copies, lambda of: with_fewer_types(self._read_canonical(of))))
        self._made(f"{name}-untyped.nt", parts)

    def _read_turtle(self, name):
        return (self.source / f"{name}.ttl").read_text(encoding="utf-8") + "\n"


def circle(count):
    return "".join(f"_:n{i} <urn:next> _:n{(i + 1) % count} .\n" for i in range(count))


def chain(count):
    return "".join(f"_:n{i} <urn:next> _:n{i + 1} .\n" for i in range(count - 1))


def equal_list(count):
    """An RDF list of equal values."""
    def cell(i):
        rest = f"_:n{i + 1}" if i + 1 < count else f"<{RDF}nil>"
        return f'_:n{i} <{RDF}first> "same" .\n_:n{i} <{RDF}rest> {rest} .\n'
    return "".join(cell(i) for i in range(count))


def cliques(size, count):
    return "".join(f"_:c{k}n{i} <urn:knows> _:c{k}n{j} .\n" for k in range(count)
                   for i in range(size) for j in range(size) if i != j)


def written(folder, name, text):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def hard(folder, count, poison):
    """{title: file} of graphs whose blank nodes resemble each other."""
    graphs = {
        f"a circle of {count:,}": written(folder, "circle.nq", circle(count)),
        f"a chain of {count:,}": written(folder, "chain.nq", chain(count)),
        f"a list of {count:,} equal values": written(folder, "list.nq", equal_list(count)),
        "a clique of 8": written(folder, "clique.nq", cliques(8, 1)),
        "8 cliques of 8": written(folder, "cliques.nq", cliques(8, 8)),
    }
    if poison is not None and poison.exists():
        graphs["the poison graph (RDFC-1.0 test 074)"] = poison
    return graphs


def facts(path):
    """What the page says of a file; blank nodes only where their labels are written."""
    path = pathlib.Path(path)
    found = {"bytes": path.stat().st_size}
    if path.suffix in (".nt", ".nq"):
        found["blank_nodes"] = apart(blank_nodes, path)
    return found


def blank_nodes(path):
    with open(path, encoding="utf-8") as file:
        return len({label for line in file if "_:" in line for label in LABEL.findall(line)})
