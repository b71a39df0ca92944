"""Reads the files into tables, says where each one stands, and notices when a file has changed."""

import glob
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from bot.config.catalog import Entry, Tables
from bot.config.reading import S, Shape, meant, quoted, read, short
from bot.config.shape import (
    IN_CATALOG_FILES,
    LISTS,
    SECTIONS,
    CategoryShape,
    PersonShape,
    ServiceShape,
    SeverityShape,
    TeamShape,
)


def example() -> str:
    """Every setting, explained: the config.example.toml that an installed package brings along."""
    package = Path(__file__).parent.parent
    brought = package / "_config.example.toml"
    return (brought if brought.exists() else package.parent / "config.example.toml").read_text("utf-8")


Stat = tuple[int, int, int] | None
"""What tells one state of a file from another without reading it; None for a file that can't be looked at."""

Section = TypeVar("Section", bound=Shape)


@dataclass
class Files:
    """What the files say, mistakes included. `name` is how messages call the main file."""

    main: Path
    name: str
    patterns: tuple[str, ...] = ()
    seen: dict[str, Stat] = field(default_factory=dict)
    are_readable: bool = True
    problems: list[str] = field(default_factory=list)
    sections: dict[str, Shape] = field(default_factory=dict)
    severities: list[Entry[SeverityShape]] = field(default_factory=list)
    categories: list[Entry[CategoryShape]] = field(default_factory=list)
    tables: Tables = field(default_factory=Tables)

    def section(self, shape: type[Section]) -> Section:
        """The table of that shape, empty when the file has none."""
        found = next((section for section in self.sections.values() if isinstance(section, shape)), None)
        return found or shape()

    @property
    def are_unchanged(self) -> bool:
        return self.seen == {str(path): _stat(path) for path in (self.main, *self.matched())}

    def matched(self) -> Iterator[Path]:
        """The catalog's files, each once, in the order of the patterns and then of their names."""
        paths = (
            self.main.parent / found
            for pattern in self.patterns
            for found in sorted(glob.glob(pattern, root_dir=self.main.parent, recursive=True))
        )
        yield from (path for path in dict.fromkeys(paths) if path != self.main and path.is_file())


def read_files(main: Path, cwd: Path) -> Files:
    """Everything in `main` and the catalog files that it names; what is wrong stands in `problems`."""
    files = Files(main, _named(main, cwd))
    raw = _toml(files, main, files.name)
    if raw is None:
        return files
    files.patterns = tuple(_patterns(files, raw.pop("catalog", [])))
    _take(files, raw, files.name, (*SECTIONS, *LISTS))
    for path in files.matched():
        name = _named(path, cwd)
        inner = _toml(files, path, name)
        if inner is not None:
            _take(files, inner, name, IN_CATALOG_FILES)
    return files


def _named(path: Path, cwd: Path) -> str:
    return str(path.relative_to(cwd) if path.is_relative_to(cwd) else path)


def _stat(path: Path) -> Stat:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _toml(files: Files, path: Path, name: str) -> dict[str, Any] | None:
    # Looked at before it is read: what is written meanwhile is then noticed at the next look.
    files.seen[str(path)] = _stat(path)
    try:
        # Some editors put a mark at the beginning, which TOML does not know.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        files.problems.append(
            f"{name}: there is no such file in {path.parent}; `writeback example > {name}` makes one to edit, "
            "or name another file in WRITEBACK_CONFIG"
        )
    except UnicodeDecodeError:
        files.problems.append(f"{name}: is not UTF-8 text; save it as UTF-8")
    except OSError as error:
        files.problems.append(
            f"{name}: can't be read: {error.strerror or error}; correct the path or its permissions"
        )
    except tomllib.TOMLDecodeError as error:
        files.problems.append(f"{name}: is not valid TOML: {error}")
    files.are_readable = False
    return None


def _patterns(files: Files, value: Any) -> Iterator[str]:
    if not isinstance(value, list) or not all(isinstance(pattern, str) for pattern in value):
        files.problems.append(
            f"{files.name}: key 'catalog' must be a list of patterns such as [\"catalog/*.toml\"]"
        )
        return
    for pattern in value:
        if not glob.glob(pattern, root_dir=files.main.parent, recursive=True):
            files.problems.append(
                f"{files.name}: key 'catalog': {quoted(pattern)} matches no file in {files.main.parent}; "
                "correct it or take it out"
            )
        yield pattern


def _take(files: Files, raw: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> None:
    """The tables of one file, as far as they make sense."""
    for key, value in raw.items():
        if key not in allowed:
            files.problems.append(f"{name}: {_misplaced(key, files.name, allowed)}")
        elif key in SECTIONS:
            if isinstance(value, dict):
                section, told = read(SECTIONS[key], value)
                files.problems += (f"{name}: [{key}]: {problem}" for problem in told)
                if section is not None:
                    files.sections[key] = section
            else:
                files.problems.append(f"{name}: '{key}' is one table; write [{key}] once, in single brackets")
        elif isinstance(value, list) and all(isinstance(row, dict) for row in value):
            for number, row in enumerate(value, 1):
                _take_row(files, key, row, name, number)
        else:
            files.problems.append(f"{name}: '{key}' is a list of tables; write [[{key}]], in double brackets")


def _misplaced(key: str, main: str, allowed: tuple[str, ...]) -> str:
    if key in SECTIONS or key in LISTS or key == "catalog":
        return f"'{key}' belongs in {main}; move it there"
    return f"{quoted(key)} is not known" + (
        meant(key, ("catalog", *allowed)) or f"; known are {', '.join(allowed)}"
    )


def _take_row(files: Files, key: str, row: Mapping[str, Any], name: str, number: int) -> None:
    id = row.get("id")
    where = f"{name}: [[{key}]] {short(id) if isinstance(id, str) and id.strip() else f'number {number}'}"
    match key:
        case "person":
            _append(files, files.tables.people, PersonShape, row, where)
        case "team":
            _append(files, files.tables.teams, TeamShape, row, where)
        case "service":
            _append(files, files.tables.services, ServiceShape, row, where)
        case "severity":
            _append(files, files.severities, SeverityShape, row, where)
        case "category":
            _append(files, files.categories, CategoryShape, row, where)


def _append(files: Files, to: list[Entry[S]], shape: type[S], row: Mapping[str, Any], where: str) -> None:
    table, told = read(shape, row)
    files.problems += (f"{where}: {problem}" for problem in told)
    if table is not None:
        to.append(Entry(where, row, table))


def main_file(env: Mapping[str, str], cwd: Path) -> Path:
    return Path(os.path.normpath(cwd / (env.get("WRITEBACK_CONFIG") or "config.toml")))
