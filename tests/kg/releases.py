"""A home with made-up records whose project offers one example query, for tests of releases."""

import shutil
from pathlib import Path

from kg.journal import Journal
from kg.publishing import publish
from kg.releases import Release
from kg.releasing import make_release
from kg.settings import PROJECT, Settings
from tests.kg.samples import append, practice

PRACTICES = """\
#+ summary: Which practices are there?
#+ topic: practices
#+ least: {least}

PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX ssc4c: <https://w3id.org/ssc4c/def/>

SELECT ?practice ?title
WHERE {{ ?practice a ssc4c:Practice ; dcterms:title ?title }}
ORDER BY ?practice
"""


def make_settings(folder: Path, least: int = 1, **values: object) -> Settings:
    """Settings of a home and a project of one's own; the example must give so many rows."""
    project = folder / "project"
    (project / "queries" / "api").mkdir(parents=True, exist_ok=True)
    for name in ("ontology", "shapes", "queries/checks"):
        if not (project / name).exists():
            shutil.copytree(PROJECT / name, project / name)
    set_least(project, least)
    (folder / "home").mkdir(exist_ok=True)
    return Settings(home=folder / "home", project=project, **values)  # type: ignore[arg-type]


def set_least(project: Path, least: int) -> None:
    """Let the example need so many rows."""
    example = project / "queries" / "api" / "practices.rq"
    example.write_text(PRACTICES.format(least=least), encoding="utf-8")


def publish_practices(settings: Settings, **titles: str) -> None:
    """Publish practices of these keys and titles, new ones or changed ones."""
    with Journal(settings.journal) as journal:
        known = journal.heads()
        for key, title in titles.items():
            record = practice(key, title=title)
            is_known = record.graph.value in known
            append(journal, record, operation="update" if is_known else "create")
        publish(settings, journal)


def release(settings: Settings, name: str = "", title: str = "") -> Release:
    """Release what is served."""
    with Journal(settings.journal) as journal:
        return make_release(settings, journal, name, title)
