"""config.toml, the catalog's files and the secrets of the environment → one frozen `Config`, or every mistake at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from bot.config.build import built
from bot.config.check import advice, missing, problems
from bot.config.files import Files, example, main_file, read_files
from bot.config.values import Config, ConfigError, Database, Jira, Paging, Reactions, Secret, Slack, Web
from bot.core.catalog import changes, digest, from_dict, to_dict

__all__ = [
    "Config",
    "ConfigError",
    "Database",
    "Jira",
    "Live",
    "Paging",
    "Reactions",
    "Reload",
    "Secret",
    "Slack",
    "Web",
    "advice",
    "digest",
    "example",
    "from_dict",
    "load",
    "missing",
    "problems",
    "to_dict",
]


@dataclass(frozen=True)
class Reload:
    """What a look at the files brought: both empty when they are as they were at the last look."""

    changes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class Live:
    """The configuration in force. `problems`: why newer files are not, empty when they are."""

    def __init__(self, files: Files, env: Mapping[str, str], cwd: Path) -> None:
        self.config = built(files, env)
        self.problems: tuple[str, ...] = ()
        self._files, self._env, self._cwd = files, dict(env), cwd

    @property
    def folder(self) -> Path:
        """Where the main file stands: what it names without a path is beside it."""
        return self._files.main.resolve().parent

    def reload(self) -> Reload:
        """Look at the files again; cheap when nothing has changed.

        Broken ones are told once and the old configuration stays in force until they are mended.
        """
        if self._files.are_unchanged:
            return Reload()
        self._files = read_files(self._files.main, self._cwd)
        try:
            new = built(self._files, self._env)
        except ConfigError as error:
            self.problems = error.problems
            return Reload(problems=error.problems)
        told = tuple(_changed(self.config, new))
        if self.problems and not told:
            told = ("the files are in order again; nothing has changed",)
        self.config, self.problems = new, ()
        return Reload(changes=told)


def load(env: Mapping[str, str], cwd: Path) -> Live:
    """The configuration that `env` and the files name, in force from now on. Nothing else reads the environment.

    Raises ConfigError with every mistake.
    """
    return Live(read_files(main_file(env, cwd), cwd), env, cwd)


AT_START = {
    "slack": ("api_url",),
    "database": ("url",),
    "jira": ("url", "api", "poll"),
    "web": ("host", "port"),
}
"""What live objects were built with, so that a new value needs a new process."""


def _changed(old: Config, new: Config) -> Iterator[str]:
    for section in ("slack", "database", "jira", "web", "paging", "reactions"):
        before, after = getattr(old, section), getattr(new, section)
        names = [f.name for f in fields(after) if getattr(before, f.name) != getattr(after, f.name)]
        for name in names:
            later = ", from the next start on" if name in AT_START.get(section, ()) else ""
            yield f"[{section}] {name} changed{later}"
    if old.severities != new.severities:
        yield "the meanings of the severities changed"
    if old.categories != new.categories:
        yield "the categories changed"
    yield from changes(old.catalog, new.catalog)
