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
    """Send a file to everybody in turn, showing how far it is; 0 only where every last page was confirmed."""
    octets = read_octets(options.file)
    lab = find(options.lab)
    numbers = dict.fromkeys(number for to in options.to for number in ask(lab, "fax.numbers", to=to))
    values = {"from": options.sender, "name": str(options.file), "data": base64.b64encode(octets).decode("ascii")}
    if options.at is not None:
        for number in numbers:
            waiting = ask(lab, "fax.delay", to=number, due=options.at.isoformat(), **values)
            print(f"fax {waiting} to {number} waits until {options.at:%Y-%m-%d %H:%M}")
        return 0
    return max([_send(lab, number, values) for number in numbers], default=0)


def _send(lab: RunningLab, called: str, values: dict[str, Any]) -> int:
    result = _watch(request(lab, "fax.send", to=called, **values), called)
    if result["cause"]:
        screen(stderr=True).print(
            f"iosemu: fax to {called} failed after {_pages(result['pages'])}: {result['cause']}", soft_wrap=True
        )
        return NOT_DELIVERED
    print(f"{_pages(result['pages'])} sent to {called}")
    return 0


def _watch(sending: Any, called: str) -> Any:
    """Draw the progress on stderr where that is a terminal; gives the result."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[detail]}"),
        TimeElapsedColumn(),
        TextColumn("remaining"),
        TimeRemainingColumn(),
    )
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


def queue(options: argparse.Namespace) -> int:
    """Print what waits, and how what waited fared."""
    faxes = ask(find(options.lab), "fax.delayed")
    if options.json:
        print(json.dumps(faxes))
        return 0
    from rich.table import Table

    table = Table("N", "Machine", "To", "File", "Due", "State")
    for fax in faxes:
        due = fax["due"].replace("T", " ")
        table.add_row(str(fax["number"]), fax["sender"], fax["to"], fax["name"], due, fax["state"])
    screen().print(table if faxes else "No fax is waiting.")
    return 0


def cancel(options: argparse.Namespace) -> int:
    """Forget a fax that waits."""
    ask(find(options.lab), "fax.cancel", number=options.number)
    print(f"fax {options.number} will not be sent")
    return 0


def machines(options: argparse.Namespace) -> int:
    """Print the machines."""
    listed = ask(find(options.lab), "fax.machines")
    if options.json:
        print(json.dumps(listed))
        return 0
    from rich.table import Table

    table = Table("Number", "Name", "State", "Paper")
    for machine in listed:
        paper = "enough" if machine["paper"] is None else str(machine["paper"])
        table.add_row(machine["number"], machine["name"], machine["state"], paper)
    screen().print(table if listed else "The lab has no fax machine.")
    return 0


def paper(options: argparse.Namespace) -> int:
    """Put paper in."""
    ask(find(options.lab), "fax.refill", machine=options.number, sheets=options.sheets)
    sheets = "enough paper" if options.sheets is None else f"{options.sheets} sheets of paper"
    print(f"fax machine {options.number} has {sheets}")
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
        elif options.format == "pdf":
            print(_pdf(source, options.out))
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


def _pdf(source: Path, folder: Path) -> Path:
    from iosemu.fax.render import pdf

    target = folder / f"fax-{source.stem}.pdf"
    target.write_bytes(pdf(source.read_bytes()))
    return target


def _pages(count: int) -> str:
    return f"{count} page" if count == 1 else f"{count} pages"
