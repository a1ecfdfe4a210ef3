"""The peers: whether they are there, which versions, and how they are run."""

import filecmp
import pathlib
import re
import shutil
import subprocess
import zipfile

HERE = pathlib.Path(__file__).resolve().parent.parent / "peers"
JARS = pathlib.Path("/usr/share/java")
# What Jena's programs need besides jena-*.jar.
NEEDED = ("commons-cli", "commons-codec", "commons-compress", "commons-csv", "commons-io",
          "commons-lang3", "dexx.collection", "gson", "guava", "httpclient", "httpcore",
          "jackson-annotations", "jackson-core", "jackson-databind", "jsonld-java", "protobuf",
          "slf4j-api", "slf4j-nop", "thrift", "titanium-json-ld")
# Debian moved Jena's copy of Xerces to another package and left its texts where they were; without
# them Jena doesn't start.
XERCES = "org/apache/jena/ext/xerces/"
SYNTAXES = {".nt": ("ntriples", "ntriples"), ".nq": ("nquads", "nquads"),
            ".ttl": ("turtle", "turtle"), ".trig": ("trig", "trig")}


class Peers:
    """What is there of the peers. `skipped` says what isn't and why."""

    def __init__(self, folder, installs):
        self.folder, self.skipped, self.versions = folder, [], {}
        folder.mkdir(parents=True, exist_ok=True)
        self.serdi = self._program("serdi", "-v", r"serdi ([\d.]+)", "serdi")
        self.rapper = self._program("rapper", "--version", r"([\d.]+)", "raptor2-utils")
        self.class_path = self._jena()
        self.jena_steps = self._jena_steps() if self.class_path else None
        self.node = self._node(installs)

    def _skip(self, what, reason):
        self.skipped.append({"what": what, "reason": reason})

    def _program(self, name, option, pattern, package):
        if not shutil.which(name):
            self._skip(name, f"not installed (Debian package {package})")
            return False
        said = subprocess.run([name, option], capture_output=True, text=True, check=False).stdout
        found = re.search(pattern, said)
        self.versions[name] = found.group(1) if found else "of unknown version"
        return True

    def _jena(self):
        if not shutil.which("java"):
            self._skip("Jena", "there is no java")
            return None
        jars = sorted(jar for jar in JARS.glob("jena-*.jar") if not jar.is_symlink())
        if not jars:
            self._skip("Jena", "not installed (Debian package libapache-jena-java)")
            return None
        texts = self.folder / "jena" / "xerces"
        with zipfile.ZipFile(JARS / "jena-core.jar") as core:
            for name in core.namelist():
                if name.startswith(XERCES) and name.endswith(".properties"):
                    path = texts / name[len(XERCES):]
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(core.read(name))
        needed = [JARS / f"{name}.jar" for name in NEEDED]
        absent = [jar.stem for jar in needed if not jar.exists()]
        if absent:
            self._skip("Jena", f"its libraries are missing: {', '.join(absent)}")
            return None
        numbered = [re.fullmatch(r"jena-core-([\d.]+)\.jar", jar.name)
                    for jar in JARS.glob("jena-core-*.jar")]
        self.versions["Jena"] = next((found.group(1) for found in numbered if found), "unknown")
        return ":".join(str(path) for path in [texts.parent, *jars, *needed])

    def _jena_steps(self):
        """The folder of the compiled program that times Jena's steps."""
        source, folder = HERE / "JenaSteps.java", self.folder / "jena" / "classes"
        made = folder / "JenaSteps.class"
        if made.exists() and made.stat().st_mtime >= source.stat().st_mtime:
            return folder
        if not shutil.which("javac"):
            self._skip("Jena's steps", "there is no javac")
            return None
        done = subprocess.run(["javac", "-d", folder, "-cp", self.class_path, source],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self._skip("Jena's steps", f"javac: {done.stderr.strip().splitlines()[0]}")
            return None
        return folder

    def _node(self, installs):
        """The folder with the packages from npm and the programs that use them."""
        names = "n3, rdf-canonize, shacl-engine, rdf-validate-shacl"
        if not shutil.which("node"):
            self._skip(names, "there is no node")
            return None
        folder = self.folder / "npm"
        folder.mkdir(exist_ok=True)
        lock = folder / "installed-lock.json"
        for path in list(HERE.glob("*.mjs")) + [HERE / "package.json", HERE / "package-lock.json"]:
            shutil.copy(path, folder / path.name)
        is_there = lock.exists() and filecmp.cmp(lock, HERE / "package-lock.json", shallow=False)
        if not is_there and not installs:
            self._skip(names, "their packages aren't installed; a full run does that")
            return None
        if not is_there:
            problem = self._install(folder)
            if problem:
                self._skip(names, problem)
                return None
            shutil.copy(HERE / "package-lock.json", lock)
        for name, version in re.findall(r'"([\w-]+)": "([\d.]+)"',
                                        (HERE / "package.json").read_text(encoding="utf-8")):
            self.versions[name] = version
        return folder

    @staticmethod
    def _install(folder):
        if not shutil.which("npm"):
            return "there is no npm"
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True,
                                  check=False, timeout=300)
        except subprocess.TimeoutExpired:
            return "npm didn't end within five minutes"
        if done.returncode == 0:
            return None
        return "npm: " + (done.stderr.strip().splitlines() or ["it failed"])[0][:120]

    # The commands.

    def serdi_command(self, path):
        syntax = SYNTAXES[path.suffix][0]
        # It always writes; what it writes fastest is what it reads. It has no TriG to write.
        output = {"trig": "nquads"}.get(syntax, syntax)
        return ("serdi", "-b", "-q", "-i", syntax, "-o", output, path)

    def rapper_command(self, path):
        return ("rapper", "-q", "-c", "-i", SYNTAXES[path.suffix][1], path)

    def riot_command(self, path):
        return ("java", "-cp", self.class_path, "riotcmd.riot", "--count", path)

    def jena_shacl_command(self, data, shapes):
        return ("java", "-cp", self.class_path, "shacl.shacl", "validate", "--text",
                "--shapes", shapes, "--data", data)

    def jena_steps_command(self, data, shapes, results, seconds):
        return ("java", "-cp", f"{self.jena_steps}:{self.class_path}", "JenaSteps",
                data, shapes, results, seconds)

    def node_command(self, program, *arguments):
        return ("node", "--max-old-space-size=8192", self.node / program, *arguments)
