#!/usr/bin/env python3
"""Rewrites every code block of the docs from the file that it is a region of."""

import pathlib

from rules.doc_blocks import BLOCK, source_of
from tree import Tree


def main():
    tree = Tree(pathlib.Path(__file__).resolve().parents[2])
    for file in tree.files:
        if file.path.endswith(".md"):
            def rewrite(match, file=file):
                wanted, problem = source_of(tree, file, match)
                if problem:
                    print(file.at(match.start("fence"), problem))
                    return match.group()
                start, end = match.span("body")
                text, begin = match.group(), match.start()
                return text[:start - begin] + wanted.rstrip("\n") + "\n" + text[end - begin:]
            text = BLOCK.sub(rewrite, file.text)
            if text != file.text:
                (tree.root / file.path).write_text(text, encoding="utf-8")
                print(f"{file.path}: rewritten")


if __name__ == "__main__":
    main()
