"""What a version is read from: its own folder, or a variant laid over its base; entries keep the file they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ringwall.product.reading.entries import Entry, Reader
from ringwall.product.reading.wording import Passage, read_wording

VARIANT, BASE = "variant.yaml", "base/"
NEEDED = ("product.yaml", "terms.yaml", "wording.zh.md", "wording.en.md")
OWN = ("code", "version", "title", "filing")
"""What a variant states itself; all else it may leave to its base."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The entries of one version; `pinned` are numbers of the base under which the base's examples still hold."""

    head: Entry
    facts: Entry
    clauses: Entry
    parameters: tuple[tuple[str, Entry], ...]
    zh: Mapping[str, Passage]
    en: Mapping[str, Passage]
    examples: tuple[Entry, ...]
    base_examples: tuple[Entry, ...] = ()
    pinned: Mapping[str, Entry] = field(default_factory=dict)
    assumed: Mapping[str, Entry] = field(default_factory=dict)


def whole_texts(folder: str, read: Callable[[str], Mapping[str, str]]) -> dict[str, str]:
    """The texts of a product folder `code/version`; for a variant those of its base too, below `base/`."""
    return with_base(read(folder), read)


def with_base(texts: Mapping[str, str], read: Callable[[str], Mapping[str, str]]) -> dict[str, str]:
    """The texts of a folder, and below `base/` those of the base that it names."""
    named = base_of(texts)
    base = {f"{BASE}{path}": text for path, text in read(named).items()} if named else {}
    return {**texts, **base}


def base_of(texts: Mapping[str, str]) -> str:
    """The base `code/version` that a variant names; empty for a product that stands by itself."""
    if VARIANT not in texts:
        return ""
    return Reader().load(VARIANT, texts[VARIANT]).fields.get("base", Entry("", "")).text


def read_sources(reader: Reader, files: Mapping[str, str], further: Mapping[str, str]) -> Sources | None:
    """None where a file is missing; the reader then says which."""
    is_variant = VARIANT in files
    prefix = BASE if is_variant else ""
    for name in NEEDED:
        if prefix + name not in files:
            _missing(reader, prefix + name, base_of(files))
    if reader.refusals:
        return None
    found = _plain(reader, files, prefix)
    found = replace(found, examples=(*found.examples, *_examples(reader, further, "")))
    return _Overlay(reader, files, found).whole() if is_variant else found


def _missing(reader: Reader, name: str, base: str) -> None:
    if base or name.startswith(BASE):
        reader.refuse(
            "product_base",
            VARIANT,
            f"变体所依的产品「{base}」缺少 {name.removeprefix(BASE)}；请核对 base 的代码与版本。",
            f"The base “{base}” of the variant lacks {name.removeprefix(BASE)}; check the code and version of base.",
        )
        return
    reader.refuse("product_file", name, f"产品缺少文件 {name}；请补上。", f"The product lacks the file {name}; add it.")


def _plain(reader: Reader, files: Mapping[str, str], prefix: str) -> Sources:
    head = reader.load(f"{prefix}product.yaml", files[f"{prefix}product.yaml"])
    terms = reader.load(f"{prefix}terms.yaml", files[f"{prefix}terms.yaml"])
    reader.known(terms, ("facts", "clauses"))
    parameters = tuple(_below(reader, files, f"{prefix}parameters/"))
    zh, en = (read_wording(reader, name, files[name]) for name in (f"{prefix}wording.zh.md", f"{prefix}wording.en.md"))
    facts, clauses = reader.need(terms, "facts"), reader.need(terms, "clauses")
    return Sources(head, facts, clauses, parameters, zh, en, _examples(reader, files, f"{prefix}examples/"))


def _below(reader: Reader, files: Mapping[str, str], folder: str) -> Iterator[tuple[str, Entry]]:
    for path, text in sorted(files.items()):
        if path.startswith(folder):
            yield from reader.load(path, text).fields.items()


def _examples(reader: Reader, files: Mapping[str, str], folder: str) -> tuple[Entry, ...]:
    return tuple(e for path in sorted(files) if path.startswith(folder) for e in reader.load(path, files[path]).items)


class _Overlay:
    """A variant says only what differs: numbers, added or replaced clauses, its own examples and filing."""

    def __init__(self, reader: Reader, files: Mapping[str, str], base: Sources) -> None:
        self.reader = reader
        self.files = files
        self.base = base
        self.own = reader.load(VARIANT, files[VARIANT])
        terms = reader.load("terms.yaml", files["terms.yaml"]) if "terms.yaml" in files else Entry("terms.yaml:1", {})
        reader.known(terms, ("facts", "clauses"))
        reader.known(self.own, ("base", *OWN, "parts", "removes", "assumes"))
        self.terms = terms
        self.removed = set(reader.texts(self.own.fields["removes"])) if "removes" in self.own.fields else set[str]()

    def whole(self) -> Sources:
        base, own = self.base, self.own
        assumed = own.fields["assumes"].fields if "assumes" in own.fields else {}
        changed = dict(_below(self.reader, self.files, "parameters/"))
        return Sources(
            self.head(),
            _laid_over(base.facts, self.terms.fields.get("facts")),
            self.clauses(),
            tuple((name, _number(old, changed.get(name))) for name, old in base.parameters)
            + tuple((name, new) for name, new in changed.items() if name not in dict(base.parameters)),
            self.wording("zh", base.zh),
            self.wording("en", base.en),
            _examples(self.reader, self.files, "examples/"),
            base.examples,
            {name: old.fields["value"] for name, old in base.parameters if name in changed and "value" in old.fields},
            assumed,
        )

    def head(self) -> Entry:
        fields = dict(self.base.head.fields)
        for name in OWN:
            fields[name] = self.reader.need(self.own, name)
        if "parts" in self.own.fields:
            parts = (*fields["parts"].items, *self.own.fields["parts"].items)
            fields["parts"] = replace(fields["parts"], value=parts)
        return Entry(self.own.place, fields)

    def clauses(self) -> Entry:
        mine = {self.reader.need(clause, "number").text: clause for clause in self._own_clauses()}
        kept = [c for c in self.base.clauses.items if _text(c, "number") not in self.removed]
        replaced = [mine.pop(_text(clause, "number"), clause) for clause in kept]
        return Entry(self.base.clauses.place, (*replaced, *mine.values()))

    def _own_clauses(self) -> tuple[Entry, ...]:
        return self.terms.fields["clauses"].items if "clauses" in self.terms.fields else ()

    def wording(self, language: str, base: Mapping[str, Passage]) -> dict[str, Passage]:
        name = f"wording.{language}.md"
        mine = read_wording(self.reader, name, self.files[name]) if name in self.files else {}
        return {**{n: passage for n, passage in base.items() if n not in self.removed}, **mine}


def _text(entry: Entry, name: str) -> str:
    return entry.fields[name].text if name in entry.fields else ""


def _laid_over(base: Entry, own: Entry | None) -> Entry:
    """Facts of the base with those of the variant; values of a fact that both name are joined."""
    fields = dict(base.fields)
    for name, spec in (own.fields if own else {}).items():
        old = fields.get(name)
        if old and "values" in old.fields and "values" in spec.fields:
            values = (*old.fields["values"].items, *spec.fields["values"].items)
            spec = Entry(spec.place, {**old.fields, **spec.fields, "values": Entry(spec.place, values)})
        fields[name] = spec
    return Entry(base.place, fields)


def _number(old: Entry, new: Entry | None) -> Entry:
    return Entry(new.place, {**old.fields, **new.fields}) if new else old
