"""sipp beside a test: one call of a scenario in tests/peers/sipp, and how it ended."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

SCENARIOS = Path(__file__).parent / "sipp"


@dataclass(frozen=True)
class Sipp:
    """The program, where it works, and where it is reached."""

    program: str
    folder: Path
    port: int
    media_port: int
    image_port: int
    version: int = 0

    async def run(self, scenario: str, number: str, lab_port: int) -> None:
        """Run one call of a scenario (ours, or sipp's own) to its end; fails with sipp's own words unless it went as
        written."""
        file = SCENARIOS / f"{scenario}.xml"
        errors = self.folder / f"{scenario}.errors"
        process = await asyncio.create_subprocess_exec(
            self.program,
            f"127.0.0.1:{lab_port}",
            *(("-sf", str(file)) if file.exists() else ("-sn", scenario)),
            *("-s", number, "-m", "1", "-nostdin"),
            *("-i", "127.0.0.1", "-p", str(self.port), "-mi", "127.0.0.1", "-mp", str(self.media_port)),
            *("-key", "image_port", str(self.image_port), "-key", "version", str(self.version)),
            *("-timeout", "60s", "-timeout_error", "-trace_err", "-error_file", str(errors)),
            cwd=self.folder,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, told = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        text = errors.read_text("utf-8", "replace") if errors.exists() else ""
        assert process.returncode == 0, f"{told.decode(errors='replace')}\n{text}"
