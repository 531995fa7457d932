"""A folder that a command writes whole: made aside and moved at the end, and never over files of somebody else."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from synth_assets import __version__
from synth_assets.errors import SynthAssetsError

UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class OutputFolder:
    """Where a command writes.

    Attributes:
        folder: The folder.
        made_by: The command, which stands in the facts: the mark of a folder whose files may be replaced.
        facts: Name of the JSON file of facts.
    """

    folder: Path
    made_by: str
    facts: str

    def refuse_foreign(self, force: bool = False) -> None:
        """Raise SynthAssetsError where the folder holds files that this command did not write, unless `force`."""
        if self.folder.exists() and not self.folder.is_dir():
            raise SynthAssetsError(f"--out {self.folder} is a file; name a folder.")
        if force or not self.folder.exists() or {path.name for path in self.folder.iterdir()} <= {UNFINISHED}:
            return
        if self._earlier_files() is None:
            raise SynthAssetsError(
                f"--out {self.folder} is not empty and was not made by this command; choose another folder, or write "
                "into it all the same with --force."
            )

    @contextmanager
    def made_aside(self) -> Iterator[Path]:
        """A folder to write into, in which `write_facts` must be called at the end.

        What an earlier call wrote is then replaced, other files are left alone; the folder never holds halves of two
        results. Where an error is raised, nothing is replaced.
        """
        aside = self.folder / UNFINISHED
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        try:
            yield aside
            fresh = {path.name for path in aside.iterdir()}
            for name in set(self._earlier_files() or ()) - fresh:
                (self.folder / name).unlink(missing_ok=True)
            # The mark last: a folder without it holds files nobody vouches for.
            for name in sorted(fresh, key=lambda name: (name == self.facts, name)):
                (aside / name).replace(self.folder / name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def write_facts(self, aside: Path, facts: Mapping[str, object]) -> dict[str, object]:
        """Write what there is to know of the files in `aside`, and return all of it."""
        files = sorted({*(path.name for path in aside.iterdir()), self.facts})
        written = {"made_by": self.made_by, "version": __version__, **facts, "files": files}
        (aside / self.facts).write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        return written

    def _earlier_files(self) -> list[str] | None:
        """The files an earlier call wrote; None where the folder is not its."""
        try:
            facts = json.loads((self.folder / self.facts).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(facts, dict) or facts.get("made_by") != self.made_by:
            return None
        return [
            name
            for name in facts.get("files", [])
            if isinstance(name, str) and Path(name).name == name and name not in ("", "..")
        ]
