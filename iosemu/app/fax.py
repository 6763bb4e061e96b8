"""`iosemu fax`: the fax machines of a running lab."""

from __future__ import annotations

import argparse
import base64
import json
import shutil
from pathlib import Path
from typing import Any

from iosemu.app.errors import ToolError
from iosemu.app.files import read_octets
from iosemu.app.screen import screen
from iosemu.lab.control import ask, request
from iosemu.lab.state import RunningLab, find

NOT_DELIVERED = 1


def send(options: argparse.Namespace) -> int:
    """Send a file, showing how far it is; 0 only where the last page was confirmed."""
    octets = read_octets(options.file)
    lab = find(options.lab)
    values = {"from": options.sender, "to": options.to, "name": str(options.file)}
    sending = request(lab, "fax.send", data=base64.b64encode(octets).decode("ascii"), **values)
    result = _watch(sending, options.to)
    if result["cause"]:
        screen(stderr=True).print(
            f"iosemu: fax to {options.to} failed after {_pages(result['pages'])}: {result['cause']}", soft_wrap=True
        )
        return NOT_DELIVERED
    print(f"{_pages(result['pages'])} sent to {options.to}")
    return 0


def _watch(sending: Any, called: str) -> Any:
    """Draw the progress on stderr where that is a terminal; gives the result."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[detail]}"), TimeElapsedColumn())
    console = screen(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(f"fax to {called}", total=None, detail="")
        while True:
            try:
                told = next(sending)
            except StopIteration as done:
                return done.value
            pages, of_pages = told["pages"], told["of_pages"]
            page = min(pages + 1, of_pages)
            rate = f", {told['rate_bps']} bit/s" if told["rate_bps"] else ""
            progress.update(
                task,
                completed=pages + told["part"],
                total=of_pages if told["rate_bps"] else None,
                detail=f"{told['state']}, page {page} of {of_pages}{rate}",
            )


def list_jobs(options: argparse.Namespace) -> int:
    """Print what the machines received."""
    jobs = ask(find(options.lab), "fax.list")
    if options.json:
        print(json.dumps(jobs))
        return 0
    from rich.table import Table

    table = Table("Job", "Machine", "From", "Identifies as", "Received (UTC)", "Pages", "bit/s", "Result")
    for job in jobs:
        received = job["ended"].replace("T", " ").partition("+")[0]
        facts = (job["machine"], job["calling"], job["remote_id"], received, job["pages"], job["rate_bps"])
        table.add_row(str(job["job"]), *map(str, facts), job["cause"] or "complete")
    screen().print(table if jobs else "No fax has been received.")
    return 0


def pages(options: argparse.Namespace) -> int:
    """Write the pages of a job into a directory and print the names of the files."""
    source = Path(_document(find(options.lab), options.job))
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        if options.format == "tiff":
            target = options.out / f"fax-{source.name}"
            shutil.copyfile(source, target)
            print(target)
        else:
            _pictures(source, options.out)
    except OSError as error:
        raise ToolError(f"{options.out}: {(error.strerror or str(error)).lower()}") from None
    return 0


def _document(lab: RunningLab, job: str) -> str:
    path: str = ask(lab, "fax.document", job=job)
    return path


def _pictures(source: Path, folder: Path) -> None:
    from iosemu.fax.render import png_pages

    for number, picture in enumerate(png_pages(source.read_bytes()), 1):
        target = folder / f"fax-{source.stem}-page-{number:03}.png"
        target.write_bytes(picture)
        print(target)


def _pages(count: int) -> str:
    return f"{count} page" if count == 1 else f"{count} pages"
