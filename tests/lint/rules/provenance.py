"""Nothing in the tree depends on, or tells of, the machine or the process it was written with."""

import re

PATTERNS = [
    (r"(?<![\w.~$}<-])/(?:home|root|work|Users|mnt|media|srv)/[\w.-]+",
     "a path of one machine: make it relative, or take it from an option or the environment"),
    (r"\b(?:docker\.io|ghcr\.io|quay\.io|gcr\.io|pypi\.org|files\.pythonhosted\.org|crates\.io"
     r"|proxy\.golang\.org|registry\.npmjs\.org|deb\.debian\.org)\b",
     "a registry host: leave it to the configuration of the package manager"),
    (r"\b(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}\b",
     "a private address: take it from an option or the environment"),
    (r"(?i)\b(?:issues?|tickets?|tasks?)\s+(?:no\.?\s*)?#?\d+\b",
     "a tracker's number: say what the matter is"),
    (r"(?i)\bco-authored-by\b|\b(?:AI|LLM)[- ](?:generated|written|assisted)\b",
     "how the text came about: say what it does"),
]
THIS = "tests/lint/rules/provenance.py"


def check(tree):
    for file in tree.files:
        if file.path == THIS or file.path == "LICENSE":
            continue
        for pattern, message in PATTERNS:
            for match in re.finditer(pattern, file.text):
                yield file.at(match.start(), f"\"{match.group()}\" is {message}")
